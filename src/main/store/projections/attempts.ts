/**
 * Attempts: the log. What may follow what is decided by the table of card/life.ts alone; here its result is kept, with
 * what the log shows of it.
 */
import type { DatabaseSync } from 'node:sqlite'
import { attemptRef, closedStates } from '#shared/card/life.ts'
import type { AttemptLife, AttemptState } from '#shared/card/life.ts'
import type { RecordState } from '#shared/job/job.ts'
import { livesOn } from '#shared/journal/attempt-steps.ts'
import type { FactOf, JournalRow } from '#shared/journal/events.ts'
import { one } from '../database.ts'
import { attemptOf, identifier } from '../identifiers.ts'
import { alreadyIssued, notAllowed } from '../refusal.ts'
import { learn, withChip } from './attempt-story.ts'
import type { AttemptStory } from './attempt-story.ts'
import { blankColumn, recordState } from './counts.ts'
import type { Counts } from './counts.ts'
import type { Projection } from './projection.ts'

export type MovingFact = FactOf<'attempt.intended' | 'attempt.outcome' | 'attempt.resolved' | 'attempt.closed'>

/** The columns that hold an attempt's life. */
export interface LifeColumns {
  state: AttemptState
  touched: number
  before: NonNullable<AttemptLife['before']> | null
}

export function lifeOf({ state, touched, before }: LifeColumns): AttemptLife {
  return { state, touched: touched === 1, ...(before !== null && { before }) }
}

interface CardRow {
  state: RecordState
  attempts: number
  masked: string
  job_state: string
}

export function createAttempts(connection: DatabaseSync, counts: Counts): Projection {
  const card = connection.prepare(`
    SELECT cards.state, cards.attempts, cards.masked, jobs.state AS job_state
    FROM cards JOIN jobs ON jobs.job = cards.job WHERE cards.job = ? AND cards.record = ?`)
  const run = connection.prepare('SELECT job, device FROM runs WHERE run = ? AND ended IS NULL')
  const elsewhere = connection.prepare(`
    SELECT other.job, other.record FROM cards AS own
    JOIN numbers ON numbers.mac = own.mac
    JOIN cards AS other ON other.job = numbers.job AND other.record = numbers.record
    WHERE own.job = ?1 AND own.record = ?2 AND (other.job <> ?1 OR other.record <> ?2)
      AND other.state IN ('in-work', 'in-doubt', 'good')
    LIMIT 1`)
  const countAttempt = connection.prepare('UPDATE cards SET attempts = ? WHERE job = ? AND record = ?')
  const insert = connection.prepare(`
    INSERT INTO attempts (id, job, record, number, masked, tail, run, device, operator, started_at)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
  const find = connection.prepare(`
    SELECT id, state, touched, before, carrying, done, reason_code, reason, place, resolved_by, chip
    FROM attempts WHERE job = ? AND record = ? AND number = ?`)
  const update = connection.prepare(`
    UPDATE attempts SET state = ?, touched = ?, before = ?, ended_at = ?, carrying = ?, done = ?,
      reason_code = ?, reason = ?, place = ?, resolved_by = ?, chip = ?
    WHERE id = ?`)
  const putChip = connection.prepare('UPDATE attempts SET chip = ? WHERE id = ?')

  const claim = (fact: FactOf<'attempt.claimed'>, { sequence, at, by }: JournalRow) => {
    const { job, record, number } = attemptOf(fact)
    const wanted = one<CardRow>(card, job, record)
    const working = one<{ job: number; device: string }>(run, fact.run)
    if (wanted?.job_state !== 'open') throw notAllowed(fact.kind, 'the job is not open')
    if (wanted.state !== 'queued') throw notAllowed(fact.kind, `the record is ${wanted.state}`)
    if (number !== wanted.attempts + 1) throw notAllowed(fact.kind, 'attempt number')
    if (working?.job !== job || working.device !== fact.device) throw notAllowed(fact.kind, 'the run is not under way')
    if (by === 'system') throw notAllowed(fact.kind, 'an attempt has an operator')
    const other = one<{ job: number; record: number }>(elsewhere, job, record)
    if (other) throw alreadyIssued(identifier('job', other.job), other.record)
    insert.run(sequence, job, record, number, wanted.masked, tailOf(wanted.masked), fact.run, fact.device, by, at)
    countAttempt.run(number, job, record)
    counts.record({ job, record }, 'queued', 'in-work')
  }

  const move = (fact: MovingFact, { at }: JournalRow) => {
    const { job, record, number } = attemptOf(fact)
    const row = one<LifeColumns & AttemptStory & { id: number }>(find, job, record, number)
    if (row === undefined) throw notAllowed(fact.kind, 'it was not claimed')
    const next = livesOn(lifeOf(row), fact)
    if (next === undefined) throw notAllowed(fact.kind, `the attempt is ${row.state}`)
    const { carrying, done, reason_code, reason, place, resolved_by, chip } = learn(row, fact, next.state)
    const endedAt = closedStates.has(next.state) ? at : null
    const life = [next.state, Number(next.touched), next.before ?? null, endedAt] as const
    update.run(...life, carrying, done, reason_code, reason, place, resolved_by ?? null, chip, row.id)
    const more = [blankColumn(next.state), fact.kind === 'attempt.resolved' ? ('resolved' as const) : undefined]
    counts.record({ job, record }, recordState(row.state), recordState(next.state), more, [blankColumn(row.state)])
  }

  const know = (fact: FactOf<'attempt.chip-identified'>) => {
    const { job, record, number } = attemptOf(fact)
    const row = one<AttemptStory & { id: number }>(find, job, record, number)
    if (row === undefined) throw notAllowed(fact.kind, 'it was not claimed')
    const { station, atr, chip } = fact
    putChip.run(withChip(row.chip, { station, atr, ...(chip !== undefined && { number: chip }) }), row.id)
  }

  return {
    apply(row) {
      const { fact } = row
      switch (fact.kind) {
        case 'attempt.claimed':
          return claim(fact, row)
        case 'attempt.intended':
        case 'attempt.outcome':
        case 'attempt.resolved':
        case 'attempt.closed':
          return move(fact, row)
        case 'attempt.chip-identified':
          return know(fact)
        case 'recovery.found':
          for (const attempt of fact.attempts) {
            const { job, record, number } = attemptOf({ ...fact, attempt })
            if (!find.get(job, record, number)) throw notAllowed(fact.kind, attemptRef(identifier('job', job), record, number))
          }
          return
        default:
      }
    },
    clear: () => connection.exec('DELETE FROM attempts'),
  }
}

/** The last four digits, last first: what is searched for by its end is found by its beginning. */
export function tailOf(digits: string): string {
  return [...digits.slice(-4)].reverse().join('')
}
