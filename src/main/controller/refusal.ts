/** The machine did not take a command: nothing happened to the blank by it. What then is for a person to say. */
import type { Reason } from '#shared/device/device.ts'
import type { Prompt } from '#shared/job/job.ts'
import type { Actor } from '#shared/journal/events.ts'
import { certainty, halfMadeChoices, refusedChoices } from './choices.ts'
import { answerFact } from './doubt.ts'
import type { PromptAnswer } from './prompts.ts'
import { leadOut } from './lead-out.ts'
import type { Conclusion, Work } from './work.ts'

/** Reasons that only a new connection helps against. */
const offline: ReadonlySet<string> = new Set(['link-lost', 'not-connected'])

/** No blank is involved yet: the same attempt goes on when it is put right, or ends with no blank used. */
export async function askAfterRefusal(work: Work, reason: Reason): Promise<Conclusion | 'again'> {
  const lost = offline.has(reason.code)
  const kind = lost ? 'link-lost' : 'refused'
  const [goOn, endRun] = refusedChoices
  const choices = lost ? [{ ...goOn!, id: 'reconnect' as const }, endRun!] : refusedChoices
  for (;;) {
    if (work.side.cancelled.aborted) return endUnused(work, 'system', reason)
    const answer = await askUnlessCancelled(work, { kind, reason, certain: certainty([], work.carries, 'none'), choices })
    if (answer === undefined) continue
    if (answer.choice === 'end-run') return endUnused(work, answer.by, reason)
    if (!lost || (await work.side.context.reconnect())) return 'again'
  }
}

/** The chip is made and the card is not: it goes on, or it is given up for spoiled. It is never a fresh blank again. */
export async function askHalfMade(work: Work, reason: Reason): Promise<Conclusion | 'again'> {
  const lost = offline.has(reason.code)
  const [goOn, giveUp] = halfMadeChoices
  const choices = lost ? [{ ...goOn!, id: 'reconnect' as const }, giveUp!] : halfMadeChoices
  for (;;) {
    // A card that has left its station is not the one that the machine would take.
    if (work.side.cancelled.aborted || !work.isThere('personalize')) return leadOut(work, reason, 'inside')
    const answer = await askUnlessCancelled(work, { kind: 'half-made', reason, certain: certainty(work.done, work.carries, 'none'), choices })
    if (answer === undefined) continue
    if (answer.choice === 'give-up') return leadOut(work, reason, 'inside')
    if ((!lost || (await work.side.context.reconnect())) && work.isThere('personalize')) return 'again'
  }
}

type Question = Pick<Prompt, 'kind' | 'reason' | 'certain' | 'choices'>

/** Undefined where the run was cancelled meanwhile. */
async function askUnlessCancelled(work: Work, question: Question): Promise<PromptAnswer | undefined> {
  const { side, subject } = work
  try {
    const answer = await side.ask({ ...subject, ...question }, 'withdrawable')
    work.append(answer.by, [answerFact(subject, question.kind, answer.choice)])
    return answer
  } catch (thrown) {
    if (!side.cancelled.aborted) throw thrown
    return undefined
  }
}

function endUnused(work: Work, by: Actor, reason: Reason): Conclusion {
  work.append(by, [{ kind: 'attempt.closed', attempt: work.attempt, verdict: 'unused', reason }])
  return 'end-run'
}
