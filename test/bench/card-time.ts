/**
 * How much of a card's time is the machine's own: a batch on a simulated DC450 in standard mode, through the whole core.
 * The machine's time is its mechanics plus the bytes on its line at its own rate; whatever else passes, waiting in
 * simulated time or computing in real time, is the host's.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { VirtualClock } from '#drivers/clock/virtual-clock.ts'
import { createCpxDriver } from '#drivers/cpx/driver.ts'
import { profileSummary, shippedProfiles } from '#drivers/cpx/profile.ts'
import { Machine } from '#drivers/cpx/simulator/machine.ts'
import { memoryKeyFile } from '#drivers/keystore-file/key-file.ts'
import { openFileKeyStore } from '#drivers/keystore-file/file-key-store.ts'
import { systemRandom } from '#drivers/random/random.ts'
import { memoryOpener } from '#drivers/serial/memory-pipe.ts'
import { createApp } from '#main/app.ts'
import { sourceFiles } from '#main/intake/source-files.ts'
import type { ByteLink } from '#main/ports/byte-link.ts'
import { demoPeople, furnishDemo, sampleBatch, signIn } from '#main/shell/demo-workspace.ts'
import { openStore } from '#main/store/store.ts'
import type { Core } from '#main/transport/core.ts'
import type { JobId } from '#shared/journal/events.ts'
import { metric } from './metric.ts'
import type { Metric } from './metric.ts'

/** 9600 baud, eight data bits, one start and one stop bit. */
const byteMilliseconds = 10_000 / 9_600

export async function measureCardTime(): Promise<Metric[]> {
  const folder = mkdtempSync(join(tmpdir(), 'cardwright-bench-'))
  const clock = new VirtualClock()
  const store = openStore({ path: join(folder, 'cardwright.db') })
  try {
    const machine = new Machine({ clock, start: { model: 'dc450', blanks: 80 } })
    const profile = shippedProfiles.find((candidate) => candidate.profile === 'dc450')!
    let bytes = 0
    const opener = memoryOpener((far) => machine.attach(counted(far, (count) => (bytes += count))))
    const driver = createCpxDriver({ profile, mode: 'standard', opener, clock })
    const keys = openFileKeyStore({ file: memoryKeyFile(), random: systemRandom, cost: { logN: 4, r: 8, p: 1 } })
    const core = await createApp({
      store,
      keys,
      clock,
      random: systemRandom,
      devices: {
        profiles: () => shippedProfiles.map(profileSummary),
        ports: () => Promise.resolve([]),
        open: () => ({ driver, stations: new Map(), trace: () => [], dispose: () => Promise.resolve() }),
      },
      sources: sourceFiles,
      host: 'cli',
      version: 'bench',
      demoPeople,
      onBug: (thrown) => {
        throw thrown
      },
    })
    await whileTimePasses(clock, furnishDemo(core, { store, keys, clock }))
    const as = await signIn(core, 'administrator')
    const job = await importStripeCards(core, as, store.jobs()[0]!.job)
    const [device] = store.devices()
    bytes = 0
    const workedBefore = machine.worked
    const simulated = clock.elapsed()
    const real = performance.now()
    const ended = new Promise<void>((resolve) => store.onAppended((rows) => rows.some(({ fact }) => fact.kind === 'run.ended') && resolve()))
    await as('run.start', { job, device: device!.device })
    await clock.run(ended)
    const total = clock.elapsed() - simulated + (performance.now() - real)
    const worked = machine.worked - workedBefore + bytes * byteMilliseconds
    const { good, records } = store.counts(job)
    if (good !== records) throw new Error(`${good} of ${records} cards came out good`)
    return [metric('host_share_of_card_time', worked / total, 'machine ÷ total', 1), metric('cards_per_hour_dc450', (good * 3_600_000) / total, '1/h', 300)]
  } finally {
    store.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The sample batch on a design without an indent line: the stripe card of which the machine's maker says 300 an hour. */
async function importStripeCards(core: Core, as: Awaited<ReturnType<typeof signIn>>, sample: JobId): Promise<JobId> {
  await as('job.discard', { job: sample })
  const debit = await as('design.get', { design: sampleBatch.design })
  await as('design.save', { design: { ...debit, id: 'stripe-card', lines: debit.lines.filter(({ kind }) => kind === 'emboss') } })
  const upload = core.addUpload({ path: sampleBatch.path, name: sampleBatch.fileName })
  const { options } = await as('intake.preview', { upload, design: 'stripe-card' })
  const imported = await as('intake.import', { upload, options, design: 'stripe-card', name: 'Stripe cards' })
  if (!imported.accepted) throw new Error(JSON.stringify(imported.mistakes[0]))
  return imported.job
}

/** Work with real files in it, during which simulated time has to pass too. */
async function whileTimePasses<Value>(clock: VirtualClock, work: Promise<Value>): Promise<Value> {
  let over = false
  const done = work.finally(() => (over = true))
  while (!over) {
    await clock.advance(1)
    await new Promise((resolve) => setImmediate(resolve))
  }
  return done
}

function counted(link: ByteLink, count: (bytes: number) => void): ByteLink {
  return {
    name: link.name,
    write(bytes) {
      count(bytes.length)
      return link.write(bytes)
    },
    onData: (listener) =>
      link.onData((bytes) => {
        count(bytes.length)
        listener(bytes)
      }),
    onClose: (listener) => link.onClose(listener),
    close: () => link.close(),
  }
}
