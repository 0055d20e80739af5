/** Jobs, their order and end, and what people decide about single records. */
import type { DatabaseSync } from 'node:sqlite'
import type { RecordState } from '#shared/job/job.ts'
import type { FactOf, JournalRow } from '#shared/journal/events.ts'
import { one } from '../database.ts'
import { jobOf } from '../identifiers.ts'
import { notAllowed } from '../refusal.ts'
import type { Counts } from './counts.ts'
import type { Projection } from './projection.ts'

interface JobRow {
  state: 'open' | 'closed' | 'discarded'
  place: number
  unsealed: number | null
  purged: number
  open_runs: number
  records: number
  queued: number
  in_work: number
  in_doubt: number
  good: number
  rejected: number
  skipped: number
  blanks_good: number
  blanks_rejected: number
  resolved: number
}

export function createJobs(connection: DatabaseSync, counts: Counts): Projection {
  const find = connection.prepare('SELECT * FROM jobs WHERE job = ?')
  const material = connection.prepare('SELECT design, revision, digest FROM materials WHERE job = ?')
  const lastRecord = connection.prepare('SELECT max(record) AS record FROM cards WHERE job = ?')
  const insert = connection.prepare(`
    INSERT INTO jobs (job, name, file_name, created_at, created_by, place, records, queued) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`)
  const setPlace = connection.prepare('UPDATE jobs SET place = ? WHERE job = ?')
  const discard = connection.prepare("UPDATE jobs SET state = 'discarded' WHERE job = ?")
  const close = connection.prepare("UPDATE jobs SET state = 'closed', closed_at = ?, unsealed = ? WHERE job = ?")
  const seal = connection.prepare('UPDATE jobs SET unsealed = NULL WHERE job = ?')
  const purge = connection.prepare('UPDATE jobs SET purged = 1 WHERE job = ?')
  const destroyKey = connection.prepare('UPDATE materials SET wrapped_key = NULL WHERE job = ?')
  const card = connection.prepare('SELECT state FROM cards WHERE job = ? AND record = ?')
  const closingHash = connection.prepare('SELECT lower(hex(hash)) AS hash FROM journal WHERE sequence = ?')

  const row = (fact: Parameters<typeof jobOf>[0], state?: JobRow['state']): { job: number; row: JobRow } => {
    const job = jobOf(fact)
    const found = one<JobRow>(find, job)
    if (found === undefined) throw notAllowed(fact.kind, 'no such job')
    if (state !== undefined && found.state !== state) throw notAllowed(fact.kind, `the job is ${found.state}`)
    return { job, row: found }
  }

  const created = (fact: FactOf<'job.created'>, { at, by, sequence }: JournalRow) => {
    const job = jobOf(fact)
    const design = one<{ design: string; revision: number; digest: string }>(material, job)
    if (by === 'system') throw notAllowed(fact.kind, 'somebody made it')
    if (design === undefined || one(find, job)) throw notAllowed(fact.kind, 'nothing was imported for it')
    if (design.design !== fact.design || design.revision !== fact.designRevision || design.digest !== fact.designDigest) {
      throw notAllowed(fact.kind, 'design')
    }
    if ((one<{ record: number | null }>(lastRecord, job)?.record ?? 0) !== fact.records) throw notAllowed(fact.kind, 'records')
    insert.run(job, fact.name, fact.fileName, at, by, sequence, fact.records, fact.records)
  }

  /** The jobs named take the places that they hold together, in the order given. */
  const reordered = (fact: FactOf<'job.reordered'>) => {
    const rows = fact.jobs.map((job) => row({ ...fact, job }, 'open'))
    if (new Set(rows.map(({ job }) => job)).size !== rows.length) throw notAllowed(fact.kind, 'a job is named twice')
    const places = rows.map((found) => found.row.place).toSorted((left, right) => left - right)
    rows.forEach(({ job }, index) => setPlace.run(places[index]!, job))
  }

  const closed = (fact: FactOf<'job.closed'>, { at, sequence }: JournalRow) => {
    const { job, row: now } = row(fact, 'open')
    if (now.in_doubt > 0 || now.in_work > 0 || now.open_runs > 0) throw notAllowed(fact.kind, 'a card has no end')
    if (now.queued > 0) throw notAllowed(fact.kind, 'records wait')
    const same =
      fact.records === now.records &&
      fact.good === now.good &&
      fact.rejected === now.rejected &&
      fact.skipped === now.skipped &&
      fact.picked === now.blanks_good + now.blanks_rejected &&
      fact.resolved === now.resolved
    if (!same) throw notAllowed(fact.kind, 'counts')
    close.run(at, sequence, job)
  }

  const sealed = (fact: FactOf<'job.sealed'>) => {
    const { job, row: now } = row(fact, 'closed')
    const head = now.unsealed === null ? undefined : one<{ hash: string }>(closingHash, now.unsealed)
    if (head?.hash !== fact.head) throw notAllowed(fact.kind, 'the seal is not of the row that closed the job')
    seal.run(job)
  }

  const decided = (fact: FactOf<'record.skipped' | 'record.requeued'>, from: readonly RecordState[], to: RecordState) => {
    const { job } = row(fact, 'open')
    const state = one<{ state: RecordState }>(card, job, fact.record)?.state
    if (state === undefined || !from.includes(state)) throw notAllowed(fact.kind, `the record is ${state ?? 'not there'}`)
    counts.record({ job, record: fact.record }, state, to)
  }

  return {
    apply(entry) {
      const { fact } = entry
      switch (fact.kind) {
        case 'job.created':
          return created(fact, entry)
        case 'job.reordered':
          return reordered(fact)
        case 'job.discarded': {
          const { job, row: now } = row(fact, 'open')
          const untouched = now.queued + now.skipped === now.records && now.blanks_good + now.blanks_rejected === 0
          if (!untouched || now.open_runs > 0) throw notAllowed(fact.kind, 'blanks were used for it')
          discard.run(job)
          destroyKey.run(job)
          return
        }
        case 'job.closed':
          return closed(fact, entry)
        case 'job.sealed':
          return sealed(fact)
        case 'job.purged': {
          const { job, row: now } = row(fact, 'closed')
          if (now.purged === 1) throw notAllowed(fact.kind, 'it was purged before')
          purge.run(job)
          destroyKey.run(job)
          return
        }
        case 'record.skipped':
          return decided(fact, ['queued', 'rejected'], 'skipped')
        case 'record.requeued':
          return decided(fact, ['rejected', 'skipped'], 'queued')
        default:
      }
    },
    clear: () =>
      connection.exec(`
        DELETE FROM jobs;
        UPDATE cards SET state = 'queued', attempts = 0 WHERE state <> 'queued' OR attempts > 0`),
  }
}
