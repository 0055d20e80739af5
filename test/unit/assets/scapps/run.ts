/** Runs a shipped task with its shipped ScApps on a practice card: server, sandbox, key store, station and card, nothing pretended but time. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { VirtualClock } from '#drivers/clock/virtual-clock.ts'
import { systemRandom } from '#drivers/random/random.ts'
import { desEncryptEcb } from '#drivers/virtual-card/crypto.ts'
import { createPracticeStation } from '#drivers/virtual-card/station.ts'
import type { VirtualCard } from '#drivers/virtual-card/virtual-card.ts'
import type { ChipResult, ScriptLibrary } from '#main/chip/personalization.ts'
import { createLocalEngine } from '#main/chip/sandbox/local-engine.ts'
import { createPersonalizationServer } from '#main/chip/server.ts'
import { fromHex, toHex } from '#shared/bytes.ts'
import type { ChipGroup, PreparedChip } from '#shared/chip/prepared-chip.ts'
import type { ChipTask } from '#shared/chip/task.ts'
import type { ChipTraceEntry } from '#shared/chip/trace.ts'
import { cardKeys } from '../../../support/card-keys.ts'

const assets = fileURLToPath(new URL('../../../../assets', import.meta.url))
const transport = '00112233445566778899AABBCCDDEEFF'

const shippedTask = (id: string): ChipTask => JSON.parse(readFileSync(`${assets}/tasks/${id}.json`, 'utf8')) as ChipTask

/** A group in clear, or wrapped under the demo transport key. */
export const clear = (name: string, value: string): ChipGroup => ({ name, value })
export function secret(name: string, value: string): ChipGroup {
  return { name, value: toHex(desEncryptEcb(fromHex(transport), fromHex(value))), secret: { under: 'demo-transport', mode: 'ecb', padding: 'none', clearLength: value.length / 2 } }
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

/** `change`: another task than shipped. */
export async function personalize(task: string, card: VirtualCard, applications: PreparedChip['applications'], options: { change?: (task: ChipTask) => void; master?: string } = {}): Promise<Run> {
  const keys = await cardKeys({
    'demo-card-master': { algorithm: 'des2', purpose: 'master', value: options.master ?? '404142434445464748494A4B4C4D4E4F' },
    'demo-transport': { algorithm: 'des2', purpose: 'transport', value: transport },
  })
  const document = shippedTask(task)
  options.change?.(document)
  const library: ScriptLibrary = {
    document: (kind, id) => {
      const source = kind === 'task' ? JSON.stringify(document) : readFileSync(`${assets}/${kind}s/${id}.js`, 'utf8')
      return { source, name: id, revision: 0, digest: '' }
    },
  }
  const clock = new VirtualClock()
  const bugs: unknown[] = []
  const server = createPersonalizationServer({ library, keys, clock, random: systemRandom, engine, onBug: (bug) => bugs.push(bug) })
  const station = createPracticeStation({ name: 'practice', clock })
  station.insert(card)
  const trace: ChipTraceEntry[] = []
  // the interpreter is loaded here, before simulated time begins
  const session = await server.begin({ task, device: 'D-01', answers: {} })
  const result = await clock.run(session.personalize({ station, chip: { task, applications }, identified: () => 'go-on', onTrace: (entry) => trace.push(entry) }))
  if (bugs.length > 0) throw bugs[0]
  station.remove()
  return { result, trace }
}

/** What became of it, for a test's message: the reason and what the card said last. */
export function endOf({ result, trace }: Run): string {
  if (result.kind === 'done') return 'done'
  const last = trace.findLast((entry) => entry.kind === 'apdu')
  const report = result.kind === 'failed' ? JSON.stringify(result.report.accompanying) : ''
  return `${result.kind} ${result.reason.code} ${report} ${last?.kind === 'apdu' ? `${last.command.slice(0, 12)} → ${last.response ?? last.lost}` : ''}`
}
