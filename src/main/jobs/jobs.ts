/**
 * A batch from its import to its seal: joins the store and the keys. Card data is sealed before it enters the store and
 * opened for one card at a time.
 */
import { maskNumber } from '#shared/card/number.ts'
import { PreparedCard } from '#shared/card/prepared.ts'
import { CardwrightError } from '#shared/faults.ts'
import type { JobCounts, JobView, RecordState } from '#shared/job/job.ts'
import type { Actor, Fact, JobId } from '#shared/journal/events.ts'
import type { Clock } from '../ports/clock.ts'
import type { KeyStore } from '../ports/key-store.ts'
import type { Store, StoredDesign } from '../ports/store.ts'

export interface ImportDraft {
  name: string
  design: StoredDesign
  /** Name of the file without its folder. */
  fileName: string
}

/** Cards arrive in the order of the file; the first is record 1. Nothing is visible before `commit`. */
export interface ImportSession {
  readonly job: JobId
  /** Seals and stages them; short enough to call between other work for up to a thousand cards. */
  add(cards: readonly PreparedCard[]): void
  /** `fileDigest`: SHA-256 of the file's bytes, hex. */
  commit(fileDigest: string, by: Actor): { job: JobId; records: number }
  abandon(): void
}

export interface Jobs {
  /** Throws `key.locked` before somebody has signed in. */
  startImport(draft: ImportDraft): ImportSession
  /** The clear card. Throws `job.purged`, `job.unknown`, `job.record-not-ready` or `key.*`. */
  openCard(job: JobId, record: number): PreparedCard
  /** Which of these numbers were issued already or wait in an open job: where, by index into `numbers`. */
  known(numbers: readonly string[]): ReturnType<Store['knownNumbers']>
  reorder(jobs: readonly JobId[], by: Actor): void
  /** Only a job for which no blank was ever used. Destroys its card data. */
  discard(job: JobId, by: Actor): void
  /** Only queued or rejected records. */
  skip(job: JobId, records: readonly number[], by: Actor): void
  /** Rejected or skipped records go back into the queue; without `records`, all rejected ones. Answers how many. */
  requeue(job: JobId, records: readonly number[] | undefined, by: Actor): number
  /**
   * Writes the job's counts and seals the chain. Throws `job.not-closable` over a card that has no end, `job.cards-waiting`
   * while records are queued: they are made or skipped first, so that the counts tell the whole job.
   */
  close(job: JobId, by: Actor): JobCounts
  /** Seals what a crash left between closing and sealing; the keys must be open. */
  sealClosed(): void
  /** Destroys the key of a closed job, and with it its card data, for ever. */
  purge(job: JobId, by: Actor): void
}

export interface JobsPorts {
  store: Store
  keys: KeyStore
  clock: Clock
}

/** Of 32: enough that two numbers never meet, and half the index (NIST SP 800-107 5.1). */
const macLength = 16

const encoder = new TextEncoder()
const decoder = new TextDecoder()

export function createJobs({ store, keys, clock }: JobsPorts): Jobs {
  const append = (by: Actor, facts: readonly Fact[]) => store.append(facts.map((fact) => ({ at: clock.now(), by, fact })))

  const numberMac = (number: string): Uint8Array => keys.mac('number', encoder.encode(number)).subarray(0, macLength)

  const refused = (code: string, job: JobId) => new CardwrightError({ code, class: 'operator', values: { job } })

  const find = (job: JobId): JobView => {
    const view = store.job(job)
    if (view === undefined) throw refused('job.unknown', job)
    return view
  }

  const open = (job: JobId): JobView => {
    const view = find(job)
    if (view.state === 'closed' || view.state === 'discarded') throw refused('job.not-open', job)
    return view
  }

  /** Records of `job` that are in one of `states`; throws for the first that is not. */
  const inState = (job: JobId, records: readonly number[], states: readonly RecordState[]) => {
    for (const record of records) {
      const state = store.record(job, record)?.state
      if (state === undefined || !states.includes(state)) {
        throw notReady(job, record, state)
      }
    }
  }

  const allRejected = (job: JobId): number[] => {
    const rejected: number[] = []
    for (;;) {
      const { rows } = store.records(job, { offset: rejected.length, limit: 1000, states: ['rejected'] })
      if (rows.length === 0) return rejected
      rejected.push(...rows.map((row) => row.record))
    }
  }

  /** The seal covers the hash of the job's closing row, and through the chain everything before it. */
  const sealClosed = () => {
    for (const { job, head } of store.unsealed()) {
      const mac = Buffer.from(keys.mac('journal', Buffer.from(head, 'hex'))).toString('hex')
      append('system', [{ kind: 'job.sealed', job, head, mac }])
    }
  }

  return {
    startImport({ name, design, fileName }) {
      const job = store.nextId('job')
      const { wrapped } = keys.createDataKey()
      const session = store.beginImport(job, design, wrapped)
      let records = 0
      return {
        job,
        add(cards) {
          session.add(
            cards.map((card) => {
              records++
              return {
                record: records,
                masked: maskNumber(card.number),
                sealed: keys.seal(wrapped, encoder.encode(JSON.stringify(card)), `${job}/${records}`),
                numberMac: numberMac(card.number),
              }
            }),
          )
        },
        commit(fileDigest, by) {
          const fact = {
            kind: 'job.created' as const,
            job,
            name,
            design: design.design,
            designRevision: design.revision,
            designDigest: design.digest,
            records,
            fileName,
            fileDigest,
          }
          session.commit({ at: clock.now(), by, fact })
          return { job, records }
        },
        abandon: () => session.abandon(),
      }
    },

    openCard(job, record) {
      const material = store.jobMaterial(job)
      if (material === undefined) throw refused('job.unknown', job)
      if (material.wrappedKey === undefined) throw refused('job.purged', job)
      const card = store.card(job, record)
      if (card === undefined) throw notReady(job, record, undefined)
      return PreparedCard.parse(JSON.parse(decoder.decode(keys.unseal(material.wrappedKey, card.sealed, `${job}/${record}`))))
    },

    known: (numbers) => store.knownNumbers(numbers.map(numberMac)),

    reorder(jobs, by) {
      append(by, [{ kind: 'job.reordered', jobs: [...new Set(jobs)].map((job) => open(job).job) }])
    },

    discard(job, by) {
      const { state, counts } = open(job)
      const untouched = counts.queued + counts.skipped === counts.records && counts.blanks.picked === 0
      if (!untouched || state === 'running') throw refused('job.not-discardable', job)
      append(by, [{ kind: 'job.discarded', job }])
    },

    skip(job, records, by) {
      open(job)
      const wanted = [...new Set(records)]
      inState(job, wanted, ['queued', 'rejected'])
      append(by, wanted.map((record) => ({ kind: 'record.skipped', job, record })))
    },

    requeue(job, records, by) {
      open(job)
      const wanted = [...new Set(records ?? allRejected(job))]
      inState(job, wanted, ['rejected', 'skipped'])
      if (wanted.length > 0) append(by, wanted.map((record) => ({ kind: 'record.requeued', job, record })))
      return wanted.length
    },

    close(job, by) {
      const { state, counts } = open(job)
      if (counts.inWork + counts.inDoubt > 0 || state === 'running') throw refused('job.not-closable', job)
      if (counts.queued > 0) throw refused('job.cards-waiting', job)
      // Before anything is written: a closed job is to be sealed at once.
      if (keys.locked) throw new CardwrightError({ code: 'key.locked', class: 'operator' })
      const { records, good, rejected, skipped, blanks } = counts
      const fact: Fact = { kind: 'job.closed', job, records, good, rejected, skipped, picked: blanks.picked, resolved: blanks.resolved }
      append(by, [fact])
      sealClosed()
      return store.counts(job)
    },

    sealClosed,

    purge(job, by) {
      const { state, purged } = find(job)
      if (state !== 'closed') throw refused('job.not-closed', job)
      if (purged) throw refused('job.purged', job)
      store.purge({ at: clock.now(), by, fact: { kind: 'job.purged', job } })
    },
  }
}

function notReady(job: JobId, record: number, state: RecordState | undefined): CardwrightError {
  return new CardwrightError({ code: 'job.record-not-ready', class: 'operator', values: { job, record, state: state ?? 'none' } })
}
