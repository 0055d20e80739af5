/** What the log tells of an attempt beside its state: operations done, reason, place, how a doubt was settled. Pure. */
import type { AttemptState, CardPlace, Operation } from '#shared/card/life.ts'
import type { Reason } from '#shared/device/device.ts'
import type { AttemptView, ChipView } from '#shared/job/job.ts'
import type { FactOf } from '#shared/journal/events.ts'
import type { MovingFact } from './attempts.ts'

/** As columns: lists of operations are joined by commas, the reason and the chip are JSON. */
export interface AttemptStory {
  /** Operations of the command that was intended last. */
  carrying: string
  done: string
  reason_code: string | null
  reason: string | null
  place: CardPlace | null
  resolved_by: AttemptView['resolvedBy'] | null
  chip: string | null
}

/** The story after one more fact, which has led to `state`. */
export function learn(story: AttemptStory, fact: MovingFact, state: AttemptState): AttemptStory {
  switch (fact.kind) {
    case 'attempt.intended':
      return { ...story, carrying: joined(fact.carries) }
    case 'attempt.outcome':
      return outcome(fact.chip === undefined ? story : { ...story, chip: withChip(story.chip, fact.chip) }, fact, state)
    case 'attempt.resolved':
      return { ...(state === 'good' ? withDone(story) : story), place: restingPlace(fact.verdict, story.place), resolved_by: fact.basis }
    case 'attempt.closed':
      return { ...story, ...because(fact.reason), place: fact.place ?? story.place }
  }
}

/** What is told of a chip, together with what was told of it before. */
export function withChip(before: string | null, told: ChipView): string {
  return JSON.stringify({ ...(before === null ? {} : (JSON.parse(before) as ChipView)), ...told })
}

function outcome(story: AttemptStory, fact: FactOf<'attempt.outcome'>, state: AttemptState): AttemptStory {
  const place = fact.card ?? story.place
  switch (fact.outcome) {
    case 'done': {
      // A command that is done has nothing to excuse; the void command leaves the reason why it was needed.
      const excuse = fact.command === 'spoil' ? {} : { reason_code: null, reason: null }
      const delivered = state === 'good' ? (fact.card ?? 'output-tray') : place
      return { ...withDone(story), ...excuse, place: delivered }
    }
    case 'refused':
    case 'failed':
      return { ...story, ...because(fact.reason), place }
    case 'unknown':
      return { ...story, ...because(fact.reason), place: fact.card ?? 'unknown' }
  }
}

/** Where a card lies whose doubt is settled: a good one was found in the output tray, of a spoiled one only its end is known. */
function restingPlace(verdict: FactOf<'attempt.resolved'>['verdict'], place: CardPlace | null): CardPlace | null {
  if (verdict === 'good') return 'output-tray'
  return verdict === 'unused' ? 'hopper' : place
}

function because(reason: Reason | undefined): Pick<AttemptStory, 'reason' | 'reason_code'> | undefined {
  return reason && { reason_code: reason.code, reason: JSON.stringify(reason) }
}

function withDone(story: AttemptStory): AttemptStory {
  return { ...story, done: joined([...new Set([...split(story.done), ...split(story.carrying)])]) }
}

function joined(operations: readonly Operation[]): string {
  return operations.join(',')
}

export function split(operations: string): Operation[] {
  return operations === '' ? [] : (operations.split(',') as Operation[])
}
