/** How far a job is: as a bar for the eye and in words for everybody. */
import type { JobCounts, RecordState } from '#shared/job/job.ts'
import { useWords } from '../../i18n/provider.tsx'
import { resultOfRecord, ResultMark } from '../../ui/index.ts'

/** States in the order in which a bar shows them, with the count that each has. */
export function countsByState(counts: JobCounts): { state: RecordState; count: number }[] {
  return [
    { state: 'good', count: counts.good },
    { state: 'rejected', count: counts.rejected },
    { state: 'in-doubt', count: counts.inDoubt },
    { state: 'in-work', count: counts.inWork },
    { state: 'queued', count: counts.queued },
    { state: 'skipped', count: counts.skipped },
  ]
}

export function CountsBar({ counts }: { counts: JobCounts }) {
  return (
    <div className="counts-bar" aria-hidden>
      {countsByState(counts)
        .filter(({ count }) => count > 0)
        .map(({ state, count }) => (
          <span key={state} data-result={resultOfRecord(state)} style={{ flexGrow: count }} />
        ))}
    </div>
  )
}

/** The counts that are not zero, each with colour, shape and word. */
export function CountsInWords({ counts }: { counts: JobCounts }) {
  const words = useWords()
  return (
    <ul className="counts">
      {countsByState(counts)
        .filter(({ count }) => count > 0)
        .map(({ state, count }) => (
          <li key={state}>
            <strong>{words.count(count)}</strong> <ResultMark result={resultOfRecord(state)} size={16} />
          </li>
        ))}
    </ul>
  )
}
