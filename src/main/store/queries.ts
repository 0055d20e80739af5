/** What the tables answer about jobs, records, runs, people, devices and designs. */
import type { DatabaseSync } from 'node:sqlite'
import { attemptRef } from '#shared/card/life.ts'
import type { DeviceLink, StationReader } from '#shared/device/device.ts'
import type { JobCounts, JobState, JobView, RecordState, RecordView } from '#shared/job/job.ts'
import type { Actor, DeviceId, JobId, PersonId, RecordRange, Role, RunId } from '#shared/journal/events.ts'
import type { OpenAttempt, Store, StoredCard, StoredDesign, StoredDevice, StoredPerson } from '../ports/store.ts'
import { all, one } from './database.ts'
import { identifier, jobNumber } from './identifiers.ts'
import type { IdentifierKind } from './identifiers.ts'
import { sealedId } from './material.ts'
import { lifeOf } from './projections/attempts.ts'
import type { LifeColumns } from './projections/attempts.ts'
import { recordColumn } from './projections/counts.ts'

interface CountColumns {
  records: number
  queued: number
  in_work: number
  in_doubt: number
  good: number
  rejected: number
  skipped: number
  blanks_good: number
  blanks_rejected: number
  blanks_in_doubt: number
  resolved: number
}

interface JobColumns extends CountColumns {
  job: number
  name: string
  design: string
  design_name: string
  file_name: string
  created_at: number
  created_by: PersonId
  closed_at: number | null
  state: 'open' | 'closed' | 'discarded'
  purged: number
  runs: number
  open_runs: number
  position: number
}

interface DesignColumns {
  design: string
  revision: number
  digest: string
  name: string
  document: string
  saved_at: number
  saved_by: Actor
}

interface CardColumns {
  masked: string
  mac: Uint8Array
  state: RecordState
  attempts: number
}

type JobQueries = Pick<
  Store,
  'jobs' | 'job' | 'counts' | 'jobMaterial' | 'records' | 'record' | 'card' | 'nextQueued' | 'queuedIn' | 'openRuns' | 'openAttempts' | 'knownNumbers'
>
type RegisterQueries = Pick<Store, 'devices' | 'people' | 'designs' | 'design' | 'workspace'>

export function createJobQueries(connection: DatabaseSync): JobQueries {
  const jobColumns = `
    SELECT jobs.*, materials.design, materials.design_name,
      CASE jobs.state WHEN 'open' THEN
        (SELECT count(*) FROM jobs AS other WHERE other.state = 'open' AND other.place < jobs.place) ELSE 0 END AS position
    FROM jobs JOIN materials ON materials.job = jobs.job`
  const jobs = connection.prepare(`${jobColumns} ORDER BY jobs.job`)
  const job = connection.prepare(`${jobColumns} WHERE jobs.job = ?`)
  const counts = connection.prepare('SELECT * FROM jobs WHERE job = ?')
  const material = connection.prepare('SELECT *, design_name AS name FROM materials WHERE job = ? AND job IN (SELECT job FROM jobs)')
  const card = connection.prepare(`
    SELECT masked, mac, state, attempts FROM cards WHERE job = ? AND record = ? AND job IN (SELECT job FROM jobs)`)
  const sealed = connection.prepare('SELECT sealed FROM sealed_cards WHERE id = ?')
  const records = connection.prepare('SELECT record, masked, state, attempts FROM cards WHERE job = ? ORDER BY record LIMIT ? OFFSET ?')
  const recordsIn = connection.prepare(`
    SELECT record, masked, state, attempts FROM cards
    WHERE job = ? AND state IN (SELECT value FROM json_each(?)) ORDER BY record LIMIT ? OFFSET ?`)
  const nextQueued = connection.prepare(`
    SELECT record FROM cards WHERE job = ? AND state = 'queued' AND record BETWEEN ? AND ? ORDER BY record LIMIT 1`)
  const queuedIn = connection.prepare(`
    SELECT count(*) AS records FROM cards WHERE job = ? AND state = 'queued' AND record BETWEEN ? AND ?`)
  const openRuns = connection.prepare('SELECT run, job, device FROM runs WHERE ended IS NULL ORDER BY run')
  const openAttempts = connection.prepare(`
    SELECT job, record, number, run, device, state, touched, before FROM attempts WHERE ended_at IS NULL ORDER BY id`)
  const known = connection.prepare(`
    SELECT cards.job, cards.record, cards.attempts FROM numbers
    JOIN cards ON cards.job = numbers.job AND cards.record = numbers.record
    JOIN jobs ON jobs.job = cards.job
    WHERE numbers.mac = ? AND (cards.state IN ('good', 'in-work', 'in-doubt') OR jobs.state = 'open' AND cards.state <> 'skipped')
    ORDER BY cards.state = 'good' DESC, cards.attempts DESC LIMIT 1`)

  const within = (range: RecordRange | undefined) => [range?.from ?? 1, range?.to ?? Number.MAX_SAFE_INTEGER] as const
  const countsOf = (id: JobId): CountColumns => {
    const row = one<CountColumns>(counts, jobNumber(id) ?? 0)
    if (row === undefined) throw new Error(`no such job: ${id}`)
    return row
  }
  const cardOf = (id: JobId, record: number) => one<CardColumns>(card, jobNumber(id) ?? 0, record)

  return {
    jobs: () => all<JobColumns>(jobs).map(jobView),
    job(id) {
      const row = one<JobColumns>(job, jobNumber(id) ?? 0)
      return row && jobView(row)
    },
    counts: (id) => jobCounts(countsOf(id)),
    jobMaterial(id) {
      const row = one<DesignColumns & { wrapped_key: Uint8Array | null }>(material, jobNumber(id) ?? 0)
      return row && { design: designOf(row), wrappedKey: row.wrapped_key ?? undefined }
    },
    records(id, { offset, limit, states }) {
      const row = countsOf(id)
      const number = jobNumber(id)!
      const found = states
        ? all<CardColumns & { record: number }>(recordsIn, number, JSON.stringify(states), limit, offset)
        : all<CardColumns & { record: number }>(records, number, limit, offset)
      const total = states ? [...new Set(states)].reduce((sum, state) => sum + row[recordColumn[state] as keyof CountColumns], 0) : row.records
      return { total, rows: found.map(({ record, masked, state, attempts }): RecordView => ({ record, number: masked, state, attempts })) }
    },
    record(id, record) {
      const row = cardOf(id, record)
      return row && { state: row.state, attempts: row.attempts, masked: row.masked }
    },
    card(id, record): StoredCard | undefined {
      const row = cardOf(id, record)
      const box = row && one<{ sealed: Uint8Array }>(sealed, sealedId(jobNumber(id)!, record))
      return row && box && { record, masked: row.masked, sealed: box.sealed, numberMac: row.mac }
    },
    nextQueued: (id, range) => one<{ record: number }>(nextQueued, jobNumber(id) ?? 0, ...within(range))?.record,
    queuedIn(id, range) {
      if (range === undefined) return countsOf(id).queued
      return one<{ records: number }>(queuedIn, jobNumber(id) ?? 0, ...within(range))!.records
    },
    openRuns: () => all<{ run: RunId; job: number; device: DeviceId }>(openRuns).map((row) => ({ ...row, job: identifier('job', row.job) })),
    openAttempts: () =>
      all<LifeColumns & { job: number; record: number; number: number; run: RunId; device: DeviceId }>(openAttempts).map((row): OpenAttempt => {
        const id = identifier('job', row.job)
        const attempt = attemptRef(id, row.record, row.number)
        return { attempt, job: id, record: row.record, run: row.run, device: row.device, life: lifeOf(row) }
      }),
    knownNumbers: (macs) =>
      macs.flatMap((mac, index) => {
        const row = one<{ job: number; record: number; attempts: number }>(known, mac)
        if (row === undefined) return []
        const id = identifier('job', row.job)
        return [{ index, job: id, record: row.record, ...(row.attempts > 0 && { attempt: attemptRef(id, row.record, row.attempts) }) }]
      }),
  }
}

function jobView(row: JobColumns): JobView {
  return {
    job: identifier('job', row.job),
    name: row.name,
    state: jobState(row),
    design: row.design,
    designName: row.design_name,
    fileName: row.file_name,
    createdAt: row.created_at,
    createdBy: row.created_by,
    ...(row.closed_at !== null && { closedAt: row.closed_at }),
    counts: jobCounts(row),
    order: row.position,
    purged: row.purged === 1,
  }
}

/** `ready`: never run; `open`: was run, and has no end yet. */
function jobState({ state, runs, open_runs }: JobColumns): JobState {
  if (state !== 'open') return state
  if (open_runs > 0) return 'running'
  return runs > 0 ? 'open' : 'ready'
}

function jobCounts(row: CountColumns): JobCounts {
  return {
    records: row.records,
    queued: row.queued,
    inWork: row.in_work,
    inDoubt: row.in_doubt,
    good: row.good,
    rejected: row.rejected,
    skipped: row.skipped,
    blanks: {
      picked: row.blanks_good + row.blanks_rejected + row.blanks_in_doubt,
      good: row.blanks_good,
      rejected: row.blanks_rejected,
      inDoubt: row.blanks_in_doubt,
      resolved: row.resolved,
    },
  }
}

function designOf(row: DesignColumns): StoredDesign {
  const { design, revision, digest, name, document } = row
  return { design, revision, digest, name, document, savedAt: row.saved_at, savedBy: row.saved_by }
}

export function createRegisterQueries(connection: DatabaseSync): RegisterQueries {
  const devices = connection.prepare('SELECT device, name, profile, mode, link, stations FROM devices WHERE removed = 0 ORDER BY device')
  const people = connection.prepare('SELECT person, name, roles, active FROM people ORDER BY person')
  const latest = `
    SELECT designs.*, document FROM designs JOIN design_documents USING (design, revision)
    WHERE revision = (SELECT max(revision) FROM designs AS other WHERE other.design = designs.design)`
  const designs = connection.prepare(`${latest} ORDER BY design`)
  const design = connection.prepare(`${latest} AND design = ?`)
  const workspace = connection.prepare('SELECT name, demo FROM workspace')

  return {
    devices: () =>
      all<Omit<StoredDevice, 'link' | 'stations'> & { link: string; stations: string }>(devices).map(
        (row): StoredDevice => ({ ...row, link: JSON.parse(row.link) as DeviceLink, stations: JSON.parse(row.stations) as StationReader[] }),
      ),
    people: () =>
      all<{ person: PersonId; name: string; roles: string; active: number }>(people).map(
        (row): StoredPerson => ({ person: row.person, name: row.name, roles: JSON.parse(row.roles) as Role[], active: row.active === 1 }),
      ),
    designs: () => all<DesignColumns>(designs).map(designOf),
    design(id) {
      const row = one<DesignColumns>(design, id)
      return row && designOf(row)
    },
    workspace() {
      const row = one<{ name: string; demo: number }>(workspace)
      return row && { name: row.name, demo: row.demo === 1 }
    },
  }
}

/** The next free identifier of each kind; a job whose import is under way has taken its own. */
export function createIdentifiers(connection: DatabaseSync): (kind: IdentifierKind) => string {
  const tables = { job: 'materials', run: 'runs', device: 'devices', person: 'people' } as const
  const last = (kind: IdentifierKind) => {
    const column = kind === 'job' ? 'job' : `CAST(substr(${kind}, 3) AS INTEGER)`
    return connection.prepare(`SELECT coalesce(max(${column}), 0) AS number FROM ${tables[kind]}`)
  }
  const statements = { job: last('job'), run: last('run'), device: last('device'), person: last('person') }
  return (kind) => identifier(kind, one<{ number: number }>(statements[kind])!.number + 1)
}
