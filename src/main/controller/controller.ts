/**
 * The controller: runs jobs on devices and asks about cards whose end is open. It is the only issuer of card events.
 * Two devices run two jobs at once; one device runs one job, and none while a card of it is in question.
 */
import type { AttemptRef, Operation } from '#shared/card/life.ts'
import type { PreparedCard } from '#shared/card/prepared.ts'
import type { ModuleProgress } from '#shared/device/device.ts'
import { CardwrightError } from '#shared/faults.ts'
import type { ChipAnswers } from '#shared/contract/chip-calls.ts'
import type { CardPreview, Prompt, RunView } from '#shared/job/job.ts'
import type { DeviceId, JobId, PersonId, RecordRange, RunId } from '#shared/journal/events.ts'
import type { PersonalizationServer } from '../chip/personalization.ts'
import type { Clock } from '../ports/clock.ts'
import type { ChipStation } from '../ports/chip-station.ts'
import type { EmbosserDriver } from '../ports/embosser-driver.ts'
import type { OpenAttempt, Store } from '../ports/store.ts'
import { asking, confirmRemoval, settleDoubt } from './doubt.ts'
import type { Subject } from './doubt.ts'
import { interrupted } from './outcome.ts'
import { createPromptDesk } from './prompts.ts'
import type { PromptAnswer } from './prompts.ts'
import { operationsOf, recover } from './recovery.ts'
import { startRun } from './run.ts'
import type { Run, RunContext } from './run.ts'

export interface ControllerPorts {
  store: Store
  clock: Clock
  /** The driver of a configured device; undefined where it is not open. */
  driver(device: DeviceId): EmbosserDriver | undefined
  /** Opens the device's line; throws `device.*` faults. */
  connect(device: DeviceId): Promise<void>
  /** What makes chips; without it no card with a chip can be made. */
  personalization?: PersonalizationServer | undefined
  /** Chip stations of a device by name; those whose reader is not set up are missing. */
  stations(device: DeviceId): ReadonlyMap<string, ChipStation>
  /** The chip task of a job's cards; undefined where they have no chip. */
  chipTask(job: JobId): string | undefined
  openCard(job: JobId, record: number): PreparedCard
  preview(card: PreparedCard, job: JobId): CardPreview
  onRun(view: RunView): void
  /** An ended run that is shown no longer, because its device has begun another. */
  onRunRemoved(run: RunId): void
  onPrompt(prompt: Prompt): void
  onPromptClosed(id: string): void
  onProgress(device: DeviceId, progress: ModuleProgress): void
  /** Something failed that no operator can answer, such as a full disk: the run has ended where it stood. */
  onBug(thrown: unknown): void
}

export interface Controller {
  /** Once, after the program has started: writes what is certain and opens the questions. */
  recover(): void
  /**
   * `answers`: to what the extension module of the job's chip task asks. Throws `run.*` faults where the job or the device can't be run
   * now, and `task.*`, `script.*`, `key.*` where its chips can't be made.
   */
  start(order: { job: JobId; device: DeviceId; range?: RecordRange | undefined; answers?: ChipAnswers; by: PersonId }): Promise<RunId>
  pause(run: RunId, by: PersonId): void
  resume(run: RunId, by: PersonId): void
  stopAfterCard(run: RunId, by: PersonId): void
  cancel(run: RunId, by: PersonId): void
  answer(prompt: string, answer: PromptAnswer): void
  prompt(id: string): Prompt | undefined
  prompts(): Prompt[]
  /** Those under way, and the last ended one of each device for its summary. */
  runs(): RunView[]
  /** Whether a run uses the device, or a card of it is in question. */
  busy(device: DeviceId): boolean
  /** Lets each card in work come to its end, except where a person would have to answer first. */
  close(): Promise<void>
}

export function createController(ports: ControllerPorts): Controller {
  const { store, clock } = ports
  const runs = new Map<RunId, Run>()
  const questions = new Map<AttemptRef, DeviceId>()
  const prompts = createPromptDesk({ opened: ports.onPrompt, closed: ports.onPromptClosed })

  const connects = async (device: DeviceId): Promise<boolean> => {
    try {
      if (!ports.driver(device)?.state().connected) await ports.connect(device)
      return true
    } catch (thrown) {
      if (thrown instanceof CardwrightError) return false
      throw thrown
    }
  }

  /**
   * The machine's "complete" proves a card only when nothing else can be meant: the card before it on this device has
   * its own completion in the journal, so that none is left over from it.
   */
  const enquiry = (attempt: AttemptRef, device: DeviceId) => {
    const latest = store.log({ device }, { offset: 0, limit: 2 }).rows
    const before = latest[1]
    const unmistakable = latest[0]?.attempt === attempt && (before === undefined || (before.state === 'good' && before.resolvedBy === undefined))
    if (!unmistakable) return undefined
    return async () => {
      const driver = (await connects(device)) ? ports.driver(device) : undefined
      return driver ? driver.enquireLost() : { answer: 'no-answer' as const, evidence: { statuses: [] } }
    }
  }

  /** Asks about one card that an earlier start of the program left without an end. */
  const settleOpen = async ({ attempt, device, run, life }: OpenAttempt) => {
    const view = store.attempt(attempt)!.view
    const subject: Subject = { device, run, attempt, number: view.number }
    const reason = view.reason ?? interrupted
    const { done, doubtful } = operationsOf(store.timeline({ attempt }).map((row) => row.fact))
    const ask = asking(prompts, () => clock.now())
    questions.set(attempt, device)
    const settled =
      life.state === 'in-doubt'
        ? await settleDoubt({ subject, reason, done, doubtful, touched: life.touched }, ask, reason.status === undefined ? enquiry(attempt, device) : undefined)
        : await confirmRemoval(subject, reason, [...done, ...doubtful], ask)
    store.append(settled.facts.map((fact) => ({ at: clock.now(), by: settled.by, fact })))
    questions.delete(attempt)
  }

  const underWay = () => [...runs.values()].filter((run) => run.state() !== 'ended')

  const refuseStart = (job: JobId, device: DeviceId) => {
    const view = store.job(job)
    const fault = (code: string) => new CardwrightError({ code, class: 'operator', values: { job, device } })
    if (view === undefined || view.state === 'closed' || view.state === 'discarded' || view.purged) throw fault('run.job-not-open')
    if ([...questions.values()].includes(device)) throw fault('run.card-in-question')
    const busy = underWay().find((run) => run.order.device === device || run.order.job === job)
    if (busy) throw fault(busy.order.device === device ? 'run.device-busy' : 'run.job-busy')
    if (!ports.driver(device)?.state().connected) throw fault('run.device-offline')
  }

  /** Checks that the chips of this job can be made here, and begins with them. */
  const beginChips = async (job: JobId, device: DeviceId, answers: ChipAnswers): Promise<RunContext['chip']> => {
    const task = ports.chipTask(job)
    if (task === undefined) return undefined
    const { chip } = ports.driver(device)!.capabilities
    const stations = ports.stations(device)
    const fault = (code: string) => new CardwrightError({ code, class: 'operator', values: { job, device, task } })
    if (chip === null || ports.personalization === undefined) throw fault('run.no-chip-station')
    if (!chip.stations.some((station) => stations.has(station))) throw fault('run.chip-station-not-set-up')
    const session = await ports.personalization.begin({ task, device, answers })
    const allowed = new Map([...stations].filter(([name]) => session.stations?.includes(name) ?? true))
    if (allowed.size > 0) return { session, stations: allowed }
    await session.end()
    throw fault('run.chip-station-not-set-up')
  }

  const start: Controller['start'] = async ({ job, device, range, answers = {}, by }) => {
    const check = () => {
      refuseStart(job, device)
      const next = store.nextQueued(job, range)
      if (next === undefined) throw new CardwrightError({ code: 'run.nothing-queued', class: 'operator', values: { job } })
      refuseIncapable(ports.openCard(job, next), ports.driver(device)!.capabilities.carries, { job, device })
    }
    check()
    const chip = await beginChips(job, device, answers)
    try {
      // Another run may have begun meanwhile.
      if (chip !== undefined) check()
    } catch (thrown) {
      await chip?.session.end()
      throw thrown
    }
    const order = { run: store.nextId('run'), job, device, by, ...(range && { range }) }
    const run = startRun(
      {
        store,
        clock,
        prompts,
        driver: ports.driver(device)!,
        chip,
        reconnect: () => connects(device),
        enquiry: (attempt) => enquiry(attempt, device),
        openCard: ports.openCard,
        preview: ports.preview,
        progressed: (progress) => ports.onProgress(device, progress),
        changed: () => {
          const started = runs.get(order.run)
          if (started) ports.onRun(started.view())
        },
      },
      order,
    )
    for (const [id, former] of runs) {
      if (former.order.device !== device) continue
      runs.delete(id)
      ports.onRunRemoved(id)
    }
    runs.set(order.run, run)
    ports.onRun(run.view())
    run.ended.catch(ports.onBug)
    return order.run
  }

  const find = (id: RunId): Run => {
    const run = runs.get(id)
    if (run === undefined || run.state() === 'ended') throw new CardwrightError({ code: 'run.ended-already', class: 'operator', values: { run: id } })
    return run
  }

  return {
    recover() {
      const { facts, questions: open } = recover(store.openAttempts(), store.openRuns(), (attempt) => store.timeline({ attempt }).map(({ fact }) => fact))
      if (facts.length > 0) store.append(facts.map((fact) => ({ at: clock.now(), by: 'system', fact })))
      for (const attempt of open) settleOpen(attempt).catch(ports.onBug)
    },
    start,
    pause: (run, by) => find(run).pause(by),
    resume: (run, by) => find(run).resume(by),
    stopAfterCard: (run, by) => find(run).stopAfterCard(by),
    cancel: (run, by) => find(run).cancel(by),
    answer: (id, answer) => void prompts.answer(id, answer),
    prompt: (id) => prompts.get(id),
    prompts: () => prompts.open(),
    runs: () => [...runs.values()].map((run) => run.view()),
    busy: (device) => underWay().some((run) => run.order.device === device) || [...questions.values()].includes(device),
    async close() {
      const parked = underWay().map(async (run) => {
        run.stopAfterCard(run.order.by)
        const waits = async () => {
          while (!['waiting', 'ended'].includes(run.state())) await clock.sleep(100)
        }
        await Promise.race([run.ended.catch(() => {}), waits()])
      })
      await Promise.all(parked)
    },
  }
}

/** A machine without an embosser would deliver a card of which half is missing, and call it good: a reader on the desk is one. */
function refuseIncapable({ lines, tracks }: PreparedCard, carries: readonly Operation[], values: { job: JobId; device: DeviceId }): void {
  const needed = new Set<Operation>(lines.map(({ kind }) => kind))
  if (Object.values(tracks).some((track) => track !== undefined)) needed.add('stripe')
  if (![...needed].every((operation) => carries.includes(operation))) throw new CardwrightError({ code: 'run.machine-lacks-modules', class: 'operator', values })
}
