/** Runs a shipped task with its shipped ScApps on a practice card: server, sandbox, key store, station and card, nothing pretended but time. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { systemClock } from '#drivers/clock/system-clock.ts'
import { VirtualClock } from '#drivers/clock/virtual-clock.ts'
import { systemRandom } from '#drivers/random/random.ts'
import { desEncryptEcb } from '#drivers/virtual-card/crypto.ts'
import { createPracticeStation } from '#drivers/virtual-card/station.ts'
import type { VirtualCard } from '#drivers/virtual-card/virtual-card.ts'
import type { ChipResult, ScriptLibrary } from '#main/chip/personalization.ts'
import { createLocalEngine } from '#main/chip/sandbox/local-engine.ts'
import { createPersonalizationServer } from '#main/chip/server.ts'
import type { ChipStation } from '#main/ports/chip-station.ts'
import type { Clock } from '#main/ports/clock.ts'
import { fromHex, toHex } from '#shared/bytes.ts'
import type { ChipGroup, PreparedChip } from '#shared/chip/prepared-chip.ts'
import type { ChipTask } from '#shared/chip/task.ts'
import type { ChipTraceEntry } from '#shared/chip/trace.ts'
import { cardKeys } from '../../../support/card-keys.ts'

const assets = fileURLToPath(new URL('../../../../assets', import.meta.url))
const usualTransport = '00112233445566778899AABBCCDDEEFF'

export const shippedTask = (id: string): ChipTask => JSON.parse(readFileSync(`${assets}/tasks/${id}.json`, 'utf8')) as ChipTask

/** A group in clear, or wrapped under the demo transport key. */
export const clear = (name: string, value: string): ChipGroup => ({ name, value })
export function secret(name: string, value: string): ChipGroup {
  return { name, value: toHex(desEncryptEcb(fromHex(usualTransport), fromHex(value))), secret: { under: 'demo-transport', mode: 'ecb', padding: 'none', clearLength: value.length / 2 } }
}

/** Groups by name, those of `secrets` wrapped. */
export function groupsOf(values: Record<string, string>, secrets: readonly string[]): ChipGroup[] {
  return Object.entries(values).map(([name, value]) => (secrets.includes(name) ? secret(name, value) : clear(name, value)))
}

const engine = createLocalEngine()

export interface Run {
  result: ChipResult
  trace: ChipTraceEntry[]
}

export interface RunOptions {
  /** Another task than shipped. */
  change?: (task: ChipTask) => void
  /** Value of the master key. */
  master?: string
  /** Value of the transport key. */
  transport?: string
}

/** In a practice station, in simulated time. */
export async function personalize(task: string, card: VirtualCard, applications: PreparedChip['applications'], options: RunOptions = {}): Promise<Run> {
  const clock = new VirtualClock()
  const station = createPracticeStation({ name: 'practice', clock })
  station.insert(card)
  // the interpreter is loaded before simulated time begins
  const work = await begin(task, clock, options)
  const run = await clock.run(work(station, applications))
  station.remove()
  return run
}

/** In any station, in real time. */
export async function personalizeIn(station: ChipStation, task: string, applications: PreparedChip['applications']): Promise<Run> {
  return (await begin(task, systemClock, {}))(station, applications)
}

async function begin(task: string, clock: Clock, { change, master, transport = usualTransport }: RunOptions) {
  const keys = await cardKeys({
    'demo-card-master': { algorithm: 'des2', purpose: 'master', value: master ?? '404142434445464748494A4B4C4D4E4F' },
    'demo-transport': { algorithm: 'des2', purpose: 'transport', value: transport },
  })
  const document = shippedTask(task)
  change?.(document)
  const library: ScriptLibrary = {
    document: (kind, id) => {
      const source = kind === 'task' ? JSON.stringify(document) : readFileSync(`${assets}/${kind}s/${id}.js`, 'utf8')
      return { source, name: id, revision: 0, digest: '' }
    },
  }
  const bugs: unknown[] = []
  const server = createPersonalizationServer({ library, keys, clock, random: systemRandom, engine, onBug: (bug) => bugs.push(bug) })
  const session = await server.begin({ task, device: 'D-01', answers: {} })
  return async (station: ChipStation, applications: PreparedChip['applications']): Promise<Run> => {
    const trace: ChipTraceEntry[] = []
    const result = await session.personalize({ station, chip: { task, applications }, identified: () => 'go-on', onTrace: (entry) => trace.push(entry) })
    if (bugs.length > 0) throw bugs[0]
    return { result, trace }
  }
}

/** What became of it, for a test's message: the reason and what the card said last. */
export function endOf({ result, trace }: Run): string {
  if (result.kind === 'done') return 'done'
  const last = trace.findLast((entry) => entry.kind === 'apdu')
  const report = result.kind === 'failed' ? JSON.stringify(result.report.accompanying) : ''
  return `${result.kind} ${result.reason.code} ${report} ${last?.kind === 'apdu' ? `${last.command.slice(0, 12)} → ${last.response ?? last.lost}` : ''}`
}
