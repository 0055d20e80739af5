/** The chip batch of the demo workspace, made through the whole core in simulated time: on the chip machine, and on conveyors. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { VirtualClock } from '#drivers/clock/virtual-clock.ts'
import { createClient, type Client, whenThere } from '#main/shell/client.ts'
import { openWorkspace } from '#main/shell/compose.ts'
import { demoPeople } from '#main/shell/demo-workspace.ts'
import { putRight } from '#main/shell/practice-hands.ts'
import type { Core } from '#main/transport/core.ts'
import type { DeviceId, JobId } from '#shared/journal/events.ts'
import type { SimulatorAction } from '#shared/device/simulator.ts'

const chipJob = 'J-000002'

interface Demo {
  clock: VirtualClock
  client: Client
  core: Core
  folder: string
}

let open: Demo | undefined

/** Files are read and passwords checked in real time, while the machines start up in their own. */
async function whileTimePasses<Value>(clock: VirtualClock, real: Promise<Value>): Promise<Value> {
  let over = false
  const end = () => {
    over = true
  }
  real.then(end, end)
  while (!over) {
    await clock.advance(10)
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
  return real
}

async function demo(): Promise<Demo> {
  const folder = mkdtempSync(join(tmpdir(), 'cardwright-chips-'))
  const clock = new VirtualClock()
  const core = await whileTimePasses(clock, openWorkspace({ folder, host: 'cli', demo: true, clock, keepPractice: false }))
  const client = createClient(core)
  const { name, password } = demoPeople.find(({ role }) => role === 'administrator')!
  await client.signIn(name, password)
  open = { clock, client, core, folder }
  return open
}

afterEach(async () => {
  if (open === undefined) return
  await whileTimePasses(open.clock, open.core.close())
  rmSync(open.folder, { recursive: true })
  open = undefined
})

async function runOn({ clock, client }: Demo, device: DeviceId, job: JobId = chipJob) {
  const { run } = await client.call('run.start', { job, device })
  const view = await clock.run(whenThere(client, ({ runs }) => runs.find((candidate) => candidate.run === run && candidate.state === 'ended')))
  const { rows } = await client.call('log.query', { filter: { job }, offset: 0, limit: 50 })
  return { ended: view.ended, rows: rows.toReversed() }
}

async function conveyor({ clock, client }: Demo, stations: number): Promise<DeviceId> {
  const saved = client.call('device.save', { name: `Conveyor ${stations}`, profile: `conveyor-${stations}`, mode: 'standard', link: { kind: 'simulator', speed: 1 }, stations: [] })
  return (await clock.run(saved)).device
}

const everything = ['chip', 'stripe', 'emboss', 'indent', 'topping', 'deliver']

describe('the chip batch of the demo workspace', () => {
  test('is made on the practice chip machine', async () => {
    const { ended, rows } = await runOn(await demo(), 'D-02')
    expect(ended).toEqual({ good: 12, rejected: 0, unused: 0 })
    expect(rows.map(({ record, state, done }) => ({ record, state, done }))).toEqual(rows.map((_, index) => ({ record: index + 1, state: 'good', done: everything })))
  })

  test('may not be opened with a key that is not there', async () => {
    const { client } = await demo()
    await client.call('chip.removeKey', { name: 'demo-card-master' })
    await expect(client.call('run.start', { job: chipJob, device: 'D-02' })).rejects.toMatchObject({ name: 'CardwrightError' })
  })

  test.each([1, 3, 7])('is made on a conveyor of %i chip stations', async (stations) => {
    const made = await demo()
    const { ended, rows } = await runOn(made, await conveyor(made, stations))
    expect(ended).toEqual({ good: 12, rejected: 0, unused: 0 })
    expect(rows.every(({ done }) => done.join() === everything.join())).toBe(true)
  })

  test('on a conveyor a chip that fails, a jam and a lost reader cost their own cards and no others; rejects become cards of a second run', async () => {
    const made = await demo()
    const { client } = made
    const device = await conveyor(made, 5)
    const act = (action: SimulatorAction) => client.call('simulator.act', { device, action })
    await act({ do: 'arm-chip', fault: { kind: 'status', ins: 0xe2, status: 0x6a84 } })
    await act({ do: 'arm-chip', fault: { kind: 'reader-lost', ins: 0xe2, moment: 'during' } })
    await act({ do: 'arm-chip', fault: { kind: 'removed', ins: 0xe2, moment: 'during' } })
    await act({ do: 'arm', fault: { kind: 'alarm', status: 'b', stage: 'emboss', moment: 'halfway', times: 1 } })
    const answered = new Set<string>()
    const stop = client.follow(({ prompts }) => {
      for (const prompt of prompts.filter(({ id }) => !answered.has(id))) {
        answered.add(prompt.id)
        const choice = (['card-spoiled', 'removed', 'continue', 'retry'] as const).find((id) => prompt.choices.some((offered) => offered.id === id))!
        void putRight(client, prompt).then(() => client.call('prompt.answer', { prompt: prompt.id, choice }))
      }
    })
    const first = await runOn(made, device)
    expect(first.ended.good + first.ended.rejected).toBe(12)
    expect(first.ended.rejected).toBe(4)
    await client.call('job.requeue', { job: chipJob })
    const second = await runOn(made, device)
    stop()
    expect(second.ended).toEqual({ good: 4, rejected: 0, unused: 0 })
    const { blanks } = await client.call('job.close', { job: chipJob })
    expect(blanks).toMatchObject({ picked: 16, good: 12, rejected: 4, inDoubt: 0 })
  })
})
