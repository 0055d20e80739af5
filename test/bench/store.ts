/** What the store costs beside a bare database with the same settings on the same disk, measured in turns in one run. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Fact } from '#shared/journal/events.ts'
import { openStore } from '#main/store/store.ts'
import { attemptFacts, importJob, start, writer } from '../support/store.ts'
import { metric } from './metric.ts'
import type { Metric } from './metric.ts'

/** Turns taken by the store and the bare database one after the other, so that both meet the same disk. */
const turns = 10

function inFolder<Value>(work: (folder: string) => Value): Value {
  const folder = mkdtempSync(join(tmpdir(), 'cardwright-bench-'))
  try {
    return work(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function openBare(path: string): DatabaseSync {
  const bare = new DatabaseSync(path)
  bare.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA cache_size = -32768')
  return bare
}

function timed(work: () => void): number {
  const from = performance.now()
  work()
  return performance.now() - from
}

/** Durable commits of one fact each, as a run of good cards makes them; the limit is a bare insert of rows of that size. */
export async function measureJournal(): Promise<Metric[]> {
  return inFolder((folder) => {
    const cardsPerTurn = 100
    const store = openStore({ path: join(folder, 'workspace.db') })
    const job = importJob(store, { records: turns * cardsPerTurn })
    const write = writer(store)
    const before = write({ kind: 'run.started', run: 'R-000001', job, device: 'D-01' }).at(-1)!.sequence
    const bare = openBare(join(folder, 'bare.db'))
    bare.exec('CREATE TABLE journal (sequence INTEGER PRIMARY KEY, body TEXT NOT NULL, hash BLOB NOT NULL) STRICT')
    const insert = bare.prepare('INSERT INTO journal (body, hash) VALUES (?, ?)')
    const spent = { store: 0, bare: 0 }
    let commits = 0
    for (let turn = 0; turn < turns; turn++) {
      const facts: Fact[] = []
      for (let card = 1; card <= cardsPerTurn; card++) facts.push(...attemptFacts(job, turn * cardsPerTurn + card, 1, 'R-000001', 'good'))
      spent.store += timed(() => facts.forEach((fact) => write(fact)))
      const bodies = store
        .journal({ after: before + commits, limit: facts.length })
        .map(({ previous: _, hash, ...body }) => ({ hash: Buffer.from(hash, 'hex'), text: JSON.stringify(body) }))
      commits += facts.length
      spent.bare += timed(() => {
        for (const { text, hash } of bodies) {
          bare.exec('BEGIN IMMEDIATE')
          insert.run(text, hash)
          bare.exec('COMMIT')
        }
      })
    }
    store.close()
    bare.close()
    return [metric('journal_commits_per_second', (commits * 1_000) / spent.store, '1/s', (commits * 1_000) / spent.bare)]
  })
}

/**
 * A page of the log with its total, over 100,000 attempts, by state, device and day. The limit is the same question in bare
 * SQL over the same columns, with an index made for it.
 */
export async function measureLogFilter(): Promise<Metric[]> {
  return inFolder((folder) => {
    const path = join(folder, 'workspace.db')
    fillLog(path, 100_000)
    const bare = openBare(join(folder, 'bare.db'))
    bare.exec(`ATTACH '${path}' AS workspace; CREATE TABLE attempts AS SELECT * FROM workspace.attempts; DETACH workspace`)
    bare.exec('CREATE INDEX fitting ON attempts (device, state, started_at)')
    const where = "FROM attempts WHERE device = 'D-02' AND state = 'rejected' AND started_at >= ? AND started_at < ?"
    const count = bare.prepare(`SELECT count(*) AS total ${where}`)
    const page = bare.prepare(`SELECT * ${where} ORDER BY id DESC LIMIT 100`)

    const store = openStore({ path })
    const day = 86_400_000
    const filter = { device: 'D-02', states: ['rejected'], from: start + 2 * day, to: start + 3 * day } as const
    const spent = { store: 0, bare: 0 }
    const found = { store: -1, bare: -2 }
    for (let turn = 0; turn < turns; turn++) {
      spent.store += timed(() => (found.store = store.log(filter, { offset: 0, limit: 100 }).total))
      spent.bare += timed(() => {
        found.bare = Number(count.get(filter.from, filter.to)?.['total'])
        page.all(filter.from, filter.to)
      })
    }
    store.close()
    bare.close()
    if (found.store !== found.bare) throw new Error(`the two logs differ: ${found.store} and ${found.bare}`)
    return [metric('log_100k_filter_ms', spent.store / turns, 'ms', spent.bare / turns)]
  })
}

/** Five cards in a hundred are spoiled; three devices take turns; ten days. */
function fillLog(path: string, attempts: number): void {
  const store = openStore({ path })
  const job = importJob(store, { records: attempts })
  const devices = ['D-01', 'D-02', 'D-03']
  store.append(devices.map((device, index) => ({ at: start, by: 'P-01', fact: { kind: 'run.started', run: `R-00000${index + 1}`, job, device } })))
  const perLot = 1_000
  for (let first = 1; first <= attempts; first += perLot) {
    const lot = Array.from({ length: perLot }, (_, index) => first + index).flatMap((record) => {
      const facts = attemptFacts(job, record, 1, `R-00000${(record % 3) + 1}`, record % 20 === 7 ? 'rejected' : 'good')
      const device = devices[record % 3]!
      const at = start + record * 8_640
      return facts.map((fact) => ({ at, by: 'P-01' as const, fact: fact.kind === 'attempt.claimed' ? { ...fact, device } : fact }))
    })
    store.append(lot)
  }
  store.close()
}
