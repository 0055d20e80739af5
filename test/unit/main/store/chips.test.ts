import { DatabaseSync } from 'node:sqlite'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { VirtualClock } from '#drivers/clock/virtual-clock.ts'
import { beforeRealCard } from '#main/app/bench.ts'
import { openStore } from '#main/store/store.ts'
import type { Fact, JobId } from '#shared/journal/events.ts'
import { importJob, simulatorLink, writer } from '../../../support/store.ts'

function prepared(path = ':memory:') {
  const store = openStore({ path })
  const write = writer(store)
  write(
    { kind: 'person.added', person: 'P-01', name: 'Olga Operator', roles: ['operator'] },
    { kind: 'device.saved', device: 'D-01', name: 'Counter 1', profile: 'dc450', mode: 'chip-fast', link: simulatorLink, stations: [{ station: 'chip', reader: 'Reader 1' }] },
  )
  const job = importJob(store, { records: 2 })
  write({ kind: 'run.started', run: 'R-000001', job, device: 'D-01' })
  return { store, write, job }
}

const begun = (job: JobId, record: number): Fact[] => [
  { kind: 'attempt.claimed', attempt: `${job}/${record}.1`, run: 'R-000001', device: 'D-01' },
  { kind: 'attempt.intended', attempt: `${job}/${record}.1`, command: 'chip', carries: ['chip'] },
]
const identified = (job: JobId, record: number): Fact => ({ kind: 'attempt.chip-identified', attempt: `${job}/${record}.1`, station: 'chip', atr: '3B00', chip: 'C0FFEE' })

test('a chip is written to for one attempt, and is known for ever', () => {
  const { store, write, job } = prepared()
  write(...begun(job, 1), identified(job, 1))
  expect(store.chipSeen('C0FFEE')).toEqual({ attempt: `${job}/1.1` })
  expect(store.chipSeen('BADCAFE')).toBeUndefined()
  write(...begun(job, 2))
  expect(() => write(identified(job, 2))).toThrow('store.not-allowed')
  store.rebuild()
  expect(store.chipSeen('C0FFEE')).toEqual({ attempt: `${job}/1.1` })
})

const tried = (more: { chip?: string; task?: string }): Fact => ({ kind: 'chip.tried', reader: 'Desk reader', atr: '3B00', ...more })

test('a chip that a task was tried on is known as such, and by the attempt that wrote to it once there is one', () => {
  const { store, write, job } = prepared()
  write(tried({ chip: 'C0FFEE', task: 'emv-debit' }), tried({ chip: 'BADCAFE' }), tried({ task: 'emv-debit' }), tried({ chip: 'C0FFEE', task: 'emv-debit' }))
  expect(store.chipSeen('C0FFEE')).toBe('tried')
  expect(store.chipSeen('BADCAFE'), 'commands typed by hand').toBeUndefined()
  store.rebuild()
  expect(store.chipSeen('C0FFEE')).toBe('tried')
  // An older program gave such a chip to a job: its journal has to stay readable.
  write(...begun(job, 1), identified(job, 1))
  store.rebuild()
  expect(store.chipSeen('C0FFEE')).toEqual({ attempt: `${job}/1.1` })
})

test('the workbench goes on with a chip that it tried, and with none that a job made', () => {
  const { store, write, job } = prepared()
  const ask = beforeRealCard({ store, clock: new VirtualClock() })
  const trial = { reader: 'Desk reader', atr: '3B00', chip: 'C0FFEE', task: 'emv-debit' }
  expect([ask(trial, 'P-01'), ask(trial, 'P-01')]).toEqual(['go-on', 'go-on'])
  write(...begun(job, 1), identified(job, 1))
  expect(ask(trial, 'P-01')).toBe('personalized-before')
})

test('no chip is identified without a command to it', () => {
  const { write, job } = prepared()
  write(begun(job, 1)[0]!)
  expect(() => write(identified(job, 1))).toThrow('store.not-allowed')
})

test('a chip that is made leaves its card half made', () => {
  const { store, write, job } = prepared()
  write(...begun(job, 1), identified(job, 1), { kind: 'attempt.outcome', attempt: `${job}/1.1`, command: 'chip', outcome: 'done', delivered: false })
  expect(store.attempt(`${job}/1.1`)).toMatchObject({ life: { state: 'working', touched: true }, view: { done: ['chip'] } })
})

const ended = (job: JobId): Fact => ({
  kind: 'attempt.outcome',
  attempt: `${job}/1.1`,
  command: 'chip',
  outcome: 'failed',
  effect: 'applied',
  card: 'inside',
  reason: { code: 'chip-removed', severity: 'error', action: 'none' },
  chip: { apdus: 12, verified: 0, application: 'debit', step: 'store data', line: 7, lastStatus: '6A80', accompanying: { 'batch-number': 4 } },
})
const toldOfChip = {
  station: 'chip', atr: '3B00', number: 'C0FFEE', apdus: 12, verified: 0, application: 'debit', step: 'store data', line: 7, lastStatus: '6A80', accompanying: { 'batch-number': 4 },
}

test('the log tells what became of a chip', () => {
  const { store, write, job } = prepared()
  write(...begun(job, 1))
  expect(store.attempt(`${job}/1.1`)!.view).not.toHaveProperty('chip')
  write(identified(job, 1))
  expect(store.attempt(`${job}/1.1`)!.view.chip).toEqual({ station: 'chip', atr: '3B00', number: 'C0FFEE' })
  write(ended(job))
  expect(store.attempt(`${job}/1.1`)!.view.chip).toEqual(toldOfChip)
  store.rebuild()
  expect(store.attempt(`${job}/1.1`)!.view.chip).toEqual(toldOfChip)
})

test('documents are kept revision by revision, and the last one is in force', () => {
  const { store } = prepared()
  const save = (revision: number, source: string) =>
    store.saveChipDocument({ at: revision, by: 'P-01', fact: { kind: 'chip.document-saved', document: 'scapp', id: 'mine', revision, digest: 'ab', name: 'mine' } }, source)
  save(1, 'one')
  save(2, 'two')
  expect(store.chipDocument('scapp', 'mine')).toMatchObject({ revision: 2, source: 'two' })
  expect(store.chipDocument('task', 'mine')).toBeUndefined()
  expect(store.chipDocuments()).toMatchObject([{ id: 'mine', revision: 2 }])
  expect(() => save(2, 'again')).toThrow('store.not-allowed')
})

test('a device keeps which readers stand behind its stations', () => {
  const { store } = prepared()
  expect(store.devices()).toMatchObject([{ stations: [{ station: 'chip', reader: 'Reader 1' }] }])
})

test('a workspace of an older program is brought up to date, and keeps what it knew', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cardwright-old-'))
  try {
    const path = join(folder, 'cardwright.db')
    const { store, write, job } = prepared(path)
    write(tried({ chip: 'FACADE', task: 'emv-debit' }), tried({ chip: 'BADCAFE' }))
    write(...begun(job, 1), identified(job, 1), ended(job), ...begun(job, 2))
    store.close()
    const old = new DatabaseSync(path)
    old.exec('DROP TABLE tried_chips; DROP TABLE chips; DROP TABLE chip_documents; DROP TABLE chip_sources; ALTER TABLE devices DROP COLUMN stations; ALTER TABLE attempts DROP COLUMN chip; PRAGMA user_version = 1')
    old.close()
    const again = openStore({ path })
    expect(again.job(job)?.counts.records).toBe(2)
    expect(again.devices()).toMatchObject([{ device: 'D-01', stations: [] }])
    expect(again.chipDocuments()).toEqual([])
    expect([again.chipSeen('FACADE'), again.chipSeen('BADCAFE')]).toEqual(['tried', undefined])
    expect(again.attempt(`${job}/1.1`)?.view.chip).toEqual(toldOfChip)
    expect(again.attempt(`${job}/2.1`)?.view).not.toHaveProperty('chip')
    again.close()
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
