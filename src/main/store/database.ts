/** The database file: how it is opened, its transactions, and what its own errors mean to the operator. */
import { DatabaseSync } from 'node:sqlite'
import type { SQLInputValue, StatementSync } from 'node:sqlite'
import { CardwrightError } from '#shared/faults.ts'
import { migrate } from './migrations.ts'

export interface DatabaseOptions {
  /** A file, or `:memory:`. */
  path: string
  /** Reads beside a program that writes: no migration, no lock, no clean-up. */
  readOnly?: boolean
}

export interface Database {
  readonly connection: DatabaseSync
  /** Whether migrations changed what the projections are made of, so that they have to be made again. */
  readonly rebuild: boolean
  close(): void
}

export function openDatabase({ path, readOnly = false }: DatabaseOptions): Database {
  return explained(path, () => {
    const release = readOnly || path === ':memory:' ? () => {} : lockWorkspace(path)
    try {
      // Nobody else writes; five seconds let the short lock of a back-up or of a check pass.
      const connection = new DatabaseSync(path, { readOnly, timeout: 5_000, enableForeignKeyConstraints: true })
      if (!readOnly) connection.exec('PRAGMA journal_mode = WAL')
      connection.exec('PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA cache_size = -32768; PRAGMA temp_store = MEMORY')
      const rebuild = migrate(connection, readOnly)
      return {
        connection,
        rebuild,
        close: () => {
          if (!connection.isOpen) return
          connection.close()
          release()
        },
      }
    } catch (thrown) {
      release()
      throw thrown
    }
  })
}

/**
 * Two programs that write one workspace would each take the other's cards for those of a crash. A lock on a file of its
 * own ends with the process, however that ends, and lets readers in.
 */
function lockWorkspace(path: string): () => void {
  const lock = new DatabaseSync(`${path}-lock`)
  try {
    lock.exec('BEGIN EXCLUSIVE')
  } catch (cause) {
    lock.close()
    throw new CardwrightError({ code: 'store.in-use', class: 'operator' }, { cause })
  }
  return () => lock.close()
}

/** Everything that `work` writes, or nothing. Durable when it returns. */
export function transaction<Value>(connection: DatabaseSync, work: () => Value): Value {
  return explained(undefined, () => {
    connection.exec('BEGIN IMMEDIATE')
    try {
      const value = work()
      connection.exec('COMMIT')
      return value
    } catch (thrown) {
      if (connection.isTransaction) connection.exec('ROLLBACK')
      throw thrown
    }
  })
}

/** Primary result codes of SQLite (sqlite.org/rescode.html) that a person can do something about. */
const faults: Record<number, string> = {
  5: 'store.busy', //         SQLITE_BUSY
  8: 'store.not-writable', // SQLITE_READONLY
  10: 'store.disk-failed', // SQLITE_IOERR
  11: 'store.damaged', //     SQLITE_CORRUPT
  13: 'store.disk-full', //   SQLITE_FULL
  14: 'store.not-writable', // SQLITE_CANTOPEN
  26: 'store.damaged', //     SQLITE_NOTADB
}

function explained<Value>(path: string | undefined, work: () => Value): Value {
  try {
    return work()
  } catch (thrown) {
    const code = thrown instanceof Error && 'errcode' in thrown ? faults[Number(thrown.errcode) & 0xff] : undefined
    if (code === undefined) throw thrown
    throw new CardwrightError({ code, class: 'operator', ...(path !== undefined && { place: path }) }, { cause: thrown })
  }
}

/** One row of a statement whose columns are known, or undefined. */
export function one<Row>(statement: StatementSync, ...values: SQLInputValue[]): Row | undefined {
  return statement.get(...values) as Row | undefined
}

export function all<Row>(statement: StatementSync, ...values: SQLInputValue[]): Row[] {
  return statement.all(...values) as Row[]
}
