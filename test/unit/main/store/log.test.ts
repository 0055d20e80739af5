import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { openStore } from '#main/store/store.ts'
import type { LogFilter, Store } from '#main/ports/store.ts'
import type { AttemptState } from '#shared/card/life.ts'
import type { AttemptView } from '#shared/job/job.ts'
import { history, play } from '../../../support/store-history.ts'
import { attemptFacts, importJob, start, writer } from '../../../support/store.ts'

/** What a filter means, in plain words. */
function matches(view: AttemptView, { job, states, reason, device, operator, from, to, find }: LogFilter): boolean {
  return (
    (job === undefined || view.job === job) &&
    (states === undefined || states.includes(view.state)) &&
    (reason === undefined || view.reason?.code === reason) &&
    (device === undefined || view.device === device) &&
    (operator === undefined || view.operator === operator) &&
    (from === undefined || view.startedAt >= from) &&
    (to === undefined || view.startedAt < to) &&
    (find === undefined || find === '' || (/^\d+$/.test(find) ? view.number.endsWith(find.slice(-4)) : view.attempt === find || view.attempt.startsWith(`${find}/`) || view.attempt.startsWith(`${find}.`)))
  )
}

const maybe = <Value>(values: readonly Value[]) => fc.option(fc.constantFrom(...values), { nil: undefined, freq: 2 })
const anyFilter = fc.record({
  job: maybe(['J-000001', 'J-000002', 'J-000003']),
  states: fc.option(fc.subarray<AttemptState>(['claimed', 'intended', 'good', 'rejected', 'unused', 'in-doubt', 'spoiled']), { nil: undefined }),
  reason: maybe(['reason-a', 'reason-b', 'reason-z']),
  device: maybe(['D-01', 'D-02']),
  operator: maybe(['P-01', 'P-02']),
  from: maybe([start, start + 20, start + 40]),
  to: maybe([start + 20, start + 50, start + 1_000]),
  find: maybe(['', '1', '02', '0003', '12340003', 'J-000001', 'J-000002/3', 'J-000001/2.1', 'nothing']),
})

function given(filter: Record<string, unknown>): LogFilter {
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined))
}

describe('the log', () => {
  test('answers every filter as one would by reading all of it, page by page, newest first', () => {
    fc.assert(
      fc.property(history, fc.array(anyFilter, { minLength: 1, maxLength: 12 }), (tape, filters) => {
        const store = openStore({ path: ':memory:' })
        play(store, tape)
        const all = [...store.logRows({})]
        for (const filter of filters.map(given)) {
          const expected = all.filter((view) => matches(view, filter)).reverse()
          expect(store.log(filter, { offset: 0, limit: 1_000 })).toEqual({ total: expected.length, rows: expected })
          expect(store.log(filter, { offset: 1, limit: 2 }).rows).toEqual(expected.slice(1, 3))
          expect([...store.logRows(filter)]).toEqual(expected.toReversed())
        }
        store.close()
      }),
      { numRuns: 40 },
    )
  })

  test('goes on while it is being exported', () => {
    const store = openStore({ path: ':memory:' })
    const write = filled(store, 1_200, 'good')
    const rows = store.logRows({ states: ['good'] })
    const seen = new Set<string>()
    for (const view of rows) {
      seen.add(view.attempt)
      if (seen.size === 10) write({ kind: 'record.skipped', job: 'J-000001', record: 1_201 })
    }
    expect(seen.size).toBe(1_200)
  })

  test('answers a selection that leaves very many like one that leaves few', () => {
    const store = openStore({ path: ':memory:' })
    filled(store, 20_100, 'unused')
    const filter = { states: ['unused', 'rejected'] } as const
    expect(store.log({ ...filter, job: 'J-000001' }, { offset: 20_099, limit: 5 })).toMatchObject({ total: 20_100, rows: [{ attempt: 'J-000001/1.1' }] })
    expect(store.log({ ...filter, device: 'D-01' }, { offset: 0, limit: 1 })).toMatchObject({ total: 20_100, rows: [{ attempt: 'J-000001/20100.1' }] })
    expect(store.log({ job: 'J-000001', find: '0042' }, { offset: 0, limit: 5 })).toMatchObject({ total: 3, rows: [{ record: 20_042 }, { record: 10_042 }, { record: 42 }] })
  })

  test('knows the reasons that occur, and calls people and devices by the names that they have now', () => {
    const store = openStore({ path: ':memory:' })
    const write = writer(store)
    const job = importJob(store)
    write({ kind: 'run.started', run: 'R-000001', job, device: 'D-01' }, ...attemptFacts(job, 1, 1, 'R-000001', 'rejected'), ...attemptFacts(job, 2, 1, 'R-000001', 'in-doubt'))
    const names = () => store.log({}, { offset: 0, limit: 1 }).rows.map((view) => [view.operatorName, view.deviceName, view.jobName])
    expect(store.reasons()).toEqual(['link-lost', 'stripe-write-failed'])
    expect(names()).toEqual([['P-01', 'D-01', 'Branch 12']])
    write({ kind: 'person.added', person: 'P-01', name: 'Olga', roles: ['operator'] })
    write({ kind: 'device.saved', device: 'D-01', name: 'Counter', profile: 'dc450', mode: 'standard', link: { kind: 'serial', path: 'COM3' } }, { kind: 'device.removed', device: 'D-01' })
    expect(names()).toEqual([['Olga', 'Counter', 'Branch 12']])
  })
})

/** So many cards of one job, in few transactions; one more record waits. */
function filled(store: Store, cards: number, end: 'good' | 'unused') {
  const write = writer(store)
  const job = importJob(store, { records: cards + 1 })
  write({ kind: 'run.started', run: 'R-000001', job, device: 'D-01' })
  for (let first = 1; first <= cards; first += 1_000) {
    const length = Math.min(1_000, cards - first + 1)
    write(...Array.from({ length }, (_, index) => attemptFacts(job, first + index, 1, 'R-000001', end)).flat())
  }
  return write
}
