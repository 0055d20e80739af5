/** A personalization server as tests use it: scripts from `assets` or from the test, practice cards, simulated time. */
import { readFileSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { VirtualClock } from '#drivers/clock/virtual-clock.ts'
import { encrypt } from '#drivers/keystore-file/ciphers.ts'
import { systemRandom } from '#drivers/random/random.ts'
import { createCard } from '#drivers/virtual-card/cards.ts'
import { createPracticeStation } from '#drivers/virtual-card/station.ts'
import type { PracticeStation } from '#drivers/virtual-card/station.ts'
import type { VirtualCard } from '#drivers/virtual-card/virtual-card.ts'
import type { ChipOrder, ChipResult, PersonalizationServer, ScriptLibrary } from '#main/chip/personalization.ts'
import type { ScriptEngine } from '#main/chip/sandbox/engine.ts'
import { createLocalEngine } from '#main/chip/sandbox/local-engine.ts'
import { createPersonalizationServer } from '#main/chip/server.ts'
import type { CardKeys } from '#main/ports/card-keys.ts'
import type { Clock } from '#main/ports/clock.ts'
import { concatenate, fromHex, toHex } from '#shared/bytes.ts'
import type { PracticeCardType } from '#shared/chip/practice-card.ts'
import type { ChipGroup, PreparedChip } from '#shared/chip/prepared-chip.ts'
import type { ChipTask, TaskApplication } from '#shared/chip/task.ts'
import type { ChipTraceEntry } from '#shared/chip/trace.ts'
import { cardKeys } from './card-keys.ts'

const transportKey = '0123456789ABCDEFFEDCBA9876543210'

/** The practice cards' master keys (docs/virtual-cards.md), and a transport key. */
export const practiceKeys = (): Promise<CardKeys> =>
  cardKeys({
    'practice-des': { algorithm: 'des2', purpose: 'master', value: '404142434445464748494A4B4C4D4E4F' },
    'practice-aes128': { algorithm: 'aes128', purpose: 'master', value: '404142434445464748494A4B4C4D4E4F' },
    'practice-aes192': { algorithm: 'aes192', purpose: 'master', value: '404142434445464748494A4B4C4D4E4F5051525354555657' },
    'practice-aes256': { algorithm: 'aes256', purpose: 'master', value: '404142434445464748494A4B4C4D4E4F505152535455565758595A5B5C5D5E5F' },
    'new-aes192': { algorithm: 'aes192', purpose: 'master', value: '00112233445566778899AABBCCDDEEFF0123456789ABCDEF' },
    'new-aes256': { algorithm: 'aes256', purpose: 'master', value: '00112233445566778899AABBCCDDEEFFFFEEDDCCBBAA99887766554433221100' },
    'new-master': { algorithm: 'des2', purpose: 'master', value: '00112233445566778899AABBCCDDEEFF' },
    kek: { algorithm: 'des2', purpose: 'transport', value: transportKey },
  })

/** A group that came wrapped under the transport key. */
export function secretGroup(name: string, clear: string): ChipGroup {
  const value = fromHex(clear)
  const padded = concatenate(value, [0x80], new Uint8Array((8 - ((value.length + 1) % 8)) % 8))
  return {
    name,
    value: toHex(encrypt({ algorithm: 'des2', bytes: fromHex(transportKey) }, padded, 'cbc')),
    secret: { under: 'kek', mode: 'cbc', padding: 'iso-9797-2', clearLength: value.length },
  }
}

export interface Documents {
  tasks?: Record<string, ChipTask | string>
  scapps?: Record<string, string>
  extensions?: Record<string, string>
}

/** Documents of the test before those that are shipped. */
export function libraryOf({ tasks = {}, scapps = {}, extensions = {} }: Documents): ScriptLibrary {
  const own = { task: tasks, scapp: scapps, extension: extensions }
  const folders = { task: 'tasks', scapp: 'scapps', extension: 'extensions' }
  return {
    document(kind, id) {
      const given = own[kind][id]
      const source = given === undefined ? shipped(`${folders[kind]}/${id}.${kind === 'task' ? 'json' : 'js'}`) : typeof given === 'string' ? given : JSON.stringify(given)
      return source === undefined ? undefined : { source, name: id, revision: 0, digest: createHash('sha256').update(source).digest('hex') }
    },
  }
}

function shipped(path: string): string | undefined {
  try {
    return readFileSync(new URL(`../../assets/${path}`, import.meta.url), 'utf8')
  } catch {
    return undefined
  }
}

export function applicationOf(scapp: string, more: Partial<TaskApplication> = {}): TaskApplication {
  return { application: 'app', scapp, parameters: {}, keys: {}, template: [], open: [], verify: [], ...more }
}

export function taskOf(applications: TaskApplication[], more: Partial<ChipTask> = {}): ChipTask {
  return { cardwright: 'chip-task', version: 1, id: 'task', name: { en: 'Task', ru: 'Задание' }, card: { serial: { from: 'nothing' } }, applications, ...more }
}

export interface ChipBench {
  clock: VirtualClock
  server: PersonalizationServer
  keys: CardKeys
  bugs: unknown[]
}

export async function chipBench(documents: Documents, options: { engine?: ScriptEngine; clock?: Clock } = {}): Promise<ChipBench> {
  const clock = new VirtualClock()
  const keys = await practiceKeys()
  const bugs: unknown[] = []
  const server = createPersonalizationServer({ library: libraryOf(documents), keys, clock: options.clock ?? clock, random: systemRandom, engine: options.engine ?? createLocalEngine(), onBug: (thrown) => bugs.push(thrown) })
  return { clock, server, keys, bugs }
}

export function practiceCard(type: PracticeCardType, seed = 1): VirtualCard {
  return createCard(type, { seed, baudRate: 115_200 })
}

export interface Made {
  result: ChipResult
  trace: ChipTraceEntry[]
  identified: { atr: string; chip?: string }[]
}

/** Makes one card by the task `task`, in simulated time. */
export async function make(bench: ChipBench, card: VirtualCard, chip: PreparedChip, more: Partial<ChipOrder> & { answers?: Record<string, string>; station?: PracticeStation } = {}): Promise<Made> {
  const { answers = {}, station = createPracticeStation({ name: 'S1', clock: bench.clock }), ...order } = more
  if (more.station === undefined) station.insert(card)
  const trace: ChipTraceEntry[] = []
  const identified: { atr: string; chip?: string }[] = []
  const session = await bench.server.begin({ task: chip.task, device: 'D-01', answers })
  const result = await bench.clock.run(
    session.personalize({
      station,
      chip,
      identified(known) {
        identified.push(known)
        return 'go-on'
      },
      onTrace: (entry) => trace.push(entry),
      ...order,
    }),
  )
  await session.end()
  return { result, trace, identified }
}
