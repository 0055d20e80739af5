/**
 * A store as a power cut leaves it: a copy of the database and of as much of its write-ahead log as had reached the disk.
 * What a cut can take away is the end of the log that was not yet written back into the database: SQLite never writes
 * a page back before the log that holds it is durable (sqlite.org/wal.html, sqlite.org/fileformat2.html#walformat).
 */
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

const walHeader = 32
const frameHeader = 24
/** Where a wal-index keeps how many frames of the log are written back (sqlite.org/walformat.html#the_wal_index_file_format). */
const backfillOffset = 96

let copies = 0

/**
 * Copies the store at `path`, which may be open, and answers the copy's path, in a new folder beside it.
 * `tornBytes`: how many bytes of the log's end are missing, at most as many as are not yet in the database.
 */
export function snapshotStore(path: string, { tornBytes = 0 }: { tornBytes?: number } = {}): string {
  const folder = join(dirname(path), `cut-${process.pid}-${++copies}`)
  mkdirSync(folder)
  const copy = join(folder, basename(path))
  copyFileSync(path, copy)
  const wal = readWal(path)
  if (wal) writeFileSync(`${copy}-wal`, wal.bytes.subarray(0, Math.max(wal.writtenBack, wal.end - tornBytes)))
  return copy
}

/**
 * Bytes of the log that a power cut could still take, from its end: `all`, and those of the last transaction alone, so
 * that "torn" is anything between 0 and `last`, and "not synced" is `last` itself.
 */
export function tearable(path: string): { all: number; last: number } {
  const wal = readWal(path)
  if (!wal) return { all: 0, last: 0 }
  const all = wal.end - wal.writtenBack
  return { all, last: Math.min(all, wal.end - wal.beforeLast) }
}

interface Wal {
  bytes: Buffer
  /** Byte positions: the end of the last whole transaction, the end of the one before it, and of what is written back. */
  end: number
  beforeLast: number
  writtenBack: number
}

/** Frames that are left over from before the log began anew carry other salts, and end it. */
function readWal(path: string): Wal | undefined {
  const file = `${path}-wal`
  const bytes = existsSync(file) ? readFileSync(file) : Buffer.alloc(0)
  if (bytes.length < walHeader) return undefined
  const frame = frameHeader + bytes.readUInt32BE(8)
  const salts = bytes.subarray(16, 24)
  let end = walHeader
  let beforeLast = walHeader
  for (let at = walHeader; at + frame <= bytes.length; at += frame) {
    if (!bytes.subarray(at + 8, at + 16).equals(salts)) break
    const endsTransaction = bytes.readUInt32BE(at + 4) !== 0
    if (endsTransaction) [beforeLast, end] = [end, at + frame]
  }
  const index = existsSync(`${path}-shm`) ? readFileSync(`${path}-shm`) : Buffer.alloc(0)
  const frames = index.length < backfillOffset + 4 ? 0 : index.readUInt32LE(backfillOffset)
  return { bytes, end, beforeLast, writtenBack: Math.min(end, walHeader + frames * frame) }
}
