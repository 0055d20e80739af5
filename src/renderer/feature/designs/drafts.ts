/** Designs that were begun or changed and not yet saved: kept while the page is open, so that a look elsewhere loses nothing. */
import type { CardDesign } from '#shared/design/design.ts'
import type { History } from './history.ts'

export interface Draft {
  readonly history: History<CardDesign>
  /** The design as the core has it; undefined where it was never saved. */
  readonly saved: CardDesign | undefined
}

const drafts = new Map<string, Draft>()

export const draftOf = (id: string): Draft | undefined => drafts.get(id)

export function keepDraft(id: string, draft: Draft): void {
  if (draft.history.now === draft.saved) drafts.delete(id)
  else drafts.set(id, draft)
}
