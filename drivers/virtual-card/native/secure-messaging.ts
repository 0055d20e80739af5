/** The card's side of secure messaging: ICAO Doc 9303 part 11, 9.8 (ISO/IEC 7816-4, 10), with triple DES and the retail MAC. */
import { bytesToNumber, concatenate, numberToBytes, sameBytes } from '#shared/bytes.ts'
import { buildTlv, parseTlv } from '#shared/tlv/ber.ts'
import type { DataObject } from '#shared/tlv/ber.ts'
import { CardStatus } from '../application.ts'
import type { Answer, Command } from '../application.ts'
import { desDecryptCbc, desEncryptCbc, padded, retailMac, unpadded } from '../crypto.ts'
import type { SessionKeys } from './authentication.ts'

const missing = 0x6987
const wrong = 0x6988

export const isProtected = (command: Command): boolean => (command.cla & 0x8c) === 0x0c

/** Most plain bytes in one response: with padding, length fields, status and MAC they fill 256. */
export const roomInResponse = 231

export class SecureChannel {
  readonly #keys: SessionKeys
  #counter: bigint

  constructor(keys: SessionKeys) {
    this.#keys = keys
    this.#counter = bigCounter(keys.counter)
  }

  /** The plain command within. Throws CardStatus 6987 or 6988: the channel is then to be given up. */
  unwrap(command: Command): Command {
    const objects = objectsOf(command.data)
    const mac = objects.at(-1)
    if (mac?.tag !== '8E') throw new CardStatus(missing)
    const header = padded(Uint8Array.of(command.cla, command.ins, command.p1, command.p2), 8)
    const covered = command.data.subarray(0, command.data.length - 10)
    if (mac.value.length !== 8 || !sameBytes(this.#mac(header, covered), mac.value)) throw new CardStatus(wrong)
    const [cryptogram, expected] = [valueOf(objects, '87'), valueOf(objects, '97')]
    if (objects.some(({ tag }) => tag !== '87' && tag !== '97' && tag !== '8E')) throw new CardStatus(wrong)
    return {
      cla: command.cla & 0xf3,
      ins: command.ins,
      p1: command.p1,
      p2: command.p2,
      data: cryptogram === undefined ? new Uint8Array(0) : this.#decrypt(cryptogram),
      ...(expected !== undefined && { expected: expectedOf(expected) }),
    }
  }

  wrap(answer: Answer): Answer {
    const cryptogram = answer.data.length === 0 ? new Uint8Array(0) : buildTlv('87', concatenate([1], desEncryptCbc(this.#keys.encryption, padded(answer.data, 8))))
    const covered = concatenate(cryptogram, buildTlv('99', numberToBytes(answer.status, 2)))
    return { data: concatenate(covered, buildTlv('8E', this.#mac(new Uint8Array(0), covered))), status: answer.status }
  }

  /** Under the key for secrets: whole blocks. Throws CardStatus 6A80. */
  secret(encrypted: Uint8Array): Uint8Array {
    if (encrypted.length === 0 || encrypted.length % 8 !== 0) throw new CardStatus(0x6a80)
    return desDecryptCbc(this.#keys.data, encrypted)
  }

  #mac(header: Uint8Array, objects: Uint8Array): Uint8Array {
    this.#counter += 1n
    const input = concatenate(counterBytes(this.#counter), header, objects)
    return retailMac(this.#keys.mac, objects.length === 0 ? input : padded(input, 8))
  }

  #decrypt(object: Uint8Array): Uint8Array {
    // the first byte is the padding-content indicator (7816-4, table 50): 01, padded
    if (object[0] !== 1 || object.length < 9 || object.length % 8 !== 1) throw new CardStatus(wrong)
    const plain = unpadded(desDecryptCbc(this.#keys.encryption, object.subarray(1)))
    if (plain === undefined) throw new CardStatus(wrong)
    return plain
  }
}

function objectsOf(data: Uint8Array): DataObject[] {
  try {
    return parseTlv(data)
  } catch {
    throw new CardStatus(wrong)
  }
}

function valueOf(objects: readonly DataObject[], tag: string): Uint8Array | undefined {
  const found = objects.filter((object) => object.tag === tag)
  if (found.length > 1) throw new CardStatus(wrong)
  return found[0]?.value
}

function expectedOf(value: Uint8Array): number {
  if (value.length !== 1) throw new CardStatus(wrong)
  return bytesToNumber(value) || 256
}

const bigCounter = (bytes: Uint8Array): bigint => bytes.reduce((number, byte) => number * 256n + BigInt(byte), 0n)

function counterBytes(counter: bigint): Uint8Array {
  return Uint8Array.from({ length: 8 }, (_, index) => Number((counter >> BigInt(8 * (7 - index))) & 0xffn))
}
