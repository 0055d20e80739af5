/**
 * Ciphers of cards out of what every build of Node and Electron has: `des-ede-cbc`, `des-ede3-cbc` and `aes-*-cbc` alone. One ECB block is
 * CBC with a zero IV; single DES is triple DES with one key thrice. Data are whole blocks.
 */
import { createCipheriv, createDecipheriv } from 'node:crypto'
import type { KeyAlgorithm } from '#shared/chip/keys.ts'
import { concatenate, toHex } from '#shared/bytes.ts'

export type Mode = 'ecb' | 'cbc'

const names: Readonly<Record<KeyAlgorithm, string>> = { des2: 'des-ede-cbc', des3: 'des-ede3-cbc', aes128: 'aes-128-cbc', aes192: 'aes-192-cbc', aes256: 'aes-256-cbc' }

export const isDes = (algorithm: KeyAlgorithm): boolean => algorithm.startsWith('des')

/** Bytes of a block. */
export const blockLength = (algorithm: KeyAlgorithm): 8 | 16 => (isDes(algorithm) ? 8 : 16)

export interface CipherKey {
  readonly algorithm: KeyAlgorithm
  readonly bytes: Uint8Array
}

/** Throws RangeError where the data are not whole blocks. */
export function encrypt(key: CipherKey, data: Uint8Array, mode: Mode, iv?: Uint8Array): Uint8Array {
  return blockwise(key, data, mode, (block) => {
    const cipher = createCipheriv(names[key.algorithm], key.bytes, iv ?? new Uint8Array(blockLength(key.algorithm)))
    cipher.setAutoPadding(false)
    return concatenate(cipher.update(block), cipher.final())
  })
}

/** Throws RangeError where the data are not whole blocks. */
export function decrypt(key: CipherKey, data: Uint8Array, mode: Mode, iv?: Uint8Array): Uint8Array {
  return blockwise(key, data, mode, (block) => {
    const decipher = createDecipheriv(names[key.algorithm], key.bytes, iv ?? new Uint8Array(blockLength(key.algorithm)))
    decipher.setAutoPadding(false)
    return concatenate(decipher.update(block), decipher.final())
  })
}

/** CBC goes through as it is; ECB is as many chains of one block. */
function blockwise({ algorithm }: CipherKey, data: Uint8Array, mode: Mode, work: (data: Uint8Array) => Uint8Array): Uint8Array {
  const size = blockLength(algorithm)
  if (data.length % size !== 0) throw new RangeError(`${data.length} bytes are not whole blocks`)
  if (mode === 'cbc') return work(data)
  return concatenate(...Array.from({ length: data.length / size }, (_, index) => work(data.subarray(index * size, (index + 1) * size))))
}

/** AES CMAC, NIST SP 800-38B 6.2; 16 bytes. */
export function cmac(key: CipherKey, data: Uint8Array, iv?: Uint8Array): Uint8Array {
  const size = 16
  const first = doubled(encrypt(key, new Uint8Array(size), 'cbc'))
  const whole = data.length > 0 && data.length % size === 0
  const blocks = new Uint8Array(whole ? data.length : (Math.floor(data.length / size) + 1) * size)
  blocks.set(data)
  if (!whole) blocks[data.length] = 0x80
  const mask = whole ? first : doubled(first)
  const last = blocks.subarray(-size)
  for (const [at, byte] of mask.entries()) last[at]! ^= byte
  return encrypt(key, blocks, 'cbc', iv).subarray(-size)
}

/** Multiplication by x in GF(2^128), 6.1. */
function doubled(block: Uint8Array): Uint8Array {
  const result = block.map((byte, at) => ((byte << 1) | ((block[at + 1] ?? 0) >> 7)) & 0xff)
  if ((block[0]! & 0x80) !== 0) result[15]! ^= 0x87
  return result
}

/** ISO/IEC 9797-1 MAC algorithm 3 over whole blocks: single DES, and the last block triple; 8 bytes. */
export function retailMac(key: CipherKey, data: Uint8Array, iv: Uint8Array = new Uint8Array(8)): Uint8Array {
  const first = key.bytes.subarray(0, 8)
  const single: CipherKey = { algorithm: 'des2', bytes: concatenate(first, first) }
  const before = data.subarray(0, -8)
  const chained = before.length === 0 ? iv : encrypt(single, before, 'cbc', iv).subarray(-8)
  return encrypt(key, data.subarray(-8), 'cbc', chained)
}

/** ISO/IEC 9797-1 MAC algorithm 1 with triple DES over whole blocks; 8 bytes. */
export function fullDes3Mac(key: CipherKey, data: Uint8Array, iv?: Uint8Array): Uint8Array {
  return encrypt(key, data, 'cbc', iv).subarray(-8)
}

/** DES: zeros encrypted; AES: 01…01 (GlobalPlatform amendment D, 4.1.3). */
export function checkValue(key: CipherKey, length = 3): Uint8Array {
  const size = blockLength(key.algorithm)
  return encrypt(key, new Uint8Array(size).fill(isDes(key.algorithm) ? 0 : 1), 'cbc').subarray(0, length)
}

/** Each byte with an odd number of ones. */
export function oddParity(bytes: Uint8Array): Uint8Array {
  return bytes.map((byte) => {
    let ones = 0
    for (let bit = 1; bit < 8; bit += 1) ones += (byte >> bit) & 1
    return (byte & 0xfe) | (ones % 2 === 0 ? 1 : 0)
  })
}

/** The weak and half-weak keys of DES (NIST SP 800-67 2.1.2), in odd parity. */
const weak = new Set([
  ...['0101010101010101', 'FEFEFEFEFEFEFEFE', 'E0E0E0E0F1F1F1F1', '1F1F1F1F0E0E0E0E'],
  ...['011F011F010E010E', '1F011F010E010E01', '01E001E001F101F1', 'E001E001F101F101', '01FE01FE01FE01FE', 'FE01FE01FE01FE01'],
  ...['1FE01FE00EF10EF1', 'E01FE01FF10EF10E', '1FFE1FFE0EFE0EFE', 'FE1FFE1FFE0EFE0E', 'E0FEE0FEF1FEF1FE', 'FEE0FEE0FEF1FEF1'],
])

/** Whether triple DES with this key, in odd parity, is less than it seems: a weak part, or two parts in a row that undo each other. */
export function isWeakDes(key: Uint8Array): boolean {
  const parts = Array.from({ length: key.length / 8 }, (_, index) => toHex(key.subarray(index * 8, index * 8 + 8)))
  return parts.some((part, index) => weak.has(part) || part === parts[index - 1])
}
