/** Undo and redo. Steps of one gesture (a drag, a row of arrow keys, the typing into one field) are undone together. */

export interface History<State> {
  readonly past: readonly State[]
  readonly now: State
  readonly future: readonly State[]
  /** What the last step belonged to; a step of the same gesture joins it. */
  readonly gesture: string | undefined
}

const remembered = 200

export function newHistory<State>(now: State): History<State> {
  return { past: [], now, future: [], gesture: undefined }
}

/** A step on. Steps of the same `gesture`, one after the other, count as one. */
export function stepped<State>(history: History<State>, now: State, gesture?: string): History<State> {
  if (now === history.now) return history
  const joins = gesture !== undefined && gesture === history.gesture
  const past = joins ? history.past : [...history.past, history.now].slice(-remembered)
  return { past, now, future: [], gesture }
}

/** Ends the gesture: what comes next is a step of its own. */
export function settled<State>(history: History<State>): History<State> {
  return history.gesture === undefined ? history : { ...history, gesture: undefined }
}

export function undone<State>(history: History<State>): History<State> {
  const before = history.past.at(-1)
  if (before === undefined) return history
  return { past: history.past.slice(0, -1), now: before, future: [history.now, ...history.future], gesture: undefined }
}

export function redone<State>(history: History<State>): History<State> {
  const [next, ...rest] = history.future
  if (next === undefined) return history
  return { past: [...history.past, history.now], now: next, future: rest, gesture: undefined }
}
