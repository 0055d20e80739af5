/** A spoiled card leaves by the profile's reject way; its record may not begin again before that is durable. */
import type { Reason } from '#shared/device/device.ts'
import { answerFact, confirmRemoval } from './doubt.ts'
import { outcomeFact } from './outcome.ts'
import type { Conclusion, Work } from './work.ts'

/** `place`: where the blank is, as far as that is known. */
export async function leadOut(work: Work, reason: Reason, place: 'inside' | 'reject-tray' | 'output-tray' | undefined): Promise<Conclusion> {
  const { attempt, subject, side, carries } = work
  const { rejectWay } = work.driver.capabilities
  if (place === 'reject-tray') return work.settle({ by: 'system', facts: [{ kind: 'attempt.closed', attempt, verdict: 'rejected', place, reason }] })
  if (place === 'inside' && rejectWay !== 'operator-removal' && !side.cancelled.aborted && work.isThere('spoil')) {
    const outcome = await work.command('spoil').completed
    work.append('system', [outcomeFact(attempt, 'spoil', outcome, true)])
    if (work.life.state === 'rejected') {
      if (rejectWay === 'void-pattern') await confirmVoid(work, reason)
      return 'ended'
    }
  }
  return work.settle(await confirmRemoval(subject, reason, carries, (prompt) => side.ask(prompt)))
}

/** The void card lies among the good ones: it is taken from there before the next card is made. */
async function confirmVoid(work: Work, reason: Reason): Promise<void> {
  const { subject } = work
  const choices = [{ id: 'removed', needsSecond: false, final: false } as const]
  const answer = await work.side.ask({ ...subject, kind: 'void-delivered', reason, certain: { done: ['void', 'deliver'], notDone: [], unknown: [] }, choices })
  work.append(answer.by, [answerFact(subject, 'void-delivered', answer.choice)])
}
