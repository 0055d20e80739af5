/** The card's private keys: as they were stored, and what is signed and deciphered with them (EMV 4.3 Book 2, 5 to 7 and annex B2). */
import { concatenate } from '#shared/bytes.ts'
import type { CardServices } from '../application.ts'
import { rsaPrivate, rsaPublic, sha1, unpadded } from '../crypto.ts'
import type { EmvState, RsaKeyUse } from './state.ts'

export interface CardKeyPair {
  /** Bytes of the modulus. */
  length: number
  /** The raw private operation on a block of that length. */
  apply(block: Uint8Array): Uint8Array
}

/** The card's key for this use; undefined where it has none. Each use counts its time. */
export function cardKeyPair(state: EmvState, use: RsaKeyUse, services: CardServices): CardKeyPair | undefined {
  const stored = state.rsaKey(use)
  if (stored === undefined) return undefined
  const counted = (length: number, apply: (block: Uint8Array) => Uint8Array): CardKeyPair => ({
    length,
    apply(block) {
      services.compute({ kind: 'rsa-private', bits: length * 8 })
      return apply(block)
    },
  })
  if (stored.form === 'exponent') {
    const [n, d] = [odd(stored.n), odd(stored.d)]
    return counted(n.length, (block) => rsaPublic(n, d, block))
  }
  const [p, q] = [odd(stored.p), odd(stored.q)]
  const key = { p, q, dP: within(stored.dp, p.length), dQ: within(stored.dq, q.length), qInverse: within(stored.qinv, p.length) }
  return counted(bytesOfProduct(p, q), (block) => rsaPrivate(key, block))
}

/**
 * CPS pads what it encrypts (80, zeros) and does not say when; an odd number never ends so by itself. Primes, moduli and private
 * exponents are odd.
 */
function odd(value: Uint8Array): Uint8Array {
  return withoutZeros((value.at(-1)! & 1) === 1 ? value : (unpadded(value) ?? value))
}

/** The other parts may end in anything, but are no longer than their prime. */
function within(value: Uint8Array, length: number): Uint8Array {
  return value.length > length ? (unpadded(value) ?? value) : value
}

function withoutZeros(value: Uint8Array): Uint8Array {
  const first = value.findIndex((byte) => byte !== 0)
  return first <= 0 ? value : value.subarray(first)
}

const numberOf = (bytes: Uint8Array): bigint => BigInt(`0x${Buffer.from(bytes).toString('hex')}`)

function bytesOfProduct(p: Uint8Array, q: Uint8Array): number {
  return Math.ceil((numberOf(p) * numberOf(q)).toString(16).length / 2)
}

/**
 * Signed dynamic application data: Book 2, tables 15 and 18. `dynamic`: ICC dynamic data, `terminal`: what the terminal adds, which is
 * hashed and not signed along. Undefined where the key is too short for it.
 */
export function signDynamicData(key: CardKeyPair, dynamic: Uint8Array, terminal: Uint8Array): Uint8Array | undefined {
  const padding = key.length - dynamic.length - 25
  if (padding < 0) return undefined
  const signed = concatenate([0x05, 0x01, dynamic.length], dynamic, new Uint8Array(padding).fill(0xbb))
  return key.apply(concatenate([0x6a], signed, sha1(concatenate(signed, terminal)), [0xbc]))
}
