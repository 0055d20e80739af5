/** Positions as people read and write them: millimetres. The design keeps micrometres. */

/** `10.19`, with the language's decimal sign. */
export function millimetres(language: string, micrometres: number, digits = 2): string {
  return new Intl.NumberFormat(language, { maximumFractionDigits: digits }).format(micrometres / 1000)
}

/** Micrometres of a number with a decimal point or comma; undefined where it is none. */
export function micrometresOf(text: string): number | undefined {
  const number = /^\s*(\d{1,3})(?:[.,](\d{0,3}))?\s*$/.exec(text)
  if (!number) return undefined
  return Number(number[1]) * 1000 + Number((number[2] ?? '').padEnd(3, '0'))
}
