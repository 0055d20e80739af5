/**
 * Cards whose blank nobody may guess about: in doubt, or spoiled and still to be taken out. The same questions are
 * asked in a run and after a start of the program; the facts that follow are returned and made durable by the caller.
 */
import type { AttemptRef, Operation } from '#shared/card/life.ts'
import type { Reason } from '#shared/device/device.ts'
import type { Prompt, PromptChoice } from '#shared/job/job.ts'
import type { Actor, DeviceId, Fact, RunId } from '#shared/journal/events.ts'
import type { EmbosserDriver } from '../ports/embosser-driver.ts'
import { certainty, doubtChoices, removalChoices } from './choices.ts'
import type { PromptAnswer, PromptDesk } from './prompts.ts'

/** The card a question is about. */
export interface Subject {
  device: DeviceId
  run?: RunId
  attempt: AttemptRef
  /** Masked number. */
  number: string
}

/** Facts to append together, by whom. */
export interface Settled {
  by: Actor
  facts: readonly Fact[]
}

type Ask = (prompt: Omit<Prompt, 'id' | 'openedAt'>) => Promise<PromptAnswer>

export interface Doubt {
  subject: Subject
  reason: Reason
  /** Operations that earlier commands have certainly done, and those of the command whose end is unknown. */
  done: readonly Operation[]
  doubtful: readonly Operation[]
  /** Whether an earlier command touched the blank: then "no card was used" can't be. */
  touched: boolean
}

/**
 * Asks what became of a card in doubt until it is settled.
 * `enquire` asks the machine; undefined where its answer could be about another card.
 */
export async function settleDoubt(doubt: Doubt, ask: Ask, enquire: (() => Promise<Enquired>) | undefined): Promise<Settled> {
  let reason = doubt.reason
  let canAsk = enquire !== undefined
  const asked: Fact[] = []
  for (;;) {
    const answer = await ask({
      ...doubt.subject,
      kind: 'in-doubt',
      reason,
      certain: certainty(doubt.done, doubt.doubtful, 'unknown'),
      choices: doubtChoices({ unused: !doubt.touched, canAsk }),
    })
    const note = answerFact(doubt.subject, 'in-doubt', answer.choice)
    if (answer.choice !== 'ask-machine' || enquire === undefined) {
      return { by: answer.by, facts: [...asked, note, resolutionByPeople(doubt.subject.attempt, answer)] }
    }
    const { answer: said, evidence } = await enquire()
    asked.push(note)
    if (said === 'complete') {
      const statuses = [...evidence.statuses]
      const resolved: Fact = { kind: 'attempt.resolved', attempt: doubt.subject.attempt, verdict: 'good', basis: 'evidence', choice: answer.choice, statuses }
      return { by: answer.by, facts: [...asked, resolved] }
    }
    canAsk = said === 'busy' || said === 'no-answer'
    reason = { code: `machine-says-${said}`, severity: 'error', action: 'look-at-machine' }
  }
}

type Enquired = Awaited<ReturnType<EmbosserDriver['enquireLost']>>

/** The spoiled blank has to be in somebody's hand before its record may begin again. */
export async function confirmRemoval(subject: Subject, reason: Reason, doubtful: readonly Operation[], ask: Ask): Promise<Settled> {
  const answer = await ask({
    ...subject,
    kind: 'remove-card',
    reason,
    certain: certainty([], doubtful, 'some'),
    choices: removalChoices,
  })
  return {
    by: answer.by,
    facts: [
      answerFact(subject, 'remove-card', answer.choice),
      { kind: 'attempt.closed', attempt: subject.attempt, verdict: 'rejected', place: 'operator', reason },
    ],
  }
}

function resolutionByPeople(attempt: AttemptRef, answer: PromptAnswer): Fact {
  const verdict = answer.choice === 'card-good' ? 'good' : answer.choice === 'no-card' ? 'unused' : 'rejected'
  return {
    kind: 'attempt.resolved',
    attempt,
    verdict,
    basis: 'people',
    choice: answer.choice,
    ...(answer.second !== undefined && { second: answer.second }),
  }
}

export function answerFact(subject: Subject, prompt: string, choice: PromptChoice): Fact {
  const { device, run, attempt } = subject
  return { kind: 'prompt.answered', device, ...(run !== undefined && { run }), attempt, prompt, choice }
}

/** The prompt desk bound to a clock, as the questions above take it. */
export function asking(desk: PromptDesk, now: () => number, signal?: AbortSignal): Ask {
  return (prompt) => desk.ask({ ...prompt, openedAt: now() }, signal)
}
