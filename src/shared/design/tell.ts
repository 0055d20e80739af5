/** Makes mistakes of designs and records, with their values masked. */
import { maskNumber, maskNumbersIn } from '../card/number.ts'
import type { Mistake } from './mistake.ts'

export type MistakeValues = Record<string, string | number>

/** What a column may show of itself in messages. */
export type Visibility = 'plain' | 'number' | 'secret'

const longestShown = 40

/** A value as a message may show it: numbers by first six and last four, secrets as dots, nothing longer than a line. */
export function maskedValue(value: string, visibility: Visibility): string {
  if (visibility === 'secret') return '•'.repeat(Math.min(value.length, longestShown))
  if (visibility === 'number') {
    const masked = maskNumber(value)
    return masked === '' ? '•'.repeat(Math.min(value.length, longestShown)) : masked
  }
  const shown = maskNumbersIn(value).replace(/\p{Cc}/gu, '·')
  return shown.length > longestShown ? `${shown.slice(0, longestShown - 1)}…` : shown
}

/** A mistake of a record. */
export function recordMistake(code: string, line: number, column: string | undefined, values: MistakeValues): Mistake {
  const mistake: Mistake = { code, class: 'data', place: placeOf(line, column), line, values }
  if (column !== undefined) mistake.column = column
  return mistake
}

function placeOf(line: number, column: string | undefined): string {
  return column === undefined ? `line ${line}` : `line ${line}, ${column}`
}

/** A mistake of a design; `path` such as `lines[2].x`. */
export function designMistake(code: string, path: string, values: MistakeValues = {}): Mistake {
  return { code, class: 'data', place: path, values }
}
