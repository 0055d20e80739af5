/**
 * One card on the workbench: a task is tried on it, stepped through command by command, and afterwards it may be spoken to by hand.
 * What happens here makes no card of any job. A practice card may be tried on as one likes; before a real one is touched, whoever
 * keeps the journal is asked.
 */
import type { BenchOrder, BenchTarget, BenchView } from '#shared/contract/chip-calls.ts'
import { fromHex, toHex } from '#shared/bytes.ts'
import type { ChipFault } from '#shared/chip/practice-card.ts'
import { statusHex } from '#shared/chip/apdu.ts'
import { CardwrightError } from '#shared/faults.ts'
import type { ChipConnection, ChipStation } from '../../ports/chip-station.ts'
import type { PracticeCard } from '../../ports/practice-cards.ts'
import type { ChipResult, PersonalizationServer } from '../personalization.ts'
import { unaskedNumber } from '../identify.ts'
import { askedFirst } from './asked-first.ts'
import { createGate } from './gate.ts'
import { maskedHex } from './mask.ts'
import { createTrace } from './trace.ts'
import type { ScriptCommand } from './trace.ts'

/** What a real card is to be used for, before anything is written to it. */
export interface Trial {
  reader: string
  atr: string
  chip?: string
  /** Identifier of the task; absent for commands typed by hand. */
  task?: string
}

export interface BenchParts {
  target: BenchTarget
  station: ChipStation
  /** Where the target is one. */
  practiceCard?: PracticeCard
  server: Pick<PersonalizationServer, 'begin'>
  /** Durable when it returns. `personalized-before` keeps the workbench off a card that belongs to somebody. */
  beforeRealCard(trial: Trial): 'go-on' | 'personalized-before'
}

export interface Bench {
  view(after: number): BenchView
  /** Throws `bench.busy`, and what the server throws where documents, keys or answers do not do. Returns once the try is under way. */
  start(order: BenchOrder): Promise<void>
  step(): void
  continue(): void
  stop(): void
  /** These faults and no others. Throws `bench.real-card`. */
  arm(faults: readonly ChipFault[]): void
  /** A command typed by hand, in hex. Throws `bench.busy`, `hex.malformed`, and what connecting throws. */
  send(command: string): Promise<void>
  close(): Promise<void>
}

/** A card that was not put in within this time will not come any more, in milliseconds. */
const patience = 30_000

export function createBench(parts: BenchParts): Bench {
  const { target, station, practiceCard, server } = parts
  const trace = createTrace()
  const gate = createGate()
  let state: BenchView['state'] = 'idle'
  let result: BenchView['result']
  let atr: string | undefined
  let stopping: AbortController | undefined
  let under: Promise<unknown> = Promise.resolve()
  /** Kept between commands typed by hand, so that what one selects the next finds selected. */
  let connection: ChipConnection | undefined

  const refuseBusy = () => {
    if (state === 'running' || state === 'halted') throw new CardwrightError({ code: 'bench.busy', class: 'operator' })
  }

  const letGo = async () => {
    const held = connection
    connection = undefined
    await held?.release('unpower')
  }

  /** For one try: a card is asked about by its own number, and by the one that the task looks for where that is another. */
  const asking = (task: string) => {
    const asked = new Set<string | undefined>()
    const identified = (card: { atr: string; chip?: string }) => {
      atr = card.atr
      if (target.kind === 'practice' || asked.has(card.chip) || (card.chip === undefined && asked.size > 0)) return 'go-on'
      asked.add(card.chip)
      return parts.beforeRealCard({ reader: target.reader, task, ...card })
    }
    const known = (card: { atr: string; chip?: string }) => (card.chip === undefined ? 'go-on' : identified(card))
    return { station: target.kind === 'practice' ? station : askedFirst(station, known), identified }
  }

  /** Asked by the number that its life cycle data tell; a card without them is only written down. */
  const belongsToSomebody = async (reader: string, made: ChipConnection) => {
    const chip = await unaskedNumber(made)
    return parts.beforeRealCard({ reader, atr: toHex(made.atr), ...(chip !== undefined && { chip }) }) === 'personalized-before'
  }

  const begin = async (order: BenchOrder) => {
    const { id, source } = freeOfPlace(order.task)
    await letGo()
    practiceCard?.putBack()
    return server.begin({ task: id, device: '', answers: order.answers, unsaved: { task: source, scapps: order.scapps, extensions: order.extensions } })
  }

  const run = async (order: BenchOrder, session: Awaited<ReturnType<typeof begin>>, signal: AbortSignal) => {
    const ended = await session.personalize({
      ...asking(order.chip.task),
      chip: order.chip,
      patience,
      signal,
      onTrace: (entry) => trace.tell(entry),
      beforeCommand: async () => {
        if (gate.opens()) return
        state = 'halted'
        await gate.wait(signal)
        state = 'running'
      },
    })
    await session.end()
    result = resultOf(ended, trace.lastOfScript())
    state = 'ended'
  }

  return {
    view: (after) => ({ state, target, ...(atr !== undefined && { atr }), entries: trace.after(after), ...(result && { result }) }),

    async start(order) {
      refuseBusy()
      state = 'running'
      result = undefined
      trace.clear()
      gate.set(order.step ? 'step' : 'open')
      const stop = (stopping = new AbortController())
      try {
        const session = await begin(order)
        // Every ending of a try is a result: what rejects here is a bug, and is told as one.
        under = run(order, session, stop.signal).catch((thrown: unknown) => {
          result = { good: false, fault: 'internal' }
          state = 'ended'
          throw thrown
        })
        under.catch(() => {})
      } catch (thrown) {
        state = 'idle'
        throw thrown
      }
    },

    step: () => gate.once(),
    continue: () => gate.set('open'),
    stop: () => stopping?.abort(),

    arm(faults) {
      if (practiceCard === undefined) throw new CardwrightError({ code: 'bench.real-card', class: 'operator' })
      practiceCard.disarm()
      for (const fault of faults) practiceCard.arm(fault)
    },

    async send(text) {
      refuseBusy()
      const command = fromHex(text)
      if (connection === undefined) {
        practiceCard?.putBack()
        const made = await station.connect()
        atr = toHex(made.atr)
        if (target.kind === 'reader' && (await belongsToSomebody(target.reader, made))) {
          await made.release('unpower')
          throw new CardwrightError({ code: 'bench.issued-card', class: 'operator' })
        }
        connection = made
      }
      const entry = trace.own({ kind: 'apdu', by: 'server', command: maskedHex(toHex(command)) })
      const answer = await connection.transmit(command)
      if (answer.kind === 'lost') {
        entry({ lost: answer.loss })
        await letGo()
      } else entry({ response: `${maskedHex(toHex(answer.data))}${statusHex(answer.status)}` })
    },

    async close() {
      stopping?.abort()
      await under.catch(() => {})
      await letGo()
      await station.close()
    },
  }
}

/** A try is bound to no machine: whatever devices and stations the task names, it runs here. Throws `task.not-json`. */
export function freeOfPlace(text: string): { id: string; source: string } {
  try {
    const { devices: _devices, stations: _stations, ...task } = JSON.parse(text) as Record<string, unknown>
    return { id: typeof task['id'] === 'string' ? task['id'] : '', source: JSON.stringify(task) }
  } catch (cause) {
    throw new CardwrightError({ code: 'task.not-json', class: 'data' }, { cause })
  }
}

/** `last`: the script's last command, which tells the line where the card was lost under it. */
function resultOf(ended: ChipResult, last: ScriptCommand | undefined): BenchView['result'] {
  if (ended.kind === 'refused') return { good: false, fault: ended.reason.code, ...(ended.reason.status !== undefined && { lastStatus: ended.reason.status }) }
  const { application, step, lastStatus } = ended.report
  const line = ended.report.line ?? (ended.kind === 'failed' && last?.application === application ? last?.line : undefined)
  return {
    good: ended.kind === 'done',
    ...(ended.kind === 'failed' && { fault: ended.reason.code }),
    ...(application !== undefined && { application }),
    ...(step !== undefined && { step }),
    ...(line !== undefined && { line }),
    ...(lastStatus !== undefined && { lastStatus }),
  }
}
