/** Bytes and their hex digits, for everything that speaks to a chip. */
import { CardwrightError } from './cardwright-error.ts'

const digits = Array.from({ length: 256 }, (_, byte) => byte.toString(16).toUpperCase().padStart(2, '0'))

/** Upper-case hex digits, two for each byte. */
export function toHex(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += digits[byte]
  return text
}

/**
 * Bytes of hex digits in upper or lower case; blanks between them are passed over.
 * Throws `hex.malformed` (class data); its place is the offset of the first character that does not fit.
 */
export function fromHex(text: string): Uint8Array {
  const plain = text.replace(/\s+/g, '')
  const wrong = plain.search(/[^0-9A-Fa-f]/)
  if (wrong >= 0) throw malformed(wrong)
  if (plain.length % 2 === 1) throw malformed(plain.length)
  return Uint8Array.from({ length: plain.length / 2 }, (_, index) => Number.parseInt(plain.slice(index * 2, index * 2 + 2), 16))
}

function malformed(offset: number): CardwrightError {
  return new CardwrightError({ code: 'hex.malformed', class: 'data', place: `character ${offset}`, values: { offset } })
}

/** One after the other, in new bytes. */
export function concatenate(...parts: readonly (Uint8Array | readonly number[])[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let offset = 0
  for (const part of parts) {
    whole.set(part, offset)
    offset += part.length
  }
  return whole
}

/** Not for comparing secrets: it takes longer the more of them agree. */
export function sameBytes(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index])
}

/** A whole number from 0 to 2^48 - 1 in `length` bytes, most significant first. Higher digits that do not fit are dropped. */
export function numberToBytes(value: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length)
  let rest = value
  for (let index = length - 1; index >= 0; index -= 1) {
    bytes[index] = rest % 256
    rest = Math.floor(rest / 256)
  }
  return bytes
}

/** The whole number that up to six bytes say, most significant first. */
export function bytesToNumber(bytes: Uint8Array): number {
  return bytes.reduce((number, byte) => number * 256 + byte, 0)
}
