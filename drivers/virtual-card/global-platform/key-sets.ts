/** Key sets of the issuer security domain (GlobalPlatform 2.3, 7.5.1), and PUT KEY (11.8; amendment D 1.1.2, 7.2). */
import { concatenate, numberToBytes, toHex } from '#shared/bytes.ts'
import { buildTlv, buildTlvs } from '#shared/tlv/ber.ts'
import { CardStatus } from '../application.ts'
import type { Answer, CardMemory, CardServices, Command } from '../application.ts'
import { aesEncryptCbc, desEncryptEcb } from '../crypto.ts'
import type { SecureChannel, StaticKeys } from './channel.ts'
import { Reader } from './reader.ts'

/** Key types (table 11-16). `desCbc` wraps DES keys in the same way. */
const keyType = { des: 0x80, desCbc: 0x82, aes: 0x88 } as const

interface Key {
  type: number
  value: Uint8Array
}

const initialVersion = 0xff

/** Identifiers of the three keys of a secure channel. */
const channelKeys = [1, 2, 3] as const

export class KeySets {
  readonly #memory: CardMemory

  constructor(memory: CardMemory) {
    this.#memory = memory
  }

  /** Versions that have keys, in the order in which they came. */
  versions(): number[] {
    return [...new Set(this.#names().map(({ version }) => version))]
  }

  /** The keys of a channel, or undefined where the version has not all three. */
  channelKeys(version: number, card: CardServices): StaticKeys | undefined {
    const [encryption, mac, data] = channelKeys.map((identifier) => this.#read(version, identifier)?.value)
    if (encryption === undefined || mac === undefined || data === undefined) return undefined
    return { encryption: card.ownKey(encryption), mac: card.ownKey(mac), data: card.ownKey(data) }
  }

  /** From the factory. */
  format(version: number, type: 'des' | 'aes', keys: StaticKeys): void {
    const values = [keys.encryption, keys.mac, keys.data]
    for (const [index, value] of values.entries()) this.#write(version, index + 1, { type: keyType[type], value })
    this.setSequence(version, 0)
  }

  sequence(version: number): number {
    const cell = this.#memory.read(`sequence/${version}`)
    return cell === undefined ? 0 : (cell[0]! << 16) | (cell[1]! << 8) | cell[2]!
  }

  setSequence(version: number, value: number): void {
    this.#memory.write(`sequence/${version}`, numberToBytes(value, 3))
  }

  /** Key information template, tag E0 (11.3.3.1): identifier, version, type, length of each key. */
  template(): Uint8Array {
    const objects = this.#names().map(({ version, identifier }) => {
      const key = this.#read(version, identifier)!
      return { tag: 'C0', value: Uint8Array.of(identifier, version, key.type, key.value.length) }
    })
    return buildTlv('E0', buildTlvs(objects))
  }

  /** PUT KEY. Answers the key version and the check values. Throws CardStatus. */
  put({ p1, p2, data }: Command, channel: SecureChannel): Answer {
    const [replaced, first] = [p1 & 0x7f, p2 & 0x7f]
    const reader = new Reader(data)
    const version = reader.byte()
    if (version === 0 || version > 0x7f || first === 0 || (p1 & 0x80) !== 0) throw new CardStatus(0x6a80)
    const keys: Key[] = []
    const checkValues: Uint8Array[] = []
    while (!reader.atEnd) {
      const key = readKey(reader, channel)
      keys.push(key)
      checkValues.push(checkValue(key))
    }
    if (keys.length === 0 || ((p2 & 0x80) === 0 && keys.length > 1)) throw new CardStatus(0x6a80)
    this.#memory.transaction(() => this.#exchange(replaced, version, first, keys))
    return { data: concatenate([version], ...checkValues), status: 0x9000 }
  }

  /** DELETE of keys (11.2.2.3.2). Throws CardStatus 6A88 where there is none, 6985 where none would be left for a channel. */
  remove(version: number | undefined, identifier: number | undefined): void {
    const doomed = this.#names().filter((name) => (version === undefined || name.version === version) && (identifier === undefined || name.identifier === identifier))
    if (doomed.length === 0) throw new CardStatus(0x6a88)
    const kept = new Set(this.versions().filter((other) => channelKeys.every((key) => this.#read(other, key) && !doomed.some((name) => name.version === other && name.identifier === key))))
    if (kept.size === 0) throw new CardStatus(0x6985)
    this.#memory.transaction(() => {
      for (const name of doomed) this.#erase(name.version, name.identifier)
    })
  }

  /** Adds keys (P1 00), or puts them in the place of those of another version. */
  #exchange(replaced: number, version: number, first: number, keys: readonly Key[]): void {
    const places = keys.map((_, index) => first + index)
    if (replaced !== 0 && places.some((identifier) => this.#read(replaced, identifier) === undefined)) throw new CardStatus(0x6a88)
    if (replaced !== version && places.some((identifier) => this.#read(version, identifier) !== undefined)) throw new CardStatus(0x6a80)
    for (const identifier of places) if (replaced !== 0) this.#erase(replaced, identifier)
    // A card of version FF has the keys that it came with: no P1 can name them, so that the first set of one's own takes their place.
    if (replaced === 0) for (const { version: old, identifier } of this.#names()) if (old === initialVersion && places.includes(identifier)) this.#erase(old, identifier)
    for (const [index, key] of keys.entries()) this.#write(version, first + index, key)
    this.setSequence(version, 0)
  }

  #names(): { version: number; identifier: number }[] {
    return this.#memory
      .within('key/')
      .names()
      .map((name) => name.split('/').map(Number))
      .map(([version, identifier]) => ({ version: version!, identifier: identifier! }))
  }

  #read(version: number, identifier: number): Key | undefined {
    const cell = this.#memory.read(`key/${version}/${identifier}`)
    return cell === undefined ? undefined : { type: cell[0]!, value: cell.subarray(1) }
  }

  #write(version: number, identifier: number, key: Key): void {
    this.#memory.write(`key/${version}/${identifier}`, concatenate([key.type], key.value))
  }

  #erase(version: number, identifier: number): void {
    this.#memory.erase(`key/${version}/${identifier}`)
    if (!this.versions().includes(version)) this.#memory.erase(`sequence/${version}`)
  }
}

/** Key data field (11.8.2.3.1): type, length, key under the data encryption key, check value. Throws 9484, 9485, 6A80. */
function readKey(reader: Reader, channel: SecureChannel): Key {
  const type = reader.byte()
  const field = reader.lengthAndValue()
  const given = reader.lengthAndValue()
  const wanted = channel.protocol === 2 ? type === keyType.des || type === keyType.desCbc : type === keyType.aes
  if (!wanted) throw new CardStatus(0x9484)
  const key = { type: type === keyType.desCbc ? keyType.des : type, value: type === keyType.aes ? aesKey(field, channel) : channel.decryptData(field) }
  const lengths = key.type === keyType.aes ? [16, 24, 32] : [16]
  if (!lengths.includes(key.value.length)) throw new CardStatus(0x6a80)
  if (given.length > 0 && toHex(given) !== toHex(checkValue(key)).slice(0, given.length * 2)) throw new CardStatus(0x9485)
  return key
}

/** Amendment D 7.2: the clear length stands before what is encrypted in whole blocks. */
function aesKey(field: Uint8Array, channel: SecureChannel): Uint8Array {
  const reader = new Reader(field)
  const length = reader.byte()
  const clear = channel.decryptData(reader.rest())
  if (clear.length < length) throw new CardStatus(0x6a80)
  return clear.slice(0, length)
}

/** Three bytes: zeros under a DES key, ones under an AES key (annex B.6; amendment D 4.1.3). */
function checkValue({ type, value }: Key): Uint8Array {
  const text = type === keyType.aes ? aesEncryptCbc(value, new Uint8Array(16).fill(1)) : desEncryptEcb(value, new Uint8Array(8))
  return text.slice(0, 3)
}
