/**
 * What every screen sees at once: one snapshot at connect, then numbered deltas. A gap in the numbers means: ask for a
 * new snapshot. Values replace whole entities; there is nothing to merge.
 */
import { z } from 'zod'
import { Capabilities, DeviceLink, DeviceState, ModuleProgress, Reason } from '../device/device.ts'
import { MachinePicture } from '../device/simulator.ts'
import { JobView, Prompt, RunView } from '../job/job.ts'
import { DeviceId } from '../journal/events.ts'

export const DeviceView = z.object({
  device: DeviceId,
  name: z.string(),
  profile: z.string(),
  /** Model as people call it, such as `DC450`. */
  model: z.string(),
  mode: z.string(),
  link: DeviceLink,
  connection: z.enum(['offline', 'connecting', 'online']),
  state: DeviceState,
  reasons: z.array(Reason),
  capabilities: Capabilities,
  /** Chip stations: the reader behind each, and what lies in it; empty for a machine without one. */
  stations: z.array(z.object({ station: z.string(), reader: z.string().optional(), state: z.enum(['no-reader', 'empty', 'card', 'mute', 'not-set-up']) })),
  /** What the profile stands on, in its own words; shown beside the device. */
  evidence: z.array(z.string()),
  /** The module at work; absent when idle. */
  progress: ModuleProgress.optional(),
  /** Only for the built-in practice machine. */
  picture: MachinePicture.optional(),
})
export type DeviceView = z.infer<typeof DeviceView>

export const LiveState = z.object({
  devices: z.array(DeviceView),
  jobs: z.array(JobView),
  runs: z.array(RunView),
  prompts: z.array(Prompt),
  /** Grows with every ended attempt: the log page refetches its visible part. */
  logRevision: z.number().int(),
  /** The chain as checked at start: while `checking` is true the rows so far held. */
  journal: z.object({ checking: z.boolean(), rows: z.number().int(), brokenAt: z.number().int().optional() }),
})
export type LiveState = z.infer<typeof LiveState>

export const Change = z.discriminatedUnion('topic', [
  z.object({ topic: z.literal('device'), value: DeviceView }),
  z.object({ topic: z.literal('device-removed'), device: DeviceId }),
  z.object({ topic: z.literal('job'), value: JobView }),
  z.object({ topic: z.literal('run'), value: RunView }),
  z.object({ topic: z.literal('run-removed'), run: z.string() }),
  z.object({ topic: z.literal('prompt'), value: Prompt }),
  z.object({ topic: z.literal('prompt-removed'), prompt: z.string() }),
  z.object({ topic: z.literal('log'), revision: z.number().int() }),
  z.object({ topic: z.literal('journal'), value: LiveState.shape.journal }),
])
export type Change = z.infer<typeof Change>

export const LiveMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('snapshot'), number: z.number().int(), state: LiveState }),
  z.object({ type: z.literal('delta'), number: z.number().int(), changes: z.array(Change) }),
  /** The session ended (signed out elsewhere, idle lock): the screen goes to sign-in. */
  z.object({ type: z.literal('signed-out') }),
])
export type LiveMessage = z.infer<typeof LiveMessage>

/** Applies one delta; the pure reducer that core tests and screen share. */
export function applyChange(state: LiveState, change: Change): LiveState {
  switch (change.topic) {
    case 'device':
      return { ...state, devices: put(state.devices, change.value, (device) => device.device) }
    case 'device-removed':
      return { ...state, devices: state.devices.filter((device) => device.device !== change.device) }
    case 'job':
      return { ...state, jobs: put(state.jobs, change.value, (job) => job.job) }
    case 'run':
      return { ...state, runs: put(state.runs, change.value, (run) => run.run) }
    case 'run-removed':
      return { ...state, runs: state.runs.filter((run) => run.run !== change.run) }
    case 'prompt':
      return { ...state, prompts: put(state.prompts, change.value, (prompt) => prompt.id) }
    case 'prompt-removed':
      return { ...state, prompts: state.prompts.filter((prompt) => prompt.id !== change.prompt) }
    case 'log':
      return { ...state, logRevision: change.revision }
    case 'journal':
      return { ...state, journal: change.value }
  }
}

function put<Item>(items: Item[], item: Item, key: (item: Item) => string): Item[] {
  const index = items.findIndex((candidate) => key(candidate) === key(item))
  return index < 0 ? [...items, item] : items.with(index, item)
}
