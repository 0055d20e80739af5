/** Card numbers in bytes that people typed or a card answered: their middle is covered before anything of it is kept. */
import { luhnHolds } from '#shared/card/number.ts'

/** First six and last four digits of every number of 13 to 19 digits that stands in whole bytes; `..` for each byte between. */
export function maskedHex(hex: string): string {
  let masked = hex
  for (let at = 0; at + 14 <= hex.length; at += 2) {
    const length = numberAt(hex, at)
    if (length === undefined) continue
    const end = at + Math.ceil(length / 2) * 2
    masked = masked.slice(0, at + 6) + '..'.repeat((end - at - 10) / 2) + masked.slice(end - 4)
    at = end - 2
  }
  return masked
}

/** Digits of a card number that begins here (ISO/IEC 7812-1), the longest that its check digit confirms. */
function numberAt(hex: string, at: number): number | undefined {
  const digits = /^[2-6]\d{12,18}/.exec(hex.slice(at, at + 19))?.[0]
  if (digits === undefined) return undefined
  for (let length = digits.length; length >= 13; length -= 1) {
    const next = hex[at + length]
    // Packed digits are filled up with F (tag 5A), or parted by D (track 2); in whole bytes nothing has to follow.
    const parted = length % 2 === 0 || next === 'F' || next === 'D'
    if (parted && luhnHolds(digits.slice(0, length))) return length
  }
  return undefined
}
