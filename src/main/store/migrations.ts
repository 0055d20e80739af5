/** The tables, as numbered steps. A step is never changed once released; a new one is added below it. */
import type { DatabaseSync } from 'node:sqlite'
import { CardwrightError } from '#shared/faults.ts'

interface Migration {
  sql: string
  /** The projections have to be made again from the journal. */
  rebuild: boolean
}

/** Marks the file as a Cardwright workspace (`CDWT`), sqlite.org/pragma.html#pragma_application_id. */
const applicationId = 0x43445754

const migrations: readonly Migration[] = [
  {
    rebuild: false,
    sql: `
      -- The journal. What is hashed is kept as it was hashed: docs/journal.md.
      CREATE TABLE journal (
        sequence INTEGER PRIMARY KEY,
        body TEXT NOT NULL,
        hash BLOB NOT NULL CHECK (length(hash) = 32)
      ) STRICT;
      CREATE TRIGGER journal_keeps_rows BEFORE DELETE ON journal
        BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
      CREATE TRIGGER journal_keeps_values BEFORE UPDATE ON journal
        BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
      CREATE TRIGGER journal_grows_by_one BEFORE INSERT ON journal
        WHEN NEW.sequence <> 1 + (SELECT coalesce(max(sequence), 0) FROM journal)
        BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;

      -- Material: what came in from outside and does not follow from the journal.
      CREATE TABLE materials (
        job INTEGER PRIMARY KEY,
        design TEXT NOT NULL,
        revision INTEGER NOT NULL,
        digest TEXT NOT NULL,
        design_name TEXT NOT NULL,
        document TEXT NOT NULL,
        saved_at REAL NOT NULL,
        saved_by TEXT NOT NULL,
        wrapped_key BLOB -- NULL once destroyed
      ) STRICT;
      -- The columns state and attempts are projections.
      CREATE TABLE cards (
        job INTEGER NOT NULL REFERENCES materials (job),
        record INTEGER NOT NULL,
        masked TEXT NOT NULL,
        mac BLOB NOT NULL,
        state TEXT NOT NULL DEFAULT 'queued',
        attempts INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY (job, record)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX cards_by_state ON cards (job, state, record);
      -- A rowid table of its own, so that rows of a kilobyte lie close; id = job * 2^31 + record.
      CREATE TABLE sealed_cards (id INTEGER PRIMARY KEY, sealed BLOB NOT NULL) STRICT;
      CREATE TABLE numbers (
        mac BLOB NOT NULL,
        job INTEGER NOT NULL,
        record INTEGER NOT NULL,
        PRIMARY KEY (mac, job, record)
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE design_documents (
        design TEXT NOT NULL,
        revision INTEGER NOT NULL,
        document TEXT NOT NULL,
        PRIMARY KEY (design, revision)
      ) STRICT;

      -- Projections: what follows from the journal.
      CREATE TABLE workspace (one INTEGER PRIMARY KEY CHECK (one = 1), name TEXT NOT NULL, demo INTEGER NOT NULL) STRICT;
      CREATE TABLE people (
        person TEXT PRIMARY KEY,
        name TEXT NOT NULL,
        roles TEXT NOT NULL,
        active INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE devices (
        device TEXT PRIMARY KEY,
        name TEXT NOT NULL,
        profile TEXT NOT NULL,
        mode TEXT NOT NULL,
        link TEXT NOT NULL,
        removed INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE designs (
        design TEXT NOT NULL,
        revision INTEGER NOT NULL,
        digest TEXT NOT NULL,
        name TEXT NOT NULL,
        saved_at REAL NOT NULL,
        saved_by TEXT NOT NULL,
        PRIMARY KEY (design, revision),
        FOREIGN KEY (design, revision) REFERENCES design_documents (design, revision)
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE jobs (
        job INTEGER PRIMARY KEY REFERENCES materials (job),
        name TEXT NOT NULL,
        file_name TEXT NOT NULL,
        created_at REAL NOT NULL,
        created_by TEXT NOT NULL,
        closed_at REAL,
        -- Sequence of the job.closed row until it is sealed.
        unsealed INTEGER,
        state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'closed', 'discarded')),
        place INTEGER NOT NULL,
        purged INTEGER NOT NULL DEFAULT 0,
        runs INTEGER NOT NULL DEFAULT 0,
        open_runs INTEGER NOT NULL DEFAULT 0,
        records INTEGER NOT NULL,
        queued INTEGER NOT NULL,
        in_work INTEGER NOT NULL DEFAULT 0,
        in_doubt INTEGER NOT NULL DEFAULT 0,
        good INTEGER NOT NULL DEFAULT 0,
        rejected INTEGER NOT NULL DEFAULT 0,
        skipped INTEGER NOT NULL DEFAULT 0,
        blanks_good INTEGER NOT NULL DEFAULT 0,
        blanks_rejected INTEGER NOT NULL DEFAULT 0,
        blanks_in_doubt INTEGER NOT NULL DEFAULT 0,
        resolved INTEGER NOT NULL DEFAULT 0,
        CHECK (records = queued + in_work + in_doubt + good + rejected + skipped)
      ) STRICT;
      CREATE INDEX jobs_unsealed ON jobs (unsealed) WHERE unsealed IS NOT NULL;
      CREATE TABLE runs (
        run TEXT PRIMARY KEY,
        job INTEGER NOT NULL REFERENCES jobs (job),
        device TEXT NOT NULL,
        ended TEXT
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX runs_open ON runs (run) WHERE ended IS NULL;
      CREATE TABLE attempts (
        id INTEGER PRIMARY KEY, -- sequence of its attempt.claimed
        job INTEGER NOT NULL REFERENCES jobs (job),
        record INTEGER NOT NULL,
        number INTEGER NOT NULL,
        masked TEXT NOT NULL,
        tail TEXT NOT NULL, -- the number's last four digits, last first
        run TEXT NOT NULL REFERENCES runs (run),
        device TEXT NOT NULL,
        operator TEXT NOT NULL,
        started_at REAL NOT NULL,
        ended_at REAL,
        state TEXT NOT NULL DEFAULT 'claimed',
        touched INTEGER NOT NULL DEFAULT 0,
        before TEXT,
        carrying TEXT NOT NULL DEFAULT '', -- operations of the command that was intended last
        done TEXT NOT NULL DEFAULT '',
        reason_code TEXT,
        reason TEXT,
        place TEXT,
        resolved_by TEXT,
        UNIQUE (job, record, number)
      ) STRICT;
      CREATE INDEX attempts_open ON attempts (id) WHERE ended_at IS NULL;
      -- Written once, at an attempt's end: each page that a step touches is one more to write before the machine goes on.
      CREATE INDEX attempts_filter ON attempts (state, reason_code, device, operator, job, started_at) WHERE ended_at IS NOT NULL;
      CREATE INDEX attempts_reason ON attempts (reason_code) WHERE reason_code IS NOT NULL;
      CREATE INDEX attempts_tail ON attempts (tail);
      -- Which rows of the journal are about which job (record 0), record (attempt 0) or attempt.
      CREATE TABLE subjects (
        job INTEGER NOT NULL,
        record INTEGER NOT NULL,
        attempt INTEGER NOT NULL,
        sequence INTEGER NOT NULL REFERENCES journal (sequence),
        PRIMARY KEY (job, record, attempt, sequence)
      ) STRICT, WITHOUT ROWID;
    `,
  },
  {
    rebuild: false,
    sql: `
      -- Readers behind a device's chip stations, JSON.
      ALTER TABLE devices ADD COLUMN stations TEXT NOT NULL DEFAULT '[]';
      -- Chip tasks, scripts and extension modules as saved; material, as design_documents is.
      CREATE TABLE chip_sources (
        document TEXT NOT NULL,
        id TEXT NOT NULL,
        revision INTEGER NOT NULL,
        source TEXT NOT NULL,
        PRIMARY KEY (document, id, revision)
      ) STRICT;

      -- Projections.
      CREATE TABLE chip_documents (
        document TEXT NOT NULL,
        id TEXT NOT NULL,
        revision INTEGER NOT NULL,
        digest TEXT NOT NULL,
        name TEXT NOT NULL,
        saved_at REAL NOT NULL,
        saved_by TEXT NOT NULL,
        PRIMARY KEY (document, id, revision),
        FOREIGN KEY (document, id, revision) REFERENCES chip_sources (document, id, revision)
      ) STRICT, WITHOUT ROWID;
      -- The attempt in which writing to a chip was begun: no chip is written in a second one.
      CREATE TABLE chips (
        chip TEXT PRIMARY KEY,
        job INTEGER NOT NULL,
        record INTEGER NOT NULL,
        attempt INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;
    `,
  },
  {
    rebuild: false,
    sql: `
      -- Projection: chips that a task was tried on at the workbench. No job takes them for fresh ones.
      CREATE TABLE tried_chips (chip TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
      INSERT OR IGNORE INTO tried_chips
        SELECT body ->> '$.fact.chip' FROM journal
        WHERE instr(body, '"chip.tried"') > 0 AND body ->> '$.fact.kind' = 'chip.tried'
          AND body ->> '$.fact.task' IS NOT NULL AND body ->> '$.fact.chip' IS NOT NULL;
    `,
  },
  {
    rebuild: false,
    sql: `
      -- What became of an attempt's chip, JSON; for those that an older program made it is read out of the journal.
      ALTER TABLE attempts ADD COLUMN chip TEXT;
      UPDATE attempts SET chip = told.chip FROM (
        SELECT attempt, json_patch(json_patch('{}', coalesce(max(known), '{}')), coalesce(max(outcome), '{}')) AS chip FROM (
          SELECT
            body ->> '$.fact.attempt' AS attempt,
            CASE WHEN body ->> '$.fact.kind' = 'attempt.chip-identified' THEN
              json_object('station', body ->> '$.fact.station', 'atr', body ->> '$.fact.atr', 'number', body ->> '$.fact.chip')
            END AS known,
            CASE WHEN body ->> '$.fact.kind' = 'attempt.outcome' THEN body -> '$.fact.chip' END AS outcome
          FROM journal
          WHERE instr(body, 'chip') > 0 AND body ->> '$.fact.kind' IN ('attempt.chip-identified', 'attempt.outcome')
        )
        WHERE known IS NOT NULL OR outcome IS NOT NULL
        GROUP BY attempt
      ) AS told
      WHERE told.attempt = printf('J-%06d/%d.%d', job, record, number);
    `,
  },
]

/**
 * Brings the tables to this program's form; answers whether the projections have to be made again.
 * Throws `store.newer-program` where a newer program has written the file, `store.not-a-workspace` where none has.
 */
export function migrate(connection: DatabaseSync, readOnly: boolean): boolean {
  const read = (pragma: string) => Number(Object.values(connection.prepare(`PRAGMA ${pragma}`).get() ?? {})[0])
  const version = read('user_version')
  const foreign = read('application_id') !== applicationId
  if (foreign && (readOnly || version > 0 || read('page_count') > 1)) throw refused('store.not-a-workspace')
  if (version > migrations.length) throw refused('store.newer-program')
  if (version < migrations.length && readOnly) throw refused('store.older-workspace')
  for (let step = version; step < migrations.length; step++) {
    connection.exec('BEGIN IMMEDIATE')
    connection.exec(migrations[step]!.sql)
    connection.exec(`PRAGMA user_version = ${step + 1}; PRAGMA application_id = ${applicationId}; COMMIT`)
  }
  return version > 0 && migrations.slice(version).some((migration) => migration.rebuild)
}

function refused(code: string): CardwrightError {
  return new CardwrightError({ code, class: 'operator' })
}
