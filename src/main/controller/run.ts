/** One run: a job on a device, card after card, until the range is done, somebody ends it, or the machine is lost. */
import type { PreparedCard } from '#shared/card/prepared.ts'
import type { AttemptRef } from '#shared/card/life.ts'
import type { ModuleProgress } from '#shared/device/device.ts'
import type { CardPreview, RunView } from '#shared/job/job.ts'
import type { Actor, DeviceId, Fact, FactOf, JobId, PersonId, RecordRange, RunId } from '#shared/journal/events.ts'
import type { Clock } from '../ports/clock.ts'
import type { ChipStation } from '../ports/chip-station.ts'
import type { EmbosserDriver } from '../ports/embosser-driver.ts'
import type { Store } from '../ports/store.ts'
import type { ChipSession } from '../chip/personalization.ts'
import { beginAttempt } from './attempt.ts'
import type { Attempt } from './attempt.ts'
import { asking } from './doubt.ts'
import { createPace } from './pace.ts'
import { createRunChip } from './run-chip.ts'
import type { Conclusion, RunSide } from './work.ts'
import type { PromptDesk } from './prompts.ts'

export interface RunOrder {
  run: RunId
  job: JobId
  device: DeviceId
  range?: RecordRange
  by: PersonId
}

export interface RunContext {
  store: Store
  clock: Clock
  prompts: PromptDesk
  driver: EmbosserDriver
  /** Where the job's cards have chips. */
  chip?: { session: ChipSession; stations: ReadonlyMap<string, ChipStation> } | undefined
  /** Connects the device again after its line was lost; answers whether it could. */
  reconnect(): Promise<boolean>
  /** Asks the machine about this attempt; undefined where its answer could be about another card. */
  enquiry(attempt: AttemptRef): (() => ReturnType<EmbosserDriver['enquireLost']>) | undefined
  openCard(job: JobId, record: number): PreparedCard
  preview(card: PreparedCard, job: JobId): CardPreview
  progressed(progress: ModuleProgress): void
  /** Something in `view()` changed. */
  changed(): void
}

export interface Run {
  readonly order: RunOrder
  pause(by: PersonId): void
  resume(by: PersonId): void
  stopAfterCard(by: PersonId): void
  /** Gives up waiting: no further card, and a command under way ends by what is known of it. */
  cancel(by: PersonId): void
  state(): RunView['state']
  view(): RunView
  /** Resolves when the run has ended and its end is durable; rejects where the store failed. */
  readonly ended: Promise<void>
}

type Wish = 'run' | 'pause' | 'stop' | 'cancel'
type RunEnd = FactOf<'run.ended'>['why']

export function startRun(context: RunContext, order: RunOrder): Run {
  const { store, clock, driver } = context
  const { completionLag } = driver.capabilities
  const startedAt = clock.now()
  const chip = context.chip && createRunChip({ ...context.chip, driver, clock })
  const lanes = chip?.lanes ?? 1
  const inWork = new Set<Attempt>()
  const counted = { good: 0, rejected: 0, unused: 0 }
  const pace = createPace(clock)
  const cancelled = new AbortController()
  let wish: Wish = 'run'
  let phase: 'working' | 'paused' | 'over' = 'working'
  let waiting = 0
  /** Resolves when the next question is opened. */
  let asked = Promise.withResolvers<void>()
  /** Cards that the machine has not taken yet, where several chips are made at once. */
  const making = new Set<Attempt>()
  let wake: () => void = () => {}

  const append = (by: Actor, facts: readonly Fact[]) => {
    store.append(facts.map((fact) => ({ at: clock.now(), by, fact })))
    context.changed()
  }

  const side: RunSide = {
    context,
    order,
    chip,
    cancelled: cancelled.signal,
    append,
    changed: () => context.changed(),
    async ask(prompt, withdrawable, over) {
      waiting++
      asked.resolve()
      asked = Promise.withResolvers<void>()
      context.changed()
      try {
        const withdrawn = withdrawable && (over === undefined ? cancelled.signal : AbortSignal.any([cancelled.signal, over]))
        return await asking(context.prompts, () => clock.now(), withdrawn)(prompt)
      } finally {
        waiting--
        context.changed()
      }
    },
  }

  const finish = (attempt: Attempt) => {
    const { state } = attempt.life()
    if (state === 'good' || state === 'rejected' || state === 'unused') counted[state]++
    if (state !== 'unused') pace.count()
    inWork.delete(attempt)
    context.changed()
  }

  /**
   * Waits until at most `most` cards are in the machine. Answers whether the run may go on.
   * Where completions lag, nobody but a next card would ask for them: a card that is waited for is asked about.
   */
  const drain = async (most: number): Promise<boolean> => {
    let conclusion: Conclusion = 'ended'
    for (;;) {
      const cards = [...inWork]
      const [oldest] = cards
      if (oldest === undefined || (inWork.size <= most && !oldest.over())) break
      const awaited = most === 0 ? cards : [oldest]
      if (completionLag > 0 && asksForEnds(most) && awaited.some(({ life }) => life().state === 'intended')) await driver.settle(cards.at(-1)!.options())
      if ((await oldest.ended) === 'end-run') conclusion = 'end-run'
      finish(oldest)
    }
    return conclusion === 'ended'
  }

  /** A line of several stations tells the end of each card by itself, and would stand still while it is waited for. */
  const asksForEnds = (most: number) => lanes === 1 || most === 0

  /** Waits until one more card may be begun, by the machine or by a free station. Answers how many may be in work then. */
  const room = async (newest: Attempt): Promise<number> => {
    if (lanes === 1) return (await newest.accepted) === 'ended' || waiting > 0 ? 0 : completionLag
    void newest.accepted.then(() => making.delete(newest))
    making.add(newest)
    while (making.size >= lanes && waiting === 0) await Promise.race([...Array.from(making, ({ accepted }) => accepted), asked.promise])
    return waiting > 0 ? 0 : completionLag
  }

  const holdWhilePaused = async (): Promise<boolean> => {
    while (wish === 'pause') {
      if (!(await drain(0))) return false
      if ((wish as Wish) !== 'pause') break
      phase = 'paused'
      context.changed()
      await new Promise<void>((resolve) => (wake = resolve))
      phase = 'working'
    }
    return true
  }

  /** The next record to make, unless the run is to end here. */
  const nextRecord = () => (wish === 'run' ? store.nextQueued(order.job, order.range) : undefined)

  const produce = async (): Promise<RunEnd> => {
    let newest: Attempt | undefined
    for (;;) {
      if (!(await holdWhilePaused())) break
      const record = nextRecord()
      if (record === undefined) break
      newest = beginAttempt(side, record, newest)
      inWork.add(newest)
      context.changed()
      if (!(await drain(await room(newest)))) break
    }
    await drain(0)
    if (wish === 'cancel') return 'cancelled'
    if (store.nextQueued(order.job, order.range) === undefined) return 'complete'
    return driver.state().connected ? 'stopped' : 'device-lost'
  }

  const live = async () => {
    append(order.by, [{ kind: 'run.started', run: order.run, job: order.job, device: order.device, ...(order.range && { range: order.range }) }])
    try {
      if (chip !== undefined) append('system', [{ kind: 'run.chip', run: order.run, ...chip.session.documents }])
      append('system', [{ kind: 'run.ended', run: order.run, why: await produce() }])
    } catch (thrown) {
      endFaulted()
      throw thrown
    } finally {
      await chip?.close()
      phase = 'over'
      context.changed()
    }
  }

  /** What ended it goes to whoever hears of bugs; that it ended belongs in the journal, where that still takes rows. */
  const endFaulted = () => {
    try {
      append('system', [{ kind: 'run.ended', run: order.run, why: 'fault' }])
    } catch {
      // The store itself is what failed. The next start of the program finds the run open and ends it.
    }
  }

  const turn = (next: Wish, by: PersonId, fact: Fact) => {
    wish = next
    append(by, [fact])
    wake()
  }

  const state = (): RunView['state'] => {
    if (phase === 'over') return 'ended'
    if (waiting > 0) return 'waiting'
    if (phase === 'paused') return 'paused'
    return wish === 'run' ? 'running' : wish === 'pause' ? 'pausing' : 'stopping'
  }

  return {
    order,
    pause: (by) => wish === 'run' && turn('pause', by, { kind: 'run.paused', run: order.run }),
    resume: (by) => wish === 'pause' && turn('run', by, { kind: 'run.resumed', run: order.run }),
    stopAfterCard: (by) => (wish === 'run' || wish === 'pause') && turn('stop', by, { kind: 'run.stopping', run: order.run, how: 'after-card' }),
    cancel: (by) => {
      if (wish === 'cancel') return
      turn('cancel', by, { kind: 'run.stopping', run: order.run, how: 'cancel' })
      cancelled.abort()
    },
    state,
    view: () => ({
      run: order.run,
      job: order.job,
      device: order.device,
      startedBy: order.by,
      startedAt,
      state: state(),
      ...(order.range && { range: order.range }),
      cards: [...inWork].map(({ attempt, record, life, chip: progress, preview, since }) => {
        const made = progress()
        return { attempt, record, state: life().state, preview, since, ...(made && { chip: made }) }
      }),
      ended: { ...counted },
      ...pace.view(store.queuedIn(order.job, order.range) + inWork.size),
    }),
    ended: live(),
  }
}
