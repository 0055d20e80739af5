/** The live state as it follows from the stream: a snapshot, then numbered deltas whose values replace whole entities. */
import type { Change, LiveMessage, LiveState } from '#shared/contract/live.ts'

export type LiveView =
  /** Nothing received yet. */
  | { status: 'waiting'; number: number; state: LiveState }
  | { status: 'live'; number: number; state: LiveState }
  /** A delta is missing: what is shown is old, and a new snapshot has to be asked for. */
  | { status: 'gap'; number: number; state: LiveState }

export const emptyLive: LiveView = {
  status: 'waiting',
  number: 0,
  state: { devices: [], jobs: [], runs: [], prompts: [], logRevision: 0, journal: { checking: false, rows: 0 } },
}

/**
 * Follows one message. A delta at or below the number that is shown is a repetition and changes nothing; one further
 * than the next is a gap. What did not change keeps its identity, so that nobody draws it anew.
 */
export function followMessage(view: LiveView, message: Exclude<LiveMessage, { type: 'signed-out' }>): LiveView {
  if (message.type === 'snapshot') return { status: 'live', number: message.number, state: message.state }
  if (view.status !== 'live' || message.number <= view.number) return view
  if (message.number !== view.number + 1) return { ...view, status: 'gap' }
  return { status: 'live', number: message.number, state: message.changes.reduce(applyChange, view.state) }
}

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

function put<Entity>(list: Entity[], value: Entity, keyOf: (entity: Entity) => string): Entity[] {
  const at = list.findIndex((entity) => keyOf(entity) === keyOf(value))
  return at < 0 ? [...list, value] : list.with(at, value)
}
