/** Attempts as the rows of a table, in words: the same columns for a spreadsheet and for print. */
import type { AttemptView, ChipView } from '#shared/job/job.ts'
import type { Words } from './words.ts'

export type Column =
  | 'attempt' | 'job' | 'job-name' | 'card' | 'number' | 'began' | 'ended' | 'result' | 'reason' | 'place' | 'done' | 'device' | 'run' | 'operator' | 'resolved'
  | ChipColumn

/** `chip-ended`: where it ended, in one sentence; the columns that follow it say the same one by one. */
type ChipColumn = 'chip' | 'chip-commands' | 'chip-ended' | 'chip-application' | 'chip-step' | 'chip-line' | 'chip-status' | 'chip-told'

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
    case 'chip-ended':
      return attempt.chip === undefined || attempt.done.includes('chip') ? '' : endOfChip(words, attempt.chip)
    default:
      return chipCell(attempt.chip ?? {}, column)
  }
}

function chipCell(chip: ChipView, column: Exclude<ChipColumn, 'chip-ended'>): string | number {
  switch (column) {
    case 'chip':
      return chip.number ?? ''
    case 'chip-commands':
      return chip.apdus ?? ''
    case 'chip-application':
      return chip.application ?? ''
    case 'chip-step':
      return chip.step ?? ''
    case 'chip-line':
      return chip.line ?? ''
    case 'chip-status':
      return chip.lastStatus ?? ''
    case 'chip-told':
      return Object.entries(chip.accompanying ?? {}).map(([name, value]) => `${name}: ${value}`).join('; ')
  }
}

function endOfChip({ say }: Words, { application, step, line, lastStatus }: ChipView): string {
  const parts = [
    application,
    step && say('report.chip.step', { step }),
    line && say('report.chip.line', { line: String(line) }),
    lastStatus && say('report.chip.status', { status: lastStatus }),
  ]
  return parts.filter((part) => part !== undefined).join(', ')
}

/** For spreadsheets: everything. */
const allColumns: readonly Column[] = [
  'attempt', 'job', 'job-name', 'card', 'number', 'began', 'ended', 'result', 'reason', 'place', 'done', 'device', 'run', 'operator', 'resolved',
  'chip', 'chip-commands', 'chip-application', 'chip-step', 'chip-line', 'chip-status', 'chip-told',
]

export function* csvRows(words: Words, attempts: Iterable<AttemptView>): Iterable<(string | number)[]> {
  yield allColumns.map((column) => headingOf(words, column))
  for (const attempt of attempts) yield allColumns.map((column) => cellOf(words, attempt, column))
}
