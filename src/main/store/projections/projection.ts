import type { JournalRow } from '#shared/journal/events.ts'

/** A part of the state that follows from the journal. */
export interface Projection {
  /** Follows one row, inside its transaction. Throws `store.not-allowed` where the row contradicts the state. */
  apply(row: JournalRow): void
  /** Back to the state before the first row. */
  clear(): void
}
