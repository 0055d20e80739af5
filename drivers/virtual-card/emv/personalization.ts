/**
 * Personalization by EMV CPS (1.1 and 2.0, 3): STORE DATA brings data groupings, in one block or over several; each is checked and put
 * where the card's program looks for it. A wrong grouping leaves the ones before it.
 */
import { concatenate, sameBytes } from '#shared/bytes.ts'
import { buildTlv, findTlv, parseTlv } from '#shared/tlv/ber.ts'
import { readGroupingHeader } from '#shared/tlv/groupings.ts'
import { CardStatus } from '../application.ts'
import type { Command, PersonalizationServices } from '../application.ts'
import { unpadded } from '../crypto.ts'
import { keyCheckValue } from './cryptogram.ts'
import { unlessMalformed, wellFormed } from './parsing.ts'
import { commonGroupings } from './profile.ts'
import type { EmvProfile, GroupingMeaning } from './profile.ts'
import { life } from './state.ts'
import type { EmvState } from './state.ts'

const wrongData = 0x6a80
const unknownGrouping = 0x6a88

/** What a grouping means to this profile; files 1 to 30 are records (CPS 1.1, table 3-2). Throws CardStatus 6A88. */
export function groupingMeaning(profile: EmvProfile, dgi: string): GroupingMeaning | 'record' {
  const known = profile.groupings[dgi] ?? commonGroupings[dgi]
  if (known) return known
  const file = Number.parseInt(dgi.slice(0, 2), 16)
  if (file >= 1 && file <= 30 && !dgi.endsWith('00')) return 'record'
  throw new CardStatus(unknownGrouping)
}

/** Whether a grouping is one that travels encrypted where STORE DATA leaves that to the application (P1 b7-b6 = 01). */
export function isSecretGrouping(profile: EmvProfile, dgi: string): boolean {
  const meaning = groupingMeaning(profile, dgi)
  return meaning !== 'record' && 'secret' in meaning && meaning.secret
}

/**
 * The clear value of a grouping as it came. Where all of a block is said to be encrypted, what is no secret and no whole blocks can't be,
 * and hosts send it in clear. Throws CardStatus 6A80 for a secret that is no whole blocks.
 */
export function clearValue(profile: EmvProfile, dgi: string, value: Uint8Array, encryption: Encryption, decrypt: (data: Uint8Array) => Uint8Array): Uint8Array {
  const secret = isSecretGrouping(profile, dgi)
  if (encryption === 'none' || (encryption === 'secret' && !secret)) return value
  if (value.length % 8 === 0 && value.length > 0) return decrypt(value)
  if (secret) throw new CardStatus(wrongData)
  return value
}

/** One grouping in clear. Throws CardStatus 6A80 for wrong content, 6A88 for an identifier that has no meaning here. */
export function storeGrouping(state: EmvState, profile: EmvProfile, dgi: string, value: Uint8Array): void {
  const meaning = groupingMeaning(profile, dgi)
  state.cells.transaction(() => {
    if (meaning === 'record') storeRecord(state, dgi, value)
    else storeKnown(state, dgi, meaning, value)
  })
}

function storeRecord(state: EmvState, dgi: string, value: Uint8Array): void {
  const [file, number] = [Number.parseInt(dgi.slice(0, 2), 16), Number.parseInt(dgi.slice(2), 16)]
  state.setRecord(file, number, file <= 10 ? template(value) : value)
}

/** Book 3, 5.3.2.2: records of the files 1 to 10 are one template 70. Hosts that leave the template to the card bring what stands in it. */
function template(value: Uint8Array): Uint8Array {
  const objects = wellFormed(() => parseTlv(value))
  const [first] = objects
  if (first?.tag !== '70') return buildTlv('70', value)
  if (objects.length !== 1 || first.offset !== 0 || first.valueOffset + first.value.length !== value.length) throw new CardStatus(wrongData)
  wellFormed(() => parseTlv(first.value))
  return value
}

function storeKnown(state: EmvState, dgi: string, meaning: GroupingMeaning, value: Uint8Array): void {
  switch (meaning.kind) {
    case 'tags':
      return storeTags(state, dgi, value, meaning.otherwise === 'kept')
    case 'fields':
      return storeFields(state, meaning.fields, value)
    case 'keys':
      return storeKeys(state, meaning.keys, value)
    case 'check-values':
      return storeCheckValues(state, meaning.keys, value)
    case 'pin':
      return storePin(state, value)
    case 'rsa':
      return state.setRsaPart(meaning.key, meaning.part, value)
    case 'fci':
      return storeInformation(state, value)
    case 'processing-options':
      return storeProcessingOptions(state, value)
    case 'kept':
      state.cells.write(`group/${dgi}`, value)
  }
}

function storeTags(state: EmvState, dgi: string, value: Uint8Array, orKept: boolean): void {
  const parsed = unlessMalformed(() => parseTlv(value))
  if (parsed === undefined && !orKept) throw new CardStatus(wrongData)
  if (parsed === undefined) return state.cells.write(`group/${dgi}`, value)
  for (const { tag, value: content } of parsed) state.setTag(tag, content)
}

function storeInformation(state: EmvState, value: Uint8Array): void {
  const content = wellFormed(() => (value[0] === 0xa5 || value[0] === 0x6f ? findTlv(value, 'A5') : value))
  if (content === undefined) throw new CardStatus(wrongData)
  wellFormed(() => parseTlv(content))
  state.setTag('A5', content)
}

function storeFields(state: EmvState, fields: readonly { tag: string; length: number }[], value: Uint8Array): void {
  if (value.length !== fields.reduce((sum, { length }) => sum + length, 0)) throw new CardStatus(wrongData)
  let offset = 0
  for (const { tag, length } of fields) {
    state.setTag(tag, value.subarray(offset, offset + length))
    offset += length
  }
}

/** Double length keys, 16 bytes each. Padding to whole blocks of the channel's cipher may follow. */
function storeKeys(state: EmvState, uses: readonly ('ac' | 'smi' | 'smc' | 'idn')[], value: Uint8Array): void {
  const keys = value.length % 16 === 0 && value.length <= uses.length * 16 ? value : unpadded(value)
  if (keys === undefined || keys.length === 0 || keys.length % 16 !== 0 || keys.length > uses.length * 16) throw new CardStatus(wrongData)
  for (let index = 0; index < keys.length / 16; index += 1) {
    const key = keys.slice(index * 16, index * 16 + 16)
    const expected = state.cells.read(`check/${uses[index]!}`)
    if (expected && !sameBytes(expected, keyCheckValue(key))) throw new CardStatus(wrongData)
    state.setKey(uses[index]!, key)
    state.cells.erase(`check/${uses[index]!}`)
  }
}

/** CPS 1.1, annex A (9000): compared with the keys that are there, kept for those that are still to come. */
function storeCheckValues(state: EmvState, uses: readonly ('ac' | 'smi' | 'smc' | 'idn')[], value: Uint8Array): void {
  if (value.length === 0 || value.length % 3 !== 0 || value.length > uses.length * 3) throw new CardStatus(wrongData)
  for (let index = 0; index < value.length / 3; index += 1) {
    const check = value.slice(index * 3, index * 3 + 3)
    const key = state.key(uses[index]!)
    if (key && !sameBytes(check, keyCheckValue(key))) throw new CardStatus(wrongData)
    if (!key) state.cells.write(`check/${uses[index]!}`, check)
  }
}

function storePin(state: EmvState, value: Uint8Array): void {
  const block = value.length === 8 ? value : unpadded(value)
  if (block === undefined || pinOf(block) === undefined) throw new CardStatus(wrongData)
  state.pin = block
}

/** The digits in a block of format 2 (Book 3, table 24): 2, their number, the digits, filled with F. Undefined where it is none. */
export function pinOf(block: Uint8Array): string | undefined {
  const text = Buffer.from(block).toString('hex')
  const length = Number.parseInt(text[1] ?? '0', 16)
  const digits = text.slice(2, 2 + length)
  const whole = text.length === 16 && text[0] === '2' && length >= 4 && length <= 12
  return whole && /^\d+$/.test(digits) && /^f*$/.test(text.slice(2 + length)) ? digits : undefined
}

/** AIP and AFL as data objects (CPS 1.1, annex A: 9104), or the whole answer of GET PROCESSING OPTIONS, which then is that format. */
function storeProcessingOptions(state: EmvState, value: Uint8Array): void {
  const objects = wellFormed(() => parseTlv(value))
  const [first] = objects
  state.cells.erase('options')
  if (first?.tag === '80' && first.value.length >= 6) {
    state.setTag('82', first.value.slice(0, 2))
    state.setTag('94', first.value.slice(2))
    state.cells.write('options', Uint8Array.of(0x80))
    return
  }
  const inner = first?.tag === '77' ? wellFormed(() => parseTlv(first.value)) : objects
  if (first?.tag === '77') state.cells.write('options', Uint8Array.of(0x77))
  const [profile, locator] = [inner.find(({ tag }) => tag === '82')?.value, inner.find(({ tag }) => tag === '94')?.value]
  if (profile?.length !== 2 || locator === undefined || locator.length % 4 !== 0 || locator.length === 0) throw new CardStatus(wrongData)
  for (const { tag, value: content } of inner) state.setTag(tag, content)
}

/**
 * The stream of groupings that STORE DATA brings block by block (CPS 1.1, 3.3; GlobalPlatform 2.3, 11.11). RAM: what of a grouping has
 * come is lost with the power.
 */
export class GroupingStream {
  #bytes: Uint8Array = new Uint8Array(0)
  #encrypted: Encryption = 'none'
  #next = 0

  /**
   * Takes one block and hands on each grouping that is whole. P1: b8 last block, b7-b6 encryption, b5-b4 structure. Throws CardStatus 6A86 for
   * parameters that CPS does not have, or a block out of turn; 6A80 where the last block leaves a grouping open.
   */
  take(p1: number, p2: number, data: Uint8Array, store: (dgi: string, value: Uint8Array, encryption: Encryption) => void): void {
    const encryption = encryptions[(p1 >> 5) & 3]
    const structure = (p1 >> 3) & 3
    if (encryption === undefined || structure > 1) throw new CardStatus(0x6a86)
    if (p2 !== this.#next && !(p2 === 0 && this.#bytes.length === 0)) throw new CardStatus(0x6a86)
    if (this.#bytes.length === 0) this.#encrypted = encryption
    let rest = concatenate(this.#bytes, data)
    this.#bytes = new Uint8Array(0)
    while (rest.length > 0) {
      const header = readGroupingHeader(rest, 0)
      if (header === undefined || rest.length < header.next + header.length) break
      store(header.dgi, rest.slice(header.next, header.next + header.length), this.#encrypted)
      rest = rest.slice(header.next + header.length)
      this.#encrypted = encryption
    }
    this.#bytes = rest
    this.#next = (p2 + 1) & 0xff
    if ((p1 & 0x80) !== 0 && rest.length > 0) throw new CardStatus(wrongData)
  }
}

/**
 * STORE DATA for an application that has not begun its life (EMV CPS 1.1, 3.3). Answers whether it was the last. Throws CardStatus 6985 for
 * one that is personalized, 6A80 where check values have come without their keys.
 */
export function storeData(stream: GroupingStream, state: EmvState, profile: EmvProfile, command: Command, card: PersonalizationServices): boolean {
  if (state.life !== life.fresh && state.life !== life.personalizing) throw new CardStatus(0x6985)
  if (state.life === life.fresh) state.life = life.personalizing
  stream.take(command.p1, command.p2, command.data, (dgi, value, encryption) => {
    storeGrouping(state, profile, dgi, clearValue(profile, dgi, value, encryption, (data) => card.decrypt(data)))
  })
  const last = (command.p1 & 0x80) !== 0
  if (last && state.cells.names().some((name) => name.startsWith('check/'))) throw new CardStatus(wrongData)
  return last
}

/** What of a block is encrypted under the data encryption key: nothing, what the application says, all of it. */
export type Encryption = 'none' | 'secret' | 'all'
const encryptions: readonly (Encryption | undefined)[] = ['none', 'secret', undefined, 'all']
