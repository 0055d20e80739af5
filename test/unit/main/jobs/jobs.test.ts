import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openFileKeyStore } from '#drivers/keystore-file/file-key-store.ts'
import { keyFileAt } from '#drivers/keystore-file/key-file.ts'
import { seededRandom } from '#drivers/random/random.ts'
import { VirtualClock } from '#drivers/clock/virtual-clock.ts'
import { createJobs } from '#main/jobs/jobs.ts'
import { openStore } from '#main/store/store.ts'
import type { PreparedCard } from '#shared/card/prepared.ts'
import { CardwrightError } from '#shared/faults.ts'
import type { JobId } from '#shared/journal/events.ts'
import { attemptFacts, design, start, writer } from '../../../support/store.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cardwright-jobs-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function card(number: string): PreparedCard {
  return {
    number,
    lines: [{ field: 'number', kind: 'emboss', side: 'front', font: 'farrington-7b', x: 10_000, y: 21_000, text: number.replace(/(.{4})(?=.)/g, '$1 ') }],
    tracks: { track1: `B${number}^ОЛЬГА/TEST^29122010000000000`, track2: `${number}=29122010000000000` },
    topping: true,
  }
}

const numbers = ['4000001234567899', '4000001111111118', '4000002222222228']

async function workplace() {
  const store = openStore({ path: join(folder, 'workspace.db') })
  const keys = openFileKeyStore({ file: keyFileAt(join(folder, 'keys.json')), random: seededRandom(1), cost: { logN: 4, r: 8, p: 1 } })
  await keys.create('P-01', 'password')
  const clock = new VirtualClock(start)
  const jobs = createJobs({ store, keys, clock })
  return { store, keys, jobs, write: writer(store) }
}

function imported({ jobs }: Awaited<ReturnType<typeof workplace>>, of = numbers): JobId {
  const session = jobs.startImport({ name: 'Branch 12', design, fileName: 'cards.csv' })
  session.add(of.map(card))
  return session.commit('cd'.repeat(32), 'P-01').job
}

/** Every byte that the workspace keeps on the disk. */
function onDisk(): string {
  return readdirSync(folder).map((name) => readFileSync(join(folder, name), 'latin1')).join('\n')
}

function codeOf(act: () => unknown): string | undefined {
  try {
    act()
    return undefined
  } catch (thrown) {
    return thrown instanceof CardwrightError ? thrown.faults[0].code : String(thrown)
  }
}

describe('an imported card', () => {
  test('comes out as it went in, and only where it belongs', async () => {
    const place = await workplace()
    const job = imported(place)
    expect(place.jobs.openCard(job, 2)).toEqual(card(numbers[1]!))
    expect(place.store.records(job, { offset: 0, limit: 10 }).rows[0]).toEqual({ record: 1, number: '400000••••••7899', state: 'queued', attempts: 0 })
    expect(place.store.job(job)).toMatchObject({ state: 'ready', createdBy: 'P-01', fileName: 'cards.csv', designName: design.name })
    expect(codeOf(() => place.jobs.openCard(job, 4))).toBe('job.record-not-ready')
    expect(codeOf(() => place.jobs.openCard('J-000099', 1))).toBe('job.unknown')
    place.keys.lock()
    expect(codeOf(() => place.jobs.openCard(job, 2))).toBe('key.locked')
  })

  test('is nowhere on the disk in clear: neither number, nor track, nor name', async () => {
    const place = await workplace()
    const job = imported(place)
    place.write({ kind: 'run.started', run: 'R-000001', job, device: 'D-01' }, ...attemptFacts(job, 1, 1, 'R-000001', 'good'))
    const open = onDisk()
    place.store.close()
    for (const bytes of [open, onDisk()]) {
      expect(bytes).toContain('Branch 12')
      for (const number of numbers) {
        for (const secret of [number, number.slice(0, 12), number.slice(4), number.replace(/(.{4})(?=.)/g, '$1 '), '=29122010', Buffer.from('ОЛЬГА').toString('latin1')]) {
          expect(bytes).not.toContain(secret)
        }
      }
    }
  })

  test('is found by its number while it waits, is in work or is good, and not once it is out of play', async () => {
    const place = await workplace()
    const { jobs, write } = place
    const job = imported(place)
    expect(jobs.known(['4000003333333330', numbers[1]!])).toEqual([{ index: 1, job, record: 2 }])
    write({ kind: 'run.started', run: 'R-000001', job, device: 'D-01' }, ...attemptFacts(job, 1, 1, 'R-000001', 'good'), ...attemptFacts(job, 2, 1, 'R-000001', 'rejected'))
    expect(jobs.known(numbers)).toEqual([
      { index: 0, job, record: 1, attempt: `${job}/1.1` },
      { index: 1, job, record: 2, attempt: `${job}/2.1` },
      { index: 2, job, record: 3 },
    ])
    write({ kind: 'run.ended', run: 'R-000001', why: 'stopped' })
    jobs.skip(job, [3, 3], 'P-01')
    jobs.close(job, 'P-01')
    expect(jobs.known(numbers).map(({ index }) => index)).toEqual([0])
    const waiting = imported(place, [numbers[2]!])
    jobs.discard(waiting, 'P-01')
    expect(jobs.known([numbers[2]!])).toEqual([])
  })
})

describe('an import', () => {
  test('that is abandoned leaves no trace, and its identifier is free again', async () => {
    const place = await workplace()
    const session = place.jobs.startImport({ name: 'x', design, fileName: 'x.csv' })
    session.add(numbers.map(card))
    expect(place.store.jobs()).toEqual([])
    expect(place.jobs.known(numbers)).toEqual([])
    session.abandon()
    expect(imported(place)).toBe(session.job)
    expect(place.store.journal({ after: 0, limit: 10 }).map((row) => row.fact.kind)).toEqual(['job.created'])
  })

  test('goes on beside another one and beside other work', async () => {
    const place = await workplace()
    const first = place.jobs.startImport({ name: 'first', design, fileName: 'a.csv' })
    const second = place.jobs.startImport({ name: 'second', design, fileName: 'b.csv' })
    first.add([card(numbers[0]!)])
    second.add([card(numbers[1]!)])
    place.write({ kind: 'workspace.created', name: 'Branch 12', demo: false })
    first.add([card(numbers[2]!)])
    expect([second.commit('00', 'P-01').job, first.commit('00', 'P-01').job]).toEqual(['J-000002', 'J-000001'])
    expect(place.jobs.openCard('J-000001', 2).number).toBe(numbers[2])
    expect(place.jobs.openCard('J-000002', 1).number).toBe(numbers[1])
    expect(place.store.jobs().map(({ job, order }) => [job, order])).toEqual([['J-000001', 1], ['J-000002', 0]])
  })
})

describe('the order of jobs', () => {
  test('follows what people say, for the jobs that they name', async () => {
    const place = await workplace()
    const [a, b, c] = [imported(place, ['1111']), imported(place, ['2222']), imported(place, ['3333'])]
    const order = () => place.store.jobs().toSorted((left, right) => left.order - right.order).map(({ job }) => job)
    place.jobs.reorder([c, a, a], 'P-01')
    expect(order()).toEqual([c, b, a])
    place.jobs.discard(b, 'P-01')
    expect(codeOf(() => place.jobs.reorder([b, a], 'P-01'))).toBe('job.not-open')
  })
})

describe('the end of a job', () => {
  test('tells every record, and its seal shows any later change', async () => {
    const place = await workplace()
    const { store, jobs, keys, write } = place
    const job = imported(place)
    write({ kind: 'run.started', run: 'R-000001', job, device: 'D-01' }, ...attemptFacts(job, 1, 1, 'R-000001', 'good'), ...attemptFacts(job, 2, 1, 'R-000001', 'rejected'))
    expect(codeOf(() => jobs.close(job, 'P-01'))).toBe('job.not-closable')
    write({ kind: 'run.ended', run: 'R-000001', why: 'stopped' })
    expect(codeOf(() => jobs.close(job, 'P-01'))).toBe('job.cards-waiting')
    expect(codeOf(() => jobs.discard(job, 'P-01'))).toBe('job.not-discardable')
    jobs.skip(job, [3], 'P-01')
    keys.lock()
    expect(codeOf(() => jobs.close(job, 'P-01'))).toBe('key.locked')
    expect(store.job(job)?.state).toBe('open')
    await keys.unlock('P-01', 'password')

    expect(jobs.close(job, 'P-01')).toMatchObject({ records: 3, good: 1, rejected: 1, skipped: 1, blanks: { picked: 2 } })
    const rows = store.journal({ after: 0, limit: 100 }).slice(-2)
    expect(rows.map((row) => row.fact.kind)).toEqual(['job.closed', 'job.sealed'])
    expect(rows[1]!.fact).toMatchObject({ head: rows[0]!.hash })
    expect(store.unsealed()).toEqual([])
    const mac = (head: Uint8Array) => keys.mac('journal', head)
    expect(store.verify(mac)).toMatchObject({ brokenSeals: [] })
    expect(store.verify(() => new Uint8Array(32)).brokenSeals).toEqual([job])
    expect(codeOf(() => jobs.requeue(job, undefined, 'P-01'))).toBe('job.not-open')
  })

  test('is sealed later where a crash came between', async () => {
    const { store, jobs, write, ...place } = await workplace()
    const job = imported({ store, jobs, write, ...place })
    jobs.skip(job, [1, 2, 3], 'P-01')
    const closed = write({ kind: 'job.closed', job, records: 3, good: 0, rejected: 0, skipped: 3, picked: 0, resolved: 0 })
    expect(store.unsealed()).toEqual([{ job, head: closed[0]!.hash }])
    jobs.sealClosed()
    jobs.sealClosed()
    expect(store.unsealed()).toEqual([])
    expect(store.journal({ after: 0, limit: 100 }).filter((row) => row.fact.kind === 'job.sealed')).toHaveLength(1)
  })
})

describe('a rejected card', () => {
  test('is made again by a click: alone, or all of them', async () => {
    const place = await workplace()
    const { store, jobs, write } = place
    const job = imported(place)
    write({ kind: 'run.started', run: 'R-000001', job, device: 'D-01' })
    for (const record of [1, 2, 3]) write(...attemptFacts(job, record, 1, 'R-000001', 'rejected'))
    expect(jobs.requeue(job, [2], 'P-01')).toBe(1)
    expect(store.nextQueued(job)).toBe(2)
    expect(jobs.requeue(job, undefined, 'P-01')).toBe(2)
    expect(store.counts(job)).toMatchObject({ queued: 3, rejected: 0, blanks: { rejected: 3 } })
    expect(codeOf(() => jobs.requeue(job, [1], 'P-01'))).toBe('job.record-not-ready')
    expect(jobs.requeue(job, undefined, 'P-01')).toBe(0)
  })
})

describe('purging', () => {
  test('destroys key and cards beyond recovery, and leaves the log', async () => {
    const place = await workplace()
    const { store, jobs, write } = place
    const job = imported(place)
    const wrapped = Buffer.from(store.jobMaterial(job)!.wrappedKey!).toString('latin1')
    const sealed = Buffer.from(store.card(job, 1)!.sealed).toString('latin1')
    write({ kind: 'run.started', run: 'R-000001', job, device: 'D-01' }, ...attemptFacts(job, 1, 1, 'R-000001', 'good'), { kind: 'run.ended', run: 'R-000001', why: 'stopped' })
    expect(onDisk()).toContain(wrapped)
    expect(codeOf(() => jobs.purge(job, 'P-01'))).toBe('job.not-closed')
    jobs.skip(job, [2, 3], 'P-01')
    jobs.close(job, 'P-01')
    jobs.purge(job, 'P-01')
    expect(onDisk()).not.toContain(wrapped)
    expect(onDisk()).not.toContain(sealed)
    expect(codeOf(() => jobs.openCard(job, 1))).toBe('job.purged')
    expect(codeOf(() => jobs.purge(job, 'P-01'))).toBe('job.purged')
    expect(store.job(job)).toMatchObject({ state: 'closed', purged: true, counts: { good: 1 } })
    expect(store.log({ job }, { offset: 0, limit: 10 }).rows[0]?.number).toBe('400000••••••7899')
    // A number that was issued is known for ever.
    expect(jobs.known(numbers).map(({ index }) => index)).toEqual([0])
  })
})
