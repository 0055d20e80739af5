/**
 * The card's side of cryptography. The host's side is written elsewhere on its own: each is judged by published values, none by the
 * other. Only `des-ede3-cbc` is asked of the library for DES, since that is what Node's and Electron's have in common: one key is
 * three times the same, one block of ECB is CBC from zeros.
 */
import { createCipheriv, createDecipheriv, createHash } from 'node:crypto'
import { concatenate } from '#shared/bytes.ts'

const zeros = (length: number) => new Uint8Array(length)

/** Three keys of 8 bytes out of 8, 16 or 24. */
function tripleKey(key: Uint8Array): Uint8Array {
  if (key.length === 8) return concatenate(key, key, key)
  return key.length === 16 ? concatenate(key, key.subarray(0, 8)) : key
}

/** DES with a key of 8 bytes, triple DES with 16 or 24. Whole blocks, no padding. */
export function desEncryptCbc(key: Uint8Array, data: Uint8Array, iv: Uint8Array = zeros(8)): Uint8Array {
  const cipher = createCipheriv('des-ede3-cbc', tripleKey(key), iv).setAutoPadding(false)
  return new Uint8Array(Buffer.concat([cipher.update(data), cipher.final()]))
}

export function desDecryptCbc(key: Uint8Array, data: Uint8Array, iv: Uint8Array = zeros(8)): Uint8Array {
  const cipher = createDecipheriv('des-ede3-cbc', tripleKey(key), iv).setAutoPadding(false)
  return new Uint8Array(Buffer.concat([cipher.update(data), cipher.final()]))
}

export function desEncryptEcb(key: Uint8Array, data: Uint8Array): Uint8Array {
  return concatenate(...blocksOf(data, 8).map((block) => desEncryptCbc(key, block)))
}

export function desDecryptEcb(key: Uint8Array, data: Uint8Array): Uint8Array {
  return concatenate(...blocksOf(data, 8).map((block) => desDecryptCbc(key, block)))
}

/** ISO/IEC 9797-1 algorithm 3 over whole blocks: single DES, the last block with the whole key. Key of 16 bytes, 8 bytes come out. */
export function retailMac(key: Uint8Array, data: Uint8Array, iv: Uint8Array = zeros(8)): Uint8Array {
  const head = data.length > 8 ? desEncryptCbc(key.subarray(0, 8), data.subarray(0, -8), iv).slice(-8) : iv
  return desEncryptCbc(key, data.subarray(-8), head)
}

/** ISO/IEC 9797-1 algorithm 1 with triple DES over whole blocks. */
export function fullMac(key: Uint8Array, data: Uint8Array, iv: Uint8Array = zeros(8)): Uint8Array {
  return desEncryptCbc(key, data, iv).slice(-8)
}

export function aesEncryptCbc(key: Uint8Array, data: Uint8Array, iv: Uint8Array = zeros(16)): Uint8Array {
  const cipher = createCipheriv(`aes-${key.length * 8}-cbc`, key, iv).setAutoPadding(false)
  return new Uint8Array(Buffer.concat([cipher.update(data), cipher.final()]))
}

export function aesDecryptCbc(key: Uint8Array, data: Uint8Array, iv: Uint8Array = zeros(16)): Uint8Array {
  const cipher = createDecipheriv(`aes-${key.length * 8}-cbc`, key, iv).setAutoPadding(false)
  return new Uint8Array(Buffer.concat([cipher.update(data), cipher.final()]))
}

/** CMAC of NIST SP 800-38B with AES; 16 bytes. */
export function aesCmac(key: Uint8Array, data: Uint8Array): Uint8Array {
  const one = doubled(aesEncryptCbc(key, zeros(16)))
  const whole = data.length > 0 && data.length % 16 === 0
  const message = whole ? data.slice() : padded(data, 16)
  const mask = whole ? one : doubled(one)
  for (let index = 0; index < 16; index++) message[message.length - 16 + index]! ^= mask[index]!
  return aesEncryptCbc(key, message).slice(-16)
}

/** Multiplication by x in GF(2^128). */
function doubled(block: Uint8Array): Uint8Array {
  const result = block.map((byte, index) => ((byte << 1) | ((block[index + 1] ?? 0) >> 7)) & 0xff)
  if (block[0]! & 0x80) result[15]! ^= 0x87
  return result
}

/** ISO/IEC 9797-1 padding method 2: 80, then 00 to a whole block. There is always a padding. */
export function padded(data: Uint8Array, block: 8 | 16): Uint8Array {
  const whole = zeros((Math.floor(data.length / block) + 1) * block)
  whole.set(data)
  whole[data.length] = 0x80
  return whole
}

/** Without that padding; undefined where there is none. */
export function unpadded(data: Uint8Array): Uint8Array | undefined {
  let end = data.length
  while (end > 0 && data[end - 1] === 0) end--
  return end > 0 && data[end - 1] === 0x80 ? data.slice(0, end - 1) : undefined
}

export const sha1 = (data: Uint8Array): Uint8Array => new Uint8Array(createHash('sha1').update(data).digest())

/** A DES key's bytes made odd in number of ones, each by its lowest bit. */
export function oddParity(key: Uint8Array): Uint8Array {
  return key.map((byte) => (ones(byte & 0xfe) % 2 === 0 ? byte | 1 : byte & 0xfe))
}

function ones(byte: number): number {
  let count = 0
  for (let rest = byte; rest > 0; rest >>= 1) count += rest & 1
  return count
}

/** A private key by the Chinese remainder theorem (EMV CPS 1.1: DGIs 8205 to 8201). */
export interface PrivateKey {
  p: Uint8Array
  q: Uint8Array
  dP: Uint8Array
  dQ: Uint8Array
  /** q^-1 mod p. */
  qInverse: Uint8Array
}

/** The raw operation, for any length of key: the result is as long as the modulus. */
export function rsaPrivate(key: PrivateKey, block: Uint8Array): Uint8Array {
  const [p, q] = [numberOf(key.p), numberOf(key.q)]
  const value = numberOf(block)
  const one = power(value % p, numberOf(key.dP), p)
  const other = power(value % q, numberOf(key.dQ), q)
  const h = (((one - other) % p) + p) * numberOf(key.qInverse) % p
  return bytesOf(other + h * q, Math.ceil((p * q).toString(16).length / 2))
}

export function rsaPublic(modulus: Uint8Array, exponent: Uint8Array, block: Uint8Array): Uint8Array {
  return bytesOf(power(numberOf(block), numberOf(exponent), numberOf(modulus)), modulus.length)
}

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n
  let square = base % modulus
  for (const bit of [...exponent.toString(2)].reverse()) {
    if (bit === '1') result = (result * square) % modulus
    square = (square * square) % modulus
  }
  return result
}

const numberOf = (bytes: Uint8Array): bigint => (bytes.length === 0 ? 0n : BigInt(`0x${Buffer.from(bytes).toString('hex')}`))

function bytesOf(number: bigint, length: number): Uint8Array {
  return new Uint8Array(Buffer.from(number.toString(16).padStart(length * 2, '0'), 'hex'))
}

export function blocksOf(data: Uint8Array, length: number): Uint8Array[] {
  return Array.from({ length: Math.ceil(data.length / length) }, (_, index) => data.subarray(index * length, (index + 1) * length))
}
