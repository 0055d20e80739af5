/**
 * The journal's rows. What is hashed is kept exactly as it was hashed, so that anybody can check the chain without
 * knowing a single kind of fact: hash = SHA-256(hash of the row before, in hex, followed by `body`). See docs/journal.md.
 */
import { hash } from 'node:crypto'
import type { DatabaseSync } from 'node:sqlite'
import { z } from 'zod'
import { CardwrightError } from '#shared/faults.ts'
import { JournalRow } from '#shared/journal/events.ts'
import type { NewFact } from '../ports/store.ts'
import { canonicalJson } from './canonical.ts'
import { all, one } from './database.ts'

/** The version of `body` that this program writes. It reads this one and every one before it. */
export const journalFormat = 1

/** What the first row has in the place of a hash before it. */
export const firstPrevious = '0'.repeat(64)

const NewRow = JournalRow.omit({ previous: true, hash: true })
const Body = NewRow.extend({ format: z.number().int().min(1).max(journalFormat) })

export interface StoredRow {
  sequence: number
  body: string
  hash: Uint8Array
}

interface ReadRow extends StoredRow {
  previous: Uint8Array | null
}

export interface Journal {
  /** Writes one row after `head`, inside a transaction in which that was read. Throws `store.not-allowed` for a malformed fact. */
  append(entry: NewFact, head: ChainHead): JournalRow
  after(sequence: number, limit: number): JournalRow[]
  /** Rows about a job, or about one attempt of it, in order. */
  about(job: number, attempt?: { record: number; number: number }): JournalRow[]
  /** Rows as they are kept, for the check of the chain. */
  stored(after: number, limit: number): StoredRow[]
  head(): ChainHead
}

/** The last row; sequence 0 before the first. */
export interface ChainHead {
  sequence: number
  hash: string
}

export function createJournal(connection: DatabaseSync): Journal {
  const last = connection.prepare('SELECT sequence, hash FROM journal ORDER BY sequence DESC LIMIT 1')
  const insert = connection.prepare('INSERT INTO journal (sequence, body, hash) VALUES (?, ?, ?)')
  const stored = connection.prepare('SELECT sequence, body, hash FROM journal WHERE sequence > ? ORDER BY sequence LIMIT ?')
  const read = (where: string) =>
    connection.prepare(`
      SELECT row.sequence, row.body, row.hash, former.hash AS previous
      FROM journal AS row LEFT JOIN journal AS former ON former.sequence = row.sequence - 1 ${where}`)
  const after = read('WHERE row.sequence > ? ORDER BY row.sequence LIMIT ?')
  const aboutJob = read('WHERE row.sequence IN (SELECT sequence FROM subjects WHERE job = ?) ORDER BY row.sequence')
  const aboutAttempt = read(`
    WHERE row.sequence IN (SELECT sequence FROM subjects WHERE job = ? AND record = ? AND attempt = ?) ORDER BY row.sequence`)

  const head = () => {
    const row = one<StoredRow>(last)
    return row ? { sequence: row.sequence, hash: hex(row.hash) } : { sequence: 0, hash: firstPrevious }
  }

  return {
    append({ at, by, fact }, { sequence: before, hash: previous }) {
      const parsed = NewRow.safeParse({ sequence: before + 1, at, by, fact })
      if (!parsed.success) {
        // The paths of the mistakes, never the values: one of them may be what must not be written down.
        const why = parsed.error.issues.map((issue) => issue.path.join('.')).join(', ')
        throw new CardwrightError({ code: 'store.not-allowed', class: 'bug', place: fact.kind, values: { why } })
      }
      const body = canonicalJson({ ...parsed.data, format: journalFormat })
      const digest = rowHash(previous, body)
      insert.run(parsed.data.sequence, body, digest)
      return { ...parsed.data, previous, hash: hex(digest) }
    },
    after: (sequence, limit) => all<ReadRow>(after, sequence, limit).map(parseRow),
    about: (job, attempt) =>
      (attempt ? all<ReadRow>(aboutAttempt, job, attempt.record, attempt.number) : all<ReadRow>(aboutJob, job)).map(parseRow),
    stored: (sequence, limit) => all<StoredRow>(stored, sequence, limit),
    head,
  }
}

export function rowHash(previous: string, body: string): Buffer {
  return hash('sha256', previous + body, 'buffer')
}

export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex')
}

/** Throws `store.unreadable-row` where the row is not one that this program or an older one wrote. */
export function parseRow(row: ReadRow): JournalRow {
  const parsed = Body.safeParse(parseJson(row.body))
  if (!parsed.success || parsed.data.sequence !== row.sequence) {
    throw new CardwrightError({ code: 'store.unreadable-row', class: 'bug', values: { row: row.sequence } }, { cause: parsed.error })
  }
  const { format: _, ...rest } = parsed.data
  return { ...rest, previous: row.previous ? hex(row.previous) : firstPrevious, hash: hex(row.hash) }
}

/** The value, or undefined where the text is no JSON: which a tampered row may be. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
