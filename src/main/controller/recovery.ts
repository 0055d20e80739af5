/**
 * After a crash or a power cut: what the journal holds of cards that have no end.
 * Pure: which facts follow for certain, and about which cards people have to be asked. Running it twice, or crashing in
 * the middle, changes nothing: the facts are one transaction and the questions are asked again until they are answered.
 */
import type { Operation } from '#shared/card/life.ts'
import { closedStates } from '#shared/card/life.ts'
import type { Fact } from '#shared/journal/events.ts'
import { livesOn } from '#shared/journal/attempt-steps.ts'
import type { OpenAttempt, Store } from '../ports/store.ts'
import { interrupted } from './outcome.ts'

export interface Recovery {
  facts: Fact[]
  /** Attempts that are in doubt, or spoiled and not yet confirmed to be out of the machine. */
  questions: OpenAttempt[]
}

export function recover(open: readonly OpenAttempt[], runs: ReturnType<Store['openRuns']>): Recovery {
  const facts: Fact[] = []
  const questions: OpenAttempt[] = []
  if (open.length > 0) facts.push({ kind: 'recovery.found', attempts: open.map(({ attempt }) => attempt) })
  for (const attempt of open) {
    let { life } = attempt
    for (const fact of certainFacts(attempt)) {
      facts.push(fact)
      life = livesOn(life, fact) ?? life
    }
    if (!closedStates.has(life.state)) questions.push({ ...attempt, life })
  }
  for (const { run } of runs) facts.push({ kind: 'run.ended', run, why: 'interrupted' })
  return { facts, questions }
}

/** A claim without an intent used no blank. An intent without an outcome: nobody knows how it ended. */
function certainFacts({ attempt, life }: OpenAttempt): Fact[] {
  if (life.state === 'claimed') return [{ kind: 'attempt.closed', attempt, verdict: 'unused', reason: interrupted }]
  if (life.state === 'intended') {
    const command = life.before === 'spoiled' ? 'spoil' : 'personalize'
    return [{ kind: 'attempt.outcome', attempt, command, outcome: 'unknown', reason: interrupted }]
  }
  return []
}

/** What earlier commands of the attempt certainly did, and what the last one may have done, read from its timeline. */
export function operationsOf(facts: readonly Fact[]): { done: Operation[]; doubtful: Operation[] } {
  const done: Operation[] = []
  let doubtful: Operation[] = []
  for (const fact of facts) {
    if (fact.kind === 'attempt.intended' && fact.command === 'personalize') doubtful = fact.carries
    if (fact.kind === 'attempt.outcome' && fact.outcome === 'done') {
      done.push(...doubtful)
      doubtful = []
    }
  }
  return { done, doubtful }
}
