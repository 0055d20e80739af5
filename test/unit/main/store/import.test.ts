import { describe, expect, test } from 'vitest'
import { openStore } from '#main/store/store.ts'
import { createdFact, design, importJob, maskedNumber, start, storedCard, writer } from '../../../support/store.ts'

const key = new Uint8Array([1, 2, 3])
const entry = (job: string, records: number) => ({ at: start, by: 'P-01' as const, fact: createdFact(job, records) })

describe('an import', () => {
  test('shows nothing before its commit and everything after it, with one row in the journal', () => {
    const store = openStore({ path: ':memory:' })
    const told: string[] = []
    store.onAppended((rows) => told.push(...rows.map((row) => row.fact.kind)))
    const staging = store.beginImport('J-000001', design, key)
    staging.add([storedCard(1), storedCard(2)])
    staging.add([storedCard(3)])
    const shown = () => [store.jobs().length, store.job('J-000001')?.counts.records, store.record('J-000001', 1)?.state, store.jobMaterial('J-000001')?.design.name, told.length]
    expect(shown()).toEqual([0, undefined, undefined, undefined, 0])
    const row = staging.commit(entry('J-000001', 3))
    expect(shown()).toEqual([1, 3, 'queued', 'Debit card', 1])
    expect(row).toMatchObject({ sequence: 1, by: 'P-01', fact: { kind: 'job.created', records: 3 } })
    expect(store.card('J-000001', 3)).toEqual(storedCard(3))
    expect(store.jobMaterial('J-000001')).toEqual({ design, wrappedKey: key })
    expect(store.verify()).toMatchObject({ rows: 1 })
    // Too late: it belongs to the job now.
    staging.abandon()
    expect(store.counts('J-000001').queued).toBe(3)
  })

  test('takes records in order from 1, as many as it says, under the design that it says, once', () => {
    const store = openStore({ path: ':memory:' })
    const staging = store.beginImport('J-000001', design, key)
    expect(() => staging.add([storedCard(2)])).toThrow('store.not-allowed')
    staging.add([storedCard(1), storedCard(2)])
    expect(() => staging.add([storedCard(3), storedCard(5)])).toThrow('store.not-allowed')
    expect(() => staging.commit(entry('J-000001', 3))).toThrow('store.not-allowed')
    expect(() => staging.commit({ ...entry('J-000001', 2), by: 'system' })).toThrow('store.not-allowed')
    expect(() => staging.commit({ ...entry('J-000001', 2), fact: { ...createdFact('J-000001', 2), designRevision: 2 } })).toThrow('store.not-allowed')
    expect(() => store.append([entry('J-000001', 2)])).toThrow('store.not-allowed')
    expect(() => store.beginImport('J-000001', design, key)).toThrow('store.not-allowed')
    expect(() => store.beginImport('J-1', design, key)).toThrow('store.not-allowed')
    expect(store.verify().rows).toBe(0)
    staging.commit(entry('J-000001', 2))
    expect(store.records('J-000001', { offset: 0, limit: 10 }).rows.map((row) => row.record)).toEqual([1, 2])
  })

  test('of very many cards finds every number again, also among those of another job', () => {
    const store = openStore({ path: ':memory:' })
    const first = importJob(store, { records: 101_500, numbers: (record) => `number ${record}` })
    const second = importJob(store, { records: 20, numbers: (record) => `other ${record}` })
    const macs = [1, 49_999, 50_000, 50_001, 51_000, 100_000, 101_001, 101_500].map((record) => storedCard(record, `number ${record}`).numberMac)
    expect(store.knownNumbers(macs).map(({ job, record }) => [job, record])).toEqual(
      [1, 49_999, 50_000, 50_001, 51_000, 100_000, 101_001, 101_500].map((record) => [first, record]),
    )
    expect(store.knownNumbers([storedCard(1, 'nobody').numberMac, storedCard(1, 'other 20').numberMac])).toEqual([{ index: 1, job: second, record: 20 }])
    expect(store.records(first, { offset: 101_400, limit: 1_000 })).toMatchObject({ total: 101_500, rows: { length: 100 } })
    expect(store.nextQueued(first, { from: 101_500, to: 200_000 })).toBe(101_500)
    expect(store.nextQueued(first, { from: 101_501, to: 200_000 })).toBeUndefined()
    expect(store.queuedIn(first, { from: 101_001, to: 101_100 })).toBe(100)
  })
})

describe('records', () => {
  test('are read by state, in pages', () => {
    const store = openStore({ path: ':memory:' })
    const job = importJob(store, { records: 5 })
    const write = writer(store)
    for (const record of [1, 4]) write({ kind: 'record.skipped', job, record })
    const rows = (states: ('queued' | 'skipped' | 'good')[], offset = 0) => store.records(job, { offset, limit: 2, states })
    expect(rows(['skipped'])).toEqual({ total: 2, rows: [1, 4].map((record) => ({ record, number: maskedNumber(record), state: 'skipped', attempts: 0 })) })
    expect(rows(['queued', 'skipped'], 4)).toMatchObject({ total: 5, rows: [{ record: 5 }] })
    expect(rows(['good'])).toEqual({ total: 0, rows: [] })
  })
})

describe('designs', () => {
  test('keep every revision; a job keeps the one that it was made with', () => {
    const store = openStore({ path: ':memory:' })
    const save = (revision: number) =>
      store.saveDesign({ at: start + revision, by: 'P-02', fact: { kind: 'design.saved', design: 'debit', revision, digest: `d${revision}`, name: `Debit ${revision}` } }, `document ${revision}`)
    save(1)
    const [made] = store.designs()
    const staging = store.beginImport('J-000001', made!, key)
    staging.add([storedCard(1)])
    save(2)
    staging.commit({ ...entry('J-000001', 1), fact: { ...createdFact('J-000001', 1), designDigest: 'd1' } })
    expect(store.design('debit')).toEqual({ design: 'debit', revision: 2, digest: 'd2', name: 'Debit 2', document: 'document 2', savedAt: start + 2, savedBy: 'P-02' })
    expect(store.jobMaterial('J-000001')?.design).toMatchObject({ revision: 1, document: 'document 1' })
    expect(store.job('J-000001')?.designName).toBe('Debit 1')
    expect(() => save(2)).toThrow('store.not-allowed')
    expect(store.design('other')).toBeUndefined()
    expect(store.designs()).toHaveLength(1)
    expect(store.verify().rows).toBe(3)
  })
})
