/**
 * What scripts cost: for each command, and for a whole payment application on a GlobalPlatform card. The card's time is that of its
 * timing model, bytes on the line and EEPROM; whatever else passes, in simulated time or in computing, is the host's.
 */
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { VirtualClock } from '#drivers/clock/virtual-clock.ts'
import { systemClock } from '#drivers/clock/system-clock.ts'
import { systemRandom } from '#drivers/random/random.ts'
import { createCard } from '#drivers/virtual-card/cards.ts'
import { createPracticeStation } from '#drivers/virtual-card/station.ts'
import type { VirtualCard } from '#drivers/virtual-card/virtual-card.ts'
import { createLocalEngine } from '#main/chip/sandbox/local-engine.ts'
import { createThreadEngine } from '#main/chip/sandbox/thread-engine.ts'
import { createPersonalizationServer } from '#main/chip/server.ts'
import type { ChipTraceEntry } from '#shared/chip/trace.ts'
import { applicationOf, libraryOf, practiceKeys, secretGroup, taskOf } from '../support/chip-work.ts'
import { rsaFrom } from '../support/demo-pki.ts'
import { cardData } from '../support/emv-card-data.ts'
import { metric } from './metric.ts'
import type { Metric } from './metric.ts'

export async function measureScApps(): Promise<Metric[]> {
  // The first card finds the program cold.
  await personalize(115_200)
  const slow = await personalize(9_600)
  const fast = await personalize(115_200)
  return [
    await measureCommands(),
    metric('apdus_per_emv_application', fast.commands, '1', fast.fewest),
    metric('emv_application_seconds_9600', slow.seconds, 's', slow.cardSeconds),
    metric('emv_application_seconds_115200', fast.seconds, 's', fast.cardSeconds),
  ]
}

const many = 4_000

/** One awaited command of a script in its thread, beside one message to a thread and back. */
async function measureCommands(): Promise<Metric> {
  const engine = createThreadEngine({ clock: systemClock })
  const source = `export default async (card) => { for (let n = 0; n < card.parameters.many; n++) await card.send({ cla: 0x80, ins: 0xca, p1: 0x9f, p2: 0x7f, le: 0 }) }`
  const limits = { seconds: 60, memoryMegabytes: 32, stackKilobytes: 512 }
  const answer = { ok: true, value: { data: '9F7F2A', status: '9000' } } as const
  const run = (count: number) =>
    engine.run({ name: 'bench', source, call: 'default', kind: 'scapp', argument: { answerToReset: '3B00', parameters: { many: count }, handed: {}, groups: [] }, limits }, { call: () => Promise.resolve(answer), tell: () => true })
  await run(many)
  const before = performance.now()
  const ending = await run(many)
  const microseconds = ((performance.now() - before) * 1_000) / many
  await engine.close()
  if (ending.kind !== 'returned') throw new Error(`the script ended as ${ending.kind}`)
  return metric('scapp_overhead_us_per_apdu', microseconds, 'µs', await roundTrip())
}

/** Microseconds of a message to a bare thread and back. */
async function roundTrip(): Promise<number> {
  const thread = new Worker("const { parentPort } = require('node:worker_threads'); parentPort.on('message', (message) => parentPort.postMessage(message))", { eval: true })
  const message = { type: 'answer', answer: { ok: true, value: { data: '9F7F2A', status: '9000' } } }
  let before = 0
  for (let count = -many; count < many; count += 1) {
    if (count === 0) before = performance.now()
    thread.postMessage(message)
    await once(thread, 'message')
  }
  const microseconds = ((performance.now() - before) * 1_000) / many
  await thread.terminate()
  return microseconds
}

const identifier = 'A0000000031010'

/** A payment application with CDA and its private key, personalized through SCP02 with a MAC on each command. */
async function personalize(baudRate: number): Promise<{ seconds: number; cardSeconds: number; commands: number; fewest: number }> {
  const pki = { index: '92', ca: rsaFrom('ca', 1_152), issuer: rsaFrom('issuer', 1_024), icc: rsaFrom('icc', 960) }
  const data = cardData({ scheme: 'visa-18', number: '4276550000000018', expiry: '2912', name: 'PETROV/PETR', authentication: 'CDA', pki })
  const groups = Object.entries(data).map(([name, value]) => (name.startsWith('8') ? secretGroup(name, value) : { name, value }))
  const application = applicationOf('emv-cps', {
    parameters: { application: identifier, diversification: 'emv-cps', level: 'mac', secrets: 'as-the-application-knows', install: true, loadFile: 'F043415244575201', module: 'F04341524457520101' },
    keys: { 'card-manager': 'practice-des' },
    template: groups.map(({ name, ...group }) => ({ group: name, required: true, secret: 'secret' in group })),
  })
  const clock = new VirtualClock()
  const server = createPersonalizationServer({ library: libraryOf({ tasks: { task: taskOf([application]) } }), keys: await practiceKeys(), clock, random: systemRandom, engine: createLocalEngine() })
  const session = await server.begin({ task: 'task', device: 'D-01', answers: {} })
  let cardMilliseconds = 0
  const card = timed(createCard('gp-scp02-15', { seed: 1, baudRate }), (milliseconds) => (cardMilliseconds += milliseconds))
  const station = createPracticeStation({ name: 'S1', clock })
  station.insert(card)
  const trace: Extract<ChipTraceEntry, { kind: 'apdu' }>[] = []
  let [simulated, real] = [0, 0]
  const result = await clock.run(
    session.personalize({
      station,
      chip: { task: 'task', applications: [{ application: 'app', groups }] },
      identified() {
        ;[simulated, real, cardMilliseconds] = [clock.elapsed(), performance.now(), 0]
        return 'go-on'
      },
      onTrace: (entry) => entry.kind === 'apdu' && entry.response !== undefined && trace.push(entry),
    }),
  )
  const seconds = (clock.elapsed() - simulated + (performance.now() - real)) / 1_000
  if (result.kind !== 'done') throw new Error(`the card ended as ${result.reason.code}`)
  const stored = trace.map(({ wrapped }) => wrapped ?? '').filter((command) => command.startsWith('84E2'))
  const bytes = stored.reduce((sum, command) => sum + Number.parseInt(command.slice(8, 10), 16), 0)
  return { seconds, cardSeconds: cardMilliseconds / 1_000, commands: trace.length, fewest: Math.ceil(bytes / 255) + trace.length - stored.length }
}

/** Tells what each command costs on the line and in the EEPROM. */
function timed(card: VirtualCard, spent: (milliseconds: number) => void): VirtualCard {
  return new Proxy(card, {
    get(target, name) {
      if (name !== 'transmit') {
        const value = Reflect.get(target, name) as unknown
        return typeof value === 'function' ? (value.bind(target) as unknown) : value
      }
      return (command: Uint8Array) => {
        const response = target.transmit(command)
        spent(response.cost.line + response.cost.memory)
        return response
      }
    },
  })
}
