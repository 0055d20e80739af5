/**
 * The store: the journal and what follows from it. Synchronous and durable: when `append` returns, the rows are on the
 * disk (or it threw and nothing is). Nobody else opens the database.
 */
import type { AttemptLife, AttemptRef } from '#shared/card/life.ts'
import type { AttemptView, JobCounts, JobView, RecordState, RecordView } from '#shared/job/job.ts'
import type { Actor, ChipDocumentKind, DeviceId, Fact, FactOf, JobId, JournalRow, PersonId, RecordRange, Role, RunId } from '#shared/journal/events.ts'
import type { DeviceLink, StationReader } from '#shared/device/device.ts'

export interface NewFact {
  at: number
  by: Actor
  fact: Fact
}

export interface StoredCard {
  record: number
  /** First six, last four. */
  masked: string
  /** Sealed PreparedCard, context `job/record`. */
  sealed: Uint8Array
  /** Keyed hash of the card's number, for the search for duplicates. */
  numberMac: Uint8Array
}

export interface OpenAttempt {
  attempt: AttemptRef
  job: JobId
  record: number
  run: RunId
  device: DeviceId
  life: AttemptLife
}

export interface StoredDevice {
  device: DeviceId
  name: string
  profile: string
  mode: string
  link: DeviceLink
  stations: StationReader[]
}

export interface StoredPerson {
  person: PersonId
  name: string
  roles: Role[]
  active: boolean
}

export interface StoredDesign {
  design: string
  revision: number
  digest: string
  name: string
  /** The document as saved. */
  document: string
  savedAt: number
  savedBy: Actor
}

/** A task, a ScApp or an extension module as saved; shipped ones are not in the store. */
export interface StoredChipDocument {
  document: ChipDocumentKind
  id: string
  revision: number
  digest: string
  name: string
  source: string
  savedAt: number
  savedBy: Actor
}

export interface LogFilter {
  job?: JobId
  /** Several states are meant as "any of". */
  states?: readonly AttemptView['state'][]
  reason?: string
  device?: DeviceId
  operator?: PersonId
  /** Wall time, milliseconds; `from` included, `to` excluded. */
  from?: number
  to?: number
  /** Last digits of the number, up to four, or an attempt's reference. */
  find?: string
}

export interface JournalCheck {
  rows: number
  /** The first row whose hash or link does not hold, if any. */
  brokenAt?: number
  /** Seals whose MAC does not hold; undefined while the key store is locked and they can't be checked. */
  brokenSeals?: JobId[]
  head: string
}

/** A walk along the chain, as far as it has come, for a program that must not stand still meanwhile. */
export interface ChainWalk {
  readonly check: JournalCheck
  /** Walks at most `rows` further rows. Answers whether there are more; a broken row ends the walk. */
  advance(rows: number): boolean
}

/** An import in progress: nothing of it is visible until `commit`, and a crash leaves nothing behind. */
export interface JobImport {
  add(cards: readonly StoredCard[]): void
  commit(entry: NewFact & { fact: FactOf<'job.created'> }): JournalRow
  abandon(): void
}

export interface Store {
  /**
   * One transaction: the rows and every projection that follows. Throws `store.not-allowed` (class bug) when the table
   * of card/life.ts does not allow a step, `store.already-issued` when a claim names a number that was issued.
   * The operator of an attempt is whoever its `attempt.claimed` is `by`.
   */
  append(entries: readonly NewFact[]): JournalRow[]

  /** Next free identifiers, by what the journal holds. */
  nextId(kind: 'job'): JobId
  nextId(kind: 'run'): RunId
  nextId(kind: 'device'): DeviceId
  nextId(kind: 'person'): PersonId

  /** `wrappedKey` is the job's data key; it is kept until the job is purged. */
  beginImport(job: JobId, design: StoredDesign, wrappedKey: Uint8Array): JobImport
  /** Which of these numbers belong to a card that was issued, is in work, or waits in an open job. */
  knownNumbers(macs: readonly Uint8Array[]): { index: number; attempt?: AttemptRef; job: JobId; record: number }[]

  jobs(): JobView[]
  job(job: JobId): JobView | undefined
  counts(job: JobId): JobCounts
  /** The design as it was when the job was made, and the job's wrapped key (undefined once purged). */
  jobMaterial(job: JobId): { design: StoredDesign; wrappedKey: Uint8Array | undefined } | undefined
  records(job: JobId, page: { offset: number; limit: number; states?: readonly RecordState[] }): { total: number; rows: RecordView[] }
  record(job: JobId, record: number): { state: RecordState; attempts: number; masked: string } | undefined
  card(job: JobId, record: number): StoredCard | undefined
  /** The first queued record at or after `range.from`, in order. */
  nextQueued(job: JobId, range?: RecordRange): number | undefined
  /** How many records of the range are queued. */
  queuedIn(job: JobId, range?: RecordRange): number

  /** Runs that were started and have no end yet: after a start of the program, those that were interrupted. */
  openRuns(): { run: RunId; job: JobId; device: DeviceId }[]
  /** Attempts that have no end yet. */
  openAttempts(): OpenAttempt[]
  attempt(attempt: AttemptRef): { view: AttemptView; life: AttemptLife } | undefined
  /** Newest first. */
  log(filter: LogFilter, page: { offset: number; limit: number }): { total: number; rows: AttemptView[] }
  /** Codes of all reasons that the log knows, for its filter. */
  reasons(): string[]
  /** All rows, in pieces, for exports. */
  logRows(filter: LogFilter): Iterable<AttemptView>
  /** Everything the journal holds about one attempt or one job, in order. */
  timeline(subject: { attempt: AttemptRef } | { job: JobId }): JournalRow[]
  journal(page: { after: number; limit: number }): JournalRow[]

  devices(): StoredDevice[]
  people(): StoredPerson[]
  designs(): StoredDesign[]
  design(design: string): StoredDesign | undefined
  /** Saves the document together with its `design.saved` row. */
  saveDesign(entry: NewFact & { fact: FactOf<'design.saved'> }, document: string): JournalRow
  chipDocuments(): Omit<StoredChipDocument, 'source'>[]
  chipDocument(document: ChipDocumentKind, id: string): StoredChipDocument | undefined
  saveChipDocument(entry: NewFact & { fact: FactOf<'chip.document-saved'> }, source: string): JournalRow
  /** The attempt in which writing to the chip of this identity was begun; `tried` where a task was tried on it at the workbench alone. */
  chipSeen(identity: string): { attempt: AttemptRef } | 'tried' | undefined
  workspace(): { name: string; demo: boolean } | undefined

  /** Walks the whole chain; `mac` recomputes seals where the key store is open. */
  verify(mac?: (data: Uint8Array) => Uint8Array): JournalCheck
  /** The same check in slices. */
  walk(mac?: (data: Uint8Array) => Uint8Array): ChainWalk
  /** Jobs that were closed and not yet sealed when the program ended, with the hash that their seal is to cover. */
  unsealed(): { job: JobId; head: string }[]
  /** Deletes the job's key and sealed cards beyond recovery, with its row. */
  purge(entry: NewFact & { fact: FactOf<'job.purged'> }): void
  /** Called after each append, with its rows. Returns the function that stops listening. */
  onAppended(listener: (rows: readonly JournalRow[]) => void): () => void
  close(): void
}
