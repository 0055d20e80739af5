/**
 * One attempt: one blank for one record, from its claim to its end.
 * For each command the intent is durable first, then the machine hears of it, then the outcome is durable.
 */
import { attemptRef } from '#shared/card/life.ts'
import type { AttemptLife, AttemptRef } from '#shared/card/life.ts'
import type { PreparedCard } from '#shared/card/prepared.ts'
import type { Reason } from '#shared/device/device.ts'
import type { CardPreview, Prompt } from '#shared/job/job.ts'
import type { Actor, CommandName, Fact } from '#shared/journal/events.ts'
import { livesOn } from '#shared/journal/attempt-steps.ts'
import type { CommandOptions, CommandRun, Decision, Outcome } from '../ports/embosser-driver.ts'
import { attentionChoices, certainty, refusedChoices } from './choices.ts'
import { answerFact, confirmRemoval, settleDoubt } from './doubt.ts'
import type { Settled, Subject } from './doubt.ts'
import { outcomeFact, reasonOf } from './outcome.ts'
import type { PromptAnswer } from './prompts.ts'
import type { RunContext, RunOrder } from './run.ts'

/** How an attempt's conclusion moves its run. */
export type Conclusion = 'ended' | 'end-run'

/** What an attempt needs of the run that it belongs to. */
export interface RunSide {
  readonly context: RunContext
  readonly order: RunOrder
  /** Aborted when the run is cancelled. */
  readonly cancelled: AbortSignal
  append(by: Actor, facts: readonly Fact[]): void
  /** Opens a question; the run shows that it waits. Only `withdrawable` questions end when the run is cancelled. */
  ask(prompt: Omit<Prompt, 'id' | 'openedAt'>, withdrawable?: 'withdrawable'): Promise<PromptAnswer>
}

export interface Attempt {
  readonly attempt: AttemptRef
  readonly record: number
  readonly preview: CardPreview
  readonly since: number
  life(): AttemptLife
  options(): CommandOptions
  /** The machine would take the next card, or this one's command has its end: then nothing follows before the attempt has. */
  readonly accepted: CommandRun['accepted']
  readonly ended: Promise<Conclusion>
}

/** Reasons that only a new connection helps against. */
const offline: ReadonlySet<string> = new Set(['link-lost', 'not-connected'])

export function beginAttempt(side: RunSide, record: number): Attempt {
  const { context, order } = side
  const { store, driver } = context
  const card: PreparedCard = context.openCard(order.job, record)
  const attempt = attemptRef(order.job, record, (store.record(order.job, record)?.attempts ?? 0) + 1)
  const preview = context.preview(card, order.job)
  const subject: Subject = { device: order.device, run: order.run, attempt, number: preview.number }
  const { carries, completionLag, rejectWay } = driver.capabilities
  let life: AttemptLife | undefined

  const append = (by: Actor, facts: readonly Fact[]) => {
    side.append(by, facts)
    for (const fact of facts) life = livesOn(life, fact) ?? life
  }
  const settle = ({ by, facts }: Settled): Conclusion => {
    append(by, facts)
    return 'ended'
  }

  /** The machine waits for a hand while a command is under way. Nothing is sent again. */
  const attend = async (reason: Reason, sent: boolean): Promise<Decision> => {
    try {
      const certain = certainty([], carries, sent ? 'unknown' : 'none')
      const answer = await side.ask({ ...subject, kind: 'attention', reason, certain, choices: attentionChoices(sent) }, 'withdrawable')
      append(answer.by, [answerFact(subject, 'attention', answer.choice)])
      return answer.choice === 'continue' ? 'continue' : 'give-up'
    } catch (thrown) {
      if (side.cancelled.aborted) return 'give-up'
      throw thrown
    }
  }

  const options = (): CommandOptions => ({
    onAttention: attend,
    onProgress: (progress) => context.progressed(progress),
    signal: side.cancelled,
  })

  const command = (name: CommandName): CommandRun => {
    append('system', [{ kind: 'attempt.intended', attempt, command: name, carries: name === 'spoil' ? ['void', 'deliver'] : [...carries] }])
    return name === 'spoil' ? driver.spoil(card, options()) : driver.personalize(card, options())
  }

  /** Writes the outcome and does what follows from it, up to the attempt's end or `again`: the same command once more. */
  const conclude = async (outcome: Outcome): Promise<Conclusion | 'again'> => {
    append('system', [outcomeFact(attempt, 'personalize', outcome, carries.includes('deliver'))])
    const reason = reasonOf(outcome)
    switch (life?.state) {
      case 'good':
        return 'ended'
      case 'in-doubt': {
        const doubt = { subject, reason, done: [], doubtful: carries, touched: life.touched }
        // A machine that has named its trouble has nothing to add; one that fell silent may have.
        const enquire = reason.status === undefined ? context.enquiry(attempt) : undefined
        return settle(await settleDoubt(doubt, (prompt) => side.ask(prompt), enquire))
      }
      case 'spoiled':
        return leadOut(reason, outcome.kind === 'failed' && outcome.effect === 'applied' ? outcome.card : undefined)
      default:
        return askAfterRefusal(reason)
    }
  }

  /** A spoiled card leaves by the profile's reject way; its record may not begin again before that is durable. */
  const leadOut = async (reason: Reason, place: 'inside' | 'reject-tray' | 'output-tray' | undefined): Promise<Conclusion> => {
    if (place === 'reject-tray') return settle({ by: 'system', facts: [{ kind: 'attempt.closed', attempt, verdict: 'rejected', place, reason }] })
    if (place === 'inside' && rejectWay !== 'operator-removal' && !side.cancelled.aborted) {
      const outcome = await command('spoil').completed
      append('system', [outcomeFact(attempt, 'spoil', outcome, true)])
      if (life?.state === 'rejected') {
        if (rejectWay === 'void-pattern') await confirmVoid(reason)
        return 'ended'
      }
    }
    return settle(await confirmRemoval(subject, reason, carries, (prompt) => side.ask(prompt)))
  }

  /** The void card lies among the good ones: it is taken from there before the next card is made. */
  const confirmVoid = async (reason: Reason) => {
    const certain = { done: ['void', 'deliver'] as const, notDone: [], unknown: [] }
    const choices = [{ id: 'removed', needsSecond: false, final: false } as const]
    const answer = await side.ask({ ...subject, kind: 'void-delivered', reason, certain: { ...certain, done: [...certain.done] }, choices })
    append(answer.by, [answerFact(subject, 'void-delivered', answer.choice)])
  }

  /** Nothing happened to a blank: the same attempt goes on when it is put right, or ends with no blank used. */
  const askAfterRefusal = async (reason: Reason): Promise<Conclusion | 'again'> => {
    const kind = offline.has(reason.code) ? 'link-lost' : 'refused'
    const [goOn, endRun] = refusedChoices
    const choices = kind === 'link-lost' ? [{ ...goOn!, id: 'reconnect' as const }, endRun!] : refusedChoices
    for (;;) {
      if (side.cancelled.aborted) return endUnused('system', reason)
      try {
        const answer = await side.ask({ ...subject, kind, reason, certain: certainty([], carries, 'none'), choices }, 'withdrawable')
        append(answer.by, [answerFact(subject, kind, answer.choice)])
        if (answer.choice === 'end-run') return endUnused(answer.by, reason)
      } catch (thrown) {
        if (!side.cancelled.aborted) throw thrown
        continue
      }
      if (kind === 'refused' || (await context.reconnect())) return 'again'
    }
  }

  const endUnused = (by: Actor, reason: Reason): Conclusion => {
    append(by, [{ kind: 'attempt.closed', attempt, verdict: 'unused', reason }])
    return 'end-run'
  }

  append(order.by, [{ kind: 'attempt.claimed', attempt, run: order.run, device: order.device }])
  const first = command('personalize')
  /** The same command once more, on its own: where completions lag, no card after it would bring its end to light. */
  const again = async (): Promise<Outcome> => {
    const { accepted, completed } = command('personalize')
    await accepted
    if (completionLag > 0) await driver.settle(options())
    return completed
  }
  const live = async (): Promise<Conclusion> => {
    let conclusion = await conclude(await first.completed)
    while (conclusion === 'again') conclusion = await conclude(await again())
    return conclusion
  }
  const ended = live()
  // Whoever waits for `ended` hears of a failure; until then it must not count as unheard.
  ended.catch(() => {})
  return {
    attempt,
    record,
    preview,
    since: context.clock.now(),
    life: () => life!,
    options,
    accepted: completionLag === 0 ? ended.then(() => 'ended') : first.accepted,
    ended,
  }
}
