/**
 * A batch of EMV cards on conveyors of one to seven chip stations, through the whole core in simulated time. What the cards an hour are
 * measured against is the slowest module: the embosser with what brings a card to it, or the chip stations all together, each for the time
 * that the chip alone takes on a bare station in the same run, and the carousel's two turns.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { VirtualClock } from '#drivers/clock/virtual-clock.ts'
import { conveyorTiming, slowestModule } from '#drivers/conveyor/simulator/model.ts'
import { memoryKeyFile } from '#drivers/keystore-file/key-file.ts'
import { openFileKeyStore } from '#drivers/keystore-file/file-key-store.ts'
import { systemRandom } from '#drivers/random/random.ts'
import { createCard } from '#drivers/virtual-card/cards.ts'
import { createPracticeStation } from '#drivers/virtual-card/station.ts'
import { checkFile } from '#main/intake/check-file.ts'
import { guessSource } from '#main/intake/guess.ts'
import { createLocalEngine } from '#main/chip/sandbox/local-engine.ts'
import { createPersonalizationServer } from '#main/chip/server.ts'
import { createClient, whenThere } from '#main/shell/client.ts'
import { openWorkspace } from '#main/shell/compose.ts'
import { conveyorChip } from '#main/shell/chip-devices.ts'
import { importDemoKeys } from '#main/shell/demo-keys.ts'
import { demoPeople } from '#main/shell/demo-workspace.ts'
import { conveyorLimits } from '#drivers/conveyor/profile.ts'
import { libraryOf } from '../support/chip-work.ts'
import { chipSamples } from '../support/make-chip-samples.ts'
import { template } from '../unit/shared/design/samples.ts'
import { metric, type Metric } from './metric.ts'

const cards = 60
const hour = 3_600_000

export async function measureConveyors(): Promise<Metric[]> {
  const batch = Buffer.from(chipSamples(cards))
  const chipTime = await timeOfOneChip(batch)
  const measured: Metric[] = []
  for (let stations = 1; stations <= 7; stations++) {
    const perCard = Math.max(slowestModule, (chipTime + 2 * conveyorTiming.turn) / stations)
    measured.push(metric(`conveyor_cards_per_hour_${stations}`, await cardsPerHour(stations, batch), '1/h', hour / perCard))
  }
  return measured
}

/** Milliseconds from the card in its station to the result. */
async function timeOfOneChip(batch: Buffer): Promise<number> {
  const keys = openFileKeyStore({ file: memoryKeyFile(), random: systemRandom, cost: { logN: 4, r: 8, p: 1 } })
  await keys.create('P-01', 'password')
  importDemoKeys(keys.cardKeys)
  const clock = new VirtualClock()
  const server = createPersonalizationServer({ library: libraryOf({}), keys: keys.cardKeys, clock, random: systemRandom, engine: createLocalEngine() })
  const session = await server.begin({ task: 'emv-debit', device: 'D-01', answers: {} })
  const station = createPracticeStation({ name: 'bare', clock })
  station.insert(createCard(conveyorChip.type, { seed: 1, baudRate: conveyorChip.baudRate }))
  for await (const { cards: checked } of checkFile(whole(batch), guessSource(batch).options, template('chip-debit-card'), { limits: conveyorLimits(), today: '2026-11-23' })) {
    const [first] = checked
    if (first?.card.chip === undefined) continue
    const began = clock.elapsed()
    const result = await clock.run(session.personalize({ station, chip: first.card.chip, identified: () => 'go-on' }))
    if (result.kind !== 'done') throw new Error(`the chip ended ${result.kind}`)
    return clock.elapsed() - began
  }
  throw new Error('the batch holds no card')
}

async function* whole(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

/** Between the end of the first card and that of the last: what the line does once it is full. */
async function cardsPerHour(stations: number, batch: Buffer): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'cardwright-conveyor-'))
  const clock = new VirtualClock()
  try {
    const core = await whileTimePasses(clock, openWorkspace({ folder, host: 'cli', demo: true, clock, keepPractice: false }))
    const client = createClient(core)
    const { name, password } = demoPeople.find(({ role }) => role === 'administrator')!
    await client.signIn(name, password)
    const link = { kind: 'simulator', speed: 1 } as const
    const { device } = await clock.run(client.call('device.save', { name: 'Conveyor', profile: `conveyor-${stations}`, mode: 'standard', link, stations: [] }))
    const { jobs } = await whenThere(client, (state) => state)
    await client.call('job.discard', { job: jobs.find(({ design }) => design === 'chip-debit-card')!.job })
    const path = join(folder, 'batch.csv')
    writeFileSync(path, batch)
    const target = { upload: core.addUpload({ path, name: 'batch.csv' }), design: 'chip-debit-card', device }
    const { options } = await whileTimePasses(clock, client.call('intake.preview', target))
    const imported = await whileTimePasses(clock, client.call('intake.import', { ...target, options, name: 'Conveyor' }))
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
