/**
 * The life of one attempt: one blank used for one card (record) of a job.
 *
 *   claimed → (intended → done)* → good | rejected | in-doubt,   in-doubt → good | rejected | unused
 *
 * This table is the only authority on what may follow what. The controller issues the events, the store refuses an
 * event that the table does not know, and the test oracle replays the journal through it.
 */
import { z } from 'zod'

/** What is done to a card. A driver says which of these one machine command carries. */
export const Operation = z.enum(['stripe-read', 'chip', 'stripe', 'emboss', 'indent', 'topping', 'deliver', 'void'])
export type Operation = z.infer<typeof Operation>

/** Where the blank is, as far as is known for certain. */
export const CardPlace = z.enum(['hopper', 'inside', 'reject-tray', 'output-tray', 'operator', 'unknown'])
export type CardPlace = z.infer<typeof CardPlace>

/** How a machine command ended, as the journal keeps it (see `ports/embosser-driver.ts` for the driver's type). */
export const OutcomeKind = z.enum(['done', 'refused', 'failed', 'unknown'])
export type OutcomeKind = z.infer<typeof OutcomeKind>

export const AttemptState = z.enum([
  'claimed', //   the record is reserved for this attempt; nothing was sent, no blank is involved
  'intended', //  a command's intent is durable and its outcome is not yet known
  'working', //   the last command was done, more are to come
  'spoiled', //   known to be spoiled; the blank is still to be led out of the machine
  'in-doubt', //  what happened to the blank is not known
  'good',
  'rejected',
  'unused', //    ended before a blank was touched
])
export type AttemptState = z.infer<typeof AttemptState>

export const Verdict = z.enum(['good', 'rejected', 'unused'])
export type Verdict = z.infer<typeof Verdict>

/** What a command is for: to make the card, or to make a spoiled blank unusable and lead it out. */
export type Aim = 'make' | 'void'

/** What moves an attempt. `effect` of a failure: whether the blank was touched. */
export type AttemptStep =
  | { step: 'intend'; aim: Aim }
  | { step: 'done'; delivered: boolean }
  | { step: 'refused' }
  | { step: 'failed'; effect: 'none' | 'applied' }
  | { step: 'unknown' }
  | { step: 'resolve'; verdict: Verdict }
  | { step: 'close'; verdict: Verdict }

export const closedStates: ReadonlySet<AttemptState> = new Set(['good', 'rejected', 'unused'])

/** What the table needs to know of an attempt. */
export interface AttemptLife {
  readonly state: AttemptState
  /** An earlier command of this attempt has been done to a blank: nothing may lead back to a fresh start. */
  readonly touched: boolean
  /** While `intended`: the state that the intent came from, to which a command that did nothing leads back. */
  readonly before?: 'claimed' | 'working' | 'spoiled'
}

export const newLife: AttemptLife = { state: 'claimed', touched: false }

/**
 * The transition table. Returns undefined where the step is not allowed.
 * A blank that is spoiled stays spoiled whatever becomes of the command that was to void it: only where it lies can be
 * in question, never whether it may be released.
 */
export function nextLife(life: AttemptLife, event: AttemptStep): AttemptLife | undefined {
  const { state, touched, before } = life
  switch (event.step) {
    case 'intend':
      // To void a card that is half made is to give it up: whatever becomes of the command, it is spoiled from here on.
      if (event.aim === 'void') return state === 'spoiled' || state === 'working' ? { state: 'intended', touched, before: 'spoiled' } : undefined
      return state === 'claimed' || state === 'working' ? { state: 'intended', touched, before: state } : undefined
    case 'done':
      if (before === undefined) return undefined
      if (before === 'spoiled') return { state: event.delivered ? 'rejected' : 'spoiled', touched: true }
      return { state: event.delivered ? 'good' : 'working', touched: true }
    case 'refused':
      return before && { state: before, touched }
    case 'failed':
      return before && (event.effect === 'applied' ? { state: 'spoiled', touched: true } : { state: before, touched })
    case 'unknown':
      return before && (before === 'spoiled' ? { state: 'spoiled', touched: true } : { state: 'in-doubt', touched })
    case 'resolve':
      if (state !== 'in-doubt' || (event.verdict === 'unused' && touched)) return undefined
      return { state: event.verdict, touched }
    case 'close':
      if (event.verdict === 'rejected' && (state === 'spoiled' || state === 'working')) return { state: 'rejected', touched }
      if (event.verdict === 'unused' && state === 'claimed' && !touched) return { state: 'unused', touched }
      return undefined
  }
}

/** `J-000012/7.2`: job, record number from 1, attempt number from 1. Written on the protocol and read out by phone. */
export const AttemptRef = z.string().regex(/^J-\d{6,}\/\d+\.\d+$/)
export type AttemptRef = z.infer<typeof AttemptRef>

export function attemptRef(job: string, record: number, attempt: number): AttemptRef {
  return `${job}/${record}.${attempt}`
}
