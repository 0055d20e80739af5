/**
 * One attempt: one blank for one record, from its claim to its end. Chip before stripe before steel.
 * For each command the intent is durable first, then the machine hears of it, then the outcome is durable.
 */
import { attemptRef } from '#shared/card/life.ts'
import type { AttemptLife, AttemptRef } from '#shared/card/life.ts'
import type { CardPreview } from '#shared/job/job.ts'
import type { CommandOptions, CommandRun, Outcome } from '../ports/embosser-driver.ts'
import { makeChip } from './chip-step.ts'
import { settleDoubt } from './doubt.ts'
import { leadOut } from './lead-out.ts'
import { outcomeFact, reasonOf } from './outcome.ts'
import { askAfterRefusal, askHalfMade } from './refusal.ts'
import { Work } from './work.ts'
import type { ChipProgress, Conclusion, RunSide } from './work.ts'

export interface Attempt {
  readonly attempt: AttemptRef
  readonly record: number
  readonly preview: CardPreview
  readonly since: number
  life(): AttemptLife
  chip(): ChipProgress | undefined
  options(): CommandOptions
  /** The machine would take the next card, or this one's command has its end: then nothing follows before the attempt has. */
  readonly accepted: CommandRun['accepted']
  readonly ended: Promise<Conclusion>
  /** Whether `ended` is settled. */
  over(): boolean
}

/** `before`: the attempt begun before this one. Its card goes on to the machine first. */
export function beginAttempt(side: RunSide, record: number, before: Attempt | undefined): Attempt {
  const { context, order } = side
  const { store, driver } = context
  const card = context.openCard(order.job, record)
  const attempt = attemptRef(order.job, record, (store.record(order.job, record)?.attempts ?? 0) + 1)
  const preview = context.preview(card, order.job)
  const work = new Work(side, card, attempt, preview.number)
  const { carries, completionLag } = driver.capabilities
  const accepted = Promise.withResolvers<'accepted' | 'ended'>()
  let over = false

  /** Writes the outcome and does what follows from it, up to the attempt's end or `again`: the same command once more. */
  const conclude = async (outcome: Outcome): Promise<Conclusion | 'again'> => {
    work.append('system', [outcomeFact(attempt, 'personalize', outcome, carries.includes('deliver'))])
    const reason = reasonOf(outcome)
    switch (work.life.state) {
      case 'good':
        return 'ended'
      case 'in-doubt': {
        const doubt = { subject: work.subject, reason, done: work.done, doubtful: carries, touched: work.life.touched }
        // A machine that has named its trouble has nothing to add; one that fell silent may have.
        const enquire = reason.status === undefined ? context.enquiry(attempt) : undefined
        return work.settle(await settleDoubt(doubt, (prompt) => side.ask(prompt), enquire))
      }
      case 'spoiled':
        return leadOut(work, reason, outcome.kind === 'failed' && outcome.effect === 'applied' ? outcome.card : undefined)
      case 'working':
        return askHalfMade(work, reason)
      default:
        return askAfterRefusal(work, reason)
    }
  }

  /** Nobody waits for the machine to take this card any more: where completions lag, no card after it would bring its end to light. */
  let alone = false
  const personalize = async (): Promise<Conclusion | 'again'> => {
    const run = work.command('personalize')
    if (!alone) {
      alone = true
      if (completionLag > 0) void run.accepted.then(accepted.resolve)
      return conclude(await run.completed)
    }
    await run.accepted
    if (completionLag > 0) await driver.settle(work.options(carries))
    return conclude(await run.completed)
  }

  /** Up to the attempt's end, or to the moment when the machine may have the card. */
  const chip = async (): Promise<Conclusion | 'again' | 'go-on'> => {
    if (card.chip === undefined || work.life.state !== 'claimed') return 'go-on'
    // The run was begun without one although its card asks for one: rather no card than one whose chip is empty.
    if (side.chip === undefined) throw new Error('a card with a chip in a run that makes none')
    const end = await makeChip(work, card.chip, side.chip)
    if (end.kind === 'done') {
      if (before !== undefined && !before.over()) await before.accepted
      return 'go-on'
    }
    // Whoever waits for the machine to take the card learns that it has not, before a person is asked.
    alone = true
    if (completionLag > 0) accepted.resolve('ended')
    return end.kind === 'refused' ? askAfterRefusal(work, end.reason) : leadOut(work, end.reason, 'inside')
  }

  const live = async (): Promise<Conclusion> => {
    try {
      for (;;) {
        let conclusion = await chip()
        if (conclusion === 'go-on') conclusion = await personalize()
        if (conclusion !== 'again') return conclusion
      }
    } finally {
      over = true
      accepted.resolve('ended')
    }
  }

  work.append(order.by, [{ kind: 'attempt.claimed', attempt, run: order.run, device: order.device }])
  const ended = live()
  // Whoever waits for `ended` hears of a failure; until then it must not count as unheard.
  ended.catch(() => {})
  return {
    attempt,
    record,
    preview,
    since: context.clock.now(),
    life: () => work.life,
    chip: () => work.progress,
    options: () => work.options(carries),
    accepted: accepted.promise,
    ended,
    over: () => over,
  }
}
