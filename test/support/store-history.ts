/** Histories by chance: plausible facts, most of them allowed, over two jobs that share numbers. */
import fc from 'fast-check'
import type { Store } from '#main/ports/store.ts'
import { attemptRef } from '#shared/card/life.ts'
import type { AttemptRef, CardPlace, Verdict } from '#shared/card/life.ts'
import { CardwrightError } from '#shared/faults.ts'
import type { Fact, JobId } from '#shared/journal/events.ts'
import { importJob, simulatorLink, writer } from './store.ts'

const records = 4

const choice = fc.noBias(fc.nat({ max: 99 }))

/** A tape of numbers that chooses each fact. */
export const history = fc.array(fc.tuple(choice, choice, choice), { maxLength: 150, size: 'max' })

/** Plays the tape. A refusal is a fault of the store's own and changes nothing. */
export function play(store: Store, tape: readonly (readonly [number, number, number])[]): void {
  const write = writer(store, { by: 'P-02' })
  writer(store)({ kind: 'person.added', person: 'P-02', name: 'Olga', roles: ['operator'] })
  const numbers = (record: number) => `shared ${record}`
  const jobs = [importJob(store, { records, numbers }), importJob(store, { records, numbers })]
  let last = store.journal({ after: 0, limit: 100 }).length
  for (const [what, which, how] of tape) {
    try {
      last = write(...factsBy(store, jobs, what, which, how)).at(-1)!.sequence
    } catch (thrown) {
      if (!(thrown instanceof CardwrightError) || !thrown.faults[0].code.startsWith('store.')) throw thrown
      if (store.journal({ after: last, limit: 1 }).length > 0) throw new Error('a refusal has changed the journal', { cause: thrown })
    }
  }
}

function factsBy(store: Store, jobs: readonly JobId[], what: number, which: number, how: number): Fact[] {
  const job = jobs[which % jobs.length]!
  const record = (how % records) + 1
  const runs = store.openRuns()
  const run = runs[which % Math.max(1, runs.length)]
  const open = store.openAttempts()
  const attempt = open[which % Math.max(1, open.length)]?.attempt
  if (what < 5) return [{ kind: 'device.saved', device: `D-0${(which % 3) + 1}`, name: `Counter ${how}`, profile: 'dc450', mode: 'standard', link: simulatorLink }]
  if (what < 8) return [{ kind: 'person.changed', person: 'P-02', name: `Olga ${how}`, roles: ['operator'], active: how % 2 === 0 }]
  if (what < 14) return [{ kind: 'run.started', run: store.nextId('run'), job, device: `D-0${(how % 2) + 1}` }]
  if (what < 17 && run) return [{ kind: 'run.ended', run: run.run, why: 'stopped' }]
  if (what < 22) return [{ kind: how % 2 === 0 ? 'record.skipped' : 'record.requeued', job, record: (which % records) + 1 }]
  if (what < 24) return [{ kind: 'job.reordered', jobs: how % 2 === 0 ? [...jobs].reverse() : [job] }]
  if (what < 26) return endOfJob(store, job, how)
  if (what < 28 && attempt) return [{ kind: 'recovery.found', attempts: open.map((entry) => entry.attempt) }]
  if (what < 50 && run) {
    const number = (store.record(run.job, record)?.attempts ?? 0) + 1
    return [{ kind: 'attempt.claimed', attempt: attemptRef(run.job, record, number), run: run.run, device: run.device }]
  }
  return attempt === undefined ? [{ kind: 'run.started', run: store.nextId('run'), job, device: 'D-01' }] : [stepBy(attempt, what, how)]
}

function stepBy(attempt: AttemptRef, what: number, how: number): Fact {
  const command = how % 4 === 3 ? 'spoil' : 'personalize'
  const reason = { code: `reason-${String.fromCharCode(97 + (how % 3))}`, severity: 'error', action: 'none' } as const
  const place = (['inside', 'reject-tray', 'operator', 'output-tray'] satisfies CardPlace[])[how % 4]!
  const verdict = (['good', 'rejected', 'unused'] satisfies Verdict[])[how % 3]!
  if (what < 68) return { kind: 'attempt.intended', attempt, command, carries: command === 'spoil' ? ['void', 'deliver'] : ['stripe', 'emboss', 'deliver'] }
  if (what < 80) return { kind: 'attempt.outcome', attempt, command, outcome: 'done', delivered: how % 3 > 0 }
  if (what < 83) return { kind: 'attempt.outcome', attempt, command, outcome: 'refused', reason }
  if (what < 86) return { kind: 'attempt.outcome', attempt, command, outcome: 'failed', effect: how % 2 === 0 ? 'applied' : 'none', card: place, reason }
  if (what < 90) return { kind: 'attempt.outcome', attempt, command, outcome: 'unknown', reason }
  if (what < 95) return { kind: 'attempt.resolved', attempt, verdict, basis: how % 2 === 0 ? 'people' : 'evidence', choice: 'card-spoiled' }
  return { kind: 'attempt.closed', attempt, verdict, place, reason }
}

function endOfJob(store: Store, job: JobId, how: number): Fact[] {
  if (how % 3 === 0) return [{ kind: 'job.discarded', job }]
  if (how % 3 === 1) return [{ kind: 'job.purged', job }]
  const { blanks, records: all, good, rejected, skipped } = store.counts(job)
  const queued = store.records(job, { offset: 0, limit: records, states: ['queued'] }).rows
  return [
    ...store.openRuns().flatMap((run): Fact[] => (run.job === job ? [{ kind: 'run.ended', run: run.run, why: 'stopped' }] : [])),
    ...queued.map(({ record }): Fact => ({ kind: 'record.skipped', job, record })),
    { kind: 'job.closed', job, records: all, good, rejected, skipped: skipped + queued.length, picked: blanks.picked, resolved: blanks.resolved },
  ]
}
