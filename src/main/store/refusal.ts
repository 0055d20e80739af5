import { CardwrightError } from '#shared/faults.ts'
import type { Fact } from '#shared/journal/events.ts'

/** A fact that contradicts what the journal already holds: some part of the program is wrong, and nothing was written. */
export function notAllowed(kind: Fact['kind'], why: string): CardwrightError {
  return new CardwrightError({ code: 'store.not-allowed', class: 'bug', place: kind, values: { why } })
}

/** The card's number belongs to a card that exists, or may exist, elsewhere. */
export function alreadyIssued(job: string, record: number): CardwrightError {
  return new CardwrightError({ code: 'store.already-issued', class: 'data', values: { job, record } })
}
