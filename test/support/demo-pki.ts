/**
 * RSA keys that follow from a word: the demo payment system, its issuer and its cards. Anybody can make them again, so they protect
 * nothing; they let sample cards pass offline authentication at a terminal that knows the demo system's public key.
 */
import { createHash } from 'node:crypto'
import type { RsaPair } from './emv-card-data.ts'

/** Bytes that follow from a word: SHA-256 over the word and a counter. */
function bytesOf(word: string, length: number): string {
  let bytes = ''
  for (let counter = 0; bytes.length < length * 2; counter++) bytes += createHash('sha256').update(`${word}/${counter}`).digest('hex')
  return bytes.slice(0, length * 2)
}

/** @param bits of the modulus, a multiple of 16 */
export function rsaFrom(word: string, bits: number): RsaPair {
  const exponent = 3n
  const p = primeFrom(`${word} p`, bits / 2, exponent)
  const q = primeFrom(`${word} q`, bits / 2, exponent)
  const [larger, smaller] = p > q ? [p, q] : [q, p]
  const d = inverse(exponent, (larger - 1n) * (smaller - 1n))
  const hex = (value: bigint, length: number) => value.toString(16).toUpperCase().padStart(length / 4, '0')
  return {
    modulus: hex(larger * smaller, bits),
    privateExponent: hex(d, bits),
    prime1: hex(larger, bits / 2),
    prime2: hex(smaller, bits / 2),
    exponent1: hex(d % (larger - 1n), bits / 2),
    exponent2: hex(d % (smaller - 1n), bits / 2),
    coefficient: hex(inverse(smaller, larger), bits / 2),
    publicExponent: '03',
  }
}

const smallPrimes = [3n, 5n, 7n, 11n, 13n, 17n, 19n, 23n, 29n, 31n, 37n, 41n, 43n, 47n, 53n, 59n, 61n, 67n, 71n, 73n, 79n, 83n, 89n, 97n]

/** The first prime at or after a number with both upper bits set, so that a product of two has its full length. */
function primeFrom(word: string, bits: number, exponent: bigint): bigint {
  const top = 3n << BigInt(bits - 2)
  for (let candidate = BigInt(`0x${bytesOf(word, bits / 8)}`) | top | 1n; ; candidate += 2n) {
    if ((candidate - 1n) % exponent === 0n || smallPrimes.some((small) => candidate % small === 0n)) continue
    if (isProbablePrime(candidate)) return candidate
  }
}

/** Miller and Rabin with the first primes as bases. */
function isProbablePrime(candidate: bigint): boolean {
  let odd = candidate - 1n
  let twos = 0
  while (odd % 2n === 0n) {
    odd /= 2n
    twos++
  }
  return smallPrimes.slice(0, 16).every((base) => {
    let value = power(base, odd, candidate)
    if (value === 1n || value === candidate - 1n) return true
    for (let round = 1; round < twos; round++) {
      value = (value * value) % candidate
      if (value === candidate - 1n) return true
    }
    return false
  })
}

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let [result, square, left] = [1n, base % modulus, exponent]
  while (left > 0n) {
    if (left % 2n === 1n) result = (result * square) % modulus
    square = (square * square) % modulus
    left /= 2n
  }
  return result
}

/** By the extended algorithm of Euclid. */
function inverse(value: bigint, modulus: bigint): bigint {
  let [a, b, x, y] = [value, modulus, 1n, 0n]
  while (b > 0n) {
    const quotient = a / b
    ;[a, b, x, y] = [b, a % b, y, x - quotient * y]
  }
  return ((x % modulus) + modulus) % modulus
}
