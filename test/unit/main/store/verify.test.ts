import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openStore } from '#main/store/store.ts'
import { attemptFacts, importJob, writer } from '../../../support/store.ts'

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cardwright-chain-'))
  path = join(folder, 'workspace.db')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const mac = (head: Uint8Array) => createHash('sha256').update('a key of the test').update(head).digest()

/** A closed and sealed job in eleven rows. */
function filled(): void {
  const store = openStore({ path })
  const write = writer(store)
  const job = importJob(store, { records: 2 })
  write({ kind: 'run.started', run: 'R-000001', job, device: 'D-01' })
  for (const record of [1, 2]) for (const fact of attemptFacts(job, record, 1, 'R-000001', 'good')) write(fact)
  write({ kind: 'run.ended', run: 'R-000001', why: 'complete' })
  write({ kind: 'job.closed', job, records: 2, good: 2, rejected: 0, skipped: 0, picked: 2, resolved: 0 })
  const { head } = store.unsealed()[0]!
  write({ kind: 'job.sealed', job, head, mac: mac(Buffer.from(head, 'hex')).toString('hex') })
  expect(store.verify(mac)).toEqual({ rows: 11, brokenSeals: [], head: store.journal({ after: 10, limit: 1 })[0]!.hash })
  store.close()
}

/** Does to the file what somebody would who has it and knows SQLite. */
function tamper(act: (database: DatabaseSync) => void): void {
  const database = new DatabaseSync(path)
  database.exec('PRAGMA foreign_keys = OFF; DROP TRIGGER journal_keeps_rows; DROP TRIGGER journal_keeps_values; DROP TRIGGER journal_grows_by_one')
  act(database)
  database.close()
}

function check() {
  const store = openStore({ path })
  try {
    return { whole: store.verify(mac), tail: store.tail }
  } finally {
    store.close()
  }
}

/** The rule of docs/journal.md, without a line of the store's code. */
function chained(database: DatabaseSync, from: number): void {
  let previous = Buffer.from(database.prepare('SELECT hash FROM journal WHERE sequence = ?').get(from - 1)?.['hash'] as Uint8Array).toString('hex')
  for (const row of database.prepare('SELECT sequence, body FROM journal WHERE sequence >= ? ORDER BY sequence').all(from)) {
    const hash = createHash('sha256').update(previous + String(row['body']), 'utf8').digest()
    database.prepare('UPDATE journal SET hash = ? WHERE sequence = ?').run(hash, row['sequence'] as number)
    previous = hash.toString('hex')
  }
}

const forge = "UPDATE journal SET body = replace(body, '\"outcome\":\"done\"', '\"outcome\":\"unknown\"') WHERE sequence = 5"

describe('the chain', () => {
  test.each<[string, string, number]>([
    ['a changed word', forge, 5],
    ['a changed time', "UPDATE journal SET body = replace(body, '\"at\":1', '\"at\":2') WHERE sequence = 3", 3],
    ['a changed hash', 'UPDATE journal SET hash = zeroblob(32) WHERE sequence = 7', 7],
    ['a row that is gone', 'DELETE FROM journal WHERE sequence = 4', 4],
    ['the first row gone', 'DELETE FROM journal WHERE sequence = 1', 1],
    ['a row added', "INSERT INTO journal SELECT 12, body, hash FROM journal WHERE sequence = 3", 12],
    ['two rows that changed places', 'UPDATE journal SET sequence = -4 WHERE sequence = 4; UPDATE journal SET sequence = 4 WHERE sequence = 5; UPDATE journal SET sequence = 5 WHERE sequence = -4', 4],
    ['no JSON at all', "UPDATE journal SET body = 'x' WHERE sequence = 11", 11],
  ])('shows %s', (_, sql, brokenAt) => {
    filled()
    tamper((database) => database.exec(sql))
    expect(check()).toMatchObject({ whole: { brokenAt, rows: brokenAt - 1 }, tail: { brokenAt } })
  })

  test('made good again by whoever changed it is betrayed by the seal', () => {
    filled()
    tamper((database) => {
      database.exec(forge)
      chained(database, 5)
    })
    const { whole } = check()
    expect(whole.brokenAt).toBeUndefined()
    expect(whole.brokenSeals).toEqual(['J-000001'])
  })

  test('is as docs/journal.md says: an auditor needs nothing of Cardwright', () => {
    filled()
    const before = openStore({ path, readOnly: true })
    const hashes = before.journal({ after: 0, limit: 100 }).map((row) => row.hash)
    before.close()
    tamper((database) => {
      const first = createHash('sha256').update('0'.repeat(64) + String(database.prepare('SELECT body FROM journal WHERE sequence = 1').get()?.['body'])).digest('hex')
      expect(first).toBe(hashes[0])
      chained(database, 2)
      const rows = database.prepare('SELECT lower(hex(hash)) AS hash FROM journal ORDER BY sequence').all()
      expect(rows.map((row) => row['hash'])).toEqual(hashes)
    })
  })

  test('is walked in slices to the same end, and seals are left alone while the keys are locked', () => {
    filled()
    const store = openStore({ path })
    const walk = store.walk(mac)
    const seen: number[] = []
    while (walk.advance(3)) seen.push(walk.check.rows)
    expect(seen).toEqual([3, 6, 9])
    expect(walk.check).toEqual(store.verify(mac))
    expect(store.verify().brokenSeals).toBeUndefined()
    expect(store.tail).toEqual({ rows: 11, head: store.verify().head })
    store.close()
  })

  test('an empty one holds', () => {
    const store = openStore({ path: ':memory:' })
    expect(store.verify(mac)).toEqual({ rows: 0, brokenSeals: [], head: '0'.repeat(64) })
  })
})

describe('the journal', () => {
  test.each([
    'DELETE FROM journal WHERE sequence = 11',
    "UPDATE journal SET body = '{}' WHERE sequence = 11",
    "INSERT OR REPLACE INTO journal (sequence, body, hash) VALUES (11, '{}', zeroblob(32))",
    "INSERT INTO journal (sequence, body, hash) VALUES (13, '{}', zeroblob(32))",
  ])('only grows, also for whoever writes past the store: %s', (sql) => {
    filled()
    const database = new DatabaseSync(path)
    expect(() => database.exec(sql)).toThrow('the journal is append-only')
    database.close()
    expect(check().whole.brokenAt).toBeUndefined()
  })

  test('a row that can not be read is named, not guessed', () => {
    filled()
    tamper((database) => database.exec("UPDATE journal SET body = replace(body, 'run.started', 'run.rocketed') WHERE sequence = 2"))
    const store = openStore({ path })
    expect(() => store.journal({ after: 0, limit: 10 })).toThrow('store.unreadable-row')
    expect(store.verify().brokenAt).toBe(2)
    store.close()
  })

  test('tells of a job and of an attempt everything, in order, and nothing else', () => {
    const store = openStore({ path: ':memory:' })
    const write = writer(store)
    const job = importJob(store)
    const other = importJob(store)
    const [attempt, run] = [`${job}/1.1`, 'R-000001']
    write({ kind: 'run.started', run, job, device: 'D-01' }, { kind: 'run.started', run: 'R-000002', job: other, device: 'D-02' })
    write(...attemptFacts(job, 1, 1, run, 'in-doubt'), ...attemptFacts(job, 2, 1, run, 'in-doubt'))
    write({ kind: 'recovery.found', attempts: [attempt, `${job}/2.1`] })
    write({ kind: 'prompt.answered', device: 'D-01', run, attempt, prompt: 'in-doubt', choice: 'card-spoiled' })
    write({ kind: 'attempt.resolved', attempt, verdict: 'rejected', basis: 'people', choice: 'card-spoiled' })
    write({ kind: 'record.requeued', job, record: 1 }, { kind: 'run.paused', run }, { kind: 'run.paused', run: 'R-000002' })
    write({ kind: 'job.reordered', jobs: [other, job] }, { kind: 'report.exported', job, format: 'csv', rows: 1 }, { kind: 'report.exported', format: 'csv', rows: 1 })
    const kinds = (rows: ReturnType<typeof store.timeline>) => rows.map((row) => row.fact.kind)
    expect(kinds(store.timeline({ attempt }))).toEqual(['attempt.claimed', 'attempt.intended', 'attempt.outcome', 'recovery.found', 'prompt.answered', 'attempt.resolved'])
    expect(kinds(store.timeline({ job: other }))).toEqual(['job.created', 'run.started', 'run.paused', 'job.reordered'])
    const all = store.timeline({ job })
    const doubt = ['attempt.claimed', 'attempt.intended', 'attempt.outcome']
    const after = ['recovery.found', 'prompt.answered', 'attempt.resolved', 'record.requeued', 'run.paused', 'job.reordered', 'report.exported']
    expect(kinds(all)).toEqual(['job.created', 'run.started', ...doubt, ...doubt, ...after])
    expect(all).toEqual(store.journal({ after: 0, limit: 100 }).filter((row) => all.some(({ sequence }) => sequence === row.sequence)))
    expect(store.timeline({ attempt: 'J-000009/1.1' })).toEqual([])
  })
})
