/** Every task, ScApp and extension module that there is: those saved in the store stand before those shipped under the same name. */
import { createHash } from 'node:crypto'
import { ChipTask } from '#shared/chip/task.ts'
import type { ChipDocumentKind } from '#shared/journal/events.ts'
import type { ShippedDocument, ShippedDocuments } from '../ports/shipped-documents.ts'
import type { Store, StoredChipDocument } from '../ports/store.ts'
import type { ScriptDocument, ScriptLibrary } from './personalization.ts'

export interface DocumentEntry extends Omit<ScriptDocument, 'source'> {
  document: ChipDocumentKind
  id: string
  /** It came with the program, changed here or not. */
  shipped: boolean
  savedAt?: number
  savedBy?: StoredChipDocument['savedBy']
}

export interface DocumentLibrary extends ScriptLibrary {
  /** Tasks, ScApps, extension modules, each by name. */
  list(): DocumentEntry[]
}

const order: Readonly<Record<ChipDocumentKind, number>> = { task: 0, scapp: 1, extension: 2 }

export function createLibrary(store: Pick<Store, 'chipDocuments' | 'chipDocument'>, shipped: ShippedDocuments): DocumentLibrary {
  const asShipped = new Map(shipped.list().map((document) => [keyOf(document.document, document.id), { ...document, ...headOf(document) }]))
  return {
    document(kind, id) {
      const saved = store.chipDocument(kind, id)
      if (saved) return { source: saved.source, name: saved.name, revision: saved.revision, digest: saved.digest }
      const found = asShipped.get(keyOf(kind, id))
      return found && { source: found.source, name: found.name, revision: 0, digest: found.digest }
    },
    list() {
      const entries = new Map<string, DocumentEntry>()
      for (const [key, { document, id, name, digest }] of asShipped) entries.set(key, { document, id, name, digest, revision: 0, shipped: true })
      for (const { document, id, name, digest, revision, savedAt, savedBy } of store.chipDocuments()) {
        const key = keyOf(document, id)
        entries.set(key, { document, id, name, digest, revision, savedAt, savedBy, shipped: asShipped.has(key) })
      }
      return [...entries.values()].toSorted((a, b) => order[a.document] - order[b.document] || (a.id < b.id ? -1 : 1))
    },
  }
}

const keyOf = (kind: ChipDocumentKind, id: string) => `${kind} ${id}`

const headOf = ({ document, id, source }: ShippedDocument) => ({ name: documentName(document, id, source), digest: documentDigest(source) })

/** SHA-256 of the source, hex. */
export function documentDigest(source: string): string {
  return createHash('sha256').update(source).digest('hex')
}

/** A task carries its name; a script is called by its identifier. */
export function documentName(document: ChipDocumentKind, id: string, source: string): string {
  if (document !== 'task') return id
  try {
    return ChipTask.shape.name.parse((JSON.parse(source) as { name?: unknown }).name).en
  } catch {
    return id
  }
}
