/** The journal as the browser lists it, the newest row first, and how it is written into a file. */
import type { JournalRow } from '#shared/journal/events.ts'

/** Fetches rows whose sequence is greater than `after`, in order. */
export type Fetch = (after: number, limit: number) => Promise<JournalRow[]>

/** Most rows that one call answers. */
export const mostRows = 1000

/** What to ask for rows `offset` … of a list of `total`, newest first; undefined where there are none. */
export function askFor(total: number, offset: number, limit: number): { after: number; limit: number } | undefined {
  const newest = total - offset
  if (newest <= 0) return undefined
  const after = Math.max(0, newest - limit)
  return { after, limit: newest - after }
}

/** Place in the list of the row with this sequence. */
export function indexOf(total: number, sequence: number): number {
  return total - sequence
}

/** How many rows there are, when at least `known` are. */
export async function countRows(known: number, fetch: Fetch): Promise<number> {
  for (let count = known; ; ) {
    const rows = await fetch(count, mostRows)
    count += rows.length
    if (rows.length < mostRows) return count
  }
}

/** Every row in order, in pieces; `onProgress` hears how many have been read. */
export async function readAll(fetch: Fetch, onProgress: (rows: number) => void): Promise<JournalRow[]> {
  const all: JournalRow[] = []
  for (;;) {
    const rows = await fetch(all.length, mostRows)
    for (const row of rows) all.push(row)
    onProgress(all.length)
    if (rows.length < mostRows) return all
  }
}

/** A row a line, as stored: whoever has the file can recompute every hash. */
export function journalLines(rows: readonly JournalRow[]): string {
  return rows.map((row) => JSON.stringify(row) + '\n').join('')
}
