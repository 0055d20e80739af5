/** Chip tasks, ScApps and extension modules as they come with the program. */
import type { ChipDocumentKind } from '#shared/journal/events.ts'

export interface ShippedDocument {
  document: ChipDocumentKind
  /** As its file is called: `emv-cps`. */
  id: string
  source: string
}

export interface ShippedDocuments {
  list(): readonly ShippedDocument[]
}
