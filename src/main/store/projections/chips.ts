/** Chip documents as saved, and the chips that were ever written to: for a job, or by a task that was tried at the workbench. */
import type { DatabaseSync } from 'node:sqlite'
import { one } from '../database.ts'
import { attemptOf } from '../identifiers.ts'
import { notAllowed } from '../refusal.ts'
import { lifeOf } from './attempts.ts'
import type { LifeColumns } from './attempts.ts'
import type { Projection } from './projection.ts'

export function createChips(connection: DatabaseSync): Projection {
  const latest = connection.prepare('SELECT max(revision) AS revision FROM chip_documents WHERE document = ? AND id = ?')
  const source = connection.prepare('SELECT 1 FROM chip_sources WHERE document = ? AND id = ? AND revision = ?')
  const putDocument = connection.prepare(`
    INSERT INTO chip_documents (document, id, revision, digest, name, saved_at, saved_by) VALUES (?, ?, ?, ?, ?, ?, ?)`)
  const attempt = connection.prepare('SELECT state, touched, before FROM attempts WHERE job = ? AND record = ? AND number = ?')
  const putChip = connection.prepare('INSERT INTO chips (chip, job, record, attempt) VALUES (?, ?, ?, ?)')
  const chip = connection.prepare('SELECT 1 FROM chips WHERE chip = ?')

  const putTried = connection.prepare('INSERT OR IGNORE INTO tried_chips (chip) VALUES (?)')

  return {
    apply({ at, by, fact }) {
      if (fact.kind === 'chip.document-saved') {
        const { document, id, revision } = fact
        if (revision <= (one<{ revision: number | null }>(latest, document, id)?.revision ?? 0)) throw notAllowed(fact.kind, 'revision')
        if (!source.get(document, id, revision)) throw notAllowed(fact.kind, 'its source was not saved with it')
        putDocument.run(document, id, revision, fact.digest, fact.name, at, by)
      }
      // Commands typed by hand mostly ask; a task writes.
      if (fact.kind === 'chip.tried' && fact.task !== undefined && fact.chip !== undefined) putTried.run(fact.chip)
      if (fact.kind === 'attempt.chip-identified') {
        const { job, record, number } = attemptOf(fact)
        const found = one<LifeColumns>(attempt, job, record, number)
        if (found === undefined || lifeOf(found).state !== 'intended') throw notAllowed(fact.kind, 'no command to the chip is under way')
        if (fact.chip === undefined) return
        if (chip.get(fact.chip)) throw notAllowed(fact.kind, 'the chip was written to before')
        putChip.run(fact.chip, job, record, number)
      }
    },
    clear: () => connection.exec('DELETE FROM chip_documents; DELETE FROM chips; DELETE FROM tried_chips'),
  }
}
