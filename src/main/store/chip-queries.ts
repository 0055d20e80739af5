/** What the tables answer about chip documents and about chips. */
import type { DatabaseSync } from 'node:sqlite'
import { attemptRef } from '#shared/card/life.ts'
import type { Actor, ChipDocumentKind } from '#shared/journal/events.ts'
import type { Store, StoredChipDocument } from '../ports/store.ts'
import { all, one } from './database.ts'
import { identifier } from './identifiers.ts'

interface DocumentColumns {
  document: ChipDocumentKind
  id: string
  revision: number
  digest: string
  name: string
  saved_at: number
  saved_by: Actor
}

export function createChipQueries(connection: DatabaseSync): Pick<Store, 'chipDocuments' | 'chipDocument' | 'chipSeen'> {
  const latest = `
    SELECT chip_documents.* FROM chip_documents
    WHERE revision = (SELECT max(revision) FROM chip_documents AS other WHERE other.document = chip_documents.document AND other.id = chip_documents.id)`
  const documents = connection.prepare(`${latest} ORDER BY document, id`)
  const document = connection.prepare(`
    SELECT saved.*, source FROM (${latest} AND document = ? AND id = ?) AS saved JOIN chip_sources USING (document, id, revision)`)
  const chip = connection.prepare('SELECT job, record, attempt FROM chips WHERE chip = ?')

  const tried = connection.prepare('SELECT 1 FROM tried_chips WHERE chip = ?')

  return {
    chipDocuments: () => all<DocumentColumns>(documents).map(documentOf),
    chipDocument(kind, id): StoredChipDocument | undefined {
      const row = one<DocumentColumns & { source: string }>(document, kind, id)
      return row && { ...documentOf(row), source: row.source }
    },
    chipSeen(identity) {
      const row = one<{ job: number; record: number; attempt: number }>(chip, identity)
      if (row !== undefined) return { attempt: attemptRef(identifier('job', row.job), row.record, row.attempt) }
      return tried.get(identity) && 'tried'
    },
  }
}

function documentOf({ document, id, revision, digest, name, saved_at, saved_by }: DocumentColumns): Omit<StoredChipDocument, 'source'> {
  return { document, id, revision, digest, name, savedAt: saved_at, savedBy: saved_by }
}
