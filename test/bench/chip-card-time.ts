/**
 * A batch of EMV cards on a practice DC450, through the whole program in simulated time: serially, where the machine holds one card and its
 * chip is made before it goes on, and overlapped, where the next chip is made while a card is embossed. What stands before the limit is
 * what the machine's maker says of such cards.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { VirtualClock } from '#drivers/clock/virtual-clock.ts'
import { createClient, whenThere } from '#main/shell/client.ts'
import { openWorkspace } from '#main/shell/compose.ts'
import { demoPeople } from '#main/shell/demo-workspace.ts'
import { chipSamples } from '../support/make-chip-samples.ts'
import { metric, type Metric } from './metric.ts'

const cards = 40
const hour = 3_600_000

export async function measureChipCardTime(): Promise<Metric[]> {
  const batch = Buffer.from(chipSamples(cards))
  return [
    metric('cards_per_hour_chip_dc450_serial', await cardsPerHour('standard', batch), '1/h', 180),
    metric('cards_per_hour_chip_dc450_overlapped', await cardsPerHour('chip-fast', batch), '1/h', 300),
  ]
}

/** Between the end of the first card and that of the last. */
async function cardsPerHour(mode: string, batch: Buffer): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'cardwright-chips-'))
  const clock = new VirtualClock()
  try {
    const core = await whileTimePasses(clock, openWorkspace({ folder, host: 'cli', demo: true, clock, keepPractice: false }))
    const client = createClient(core)
    const { name, password } = demoPeople.find(({ role }) => role === 'administrator')!
    await client.signIn(name, password)
    const { device } = await clock.run(client.call('device.save', { name: 'Measured', profile: 'dc450', mode, link: { kind: 'simulator', speed: 1 }, stations: [] }))
    const { jobs } = await whenThere(client, (state) => state)
    for (const { job, design } of jobs) if (design === 'chip-debit-card') await client.call('job.discard', { job })
    // The card of which the maker says so many an hour has no indent line.
    const debit = await client.call('design.get', { design: 'chip-debit-card' })
    await client.call('design.save', { design: { ...debit, id: 'measured', lines: debit.lines.filter(({ kind }) => kind === 'emboss') } })
    const path = join(folder, 'batch.csv')
    writeFileSync(path, batch)
    const target = { upload: core.addUpload({ path, name: 'batch.csv' }), design: 'measured', device }
    const { options } = await whileTimePasses(clock, client.call('intake.preview', target))
    const imported = await whileTimePasses(clock, client.call('intake.import', { ...target, options, name: 'Measured' }))
    if (!imported.accepted) throw new Error(JSON.stringify(imported.mistakes[0]))
    const { run } = await client.call('run.start', { job: imported.job, device })
    const { ended } = await clock.run(whenThere(client, ({ runs }) => runs.find((view) => view.run === run && view.state === 'ended')))
    if (ended.good !== cards) throw new Error(`${ended.good} of ${cards} cards came out good`)
    const { rows } = await client.call('log.query', { filter: { job: imported.job }, offset: 0, limit: cards })
    const ends = rows.map(({ endedAt }) => endedAt!).toSorted((a, b) => a - b)
    await whileTimePasses(clock, core.close())
    return ((cards - 1) * hour) / (ends.at(-1)! - ends[0]!)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Work with real files in it, during which simulated time has to pass too. */
async function whileTimePasses<Value>(clock: VirtualClock, work: Promise<Value>): Promise<Value> {
  let over = false
  const end = () => {
    over = true
  }
  work.then(end, end)
  while (!over) {
    await clock.advance(5)
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
  return work
}
