/** Attempts as the rows of a table, in words: the same columns for a spreadsheet and for print. */
import type { AttemptView } from '#shared/job/job.ts'
import type { Words } from './words.ts'

export type Column = 'attempt' | 'job' | 'job-name' | 'card' | 'number' | 'began' | 'ended' | 'result' | 'reason' | 'place' | 'done' | 'device' | 'run' | 'operator' | 'resolved'

function headingOf(words: Words, column: Column): string {
  const heading = words.say(`report.column.${column}`)
  return column === 'began' || column === 'ended' ? words.say('report.column.zone', { column: heading, zone: words.timeZone }) : heading
}

export function cellOf(words: Words, attempt: AttemptView, column: Column): string | number {
  switch (column) {
    case 'attempt':
    case 'job':
    case 'number':
    case 'run':
      return attempt[column]
    case 'job-name':
      return attempt.jobName
    case 'card':
      return attempt.record
    case 'began':
      return words.time(attempt.startedAt)
    case 'ended':
      return attempt.endedAt === undefined ? '' : words.time(attempt.endedAt)
    case 'result':
      return words.say(`report.result.${attempt.state}`)
    case 'reason':
      return attempt.reason === undefined ? '' : words.reason(attempt.reason)
    case 'place':
      return attempt.place === undefined ? '' : words.say(`place.${attempt.place}`)
    case 'done':
      return attempt.done.map((operation) => words.say(`operation.${operation}`)).join(', ')
    case 'device':
      return attempt.deviceName
    case 'operator':
      return attempt.operatorName
    case 'resolved':
      return attempt.resolvedBy === undefined ? '' : words.say(`report.basis.${attempt.resolvedBy}`)
  }
}

/** For spreadsheets: everything. */
const allColumns: readonly Column[] = [
  'attempt', 'job', 'job-name', 'card', 'number', 'began', 'ended', 'result', 'reason', 'place', 'done', 'device', 'run', 'operator', 'resolved',
]

export function* csvRows(words: Words, attempts: Iterable<AttemptView>): Iterable<(string | number)[]> {
  yield allColumns.map((column) => headingOf(words, column))
  for (const attempt of attempts) yield allColumns.map((column) => cellOf(words, attempt, column))
}
