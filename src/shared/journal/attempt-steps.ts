/** Which step of an attempt's life a journal fact is: the one reading of it for the store, the controller and auditors. */
import type { AttemptLife, AttemptStep } from '../card/life.ts'
import { newLife, nextLife } from '../card/life.ts'
import type { Fact } from './events.ts'

/** The step, or undefined for facts that move no attempt (`attempt.claimed` begins one with `newLife`). */
export function stepOf(fact: Fact): AttemptStep | undefined {
  switch (fact.kind) {
    case 'attempt.intended':
      return { step: 'intend', aim: fact.command === 'spoil' ? 'void' : 'make' }
    case 'attempt.outcome':
      switch (fact.outcome) {
        case 'done':
          return { step: 'done', delivered: fact.delivered ?? false }
        case 'refused':
          return { step: 'refused' }
        case 'failed':
          return { step: 'failed', effect: fact.effect ?? 'applied' }
        case 'unknown':
          return { step: 'unknown' }
      }
      break
    case 'attempt.resolved':
      return { step: 'resolve', verdict: fact.verdict }
    case 'attempt.closed':
      return { step: 'close', verdict: fact.verdict }
    default:
      return undefined
  }
}

/** The attempt's life after `fact`; undefined where the table forbids it. `life` is undefined before its claim. */
export function livesOn(life: AttemptLife | undefined, fact: Fact): AttemptLife | undefined {
  if (fact.kind === 'attempt.claimed') return life === undefined ? newLife : undefined
  const step = stepOf(fact)
  return life && step ? nextLife(life, step) : undefined
}
