/**
 * A host for native cards, for tests of the card alone: docs/native-card.md from the other side, straight on a card without a station.
 * Randomness is fixed: what is agreed on differs by the card's numbers.
 */
import { desDecryptCbc, desEncryptCbc, padded, retailMac, unpadded } from '#drivers/virtual-card/crypto.ts'
import { derivedKey, transportKeys } from '#drivers/virtual-card/native/authentication.ts'
import type { KeyPair, SessionKeys } from '#drivers/virtual-card/native/authentication.ts'
import { practiceMaster } from '#drivers/virtual-card/native/kinds.ts'
import type { NativeType } from '#drivers/virtual-card/native/kinds.ts'
import { createCard, restoreCard } from '#drivers/virtual-card/cards.ts'
import type { SavedCard } from '#drivers/virtual-card/saved.ts'
import type { VirtualCard } from '#drivers/virtual-card/virtual-card.ts'
import { concatenate, fromHex, toHex } from '#shared/bytes.ts'
import { buildCommand, parseCommand } from '#shared/chip/apdu.ts'
import { buildTlv, findTlv } from '#shared/tlv/ber.ts'


export function nativeCard(type: NativeType, seed = 1, saved?: SavedCard): VirtualCard {
  const card = saved === undefined ? createCard(type, { seed, baudRate: 115_200 }) : restoreCard(saved)
  card.powerOn()
  return card
}

/** Sends hex and answers data and status as hex, with whatever GET RESPONSE brings. */
export function send(card: VirtualCard, command: string): string {
  let data = ''
  let next = fromHex(command)
  // T=0: a case 4 command goes without its Le (7816-3, 12.2.2)
  const parsed = parseCommand(next)
  if (parsed.data.length > 0 && parsed.expected !== undefined) next = next.subarray(0, -1)
  for (;;) {
    const response = card.transmit(next)
    if (response.kind === 'none') return response.why
    const { bytes } = response
    data += toHex(bytes.subarray(0, -2))
    const [sw1, sw2] = [bytes.at(-2)!, bytes.at(-1)!]
    if (sw1 === 0x61) next = Uint8Array.of(0x00, 0xc0, 0, 0, sw2)
    else if (sw1 === 0x6c) next = concatenate(next.subarray(0, 4), [sw2])
    else return data + toHex(bytes.subarray(-2))
  }
}

export class NativeHost {
  readonly card: VirtualCard
  keys: SessionKeys | undefined

  constructor(card: VirtualCard) {
    this.card = card
  }

  /** Opens the channel; answers the status word. `by`: other keys than the transport key, with their number. */
  open(by?: { keys: KeyPair; number: number }): string {
    const serial = fromHex(send(this.card, '00CA010108').slice(0, -4))
    const keys = by?.keys ?? transportKeys(practiceMaster, serial)
    const challenge = fromHex(send(this.card, '0084000008').slice(0, 16))
    const terminal = fromHex('1122334455667788')
    const half = fromHex('00112233445566778899AABBCCDDEEFF')
    const cryptogram = desEncryptCbc(keys.encryption, concatenate(terminal, challenge, half))
    const token = concatenate(cryptogram, retailMac(keys.mac, padded(cryptogram, 8)))
    const number = toHex(Uint8Array.of(by?.number ?? 0))
    const answered = send(this.card, `008200${number}28${toHex(token)}28`)
    if (!answered.endsWith('9000')) return answered.slice(-4)
    const plain = desDecryptCbc(keys.encryption, fromHex(answered).subarray(0, 32))
    const seed = plain.subarray(16).map((byte, index) => byte ^ half[index]!)
    this.keys = { encryption: derivedKey(seed, 1), mac: derivedKey(seed, 2), data: derivedKey(seed, 3), counter: concatenate(challenge.subarray(4), terminal.subarray(4)) }
    return '9000'
  }

  /** A plain command in hex under secure messaging; answers plain data and status as hex. */
  send(command: string): string {
    const { cla, ins, p1, p2, data, expected } = parseCommand(fromHex(command))
    const header = Uint8Array.of(cla | 0x0c, ins, p1, p2)
    const cryptogram = data.length === 0 ? [] : buildTlv('87', concatenate([1], desEncryptCbc(this.keys!.encryption, padded(data, 8))))
    const objects = concatenate(cryptogram, expected === undefined ? [] : buildTlv('97', Uint8Array.of(expected % 256)))
    const mac = this.#mac(concatenate(padded(header, 8), objects), objects.length > 0)
    const wrapped = buildCommand({ cla: cla | 0x0c, ins, p1, p2, data: concatenate(objects, buildTlv('8E', mac)), expected: 256 })
    const answered = send(this.card, toHex(wrapped))
    const body = fromHex(answered).subarray(0, -2)
    if (body.length === 0) return answered
    if (toHex(this.#mac(body.subarray(0, -10), true)) !== toHex(body.subarray(-8))) throw new Error(`wrong MAC in ${answered}`)
    const secret = findTlv(body, '87')
    return toHex(concatenate(secret ? unpadded(desDecryptCbc(this.keys!.encryption, secret.subarray(1)))! : [], findTlv(body, '99')!))
  }

  /** A value as key files and PIN files take it. */
  sealed(value: string): string {
    return toHex(desEncryptCbc(this.keys!.data, fromHex(value)))
  }

  /** Sends and expects 9000. */
  done(...commands: string[]): void {
    for (const command of commands) {
      const status = this.send(command)
      if (status !== '9000') throw new Error(`${command}: ${status}`)
    }
  }

  #mac(input: Uint8Array, padding: boolean): Uint8Array {
    const counter = this.keys!.counter
    for (let index = 7; index >= 0; index--) if ((counter[index] = (counter[index]! + 1) & 0xff) !== 0) break
    const whole = concatenate(counter, input)
    return retailMac(this.keys!.mac, padding ? padded(whole, 8) : whole)
  }
}

/** A command with data in hex. */
export const withData = (header: string, data: string): string => header + (data.length / 2).toString(16).padStart(2, '0') + data
/** CREATE FILE with this content of the template 62. */
export const create = (content: string): string => withData('00E00000', toHex(buildTlv('62', fromHex(content))))
