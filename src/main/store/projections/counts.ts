/** The counts of a job, kept with every step so that reading them costs nothing, and the state of each record. */
import type { DatabaseSync } from 'node:sqlite'
import type { AttemptState } from '#shared/card/life.ts'
import type { RecordState } from '#shared/job/job.ts'

/** The columns of `jobs` that count. */
const columns = [
  'queued',
  'in_work',
  'in_doubt',
  'good',
  'rejected',
  'skipped',
  'blanks_good',
  'blanks_rejected',
  'blanks_in_doubt',
  'resolved',
  'runs',
  'open_runs',
] as const
type Column = (typeof columns)[number]

export const recordColumn: Record<RecordState, Column> = {
  queued: 'queued',
  'in-work': 'in_work',
  'in-doubt': 'in_doubt',
  good: 'good',
  rejected: 'rejected',
  skipped: 'skipped',
}

/** Which blanks are counted as picked, by the state of their attempt; the others have none, or no end yet. */
export function blankColumn(state: AttemptState): Column | undefined {
  switch (state) {
    case 'good':
      return 'blanks_good'
    case 'rejected':
      return 'blanks_rejected'
    case 'in-doubt':
      return 'blanks_in_doubt'
    default:
      return undefined
  }
}

/** Where the record stands while its attempt is in `state`. An unused attempt gives it back to the queue. */
export function recordState(state: AttemptState): RecordState {
  switch (state) {
    case 'good':
    case 'rejected':
    case 'in-doubt':
      return state
    case 'unused':
      return 'queued'
    default:
      return 'in-work'
  }
}

export interface Counts {
  /** Adds to the job's counts; a column named under both `more` and `less` stays as it is. */
  move(job: number, more: readonly (Column | undefined)[], less: readonly (Column | undefined)[]): void
  /** Moves a record from one state to another, with the job's counts and whatever else changes in them. */
  record(card: { job: number; record: number }, from: RecordState, to: RecordState, more?: readonly (Column | undefined)[], less?: readonly (Column | undefined)[]): void
}

export function createCounts(connection: DatabaseSync): Counts {
  const update = connection.prepare(`UPDATE jobs SET ${columns.map((column) => `${column} = ${column} + ?`).join(', ')} WHERE job = ?`)
  const setState = connection.prepare('UPDATE cards SET state = ? WHERE job = ? AND record = ?')

  const move: Counts['move'] = (job, more, less) => {
    const changes = columns.map(() => 0)
    for (const column of more) if (column) changes[columns.indexOf(column)]! += 1
    for (const column of less) if (column) changes[columns.indexOf(column)]! -= 1
    if (changes.some((change) => change !== 0)) update.run(...changes, job)
  }
  return {
    move,
    record({ job, record }, from, to, more = [], less = []) {
      if (from !== to) setState.run(to, job, record)
      move(job, [recordColumn[to], ...more], [recordColumn[from], ...less])
    },
  }
}
