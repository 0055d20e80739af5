/** The auditor's answer: of which cards a find speaks, and what became of each of their blanks. */
import type { AttemptState } from '#shared/card/life.ts'
import type { AttemptView } from '#shared/job/job.ts'
import { logResults, statesOfResult } from './filter.ts'
import type { LogResult } from './filter.ts'

export interface CardAnswer {
  readonly job: string
  readonly jobName: string
  readonly record: number
  readonly number: string
  /** In the order in which the blanks were used. */
  readonly attempts: readonly AttemptView[]
  /** How many blanks ended in each way; ways without any are left out. */
  readonly counts: readonly { readonly result: LogResult; readonly count: number }[]
}

export function resultOf(state: AttemptState): LogResult {
  return logResults.find((result) => statesOfResult[result].includes(state)) ?? 'in-work'
}

/** Attempts by card: those with the latest attempt first. */
export function answersOf(rows: readonly AttemptView[]): CardAnswer[] {
  const cards = new Map<string, AttemptView[]>()
  for (const row of rows) {
    const key = `${row.job}/${row.record}`
    cards.set(key, [...(cards.get(key) ?? []), row])
  }
  return [...cards.values()]
    .map((attempts) => attempts.toSorted((a, b) => a.startedAt - b.startedAt))
    .toSorted((a, b) => (b.at(-1)?.startedAt ?? 0) - (a.at(-1)?.startedAt ?? 0))
    .flatMap((attempts) => {
      const [first] = attempts
      if (first === undefined) return []
      const counts = logResults.flatMap((result) => {
        const count = attempts.filter((attempt) => resultOf(attempt.state) === result).length
        return count === 0 ? [] : [{ result, count }]
      })
      return [{ job: first.job, jobName: first.jobName, record: first.record, number: first.number, attempts, counts }]
    })
}
