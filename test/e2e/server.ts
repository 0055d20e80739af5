/**
 * A whole Cardwright for one end-to-end test, as a process of its own so that it can be killed: a workspace in a folder,
 * served on loopback. It says on standard output where it listens, then takes orders as JSON lines on standard input and
 * answers each with a line.
 *
 *   node test/e2e/server.ts '{"folder":…,"pages":…}'   → {"address":"http://127.0.0.1:…","port":…}
 *   {"act":{"do":"speed","speed":100}}                 → {"done":true}    a hand at the practice machine
 *   {"add":{"name":…,"profile":…,"mode":…}}            → {"done":true}    one more practice machine
 *   {"stop":true}                                      → {"done":true}    an orderly end
 */
import { createInterface } from 'node:readline'
import type { SimulatorAction } from '#shared/device/simulator.ts'
import { openWorkspace, workspaceFiles } from '../../src/main/shell/compose.ts'
import { signIn } from '../../src/main/shell/demo-workspace.ts'
import { startWebHost } from '../../src/main/shell/web/host.ts'

type Order = { act: SimulatorAction } | { add: { name: string; profile: string; mode: string } } | { stop: true }

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
}

const { folder, pages, port, blanks, demo } = JSON.parse(process.argv[2] ?? '') as ServerOptions
const core = await openWorkspace({ folder, host: 'web', demo, blanks })
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
