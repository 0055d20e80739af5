/** The picture of the card that a question is about: from the run, or, for a question left by an earlier start, from the core. */
import type { AttemptRef } from '#shared/card/life.ts'
import type { CardPreview, RunView } from '#shared/job/job.ts'
import { useAnswer } from '../../../client/use-answer.ts'

/** `J-000012/7.2` → job `J-000012`, record 7. */
export function recordOf(attempt: AttemptRef): { job: string; record: number } {
  const [job = '', rest = ''] = attempt.split('/')
  return { job, record: Number.parseInt(rest, 10) }
}

export function usePreviewOf(attempt: AttemptRef | undefined, run: RunView | undefined): CardPreview | undefined {
  const known = run?.cards.find((card) => card.attempt === attempt)?.preview
  const asked = useAnswer('job.card', attempt !== undefined && known === undefined ? recordOf(attempt) : undefined)
  return known ?? asked.value
}
