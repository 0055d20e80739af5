/**
 * After a crash or a power cut: what the journal holds of cards that have no end.
 * Pure: which facts follow for certain, and about which cards people have to be asked. Running it twice, or crashing in
 * the middle, changes nothing: the facts are one transaction and the questions are asked again until they are answered.
 */
import type { AttemptRef, Operation } from '#shared/card/life.ts'
import { closedStates } from '#shared/card/life.ts'
import type { Fact, FactOf } from '#shared/journal/events.ts'
import { livesOn } from '#shared/journal/attempt-steps.ts'
import type { OpenAttempt, Store } from '../ports/store.ts'
import { interrupted } from './outcome.ts'

export interface Recovery {
  facts: Fact[]
  /** Attempts that are in doubt, or spoiled and not yet confirmed to be out of the machine. */
  questions: OpenAttempt[]
}

/** `told`: what the journal holds of an attempt, in order. */
export function recover(open: readonly OpenAttempt[], runs: ReturnType<Store['openRuns']>, told: (attempt: AttemptRef) => readonly Fact[]): Recovery {
  const facts: Fact[] = []
  const questions: OpenAttempt[] = []
  if (open.length > 0) facts.push({ kind: 'recovery.found', attempts: open.map(({ attempt }) => attempt) })
  for (const attempt of open) {
    let { life } = attempt
    for (const fact of certainFacts(attempt, told)) {
      facts.push(fact)
      life = livesOn(life, fact) ?? life
    }
    if (!closedStates.has(life.state)) questions.push({ ...attempt, life })
  }
  for (const { run } of runs) facts.push({ kind: 'run.ended', run, why: 'interrupted' })
  return { facts, questions }
}

/**
 * A claim without an intent used no blank. A chip whose identity is not durable was not written to; one whose identity is has to be
 * taken for spoiled. Of any other command without an outcome nobody knows how it ended. A card that is half made, its chip done
 * and no command for the rest under way, lies in the machine: it is asked about, and can only be given up.
 */
function certainFacts({ attempt, life }: OpenAttempt, told: (attempt: AttemptRef) => readonly Fact[]): Fact[] {
  const unused: Fact = { kind: 'attempt.closed', attempt, verdict: 'unused', reason: interrupted }
  if (life.state === 'claimed') return [unused]
  if (life.state !== 'intended') return []
  if (life.before === 'spoiled') return [{ kind: 'attempt.outcome', attempt, command: 'spoil', outcome: 'unknown', reason: interrupted }]
  const facts = told(attempt)
  if (facts.findLast((fact) => fact.kind === 'attempt.intended')?.command !== 'chip') {
    return [{ kind: 'attempt.outcome', attempt, command: 'personalize', outcome: 'unknown', reason: interrupted }]
  }
  const begun = facts.some((fact) => fact.kind === 'attempt.chip-identified')
  const outcome: FactOf<'attempt.outcome'> = begun
    ? { kind: 'attempt.outcome', attempt, command: 'chip', outcome: 'failed', effect: 'applied', card: 'inside', reason: interrupted }
    : { kind: 'attempt.outcome', attempt, command: 'chip', outcome: 'refused', reason: interrupted }
  return begun ? [outcome] : [outcome, unused]
}

/** What earlier commands of the attempt certainly did, and what the last one may have done, read from its timeline. */
export function operationsOf(facts: readonly Fact[]): { done: Operation[]; doubtful: Operation[] } {
  const done: Operation[] = []
  let doubtful: Operation[] = []
  for (const fact of facts) {
    if (fact.kind === 'attempt.intended' && fact.command !== 'spoil') doubtful = fact.carries
    if (fact.kind !== 'attempt.outcome') continue
    if (fact.outcome === 'done' && fact.command !== 'spoil') done.push(...doubtful)
    if (fact.outcome === 'done' || fact.outcome === 'refused') doubtful = []
  }
  return { done, doubtful }
}
