import { describe, expect, test } from 'vitest'
import { openStore } from '#main/store/store.ts'
import { CardwrightError } from '#shared/faults.ts'
import type { Fact } from '#shared/journal/events.ts'
import { attemptFacts, design, importJob, maskedNumber, simulatorLink, storedCard, writer } from '../../../support/store.ts'

function prepared(records = 3) {
  const store = openStore({ path: ':memory:' })
  const write = writer(store)
  write(
    { kind: 'person.added', person: 'P-01', name: 'Olga Operator', roles: ['operator'] },
    { kind: 'device.saved', device: 'D-01', name: 'Counter 1', profile: 'dc450', mode: 'standard', link: simulatorLink },
  )
  const job = importJob(store, { records })
  write({ kind: 'run.started', run: 'R-000001', job, device: 'D-01' })
  return { store, write, job }
}

function codeOf(act: () => unknown): string | undefined {
  try {
    act()
    return undefined
  } catch (thrown) {
    return thrown instanceof CardwrightError ? thrown.faults[0].code : String(thrown)
  }
}

describe('a card that is made', () => {
  test('moves from the queue to good, and the log says what was done to it', () => {
    const { store, write, job } = prepared()
    expect(store.nextQueued(job)).toBe(1)
    const [claimed, intended, done] = attemptFacts(job, 1, 1, 'R-000001', 'good') as [Fact, Fact, Fact]

    write(claimed)
    expect(store.record(job, 1)).toEqual({ state: 'in-work', attempts: 1, masked: maskedNumber(1) })
    expect(store.openAttempts()).toMatchObject([{ attempt: `${job}/1.1`, run: 'R-000001', device: 'D-01', life: { state: 'claimed', touched: false } }])
    expect(store.nextQueued(job)).toBe(2)

    write(intended)
    expect(store.attempt(`${job}/1.1`)?.life).toEqual({ state: 'intended', touched: false, before: 'claimed' })

    write(done)
    expect(store.openAttempts()).toEqual([])
    expect(store.attempt(`${job}/1.1`)?.view).toMatchObject({
      number: maskedNumber(1),
      operator: 'P-01',
      operatorName: 'Olga Operator',
      deviceName: 'Counter 1',
      state: 'good',
      done: ['stripe', 'emboss', 'deliver'],
      place: 'output-tray',
    })
    expect(store.counts(job)).toMatchObject({ records: 3, queued: 2, good: 1, blanks: { picked: 1, good: 1, rejected: 0, inDoubt: 0 } })
  })

  test('is never claimed again, and never put back', () => {
    const { store, write, job } = prepared()
    write(...attemptFacts(job, 1, 1, 'R-000001', 'good'))
    expect(codeOf(() => write(...attemptFacts(job, 1, 2, 'R-000001', 'good')))).toBe('store.not-allowed')
    expect(codeOf(() => write({ kind: 'record.requeued', job, record: 1 }))).toBe('store.not-allowed')
    expect(codeOf(() => write({ kind: 'record.skipped', job, record: 1 }))).toBe('store.not-allowed')
    expect(store.record(job, 1)).toMatchObject({ state: 'good', attempts: 1 })
  })
})

describe('a card that is spoiled', () => {
  test('waits for a decision, goes back into the queue, and its next attempt names a new blank', () => {
    const { store, write, job } = prepared()
    write(...attemptFacts(job, 1, 1, 'R-000001', 'rejected'))
    expect(store.counts(job)).toMatchObject({ queued: 2, rejected: 1, blanks: { picked: 1, rejected: 1 } })
    expect(store.attempt(`${job}/1.1`)?.view).toMatchObject({ state: 'rejected', place: 'operator', reason: { code: 'stripe-write-failed' }, done: [] })
    expect(codeOf(() => write(...attemptFacts(job, 1, 2, 'R-000001', 'good')))).toBe('store.not-allowed')

    write({ kind: 'record.requeued', job, record: 1 })
    expect(store.nextQueued(job)).toBe(1)
    write(...attemptFacts(job, 1, 2, 'R-000001', 'good'))
    expect(store.counts(job)).toMatchObject({ queued: 2, rejected: 0, good: 1, blanks: { picked: 2, good: 1, rejected: 1 } })
  })
})

describe('a card in doubt', () => {
  test('is counted as picked, keeps its job open, and leaves by the word of people', () => {
    const { store, write, job } = prepared(1)
    write(...attemptFacts(job, 1, 1, 'R-000001', 'in-doubt'))
    expect(store.counts(job)).toMatchObject({ inDoubt: 1, blanks: { picked: 1, inDoubt: 1 } })
    expect(store.attempt(`${job}/1.1`)?.view).toMatchObject({ place: 'unknown', reason: { code: 'link-lost' } })
    write({ kind: 'run.ended', run: 'R-000001', why: 'cancelled' })
    const closed = { kind: 'job.closed', job, records: 1, good: 0, rejected: 0, skipped: 0, picked: 1, resolved: 0 } as const
    expect(codeOf(() => write(closed))).toBe('store.not-allowed')

    write({ kind: 'attempt.resolved', attempt: `${job}/1.1`, verdict: 'good', basis: 'people', choice: 'card-good', second: 'P-02' })
    expect(store.counts(job)).toMatchObject({ inDoubt: 0, good: 1, blanks: { picked: 1, good: 1, inDoubt: 0, resolved: 1 } })
    expect(store.attempt(`${job}/1.1`)?.view).toMatchObject({ state: 'good', resolvedBy: 'people', done: ['stripe', 'emboss', 'deliver'] })
    write({ ...closed, good: 1, resolved: 1 })
    expect(store.job(job)?.state).toBe('closed')
  })

  test('that never took a blank gives its record back', () => {
    const { store, write, job } = prepared()
    write(...attemptFacts(job, 1, 1, 'R-000001', 'in-doubt'))
    write({ kind: 'attempt.resolved', attempt: `${job}/1.1`, verdict: 'unused', basis: 'people', choice: 'no-card', second: 'P-02' })
    expect(store.record(job, 1)).toMatchObject({ state: 'queued', attempts: 1 })
    expect(store.counts(job).blanks).toEqual({ picked: 0, good: 0, rejected: 0, inDoubt: 0, resolved: 1 })
  })
})

describe('a number', () => {
  test.each(['good', 'in-doubt', 'intended'] as const)('that is %s in one job can not be claimed in another', (end) => {
    const { store, write } = prepared()
    const numbers = (record: number) => `number ${record}`
    const first = importJob(store, { numbers })
    const second = importJob(store, { numbers })
    write({ kind: 'run.started', run: 'R-000002', job: first, device: 'D-01' }, { kind: 'run.started', run: 'R-000003', job: second, device: 'D-01' })
    write(...attemptFacts(first, 2, 1, 'R-000002', end))
    expect(codeOf(() => write(...attemptFacts(second, 2, 1, 'R-000003', 'intended')))).toBe('store.already-issued')
    expect(store.record(second, 2)).toMatchObject({ state: 'queued', attempts: 0 })
    expect(codeOf(() => write(...attemptFacts(second, 3, 1, 'R-000003', 'good')))).toBeUndefined()
  })

  test('whose blank was spoiled elsewhere may be made', () => {
    const { store, write } = prepared()
    const numbers = (record: number) => `number ${record}`
    const first = importJob(store, { numbers })
    const second = importJob(store, { numbers })
    write({ kind: 'run.started', run: 'R-000002', job: first, device: 'D-01' }, { kind: 'run.started', run: 'R-000003', job: second, device: 'D-01' })
    write(...attemptFacts(first, 2, 1, 'R-000002', 'rejected'))
    write(...attemptFacts(second, 2, 1, 'R-000003', 'good'))
    expect(store.record(second, 2)?.state).toBe('good')
  })
})

describe('an append', () => {
  test('is whole or not at all', () => {
    const { store, write, job } = prepared()
    const before = { head: store.verify().head, counts: store.counts(job) }
    const facts = attemptFacts(job, 1, 1, 'R-000001', 'good')
    expect(codeOf(() => write(...facts, ...attemptFacts(job, 1, 2, 'R-000001', 'good')))).toBe('store.not-allowed')
    expect({ head: store.verify().head, counts: store.counts(job) }).toEqual(before)
  })

  test('tells its listeners in the order of the journal, also when one of them appends', () => {
    const { store, write, job } = prepared()
    const seen: string[] = []
    store.onAppended((rows) => {
      if (rows[0]?.fact.kind === 'record.skipped' && rows[0].fact.record === 1) write({ kind: 'record.requeued', job, record: 1 })
    })
    const stop = store.onAppended((rows) => seen.push(...rows.map((row) => row.fact.kind)))
    write({ kind: 'record.skipped', job, record: 1 })
    stop()
    write({ kind: 'record.skipped', job, record: 2 })
    expect(seen).toEqual(['record.skipped', 'record.requeued'])
  })

  test('stands although a listener fails, and the failure is heard of', () => {
    const heard: unknown[] = []
    const store = openStore({ path: ':memory:', onBug: (thrown) => heard.push(thrown) })
    store.onAppended(() => {
      throw new Error('broken listener')
    })
    writer(store)({ kind: 'workspace.created', name: 'Branch', demo: false })
    expect(heard).toEqual([new Error('broken listener')])
    expect(store.workspace()).toEqual({ name: 'Branch', demo: false })
  })

  test.each<[string, Fact]>([
    ['an attempt that was not claimed', { kind: 'attempt.closed', attempt: 'J-000001/1.1', verdict: 'unused' }],
    ['a job that does not exist', { kind: 'job.discarded', job: 'J-000009' }],
    ['a job by a second name', { kind: 'record.skipped', job: 'J-0000001', record: 1 }],
    ['a run that is not under way', { kind: 'run.paused', run: 'R-000009' }],
    ['a person who is not known', { kind: 'person.changed', person: 'P-09', name: 'x', roles: [], active: false }],
    ['a design without its document', { kind: 'design.saved', design: 'x', revision: 1, digest: '', name: 'x' }],
    ['a recovery of an unknown attempt', { kind: 'recovery.found', attempts: ['J-000001/2.1'] }],
    ['something that is no fact', { kind: 'run.started', run: 'x' } as unknown as Fact],
  ])('refuses %s', (_, fact) => {
    const { store, write } = prepared()
    const { head } = store.verify()
    expect(codeOf(() => write(fact))).toBe('store.not-allowed')
    expect(store.verify().head).toBe(head)
  })

  test('takes nothing into the journal that its form does not name', () => {
    const { store, write } = prepared()
    write({ kind: 'person.signed-in', person: 'P-01', host: 'web', password: 'not to be written' } as Fact)
    expect(JSON.stringify(store.journal({ after: 0, limit: 100 }))).not.toContain('not to be written')
  })
})

describe('identifiers', () => {
  test('follow what is there, a job also while it is being imported', () => {
    const store = openStore({ path: ':memory:' })
    const write = writer(store)
    expect([store.nextId('job'), store.nextId('run'), store.nextId('device'), store.nextId('person')]).toEqual(['J-000001', 'R-000001', 'D-01', 'P-01'])
    const staging = store.beginImport('J-000001', design, new Uint8Array(1))
    staging.add([storedCard(1)])
    expect(store.nextId('job')).toBe('J-000002')
    expect(store.jobs()).toEqual([])
    expect(store.card('J-000001', 1)).toBeUndefined()
    staging.abandon()
    expect(store.nextId('job')).toBe('J-000001')
    write({ kind: 'device.saved', device: 'D-01', name: 'a', profile: 'dc450', mode: 'standard', link: simulatorLink }, { kind: 'device.removed', device: 'D-01' })
    expect([store.devices(), store.nextId('device')]).toEqual([[], 'D-02'])
  })
})
