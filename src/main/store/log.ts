/** The log: attempts by filter, newest first. */
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'
import { attemptRef } from '#shared/card/life.ts'
import type { AttemptLife, AttemptRef } from '#shared/card/life.ts'
import type { Reason } from '#shared/device/device.ts'
import type { AttemptView, ChipView } from '#shared/job/job.ts'
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

/** Up to here sorting what an index gives is cheaper than a walk that meets few of them. */
const mostGathered = 20_000

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

  const recordsOf = connection.prepare('SELECT records FROM jobs WHERE job = ?')
  const isSmall = (job: number) => (one<{ records: number }>(recordsOf, job)?.records ?? 0) <= mostGathered

  const countOf = ({ lead, where, values }: Condition): number => {
    const count = (from: string) => one<{ rows: number }>(statement(`SELECT count(*) AS rows FROM ${from}`), ...values)!.rows
    return lead === 'filter' ? count(ended(where)) + count(open(where)) : count(`attempts ${where}`)
  }

  /** SQL of the attempts in question, newest first. */
  const idsOf = ({ lead, where }: Condition, total: number): string => {
    // Few are gathered from an index and put in order; many are met soon enough on a walk from the newest.
    const source = lead === 'walk' || total > mostGathered ? `attempts NOT INDEXED ${where}` : lead === 'index' ? `attempts ${where}` : undefined
    const ids = source === undefined ? `SELECT id FROM ${ended(where)} UNION ALL SELECT id FROM ${open(where)}` : `SELECT id FROM ${source}`
    return `${ids} ORDER BY id DESC`
  }

  return {
    attempt(attempt) {
      const key = attemptKey(attempt)
      const row = key && one<AttemptColumns>(single, key.job, key.record, key.number)
      return row && { view: attemptView(row), life: lifeOf(row) }
    },
    page(filter, { offset, limit }) {
      const condition = conditionOf(filter, isSmall)
      const total = countOf(condition)
      const ids = idsOf(condition, total)
      const values = ids.includes('UNION ALL') ? [...condition.values, ...condition.values] : condition.values
      const page = statement(`${columns} WHERE attempts.id IN (SELECT id FROM (${ids} LIMIT ? OFFSET ?)) ORDER BY attempts.id DESC`)
      return { total, rows: all<AttemptColumns>(page, ...values, limit, offset).map(attemptView) }
    },
    *rows(filter) {
      const { lead, where, values } = conditionOf(filter, isSmall)
      const source = lead === 'index' ? 'attempts' : 'attempts NOT INDEXED'
      const ids = `SELECT id FROM ${source} ${where} ${where === '' ? 'WHERE' : 'AND'} id > ? ORDER BY id LIMIT ${pieceOfRows}`
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

/** An attempt is in the one or in the other of these indexes. */
const ended = (where: string) => `attempts INDEXED BY attempts_filter ${where} AND ended_at IS NOT NULL`
const open = (where: string) => `attempts INDEXED BY attempts_open ${where} AND ended_at IS NULL`

interface Condition {
  /**
   * How the attempts are found: `index`: one term names few of them and has an index of its own; `filter`: from the index that holds
   * every column of a filter, so that no attempt itself is read; `walk`: nothing to choose by.
   */
  lead: 'index' | 'filter' | 'walk'
  where: string
  values: SQLInputValue[]
}

/**
 * The WHERE of a filter. SQLite has no statistics of this log; it is told what leads, and `+` keeps it from the indexes of
 * the other terms (sqlite.org/optoverview.html#uplus).
 */
function conditionOf(filter: LogFilter, isSmall: (job: number) => boolean): Condition {
  const { states, reason, device, operator, from, to, find } = filter
  const few: Term[] = states?.length === 0 ? [nothing] : find === undefined || find.trim() === '' ? [] : findTerms(find.trim())
  const terms: Term[] = []
  const add = (sql: string, value: SQLInputValue, leads = false) => (leads && few.length === 0 ? few : terms).push({ sql, values: [value] })
  if (filter.job !== undefined) {
    const job = jobNumber(filter.job) ?? 0
    add('job = ?', job, isSmall(job))
  }
  if (reason !== undefined) add('reason_code = ?', reason, true)
  if (states !== undefined && states.length > 0) terms.push({ sql: `state IN (${states.map(() => '?').join(', ')})`, values: [...states] })
  if (device !== undefined) add('device = ?', device)
  if (operator !== undefined) add('operator = ?', operator)
  if (from !== undefined) add('started_at >= ?', from)
  if (to !== undefined) add('started_at < ?', to)
  const all = [...few, ...terms.map((term) => (few.length > 0 ? { ...term, sql: `+${term.sql}` } : term))]
  return {
    lead: few.length > 0 ? 'index' : terms.length > 0 ? 'filter' : 'walk',
    where: all.length > 0 ? `WHERE ${all.map((term) => term.sql).join(' AND ')}` : '',
    values: all.flatMap((term) => term.values),
  }
}

interface Term {
  sql: string
  values: SQLInputValue[]
}

const nothing: Term = { sql: 'id = ?', values: [0] }

/** Last digits of a number, or a reference: `J-000012`, `J-000012/7` or `J-000012/7.2`. Anything else finds nothing. */
function findTerms(find: string): Term[] {
  const [, job, record, number] = /^J-(\d{6,})(?:\/(\d+)(?:\.(\d+))?)?$/i.exec(find) ?? []
  if (job !== undefined) {
    const parts = [job, record, number].filter((part) => part !== undefined)
    return parts.map((part, index) => ({ sql: `${['job', 'record', 'number'][index]} = ?`, values: [Number(part)] }))
  }
  const digits = /^[\d •]+$/u.test(find) ? tailOf(find.replace(/\D/g, '')) : ''
  // Everything that begins with these digits; a colon follows the nine.
  return digits === '' ? [nothing] : [{ sql: 'tail BETWEEN ? AND ?', values: [digits, `${digits}:`] }]
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
    ...(row.chip !== null && { chip: JSON.parse(row.chip) as ChipView }),
  }
}
