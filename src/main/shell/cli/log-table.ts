/** The card log for a terminal, in the words of the printed one. */
import { groupNumber } from '#shared/card/number.ts'
import type { AttemptView } from '#shared/job/job.ts'
import { cellOf, type Column } from '../../reports/table.ts'
import type { Words } from '../../reports/words.ts'
import { textTable, type TextColumn } from './table.ts'

const columns: readonly Column[] = ['began', 'attempt', 'number', 'result', 'reason', 'place', 'device', 'operator']

export function logTable(words: Words, attempts: readonly AttemptView[]): string {
  const printed = columns.map((column): TextColumn<AttemptView> => ({
    heading: words.say(`report.column.${column}`),
    cell: (attempt) => (column === 'number' ? groupNumber(attempt.number) : String(cellOf(words, attempt, column))),
  }))
  return textTable(printed, attempts)
}
