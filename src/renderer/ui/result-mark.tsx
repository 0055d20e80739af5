/** What became of a card: a colour, a shape and a word, never the colour alone. */
import { Ban, CircleCheck, CircleDashed, CircleDot, CircleHelp, Clock, OctagonX } from 'lucide-react'
import type { AttemptState } from '#shared/card/life.ts'
import type { RecordState } from '#shared/job/job.ts'
import { useWords } from '../i18n/provider.tsx'

export type Result = 'good' | 'rejected' | 'in-doubt' | 'waiting' | 'in-work' | 'skipped' | 'unused'

const shapes = {
  good: CircleCheck,
  rejected: OctagonX,
  'in-doubt': CircleHelp,
  waiting: Clock,
  'in-work': CircleDot,
  skipped: Ban,
  unused: CircleDashed,
} as const

/** The result that an attempt's state shows to people. */
export function resultOfAttempt(state: AttemptState): Result {
  switch (state) {
    case 'good':
    case 'in-doubt':
    case 'unused':
    case 'rejected':
      return state
    case 'spoiled':
      return 'rejected'
    case 'claimed':
    case 'intended':
    case 'working':
      return 'in-work'
  }
}

export function resultOfRecord(state: RecordState): Result {
  return state === 'queued' ? 'waiting' : state
}

/** `many`: the word for a count of cards, such as “rejected 3”. */
export function ResultMark({ result, many = false, size = 18 }: { result: Result; many?: boolean; size?: number }) {
  const { say } = useWords()
  const Shape = shapes[result]
  return (
    <span className="mark" data-result={result}>
      <Shape size={size} strokeWidth={2.25} aria-hidden />
      {say(many ? `results.${result}` : `result.${result}`)}
    </span>
  )
}
