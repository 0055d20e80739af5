/** The live state as the screen holds it: what has been followed, and whether a new snapshot is being waited for. */
import { followLive } from '#shared/contract/follow.ts'
import type { LiveMessage, LiveState } from '#shared/contract/live.ts'

export interface LiveView {
  /** `waiting`: nothing received yet. `gap`: a delta is missing, and what is shown stays until the new snapshot comes. */
  readonly status: 'waiting' | 'live' | 'gap'
  readonly number: number
  readonly state: LiveState
}

export const emptyLive: LiveView = {
  status: 'waiting',
  number: 0,
  state: { devices: [], jobs: [], runs: [], prompts: [], logRevision: 0, journal: { checking: false, rows: 0 } },
}

/** Follows one message. While a snapshot is awaited, further deltas change nothing, so that it is asked for once. */
export function followMessage(view: LiveView, message: Exclude<LiveMessage, { type: 'signed-out' }>): LiveView {
  if (message.type === 'delta' && view.status !== 'live') return view
  const step = followLive(view, message)
  if (step.kind === 'state') return { status: 'live', ...step.followed }
  return { ...view, status: 'gap' }
}
