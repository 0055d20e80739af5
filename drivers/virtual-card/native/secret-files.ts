/**
 * Key files and PIN files (docs/native-card.md): records whose values come encrypted under the channel's key for secrets, and never go out again.
 *
 * A record of a key file is brought as n ‖ n × (number, use, tries) ‖ E(values), and kept as n × (number, use, tries allowed, tries left, value);
 * reading answers n × (number, use, tries left, check value). A record of a PIN file is brought as number ‖ tries ‖ E(block), and
 * kept as number, tries allowed, tries left, block; reading answers the first three.
 */
import { concatenate, sameBytes } from '#shared/bytes.ts'
import { CardStatus } from '../application.ts'
import { blocksOf, desEncryptEcb } from '../crypto.ts'
import { internalFile } from './files.ts'
import type { Files } from './files.ts'
import type { SecureChannel } from './secure-messaging.ts'

export const keyUses = {
  ac: 0x01, //  application cryptogram
  smi: 0x02, // secure messaging for integrity
  smc: 0x03, // secure messaging for confidentiality
  idn: 0x04, // dynamic number of the chip
  mutual: 0x11,
  internal: 0x12,
  credit: 0x21,
  debit: 0x22,
  proof: 0x23, // transaction certificates of a purse
} as const
export type KeyUse = (typeof keyUses)[keyof typeof keyUses]

const keyLength = 16
const blockLength = 8

export function keyRecord(brought: Uint8Array, channel: SecureChannel): Uint8Array {
  const count = brought[0] ?? 0
  const attributes = brought.subarray(1, 1 + 3 * count)
  const encrypted = brought.subarray(1 + 3 * count)
  if (count < 1 || encrypted.length !== count * keyLength) throw new CardStatus(0x6a80)
  const values = blocksOf(channel.secret(encrypted), keyLength)
  return concatenate(...blocksOf(attributes, 3).map(([number, use, tries], index) => concatenate([number!, use!, tries!, tries!], values[index]!)))
}

export function pinRecord(brought: Uint8Array, channel: SecureChannel): Uint8Array {
  if (brought.length !== 2 + blockLength) throw new CardStatus(0x6a80)
  return concatenate([brought[0]!, brought[1]!, brought[1]!], channel.secret(brought.subarray(2)))
}

/** What READ RECORD tells of a key record: three bytes of zeros encrypted under each key, never the key. */
export function keysTold(record: Uint8Array): Uint8Array {
  return concatenate(
    ...blocksOf(record, 4 + keyLength).map((entry) =>
      concatenate([entry[0]!, entry[1]!, entry[3]!], desEncryptEcb(entry.subarray(4), new Uint8Array(blockLength)).subarray(0, 3)),
    ),
  )
}

export const pinTold = (record: Uint8Array): Uint8Array => record.slice(0, 3)

/** Where a counter of tries stands: a byte of a record. `value` follows it. */
export interface SecretEntry {
  path: string
  record: number
  /** Of the tries left, within the record; the tries allowed stand before it. */
  offset: number
  allowed: number
  left: number
  value: Uint8Array
}

export function findKey(files: Files, directory: string, wanted: { number?: number; use?: KeyUse }): SecretEntry | undefined {
  return keyEntries(files, directory).find(({ number, use }) => (wanted.number ?? number) === number && (wanted.use ?? use) === use)
}

function keyEntries(files: Files, directory: string): (SecretEntry & { number: number; use: number })[] {
  const path = internalFile(files, directory, 'keys')
  if (path === undefined) return []
  return files.recordNumbers(path).flatMap((record) =>
    blocksOf(files.record(path, record)!, 4 + keyLength).map((entry, index) => ({
      ...{ path, record, number: entry[0]!, use: entry[1]! },
      ...{ allowed: entry[2]!, left: entry[3]!, offset: index * (4 + keyLength) + 3, value: entry.slice(4) },
    })),
  )
}

export function findPin(files: Files, directory: string, number?: number): SecretEntry | undefined {
  const path = internalFile(files, directory, 'pins')
  if (path === undefined) return undefined
  const found = files.recordNumbers(path).find((record) => number === undefined || files.record(path, record)![0] === number)
  if (found === undefined) return undefined
  const stored = files.record(path, found)!
  return { path, record: found, allowed: stored[1]!, left: stored[2]!, offset: 2, value: stored.slice(3) }
}

export function setTries(files: Files, { path, record, offset }: SecretEntry, left: number): void {
  const stored = files.record(path, record)!
  stored[offset] = left
  files.updateRecord(path, record, stored)
}

/**
 * One try: counted before it is made, so that pulling the card wins nothing. Throws CardStatus 6983 where none is left, 63Cx where
 * it was wrong. `allowed` 00: not counted.
 */
export function tryOnce<Result>(files: Files, entry: SecretEntry, attempt: () => Result | undefined): Result {
  if (entry.allowed === 0) {
    const result = attempt()
    if (result === undefined) throw new CardStatus(0x6300)
    return result
  }
  if (entry.left === 0) throw new CardStatus(0x6983)
  setTries(files, entry, entry.left - 1)
  const result = attempt()
  if (result === undefined) throw new CardStatus(0x63c0 | (entry.left - 1))
  setTries(files, entry, entry.allowed)
  return result
}

/** All counters of tries, for the fault that spends them. */
export function spendTries(files: Files, directory: string): void {
  for (const entry of keyEntries(files, directory)) setTries(files, entry, 0)
  const pin = findPin(files, directory)
  if (pin) setTries(files, pin, 0)
}

export const verifies = (entry: SecretEntry, shown: Uint8Array): true | undefined => sameBytes(entry.value, shown) || undefined
