/** The store on SQLite: one transaction writes the journal's rows and everything that follows from them. */
import type { DatabaseSync } from 'node:sqlite'
import type { FactOf, JournalRow } from '#shared/journal/events.ts'
import type { JobImport, JournalCheck, NewFact, Store } from '../ports/store.ts'
import { all, openDatabase, transaction } from './database.ts'
import type { Database, DatabaseOptions } from './database.ts'
import { attemptKey, identifier, jobNumber } from './identifiers.ts'
import { createJournal } from './journal.ts'
import { createLog } from './log.ts'
import { createMaterial } from './material.ts'
import { createChipQueries } from './chip-queries.ts'
import { createAttempts } from './projections/attempts.ts'
import { createChips } from './projections/chips.ts'
import { createCounts } from './projections/counts.ts'
import { createJobs } from './projections/jobs.ts'
import type { Projection } from './projections/projection.ts'
import { createRegisters } from './projections/registers.ts'
import { createRuns } from './projections/runs.ts'
import { createSubjects } from './projections/subjects.ts'
import { createIdentifiers, createJobQueries, createRegisterQueries } from './queries.ts'
import { notAllowed } from './refusal.ts'
import { walkChain } from './verify.ts'
import type { SealMac } from './verify.ts'

export interface StoreOptions extends DatabaseOptions {
  /** Hears of a listener that threw: the rows are durable all the same. Without it, such a failure ends the process. */
  onBug?: (thrown: unknown) => void
}

/** What this store can do beyond its port. */
export interface OpenStore extends Store {
  /** The chain's last rows as they were checked when the store was opened; the whole chain is `verify` or `walk`. */
  readonly tail: JournalCheck
  /** Makes everything that follows from the journal once more. */
  rebuild(): void
}

/** Rows of the chain that are checked whenever a store is opened. */
const tailRows = 1_000

/** Opens the store, and clears what a crash has left half done. Throws `store.*` faults where the file can't be used. */
export function openStore(options: StoreOptions): OpenStore {
  const database = openDatabase(options)
  try {
    return storeOn(database, options)
  } catch (thrown) {
    database.close()
    throw thrown
  }
}

function storeOn({ connection, rebuild: outdated, close }: Database, options: StoreOptions): OpenStore {
  const journal = createJournal(connection)
  const projections = createProjections(connection)
  const material = createMaterial(connection)
  const log = createLog(connection)
  const nextId = createIdentifiers(connection)
  const announce = createAnnouncer(options.onBug)
  const insertDocument = connection.prepare('INSERT OR IGNORE INTO design_documents (design, revision, document) VALUES (?, ?, ?)')
  const insertSource = connection.prepare('INSERT OR IGNORE INTO chip_sources (document, id, revision, source) VALUES (?, ?, ?, ?)')
  const unsealed = connection.prepare(`
    SELECT job, lower(hex(hash)) AS head FROM jobs JOIN journal ON journal.sequence = jobs.unsealed
    WHERE unsealed IS NOT NULL ORDER BY job`)

  /** Writes all of them durably, and then says so. */
  const commit = (entries: readonly NewFact[], before: () => void = () => {}): JournalRow[] => {
    const rows = transaction(connection, () => {
      before()
      let head = journal.head()
      return entries.map((entry) => {
        const row = journal.append(entry, head)
        for (const projection of projections) projection.apply(row)
        head = row
        return row
      })
    })
    if (rows.some(({ fact }) => fact.kind === 'job.purged' || fact.kind === 'job.discarded')) material.removeKeyless()
    announce.rows(rows)
    return rows
  }

  const rebuild = () =>
    transaction(connection, () => {
      for (const projection of projections.toReversed()) projection.clear()
      for (let last = 0; ; ) {
        const rows = journal.after(last, 1_000)
        if (rows.length === 0) return
        for (const row of rows) for (const projection of projections) projection.apply(row)
        last = rows.at(-1)!.sequence
      }
    })

  const walk = (mac?: SealMac) => walkChain(journal, { mac })
  const tail = walkChain(journal, { tail: tailRows })
  tail.advance(tailRows)
  if (outdated) rebuild()
  if (options.readOnly !== true) {
    material.removeUnfinished()
    material.removeKeyless()
  }

  return {
    ...createJobQueries(connection),
    ...createRegisterQueries(connection),
    ...createChipQueries(connection),
    tail: tail.check,
    walk,
    rebuild,
    append(entries) {
      const made = entries.find(({ fact }) => fact.kind === 'job.created')
      if (made) throw notAllowed(made.fact.kind, 'a job is made by its import')
      return commit(entries)
    },
    nextId,
    beginImport(job, design, wrappedKey): JobImport {
      const staging = material.begin(job, design, wrappedKey)
      let over = false
      return {
        add: (cards) => staging.add(cards),
        commit(entry) {
          const [row] = commit([entry], () => staging.complete())
          over = true
          return row!
        },
        abandon() {
          if (!over) staging.remove()
          over = true
        },
      }
    },
    attempt: (attempt) => log.attempt(attempt),
    log: (filter, page) => log.page(filter, page),
    logRows: (filter) => log.rows(filter),
    reasons: () => log.reasons(),
    timeline(subject) {
      if ('job' in subject) return journal.about(jobNumber(subject.job) ?? 0)
      const key = attemptKey(subject.attempt)
      return key ? journal.about(key.job, key) : []
    },
    journal: ({ after, limit }) => journal.after(after, limit),
    saveDesign(entry: NewFact & { fact: FactOf<'design.saved'> }, document) {
      return commit([entry], () => insertDocument.run(entry.fact.design, entry.fact.revision, document))[0]!
    },
    saveChipDocument(entry: NewFact & { fact: FactOf<'chip.document-saved'> }, source) {
      const { document, id, revision } = entry.fact
      return commit([entry], () => insertSource.run(document, id, revision, source))[0]!
    },
    verify(mac) {
      const whole = walk(mac)
      while (whole.advance(10_000));
      return whole.check
    },
    unsealed: () => all<{ job: number; head: string }>(unsealed).map(({ job, head }) => ({ job: identifier('job', job), head })),
    purge: (entry) => void commit([entry]),
    onAppended: (listener) => announce.add(listener),
    close,
  }
}

/** In the order in which they rely on each other: a run on its job, an attempt on its run. */
function createProjections(connection: DatabaseSync): Projection[] {
  const counts = createCounts(connection)
  return [
    createRegisters(connection),
    createJobs(connection, counts),
    createRuns(connection, counts),
    createAttempts(connection, counts),
    createChips(connection),
    createSubjects(connection),
  ]
}

/** Tells listeners of rows in the journal's order, also where a listener itself appends. */
function createAnnouncer(onBug: (thrown: unknown) => void = rethrow) {
  const listeners = new Set<(rows: readonly JournalRow[]) => void>()
  const waiting: (readonly JournalRow[])[] = []
  let telling = false

  const tell = (listener: (rows: readonly JournalRow[]) => void, rows: readonly JournalRow[]) => {
    try {
      listener(rows)
    } catch (thrown) {
      onBug(thrown)
    }
  }

  return {
    add(listener: (rows: readonly JournalRow[]) => void): () => void {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    rows(rows: readonly JournalRow[]) {
      waiting.push(rows)
      if (telling) return
      telling = true
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        for (const listener of [...listeners]) tell(listener, next)
      }
      telling = false
    },
  }
}

function rethrow(thrown: unknown): void {
  queueMicrotask(() => {
    throw thrown
  })
}
