/** A mistake in a design or in a source file: a fault that names the place, the rule and the masked value. */
import { z } from 'zod'
import { maskNumber, maskNumbersIn } from '../card/number.ts'
import { Fault } from '../faults.ts'

export const Mistake = Fault.extend({
  /** Line of the source file, from 1; absent for mistakes of a design. */
  line: z.number().int().min(1).optional(),
  /** The source's column by its name. */
  column: z.string().optional(),
})
export type Mistake = z.infer<typeof Mistake>

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
