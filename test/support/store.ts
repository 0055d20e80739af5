/** A store with something in it, for tests that are about what follows. */
import type { StoredCard, StoredDesign, Store } from '#main/ports/store.ts'
import { attemptRef } from '#shared/card/life.ts'
import type { Actor, Fact, JobId, JournalRow } from '#shared/journal/events.ts'

export const start = Date.UTC(2026, 6, 1, 9)

export const design: StoredDesign = {
  design: 'debit',
  revision: 1,
  digest: 'ab'.repeat(32),
  name: 'Debit card',
  document: '{"name":"Debit card"}',
  savedAt: start,
  savedBy: 'P-01',
}

export const simulatorLink = { kind: 'simulator', speed: 1 } as const

/** `400000••••••0007` for record 7. */
export function maskedNumber(record: number): string {
  return `400000••••••${String(record % 10_000).padStart(4, '0')}`
}

export function storedCard(record: number, number = `number ${record}`): StoredCard {
  const bytes = (text: string) => new TextEncoder().encode(text)
  return { record, masked: maskedNumber(record), sealed: bytes(`sealed ${record}`), numberMac: bytes(number.padEnd(16, '.')) }
}

/** Appends facts one millisecond after the other, each in a transaction of its own unless given together. */
export function writer(store: Store, { by = 'P-01' as Actor, at = start } = {}) {
  let now = at
  return (...facts: Fact[]): JournalRow[] => store.append(facts.map((fact) => ({ at: ++now, by, fact })))
}

export function importJob(store: Store, { records = 3, job = store.nextId('job'), numbers = (record: number) => `${job} ${record}` } = {}): JobId {
  const staging = store.beginImport(job, design, new Uint8Array([1, 2, 3]))
  for (let from = 1; from <= records; from += 1_000) {
    const length = Math.min(1_000, records - from + 1)
    staging.add(Array.from({ length }, (_, index) => storedCard(from + index, numbers(from + index))))
  }
  staging.commit({ at: start, by: 'P-01', fact: createdFact(job, records) })
  return job
}

export function createdFact(job: JobId, records: number) {
  return {
    kind: 'job.created',
    job,
    name: 'Branch 12',
    design: design.design,
    designRevision: design.revision,
    designDigest: design.digest,
    records,
    fileName: 'cards.csv',
    fileDigest: 'cd'.repeat(32),
  } as const
}

/** The facts of one attempt on a run of device D-01, up to `end`. */
export function attemptFacts(job: JobId, record: number, number: number, run: string, end: 'good' | 'rejected' | 'in-doubt' | 'unused' | 'intended'): Fact[] {
  const attempt = attemptRef(job, record, number)
  const claimed: Fact = { kind: 'attempt.claimed', attempt, run, device: 'D-01' }
  const intended: Fact = { kind: 'attempt.intended', attempt, command: 'personalize', carries: ['stripe', 'emboss', 'deliver'] }
  const outcome = { kind: 'attempt.outcome', attempt, command: 'personalize' } as const
  const reason = { code: 'stripe-write-failed', severity: 'error', action: 'none' } as const
  switch (end) {
    case 'unused':
      return [claimed, { kind: 'attempt.closed', attempt, verdict: 'unused' }]
    case 'intended':
      return [claimed, intended]
    case 'good':
      return [claimed, intended, { ...outcome, outcome: 'done', delivered: true }]
    case 'in-doubt':
      return [claimed, intended, { ...outcome, outcome: 'unknown', reason: { ...reason, code: 'link-lost' } }]
    case 'rejected':
      return [
        claimed,
        intended,
        { ...outcome, outcome: 'failed', effect: 'applied', card: 'inside', reason },
        { kind: 'attempt.closed', attempt, verdict: 'rejected', place: 'operator', reason },
      ]
  }
}

/** Everything that a store's port tells of what follows from its journal. */
export function stateOf(store: Store) {
  const jobs = store.jobs()
  return {
    jobs,
    records: jobs.map(({ job }) => store.records(job, { offset: 0, limit: 1_000_000 })),
    queued: jobs.map(({ job }) => [store.nextQueued(job), store.queuedIn(job, { from: 1, to: 1_000_000 })]),
    log: store.log({}, { offset: 0, limit: 1_000_000 }),
    timelines: jobs.map(({ job }) => store.timeline({ job }).map((row) => row.sequence)),
    openRuns: store.openRuns(),
    openAttempts: store.openAttempts(),
    devices: store.devices(),
    people: store.people(),
    designs: store.designs(),
    workspace: store.workspace(),
  }
}
