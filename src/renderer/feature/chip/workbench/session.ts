/** The workbench as the person left it: what is tried, on which card, with which data, and the runs so far. Outlives the page. */
import { create } from 'zustand'
import type { BenchTarget, BenchView } from '#shared/contract/chip-calls.ts'
import type { ChipFault } from '#shared/chip/practice-card.ts'
import type { PreparedChip } from '#shared/chip/prepared-chip.ts'
import type { ChipTraceEntry } from '#shared/chip/trace.ts'
import type { Fault } from '#shared/faults.ts'
import { faultsOf } from '#shared/faults.ts'
import { call } from '../../../client/client.ts'
import { draftOf, draftsOf } from '../drafts.ts'

export interface Run {
  /** From 1, as the person counts. */
  number: number
  at: number
  task: string
  target: BenchTarget
  entries: readonly ChipTraceEntry[]
  result: BenchView['result']
  /** Groups whose value was changed by hand. */
  changed: number
}

export interface BenchSession {
  task: string | undefined
  target: BenchTarget
  design: string | undefined
  /** As the design or a job brought it, and as it was changed. */
  sample: PreparedChip | undefined
  chip: PreparedChip | undefined
  /** The next try takes the same card again: what it holds, it keeps. */
  keepCard: boolean
  bench: { name: string; target: string } | undefined
  state: BenchView['state'] | 'opening'
  atr: string | undefined
  runs: readonly Run[]
  shown: number | undefined
  /** Shown beside it, to compare. */
  against: number | undefined
  faults: readonly Fault[]
}

const mostRuns = 12

export const useBench = create<BenchSession>(() => ({
  task: undefined,
  target: { kind: 'practice', type: 'gp-scp03-128', seed: 1, faults: [] },
  design: undefined,
  sample: undefined,
  chip: undefined,
  keepCard: false,
  bench: undefined,
  state: 'idle',
  atr: undefined,
  runs: [],
  shown: undefined,
  against: undefined,
  faults: [],
}))

const get = useBench.getState
const set = useBench.setState

export function changeBench(part: Partial<BenchSession>): void {
  set(part)
}

export const isBusy = (state: BenchSession['state']): boolean => state === 'opening' || state === 'running' || state === 'halted'

/** Arms these faults on the card of the next try, and on the one that lies there now. */
export function armFaults(faults: ChipFault[]): void {
  const { target, bench } = get()
  if (target.kind !== 'practice') return
  set({ target: { ...target, faults } })
  if (bench) void attempt(() => call('bench.arm', { bench: bench.name, faults }))
}

/** One try from the beginning. `step`: it halts before every command. */
export async function startRun({ step, answers }: { step: boolean; answers: Record<string, string> }): Promise<void> {
  const { task, chip } = get()
  if (task === undefined || chip === undefined || isBusy(get().state)) return
  set({ state: 'opening', faults: [] })
  await attempt(async () => {
    const source = await taskSource(task)
    const bench = await benchFor(!get().keepCard)
    newRun(task)
    await call('bench.start', { bench, order: { task: source, scapps: draftsOf('scapp'), extensions: draftsOf('extension'), answers, chip: { ...chip, task }, step } })
    await follow(bench)
  })
}

export async function taskSource(task: string): Promise<string> {
  return draftOf('task', task) ?? (await call('chip.document', { document: 'task', id: task })).source
}

export const stepRun = () => deed('bench.step')
export const continueRun = () => deed('bench.continue')
export const stopRun = () => deed('bench.stop')

function deed(name: 'bench.step' | 'bench.continue' | 'bench.stop'): void {
  const { bench } = get()
  if (bench) void attempt(() => call(name, { bench: bench.name }))
}

/** A command typed by hand, to the card that lies there, or a new one. */
export async function sendByHand(command: string): Promise<void> {
  if (isBusy(get().state)) return
  await attempt(async () => {
    const fresh = get().bench === undefined
    const bench = await benchFor(false)
    if (fresh || get().runs.length === 0) newRun('')
    await call('bench.send', { bench, command })
    await follow(bench)
  })
}

/** Puts the card away: the next one is new. */
export async function putCardAway(): Promise<void> {
  const { bench } = get()
  set({ bench: undefined, atr: undefined, state: 'idle' })
  if (bench) await call('bench.close', { bench: bench.name }).catch(() => {})
}

/** The open bench of the chosen target, or a new one. */
async function benchFor(fresh: boolean): Promise<string> {
  const { bench, target } = get()
  const wanted = JSON.stringify(target)
  if (bench && !fresh && bench.target === wanted) return bench.name
  if (bench) await putCardAway()
  const opened = await call('bench.open', { target })
  set({ bench: { name: opened.bench, target: wanted } })
  return opened.bench
}

function newRun(task: string): void {
  const { runs, target, chip, sample } = get()
  const number = (runs.at(-1)?.number ?? 0) + 1
  const run: Run = { number, at: Date.now(), task, target, entries: [], result: undefined, changed: changedGroups(chip, sample) }
  set({ runs: [...runs, run].slice(-mostRuns), shown: number, against: undefined })
}

/** Asks for what is new until the try has ended. */
async function follow(bench: string): Promise<void> {
  for (;;) {
    const mine = get().bench?.name === bench ? get().runs.at(-1) : undefined
    if (mine === undefined) return
    const view = await call('bench.view', { bench, after: lastComplete(mine.entries) })
    if (get().bench?.name !== bench) return
    const grown: Run = { ...mine, entries: merge(mine.entries, view.entries), result: view.result }
    set(({ runs }) => ({ state: view.state, atr: view.atr, runs: runs.map((run) => (run.number === grown.number ? grown : run)) }))
    if (!isBusy(view.state)) return
    await new Promise((resolve) => setTimeout(resolve, 120))
  }
}

/** The last number before one that is still under way. */
export function lastComplete(entries: readonly ChipTraceEntry[]): number {
  const open = entries.findIndex((entry) => entry.kind === 'apdu' && entry.response === undefined && entry.lost === undefined)
  return (open < 0 ? entries.at(-1) : entries[open - 1])?.number ?? 0
}

/** Newer entries take the place of those under the same number. */
export function merge(known: readonly ChipTraceEntry[], news: readonly ChipTraceEntry[]): readonly ChipTraceEntry[] {
  const [first] = news
  if (first === undefined) return known
  return [...known.filter(({ number }) => number < first.number), ...news]
}

export function changedGroups(chip: PreparedChip | undefined, sample: PreparedChip | undefined): number {
  if (chip === undefined || sample === undefined) return 0
  return chip.applications.reduce(
    (sum, { groups }, application) => sum + groups.filter(({ value }, group) => value !== sample.applications[application]?.groups[group]?.value).length,
    0,
  )
}

async function attempt(work: () => Promise<unknown>): Promise<void> {
  try {
    await work()
  } catch (thrown) {
    set(({ state }) => ({ faults: faultsOf(thrown), state: state === 'opening' ? 'idle' : state }))
  }
}
