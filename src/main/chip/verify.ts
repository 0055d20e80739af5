/** What was written, read back from a freshly reset card and compared with what was prepared. The script takes no part in it. */
import { timingSafeEqual } from 'node:crypto'
import { concatenate, fromHex, toHex } from '#shared/bytes.ts'
import { buildCommand, statusHex } from '#shared/chip/apdu.ts'
import type { ChipGroup } from '#shared/chip/prepared-chip.ts'
import type { TaskApplication, Verification } from '#shared/chip/task.ts'
import { findTlv } from '#shared/tlv/ber.ts'
import type { CardKeys } from '../ports/card-keys.ts'
import { answeredWell } from './channel/channel.ts'
import { CardEnds } from './endings.ts'
import type { CardLink } from './link.ts'
import { wrappedSecret } from './secrets.ts'

/** Bytes that one READ BINARY asks for. */
const binaryPiece = 0xf0

/** Answers how many values were as prepared. Throws `CardEnds` (`chip-not-verified`) at the first that is not, and `ChipLost`. */
export async function verify(link: CardLink, keys: CardKeys, application: TaskApplication, groups: ReadonlyMap<string, ChipGroup>): Promise<number> {
  if (application.verify.length === 0) return 0
  const reader = new Reader(link, application.application)
  for (const command of application.open) await reader.ask(fromHex(command), 'open')
  let verified = 0
  for (const verification of application.verify) {
    const group = groups.get(verification.group)
    // A group that the template lets a card go without.
    if (group === undefined) continue
    const expected = await expectation(keys, verification, group)
    const read = await readBack(reader, verification, expected.length)
    if (read.length !== expected.length || !timingSafeEqual(read, expected)) throw notVerified(application, placeOf(verification))
    verified += 1
  }
  return verified
}

async function readBack(reader: Reader, verification: Verification, length: number): Promise<Uint8Array> {
  const place = placeOf(verification)
  switch (verification.read) {
    case 'record': {
      const { record, sfi } = verification
      return reader.ask(buildCommand({ cla: 0x00, ins: 0xb2, p1: record, p2: (sfi << 3) | 0x04, data: new Uint8Array(), expected: 256 }), place)
    }
    case 'data': {
      const tag = fromHex(verification.tag.padStart(4, '0'))
      const data = await reader.ask(buildCommand({ cla: 0x80, ins: 0xca, p1: tag[0]!, p2: tag[1]!, data: new Uint8Array(), expected: 256 }), place)
      // EMV 4.3 Book 3, 6.5.7: tag, length and value; some cards of other kinds answer the value alone.
      return tagged(data, verification.tag) ?? data
    }
    case 'binary':
      return reader.binary(verification.path, length, place)
    case 'command': {
      const data = await reader.ask(fromHex(verification.command), place)
      return data.subarray(verification.offset, verification.length === undefined ? undefined : verification.offset + verification.length)
    }
    case 'check-value':
      return (await reader.ask(fromHex(verification.command), place)).subarray(verification.offset, verification.offset + 3)
  }
}

async function expectation(keys: CardKeys, verification: Verification, group: ChipGroup): Promise<Uint8Array> {
  if (verification.read === 'check-value') {
    const secret = wrappedSecret(group)
    return secret === undefined ? new Uint8Array() : keys.secretCheckValue(secret, verification.key)
  }
  if (group.secret !== undefined) return new Uint8Array()
  const value = fromHex(group.value)
  if (verification.read === 'data' && verification.compare === 'tag-in-group') return tagged(value, verification.tag) ?? new Uint8Array()
  return value
}

function tagged(data: Uint8Array, tag: string): Uint8Array | undefined {
  try {
    return findTlv(data, tag)
  } catch {
    return undefined
  }
}

class Reader {
  private readonly link: CardLink
  private readonly application: string

  constructor(link: CardLink, application: string) {
    this.link = link
    this.application = application
  }

  async ask(bytes: Uint8Array, place: string): Promise<Uint8Array> {
    const { data, status } = await this.link.exchange({ by: 'server', application: this.application, step: 'verify', bytes })
    if (status !== answeredWell) throw new CardEnds('chip-not-verified', 'spoiled', { 'not-verified': place, status: statusHex(status) })
    return data
  }

  /** SELECT by path from the MF, no response data (ISO/IEC 7816-4, 7.1.1); then so many bytes from its beginning (7.2.3), piece by piece. */
  async binary(path: string, length: number, place: string): Promise<Uint8Array> {
    await this.ask(buildCommand({ cla: 0x00, ins: 0xa4, p1: 0x08, p2: 0x0c, data: fromHex(path) }), place)
    const pieces: Uint8Array[] = []
    for (let offset = 0; offset < length; offset += binaryPiece) {
      const expected = Math.min(binaryPiece, length - offset)
      pieces.push(await this.ask(buildCommand({ cla: 0x00, ins: 0xb0, p1: offset >> 8, p2: offset & 0xff, data: new Uint8Array(), expected }), place))
    }
    return concatenate(...pieces)
  }
}

function notVerified(application: TaskApplication, place: string): CardEnds {
  return new CardEnds('chip-not-verified', 'spoiled', { 'not-verified': `${application.application}: ${place}` })
}

/** Where it was read, for people: no value. */
export function placeOf(verification: Verification): string {
  switch (verification.read) {
    case 'record':
      return `record ${verification.sfi}.${verification.record}`
    case 'data':
      return `data ${verification.tag}`
    case 'binary':
      return `file ${verification.path}`
    case 'command':
    case 'check-value':
      return `${verification.read} ${toHex(fromHex(verification.command).subarray(0, 4))}`
  }
}
