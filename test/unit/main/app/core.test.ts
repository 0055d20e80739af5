/** The whole core as a host holds it: a furnished workspace, real files, the practice machine. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { LiveState } from '#shared/contract/live.ts'
import { applyChange } from '#shared/contract/live.ts'
import { luhnHolds } from '#shared/card/number.ts'
import { demoPeople, signIn } from '#main/shell/demo-workspace.ts'
import { openWorkspace } from '#main/shell/compose.ts'
import type { Core } from '#main/transport/core.ts'

let folder: string
let core: Core
let as: Awaited<ReturnType<typeof signIn>>
let live: LiveState
let watchers: (() => void)[] = []

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cardwright-core-'))
  core = await openWorkspace({ folder, host: 'cli', demo: true })
  as = await signIn(core, 'administrator')
  const { name, password } = demoPeople[0]!
  const signed = await core.call('session.signIn', { name, password }, { host: 'cli' })
  if (!signed.ok) throw new Error('nobody can sign in')
  core.listen((signed.value as { token: string }).token, (message) => {
    if (message.type === 'snapshot') live = message.state
    if (message.type === 'delta') live = message.changes.reduce(applyChange, live)
    for (const watch of watchers) watch()
  })
})

afterAll(async () => {
  await core.close()
  rmSync(folder, { recursive: true, force: true })
})

/** Resolves as soon as the live state fulfils `holds`. */
function until(holds: (state: LiveState) => boolean): Promise<void> {
  return new Promise((resolve) => {
    const watch = () => {
      if (!holds(live)) return
      watchers = watchers.filter((other) => other !== watch)
      resolve()
    }
    watchers.push(watch)
    watch()
  })
}

/** A file of bureau cards with these bodies (fifteen digits each). */
function fileOf(name: string, bodies: readonly string[]) {
  const numbers = bodies.map((body) => body + Array.from('0123456789').find((digit) => luhnHolds(body + digit))!)
  const path = join(folder, name)
  const row = (number: string) => `${number},2029-12,ANNA KARENINA,,201,1234,123,456`
  writeFileSync(path, ['number,expiry,name,company,service_code,pvv,cvv,cvv2', ...numbers.map(row)].join('\r\n'))
  return { upload: core.addUpload({ path, name }), numbers }
}

async function importFile(name: string, bodies: readonly string[]) {
  const { upload, numbers } = fileOf(name, bodies)
  const { options } = await as('intake.preview', { upload, design: 'debit-card' })
  const imported = await as('intake.import', { upload, options, design: 'debit-card', name })
  return { imported, numbers }
}

describe('importing', () => {
  test('a newcomer finds cards ready to run, with a chip and without, and connected practice machines for both', () => {
    expect(live.jobs).toMatchObject([{ state: 'ready', counts: { records: 25, queued: 25 } }, { state: 'ready', counts: { records: 12, queued: 12 } }])
    const ready = { connection: 'online', state: 'idle', reasons: [] }
    expect(live.devices).toMatchObject([ready, ready])
  })

  test('one mistake refuses the whole file and leaves nothing behind', async () => {
    const before = live.jobs.length
    const { imported, numbers } = await importFile('twice.csv', ['400000990000001', '400000990000002', '400000990000001'])
    expect(imported).toMatchObject({ accepted: false, mistakeCount: 1, mistakes: [{ code: 'data.duplicate-number', line: 4 }] })
    expect(JSON.stringify(imported)).not.toContain(numbers[0])
    expect(live.jobs).toHaveLength(before)
  })

  test('a number that waits in an open job is refused until that job is discarded', async () => {
    const first = await importFile('first.csv', ['400000990000101'])
    if (!first.imported.accepted) throw new Error('refused')
    expect((await importFile('again.csv', ['400000990000101'])).imported.accepted).toBe(false)
    await as('job.discard', { job: first.imported.job })
    const again = await importFile('again.csv', ['400000990000101'])
    expect(again.imported.accepted).toBe(true)
  })
})

describe('designs with a chip', () => {
  test('a task that there is not, or an application that it does not make, is found when the design is saved', async () => {
    const design = await as('design.get', { design: 'chip-debit-card' })
    const chip = design.chip!
    await expect(as('design.save', { design: { ...design, chip: { ...chip, task: 'no-such-task' } } })).rejects.toThrow('design.chip-no-task')
    const [payment, ...others] = chip.applications
    const purse = { ...design, chip: { ...chip, applications: [{ ...payment!, application: 'purse' }, ...others] } }
    await expect(as('design.save', { design: purse })).rejects.toThrow('design.chip-no-application')
    const { mistakes } = await as('design.check', { design: purse, profile: 'dc450', sample: {} })
    expect(mistakes).toEqual(expect.arrayContaining([expect.objectContaining({ code: 'design.chip-application-missing', place: 'chip.applications' })]))
    expect(await as('design.save', { design })).toEqual({ revision: 1 })
  })
})

describe('from the file to the seal', () => {
  test('a job runs, closes and is sealed; its reports and its database hold no full number', async () => {
    const { imported, numbers } = await importFile('run.csv', ['400000990000201', '400000990000202'])
    if (!imported.accepted) throw new Error('refused')
    const { job } = imported
    const { device } = live.devices[0]!
    await as('simulator.act', { device, action: { do: 'speed', speed: 1000 } })
    const { run } = await as('run.start', { job, device })
    await expect(as('run.start', { job, device })).rejects.toThrow('run.device-busy')
    await until(({ runs }) => runs.some((view) => view.run === run && view.state === 'ended'))

    const counts = await as('job.close', { job })
    expect(counts).toMatchObject({ good: 2, blanks: { picked: 2, good: 2, rejected: 0, inDoubt: 0 } })
    const audit = await as('audit.verify', {})
    expect(audit.brokenAt).toBeUndefined()
    expect(audit.brokenSeals).toEqual([])

    for (const format of ['csv', 'json'] as const) {
      const file = await as('job.protocol', { job, format, language: 'en' })
      const text = Buffer.from(file.base64, 'base64').toString('utf8')
      expect(text).toContain(`${job}/2.1`)
      for (const number of numbers) expect(text).not.toContain(number)
    }
    const bureau = await as('job.exportCards', { job })
    expect(Buffer.from(bureau.base64, 'base64').toString('utf8')).toMatch(/^#DCC#.*#END#@{6}\r\n/)

    await as('job.purge', { job })
    await expect(as('job.card', { job, record: 1 })).rejects.toThrow('job.purged')
    expect((await importFile('issued.csv', ['400000990000201'])).imported).toMatchObject({ accepted: false })
  })

  test('a device that can not be driven is not saved', async () => {
    const draft = { name: 'Nowhere', profile: 'no-such-machine', mode: 'standard', link: { kind: 'tcp' as const, host: '127.0.0.1', port: 9 } }
    const before = live.devices.length
    await expect(as('device.save', draft)).rejects.toThrow('device.no-profile')
    expect(live.devices).toHaveLength(before)
  })
})
