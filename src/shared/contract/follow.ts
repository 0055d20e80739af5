/** The receiving end of the live state, for the screen and the command line: folds messages, and notices a gap. */
import { applyChange, type LiveMessage, type LiveState } from './live.ts'

export interface Followed {
  readonly number: number
  readonly state: LiveState
}

/** `gap`: a delta is missing, and only a new snapshot helps. */
export type Step = { readonly kind: 'state'; readonly followed: Followed } | { readonly kind: 'gap' } | { readonly kind: 'signed-out' }

export function followLive(before: Followed | undefined, message: LiveMessage): Step {
  switch (message.type) {
    case 'signed-out':
      return { kind: 'signed-out' }
    case 'snapshot':
      return { kind: 'state', followed: { number: message.number, state: message.state } }
    case 'delta':
      if (before === undefined || message.number !== before.number + 1) return { kind: 'gap' }
      return { kind: 'state', followed: { number: message.number, state: message.changes.reduce(applyChange, before.state) } }
  }
}
