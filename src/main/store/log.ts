/** The log: attempts by filter, newest first. */
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'
import { attemptRef } from '#shared/card/life.ts'
import type { AttemptLife, AttemptRef } from '#shared/card/life.ts'
import type { Reason } from '#shared/device/device.ts'
import type { AttemptView } from '#shared/job/job.ts'
import type { DeviceId, PersonId, RunId } from '#shared/journal/events.ts'
import type { LogFilter } from '../ports/store.ts'
import { all, one } from './database.ts'
import { attemptKey, identifier, jobNumber } from './identifiers.ts'
import { split } from './projections/attempt-story.ts'
import type { AttemptStory } from './projections/attempt-story.ts'
import { lifeOf, tailOf } from './projections/attempts.ts'
import type { LifeColumns } from './projections/attempts.ts'

interface AttemptColumns extends LifeColumns, AttemptStory {
  id: number
  job: number
  job_name: string
  record: number
  number: number
  masked: string
  run: RunId
  device: DeviceId
  device_name: string | null
  operator: PersonId
  operator_name: string | null
  started_at: number
  ended_at: number | null
}

export interface Log {
  attempt(attempt: AttemptRef): { view: AttemptView; life: AttemptLife } | undefined
  page(filter: LogFilter, page: { offset: number; limit: number }): { total: number; rows: AttemptView[] }
  rows(filter: LogFilter): Iterable<AttemptView>
  reasons(): string[]
}

/** How many attempts `rows` reads at a time: no statement stays open between two of them. */
const pieceOfRows = 500

const columns = `
  SELECT attempts.*, jobs.name AS job_name, devices.name AS device_name, people.name AS operator_name FROM attempts
  JOIN jobs ON jobs.job = attempts.job
  LEFT JOIN devices ON devices.device = attempts.device
  LEFT JOIN people ON people.person = attempts.operator`

export function createLog(connection: DatabaseSync): Log {
  const prepared = new Map<string, StatementSync>()
  const statement = (sql: string) => {
    const known = prepared.get(sql) ?? connection.prepare(sql)
    prepared.set(sql, known)
    return known
  }
  const single = connection.prepare(`${columns} WHERE attempts.job = ? AND record = ? AND number = ?`)
  const reasons = connection.prepare('SELECT DISTINCT reason_code AS code FROM attempts WHERE reason_code IS NOT NULL ORDER BY reason_code')

  return {
    attempt(attempt) {
      const key = attemptKey(attempt)
      const row = key && one<AttemptColumns>(single, key.job, key.record, key.number)
      return row && { view: attemptView(row), life: lifeOf(row) }
    },
    page(filter, { offset, limit }) {
      const { where, values } = condition(filter)
      const total = one<{ rows: number }>(statement(`SELECT count(*) AS rows FROM attempts ${where}`), ...values)!.rows
      const ids = `SELECT id FROM attempts ${where} ORDER BY id DESC LIMIT ? OFFSET ?`
      const found = all<AttemptColumns>(statement(`${columns} WHERE attempts.id IN (${ids}) ORDER BY attempts.id DESC`), ...values, limit, offset)
      return { total, rows: found.map(attemptView) }
    },
    *rows(filter) {
      const { where, values } = condition(filter)
      const ids = `SELECT id FROM attempts ${where} ${where === '' ? 'WHERE' : 'AND'} id > ? ORDER BY id LIMIT ${pieceOfRows}`
      const piece = statement(`${columns} WHERE attempts.id IN (${ids}) ORDER BY attempts.id`)
      for (let last = 0; ; ) {
        const found = all<AttemptColumns>(piece, ...values, last)
        for (const row of found) yield attemptView(row)
        if (found.length < pieceOfRows) return
        last = found.at(-1)!.id
      }
    },
    reasons: () => all<{ code: string }>(reasons).map(({ code }) => code),
  }
}

interface Term {
  sql: string
  values: SQLInputValue[]
  /** How few rows it is likely to leave: the lowest leads by its index, and the others are checked row by row. */
  rank: number
}

/** Terms at this rank and above leave most rows; where there are no others, a scan is quicker than an index. */
const scanRank = 8

/** The WHERE of a filter. SQLite has no statistics here, so that the index is chosen by `+` (sqlite.org/optoverview.html#uplus). */
function condition(filter: LogFilter): { where: string; values: SQLInputValue[] } {
  const terms = termsOf(filter).toSorted((left, right) => left.rank - right.rank)
  const sql = terms.map((term, index) => (index === 0 && term.rank < scanRank ? term.sql : `+(${term.sql})`))
  return { where: sql.length > 0 ? `WHERE ${sql.join(' AND ')}` : '', values: terms.flatMap((term) => term.values) }
}

function termsOf({ job, states, reason, device, operator, from, to, find }: LogFilter): Term[] {
  const terms: Term[] = []
  const add = (rank: number, sql: string, ...values: SQLInputValue[]) => terms.push({ rank, sql, values })
  if (find !== undefined && find !== '') findTerms(find, add)
  if (reason !== undefined) add(3, 'reason_code = ?', reason)
  if (states !== undefined) add(states.includes('good') ? 9 : 4, `state IN (${states.map(() => '?').join(', ')})`, ...states)
  if (job !== undefined) add(5, 'job = ?', jobNumber(job) ?? 0)
  if (from !== undefined && to !== undefined) add(6, '(started_at >= ? AND started_at < ?)', from, to)
  else if (from !== undefined) add(7, 'started_at >= ?', from)
  else if (to !== undefined) add(8, 'started_at < ?', to)
  if (operator !== undefined) add(8, 'operator = ?', operator)
  if (device !== undefined) add(8, 'device = ?', device)
  return terms
}

/** Last digits of a number, or a reference: `J-000012`, `J-000012/7` or `J-000012/7.2`. */
function findTerms(find: string, add: (rank: number, sql: string, ...values: SQLInputValue[]) => void): void {
  const reference = /^J-(\d{6,})(?:\/(\d+)(?:\.(\d+))?)?$/i.exec(find.trim())
  const digits = /^[\d •]+$/u.test(find) ? tailOf(find.replace(/\D/g, '')) : ''
  if (reference) {
    const [, job, record, number] = reference
    add(2, 'job = ?', Number(job))
    if (record !== undefined) add(2, 'record = ?', Number(record))
    if (number !== undefined) add(2, 'number = ?', Number(number))
  } else if (digits !== '') {
    // Everything that begins with these digits; a colon follows the nine.
    add(1, 'tail BETWEEN ? AND ?', digits, `${digits}:`)
  } else {
    add(0, 'id = ?', 0)
  }
}

function attemptView(row: AttemptColumns): AttemptView {
  return {
    attempt: attemptRef(identifier('job', row.job), row.record, row.number),
    job: identifier('job', row.job),
    jobName: row.job_name,
    record: row.record,
    number: row.masked,
    run: row.run,
    device: row.device,
    deviceName: row.device_name ?? row.device,
    operator: row.operator,
    operatorName: row.operator_name ?? row.operator,
    startedAt: row.started_at,
    ...(row.ended_at !== null && { endedAt: row.ended_at }),
    state: row.state,
    done: split(row.done),
    ...(row.reason !== null && { reason: JSON.parse(row.reason) as Reason }),
    ...(row.place !== null && { place: row.place }),
    ...(row.resolved_by !== null && { resolvedBy: row.resolved_by }),
  }
}
