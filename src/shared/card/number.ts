/** The card number (PAN, ISO/IEC 7812): masking, check digit, grouping. */

/** First six, last four, the rest as `•`; shorter than eleven digits shows the last four alone (PCI DSS 3.4.1). */
export function maskNumber(number: string): string {
  const digits = number.replace(/\D/g, '')
  if (digits.length <= 4) return '•'.repeat(digits.length)
  const head = digits.length >= 11 ? digits.slice(0, 6) : ''
  return head + '•'.repeat(digits.length - head.length - 4) + digits.slice(-4)
}

/** Luhn check (ISO/IEC 7812-1 annex B) over a string of digits that ends with its check digit. */
export function luhnHolds(digits: string): boolean {
  if (!/^\d{2,}$/.test(digits)) return false
  let sum = 0
  for (let index = 0; index < digits.length; index++) {
    const digit = digits.charCodeAt(digits.length - 1 - index) - 48
    const doubled = index % 2 === 1 ? digit * 2 : digit
    sum += doubled > 9 ? doubled - 9 : doubled
  }
  return sum % 10 === 0
}

/** Groups as embossed: 4-6-5 for 15 digits, fours otherwise. Works on masked numbers too. */
export function groupNumber(number: string): string {
  const groups = number.length === 15 ? [4, 6, 5] : []
  if (groups.length === 0) return number.replace(/(.{4})(?=.)/gu, '$1 ')
  let at = 0
  return groups.map((length) => number.slice(at, (at += length))).join(' ')
}

/**
 * Masks every run of digits that could be a card number inside a free text: 12 to 19 digits, also when grouped by
 * single spaces or hyphens. For traces and messages; the structured places mask by field.
 */
export function maskNumbersIn(text: string): string {
  return text.replace(/\d(?:[ -]?\d){11,18}/g, (run) => {
    const masked = maskNumber(run)
    let at = 0
    return run.replace(/\d/g, () => masked[at++] ?? '•')
  })
}
