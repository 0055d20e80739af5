/** What was imported: sealed cards, the index of numbers, the job's key; and the end of each. */
import type { DatabaseSync } from 'node:sqlite'
import { CardwrightError } from '#shared/faults.ts'
import type { JobId } from '#shared/journal/events.ts'
import type { StoredCard, StoredDesign } from '../ports/store.ts'
import { all, one, transaction } from './database.ts'
import { jobNumber } from './identifiers.ts'

/** Records of one job, at most: the sealed cards of a job have consecutive keys. */
const recordsPerJob = 2 ** 31

export function sealedId(job: number, record: number): number {
  return job * recordsPerJob + record
}

/** Rows removed in one transaction: short enough for a running machine not to notice. */
const removedAtOnce = 5_000

/**
 * Entries of the number index are sorted in lots of this size and written in that order, a few with each lot of cards. In the
 * order of the cards each one would dirty a page of its own: forty times the traffic.
 */
const numbersPerLot = 50_000

export interface Material {
  /** Takes the job's number. Throws `store.not-allowed` where it is taken. */
  begin(job: JobId, design: StoredDesign, wrappedKey: Uint8Array): Staging
  /** Removes what imports that never ended have left. Only before the first import begins. */
  removeUnfinished(): void
  /** Removes sealed cards whose key is destroyed. */
  removeKeyless(): void
}

/** Cards on their way in. They are there for nobody until the job's row is. */
export interface Staging {
  add(cards: readonly StoredCard[]): void
  /** Writes what is still held back, inside the transaction that makes the job. */
  complete(): void
  remove(): void
}

export function createMaterial(connection: DatabaseSync): Material {
  const insertMaterial = connection.prepare(`
    INSERT INTO materials (job, design, revision, digest, design_name, document, saved_at, saved_by, wrapped_key)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`)
  const taken = connection.prepare('SELECT 1 FROM materials WHERE job = ?')
  const insertCard = connection.prepare('INSERT INTO cards (job, record, masked, mac) VALUES (?, ?, ?, ?)')
  const insertSealed = connection.prepare('INSERT INTO sealed_cards (id, sealed) VALUES (?, ?)')
  const insertNumber = connection.prepare('INSERT INTO numbers (mac, job, record) VALUES (?, ?, ?)')
  const someSealed = connection.prepare('SELECT id FROM sealed_cards WHERE id BETWEEN ? AND ? LIMIT ?')
  const deleteSealed = connection.prepare('DELETE FROM sealed_cards WHERE id = ?')
  const someCards = connection.prepare('SELECT record, mac FROM cards WHERE job = ? LIMIT ?')
  const deleteCard = connection.prepare('DELETE FROM cards WHERE job = ? AND record = ?')
  const deleteNumber = connection.prepare('DELETE FROM numbers WHERE mac = ? AND job = ? AND record = ?')
  const deleteMaterial = connection.prepare('DELETE FROM materials WHERE job = ?')
  const unfinished = connection.prepare('SELECT job FROM materials WHERE job NOT IN (SELECT job FROM jobs)')
  const keyless = connection.prepare('SELECT job FROM materials WHERE wrapped_key IS NULL')

  /** In slices, each a transaction of its own, until a slice finds nothing more. */
  const inSlices = (slice: () => number) => {
    while (transaction(connection, slice) === removedAtOnce);
  }

  /** Answers whether there was anything to remove. */
  const removeSealed = (job: number): boolean => {
    const range = [sealedId(job, 0), sealedId(job + 1, 0) - 1] as const
    if (one(someSealed, ...range, 1) === undefined) return false
    inSlices(() => {
      const found = all<{ id: number }>(someSealed, ...range, removedAtOnce)
      for (const { id } of found) deleteSealed.run(id)
      return found.length
    })
    return true
  }

  const removeImport = (job: number) => {
    removeSealed(job)
    inSlices(() => {
      const found = all<{ record: number; mac: Uint8Array }>(someCards, job, removedAtOnce)
      for (const { record, mac } of found) {
        deleteNumber.run(mac, job, record)
        deleteCard.run(job, record)
      }
      return found.length
    })
    transaction(connection, () => deleteMaterial.run(job))
  }

  /**
   * Staged cards need not be durable card by card: the commit that shows them makes everything before it durable too
   * (sqlite.org/pragma.html#pragma_synchronous: in WAL mode NORMAL omits the sync, never the order).
   */
  const relaxed = (work: () => void) => {
    connection.exec('PRAGMA synchronous = NORMAL')
    try {
      transaction(connection, work)
    } finally {
      connection.exec('PRAGMA synchronous = FULL')
    }
  }

  return {
    begin(id, design, wrappedKey) {
      const job = jobNumber(id)
      const wrong = (why: string) => new CardwrightError({ code: 'store.not-allowed', class: 'bug', place: 'import', values: { why } })
      if (job === undefined || taken.get(job)) throw wrong('job identifier')
      relaxed(() =>
        insertMaterial.run(
          ...[job, design.design, design.revision, design.digest, design.name],
          ...[design.document, design.savedAt, design.savedBy, wrappedKey],
        ),
      )
      let last = 0
      const numbers = createNumberLots((mac, record) => insertNumber.run(mac, job, record))
      return {
        add(cards) {
          relaxed(() => {
            let record = last
            for (const card of cards) {
              if (card.record !== ++record) throw wrong('records follow each other from 1')
              insertCard.run(job, record, card.masked, card.numberMac)
              insertSealed.run(sealedId(job, record), card.sealed)
            }
            numbers.write(cards.length)
          })
          last += cards.length
          for (const { numberMac, record } of cards) numbers.hold(numberMac, record)
        },
        complete: () => numbers.write(Infinity),
        remove: () => removeImport(job),
      }
    },
    removeUnfinished() {
      for (const { job } of all<{ job: number }>(unfinished)) removeImport(job)
    },
    removeKeyless() {
      const removed = all<{ job: number }>(keyless).map(({ job }) => removeSealed(job))
      // The pages that held key and cards are overwritten in the database only when the log has gone into it.
      if (removed.includes(true)) connection.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    },
  }
}

/** Holds entries of the number index back, and gives them out in sorted lots. */
function createNumberLots(insert: (mac: Uint8Array, record: number) => void) {
  type Entry = readonly [mac: string, record: number]
  let held: Entry[] = []
  let sorted: Entry[] = []

  return {
    // Text of one byte a character: a tenth of the memory of as many arrays, in the same order.
    hold: (mac: Uint8Array, record: number) => void held.push([Buffer.from(mac).toString('latin1'), record]),
    /** Writes at most `most` entries of what is sorted; at the end, everything. */
    write(most: number) {
      for (let written = 0; written < most; written++) {
        if (sorted.length === 0) {
          if (held.length === 0 || (held.length < numbersPerLot && most < Infinity)) return
          // Last first, so that the next one is taken from the end.
          sorted = held.sort(([left], [right]) => (left < right ? 1 : -1))
          held = []
        }
        const [mac, record] = sorted.pop()!
        insert(Buffer.from(mac, 'latin1'), record)
      }
    },
  }
}
