/**
 * A whole Cardwright for one end-to-end test, as a process of its own so that it can be killed: a workspace in a folder,
 * served on loopback. It says on standard output where it listens, then takes orders as JSON lines on standard input and
 * answers each with a line.
 *
 *   node test/e2e/server.ts '{"folder":…,"pages":…}'   → {"address":"http://127.0.0.1:…","port":…}
 *   {"act":{"do":"speed","speed":100}}                 → {"done":true}    a hand at the practice machine
 *   {"add":{"name":…,"profile":…,"mode":…}}            → {"done":true}    one more practice machine
 *   {"card":"gp-scp02-55"}                             → {"done":true}    a practice card into the reader on the desk
 *   {"stop":true}                                      → {"done":true}    an orderly end
 */
import { createInterface } from 'node:readline'
import { scaledClock, systemClock } from '#drivers/clock/system-clock.ts'
import { createCard } from '#drivers/virtual-card/cards.ts'
import { createPracticeStation } from '#drivers/virtual-card/station.ts'
import type { PracticeCardType } from '#shared/chip/practice-card.ts'
import type { SimulatorAction } from '#shared/device/simulator.ts'
import { openWorkspace, workspaceFiles } from '../../src/main/shell/compose.ts'
import { signIn } from '../../src/main/shell/demo-workspace.ts'
import { startWebHost } from '../../src/main/shell/web/host.ts'

type Order = { act: SimulatorAction } | { add: { name: string; profile: string; mode: string } } | { card: PracticeCardType } | { stop: true }

export interface ServerOptions {
  folder: string
  /** What Vite built. */
  pages: string
  /** Zero: any. */
  port: number
  /** In the hopper of a new practice machine. */
  blanks: number
  /** A new workspace is furnished to practise on. */
  demo: boolean
  /** A reader of this name on the desk, for practice cards, instead of the readers of this computer. */
  reader?: string
}

const { folder, pages, port, blanks, demo, reader } = JSON.parse(process.argv[2] ?? '') as ServerOptions
/** Its line is so fast that nobody waits for it. */
const station = reader === undefined ? undefined : createPracticeStation({ name: reader, clock: scaledClock(systemClock, () => 1000) })
const readers = station && { list: () => Promise.resolve([{ name: station.name, state: station.state().state }]), station: () => station }
const core = await openWorkspace({ folder, host: 'web', demo, blanks, ...(readers && { readers }) })
const host = await startWebHost({ core, pagesFolder: pages, uploadsFolder: workspaceFiles(folder).uploads, port })
/** The machine that a demo workspace is furnished with. */
const device = 'D-01'

const say = (value: unknown) => process.stdout.write(`${JSON.stringify(value)}\n`)

async function obey(order: Order): Promise<void> {
  if ('stop' in order) {
    await host.close()
    await core.close()
    say({ done: true })
    process.exit(0)
  }
  if ('card' in order) {
    station?.remove()
    station?.insert(createCard(order.card, { seed: 77, baudRate: 115_200 }))
    return void say({ done: true })
  }
  const as = await signIn(core, 'administrator')
  if ('act' in order) await as('simulator.act', { device, action: order.act })
  else await as('device.save', { ...order.add, link: { kind: 'simulator', speed: 1 } })
  await as('session.signOut', {})
  say({ done: true })
}

say({ address: host.address, port: host.port })
for await (const line of createInterface({ input: process.stdin })) {
  await obey(JSON.parse(line) as Order).catch((thrown: unknown) => say({ failed: String(thrown) }))
}
