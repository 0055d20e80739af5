/** Data of the issuer security domain: GET DATA (GlobalPlatform 2.3, 11.3) and STORE DATA (11.11). */
import { concatenate, fromHex, toHex } from '#shared/bytes.ts'
import { buildTlv, buildTlvs } from '#shared/tlv/ber.ts'
import { CardStatus, done } from '../application.ts'
import type { Answer, CardMemory, Command } from '../application.ts'
import type { CardState } from './card-state.ts'
import { objectsOf } from './content.ts'
import type { Registry } from './registry.ts'

/** Data objects that STORE DATA may change, by tag: issuer identification number, card image number, the security domain's own AID (H.4); their shortest and longest value. */
const changeable: Readonly<Record<string, readonly [number, number]>> = { '42': [1, 8], '45': [1, 10], '4F': [5, 16], '9F66': [8, 8], '9F67': [8, 8] }

/** Where personalization and what came before it stand in the life cycle data: who, the day, the equipment. */
const lifeCycleParts: Readonly<Record<string, number>> = { '9F67': 26, '9F66': 34 }

/** P1 of STORE DATA (table 11-91). */
const lastBlock = 0x80
const structure = { mask: 0x18, tlv: 0x10 } as const

export class IssuerData {
  readonly #memory: CardMemory
  #block = 0

  constructor(memory: CardMemory) {
    this.#memory = memory
  }

  /** From the factory. `diversification`: ten bytes; `protocol`, `parameter`, `keyLength` in bytes: of the secure channel. */
  format(serial: Uint8Array, diversification: Uint8Array, { protocol, parameter, keyLength }: { protocol: 2 | 3; parameter: number; keyLength: number }): void {
    this.#memory.write('9F7F', lifeCycleData(serial))
    this.#memory.write('CF', diversification)
    this.#memory.write('66', recognitionData(protocol, parameter))
    this.#memory.write('67', capabilities(protocol, parameter, keyLength))
    this.#memory.write('42', fromHex('999999'))
    this.#memory.write('45', concatenate(fromHex('FFFFFFFF'), serial))
  }

  get diversification(): Uint8Array {
    return this.#memory.read('CF')!
  }

  /** GET DATA: the whole data object. Throws CardStatus 6A88 for one that is not there. */
  get({ p1, p2 }: Command, { keySets, registry }: CardState, sequence: Uint8Array): Answer {
    const tag = (p1 === 0 ? p2 : p1 * 256 + p2).toString(16).toUpperCase().padStart(2, '0')
    if (tag === 'E0') return { data: keySets.template(), status: 0x9000 }
    if (tag === 'C1') return { data: buildTlv('C1', sequence), status: 0x9000 }
    const value = tag === '4F' ? fromHex(registry.issuer) : this.#memory.read(tag)
    if (value === undefined) throw new CardStatus(0x6a88)
    return { data: buildTlv(tag, value), status: 0x9000 }
  }

  /** STORE DATA to the issuer security domain itself: data objects of BER-TLV, blocks counted from zero. Throws CardStatus. */
  store({ p1, p2, data }: Command, registry: Registry): Answer {
    const expected = this.#block
    this.#block = 0
    if (p2 !== expected) throw new CardStatus(0x6a86)
    if ((p1 & structure.mask) !== structure.tlv && (p1 & structure.mask) !== 0) throw new CardStatus(0x6a86)
    const objects = objectsOf(data)
    for (const { tag, value } of objects) {
      const [shortest, longest] = changeable[tag] ?? [1, 0]
      if (value.length < shortest || value.length > longest) throw new CardStatus(0x6a80)
      if (tag === '4F' && registry.find(toHex(value)) !== undefined) throw new CardStatus(0x6a80) // an AID names one thing alone
    }
    this.#memory.transaction(() => {
      for (const { tag, value } of objects) {
        const part = lifeCycleParts[tag]
        if (tag === '4F') registry.issuer = toHex(value)
        else if (part === undefined) this.#memory.write(tag, value)
        else this.#memory.update('9F7F', part, value)
      }
    })
    this.#block = (p1 & lastBlock) !== 0 ? 0 : expected + 1
    return done
  }
}

/** Card production life cycle data, 42 bytes: whoever takes part in production, the chip's serial number, the days. */
function lifeCycleData(serial: Uint8Array): Uint8Array {
  const chip = fromHex('4357 0001 8211 6181 0100 6182') // maker, type, operating system with its date and level, date of the chip
  const module = fromHex('0001 4357 6183 4357 6184') // batch, then maker and date of the module and of the card
  const later = fromHex('4357 6185 00000001 0000 0000 00000000') // initialization; personalization is still to come
  return concatenate(chip, serial, module, later)
}

/** Card recognition data (H.2): GlobalPlatform 2.3, the identification scheme, the secure channel protocol. */
function recognitionData(protocol: number, parameter: number): Uint8Array {
  const object = (tag: string, arc: string) => ({ tag, value: buildTlv('06', fromHex(`2A864886FC6B${arc}`)) })
  const channel = fromHex('2A864886FC6B04')
  return buildTlv(
    '73',
    buildTlvs([
      { tag: '06', value: fromHex('2A864886FC6B01') },
      object('60', '020203'),
      object('63', '03'),
      { tag: '64', value: buildTlv('06', concatenate(channel, [protocol, parameter])) },
    ]),
  )
}

/** Key lengths of SCP03 (H.4): AES-128, -192, -256, by bit. */
const aesLengths: Readonly<Record<number, number>> = { 16: 0x01, 24: 0x02, 32: 0x04 }

/** Card capability information (H.4): the secure channel, the privileges of applications, the hashes of load files (SHA-1, -256, -384, -512). */
function capabilities(protocol: number, parameter: number, keyLength: number): Uint8Array {
  const channel = [{ tag: '80', value: Uint8Array.of(protocol) }, { tag: '81', value: Uint8Array.of(parameter) }]
  if (protocol === 3) channel.push({ tag: '82', value: Uint8Array.of(aesLengths[keyLength]!) })
  return buildTlvs([{ tag: 'A0', value: buildTlvs(channel) }, { tag: '82', value: fromHex('1C0000') }, { tag: '83', value: fromHex('01020304') }])
}
