import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { tmpdir } from 'node:os'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openStore } from '#main/store/store.ts'
import type { Store } from '#main/ports/store.ts'
import type { JournalRow } from '#shared/journal/events.ts'
import { snapshotStore, tearable } from '../../../support/store-crash.ts'
import { attemptFacts, createdFact, design, importJob, start, stateOf as state, storedCard, writer } from '../../../support/store.ts'

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cardwright-store-'))
  path = join(folder, 'workspace.db')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** Everything appended, in order. */
function rowsOf(store: Store): JournalRow[] {
  return store.journal({ after: 0, limit: 100_000 })
}

/** Reads a cut store and ends it. */
function reopened<Value>(cut: string, read: (store: ReturnType<typeof openStore>) => Value): Value {
  const store = openStore({ path: cut })
  try {
    return read(store)
  } finally {
    store.close()
    rmSync(join(cut, '..'), { recursive: true })
  }
}

describe('a power cut', () => {
  test('leaves what had been appended, wherever the log tears', () => {
    const store = openStore({ path })
    const job = importJob(store)
    const write = writer(store)
    write({ kind: 'run.started', run: 'R-000001', job, device: 'D-01' })
    // Each fact in a transaction of its own, then one transaction of four facts.
    for (const fact of attemptFacts(job, 1, 1, 'R-000001', 'good')) write(fact)
    write(...attemptFacts(job, 2, 1, 'R-000001', 'rejected'))
    const all = rowsOf(store)
    const { all: most } = tearable(path)
    const lengths = new Set<number>()
    for (let tornBytes = 0; tornBytes <= most; tornBytes += 997) {
      reopened(snapshotStore(path, { tornBytes }), (cut) => {
        const rows = rowsOf(cut)
        expect(cut.verify()).toMatchObject({ rows: rows.length })
        expect(cut.verify().brokenAt).toBeUndefined()
        expect(rows).toEqual(all.slice(0, rows.length))
        const before = state(cut)
        cut.rebuild()
        expect(state(cut)).toEqual(before)
        lengths.add(rows.length)
      })
    }
    // The transaction of four facts is there whole or not at all.
    expect([...lengths].toSorted((left, right) => left - right)).toEqual([0, 1, 2, 3, 4, 5, 9])
    store.close()
  })

  test('at any moment takes the last transaction alone when that was not synced or torn, and nothing when it was durable', () => {
    const store = openStore({ path })
    const job = importJob(store)
    const write = writer(store)
    write({ kind: 'run.started', run: 'R-000001', job, device: 'D-01' })
    const left = (tornBytes: number) => reopened(snapshotStore(path, { tornBytes }), (cut) => cut.verify())
    const moments = [...attemptFacts(job, 1, 1, 'R-000001', 'rejected').map((fact) => [fact]), attemptFacts(job, 2, 1, 'R-000001', 'good')]
    for (const facts of moments) {
      const before = store.verify()
      write(...facts)
      const after = store.verify()
      const { last } = tearable(path)
      expect([left(0), left(1), left(Math.floor(last / 2)), left(last)]).toEqual([after, before, before, before])
    }
    store.close()
  })

  test('can not take what is written back into the database', () => {
    const store = openStore({ path })
    const job = importJob(store, { records: 2_000 })
    const write = writer(store)
    for (let record = 1; record <= 300; record++) write({ kind: 'record.skipped', job, record })
    const rows = rowsOf(store).length
    expect(tearable(path).all).toBeGreaterThan(0)
    const left = reopened(snapshotStore(path, { tornBytes: Number.MAX_SAFE_INTEGER }), (cut) => {
      expect(cut.verify().brokenAt).toBeUndefined()
      const before = state(cut)
      cut.rebuild()
      expect(state(cut)).toEqual(before)
      return rowsOf(cut).length
    })
    expect(left).toBeGreaterThan(0)
    expect(left).toBeLessThan(rows)
    store.close()
  })
})

describe('an import that a crash ends', () => {
  test('leaves nothing behind', () => {
    const store = openStore({ path })
    const staging = store.beginImport('J-000001', design, new Uint8Array(1))
    staging.add([storedCard(1), storedCard(2)])
    const cut = snapshotStore(path)
    staging.commit({ at: start, by: 'P-01', fact: createdFact('J-000001', 2) })
    const whole = snapshotStore(path)
    reopened(cut, (left) => {
      expect(left.jobs()).toEqual([])
      expect(left.knownNumbers([storedCard(1).numberMac])).toEqual([])
      expect(left.nextId('job')).toBe('J-000001')
      expect(importJob(left, { records: 2 })).toBe('J-000001')
    })
    reopened(whole, (left) => expect(left.counts('J-000001')).toMatchObject({ records: 2, queued: 2 }))
    store.close()
  })
})

describe('a workspace', () => {
  test('is written by one program at a time, and read beside it', () => {
    const store = openStore({ path })
    writer(store)({ kind: 'workspace.created', name: 'Branch', demo: false })
    expect(() => openStore({ path })).toThrow('store.in-use')
    const reader = openStore({ path, readOnly: true })
    expect(reader.workspace()?.name).toBe('Branch')
    writer(store)({ kind: 'person.added', person: 'P-01', name: 'Anna', roles: ['auditor'] })
    expect(reader.people()).toHaveLength(1)
    reader.close()
    store.close()
    openStore({ path }).close()
  })

  test('is refused where the file is something else, or from a newer program', () => {
    const store = openStore({ path })
    store.close()
    const newer = join(folder, 'newer.db')
    copyFileSync(path, newer)
    setUserVersion(newer, 99)
    expect(() => openStore({ path: newer })).toThrow('store.newer-program')
    const other = join(folder, 'other.db')
    writeFileSync(other, 'This is not a database, and long enough for a header of one hundred bytes. '.repeat(20))
    expect(() => openStore({ path: other })).toThrow('store.damaged')
    expect(() => openStore({ path: join(folder, 'missing', 'workspace.db') })).toThrow('store.not-writable')
  })
})

/** The header's `user version` (sqlite.org/fileformat2.html#database_header). */
function setUserVersion(file: string, version: number): void {
  const bytes = readFileSync(file)
  bytes.writeUInt32BE(version, 60)
  writeFileSync(file, bytes)
}
