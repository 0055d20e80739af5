/**
 * The machine's process: a served practice machine that outlives every program that drives it. It says where it listens,
 * and a line whenever another module begins to work, so that a program can be killed at such a moment.
 *
 *   node test/crash/machine.ts   → {"port":…,"control":…}, then {"module":"encoder"}, …
 */
import { systemClock } from '#drivers/clock/system-clock.ts'
import { serveSimulator } from '#drivers/cpx/simulator/serve.ts'
import { pace } from './pace.ts'

const say = (value: unknown) => process.stdout.write(`${JSON.stringify(value)}\n`)

const served = await serveSimulator({
  model: 'dc450',
  link: { kind: 'tcp', port: 0 },
  control: 0,
  clock: systemClock,
  speed: pace,
  blanks: 200,
  onModule: (module) => say({ module: module ?? 'none' }),
})
say({ port: Number(served.address.split(':').at(-1)), control: served.controlPort })
