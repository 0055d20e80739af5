import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { openStore } from '#main/store/store.ts'
import type { Store } from '#main/ports/store.ts'
import type { AttemptView, RecordState } from '#shared/job/job.ts'
import { livesOn } from '#shared/journal/attempt-steps.ts'
import type { AttemptLife, AttemptRef } from '#shared/card/life.ts'
import { history, play } from '../../../support/store-history.ts'
import { stateOf } from '../../../support/store.ts'

/** What counts must be, by counting. */
function counted(store: Store, job: string) {
  const { rows } = store.records(job, { offset: 0, limit: 1_000 })
  const attempts = [...store.logRows({ job })]
  const records = (state: RecordState) => rows.filter((row) => row.state === state).length
  const blanks = (state: AttemptView['state']) => attempts.filter((view) => view.state === state).length
  const [good, rejected, inDoubt] = [blanks('good'), blanks('rejected'), blanks('in-doubt')]
  return {
    records: rows.length,
    queued: records('queued'),
    inWork: records('in-work'),
    inDoubt: records('in-doubt'),
    good: records('good'),
    rejected: records('rejected'),
    skipped: records('skipped'),
    blanks: { picked: good + rejected + inDoubt, good, rejected, inDoubt, resolved: attempts.filter((view) => view.resolvedBy !== undefined).length },
  }
}

/** Both jobs hold the same numbers, record by record. */
function issuedTwice(store: Store): number[] {
  const good = store.jobs().flatMap(({ job }) => store.records(job, { offset: 0, limit: 100, states: ['good'] }).rows.map((row) => row.record))
  return good.filter((record, index) => good.indexOf(record) !== index)
}

function lifeByTable(store: Store, attempt: AttemptRef): AttemptLife | undefined {
  const facts = store.timeline({ attempt }).map((row) => row.fact)
  return facts.filter((fact) => fact.kind.startsWith('attempt.')).reduce<AttemptLife | undefined>((life, fact) => livesOn(life, fact), undefined)
}

describe('whatever happens in a workspace', () => {
  test('is followed the same way step by step and from the journal alone, and the counts are those that one counts', () => {
    fc.assert(
      fc.property(history, (tape) => {
        const store = openStore({ path: ':memory:' })
        play(store, tape)
        for (const { job, counts } of store.jobs()) {
          expect(counts).toEqual(counted(store, job))
          expect(counts).toEqual(store.counts(job))
        }
        expect(issuedTwice(store)).toEqual([])
        for (const view of store.logRows({})) expect(store.attempt(view.attempt)?.life).toEqual(lifeByTable(store, view.attempt))
        const before = stateOf(store)
        store.rebuild()
        expect(stateOf(store)).toEqual(before)
        store.close()
      }),
      { numRuns: 100 },
    )
  })

  test('the histories reach far: every end occurs', () => {
    const seen = new Set<string>()
    const kinds = new Set<string>()
    for (const tape of fc.sample(history, { numRuns: 100, seed: 7 })) {
      const store = openStore({ path: ':memory:' })
      play(store, tape)
      for (const view of store.logRows({})) seen.add(view.state).add(`by ${view.resolvedBy}`)
      for (const view of store.jobs()) seen.add(`job ${view.state}`)
      for (const row of store.journal({ after: 0, limit: 1_000 })) kinds.add(row.fact.kind)
      store.close()
    }
    for (const end of ['good', 'rejected', 'unused', 'in-doubt', 'spoiled', 'working', 'by people', 'by evidence', 'job closed', 'job discarded', 'job running']) {
      expect([...seen]).toContain(end)
    }
    expect([...kinds]).toContain('job.purged')
  })
})
