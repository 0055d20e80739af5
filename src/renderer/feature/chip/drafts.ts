/** Sources that are not saved yet, kept while the window is open: the workbench tries them as they stand. */
import { create } from 'zustand'
import type { ChipDocumentKind } from '#shared/journal/events.ts'

interface Drafts {
  sources: Readonly<Record<string, string>>
}

const useDrafts = create<Drafts>(() => ({ sources: {} }))

const keyOf = (document: ChipDocumentKind, id: string) => `${document} ${id}`

export const useDraft = (document: ChipDocumentKind, id: string): string | undefined => useDrafts((store) => store.sources[keyOf(document, id)])

export function draftOf(document: ChipDocumentKind, id: string): string | undefined {
  return useDrafts.getState().sources[keyOf(document, id)]
}

/** @param source undefined: it is as saved again */
export function setDraft(document: ChipDocumentKind, id: string, source: string | undefined): void {
  useDrafts.setState(({ sources }) => {
    const { [keyOf(document, id)]: _before, ...rest } = sources
    return { sources: source === undefined ? rest : { ...rest, [keyOf(document, id)]: source } }
  })
}

/** Unsaved sources of one kind, by identifier. */
export function draftsOf(document: ChipDocumentKind): Record<string, string> {
  const found = Object.entries(useDrafts.getState().sources).filter(([key]) => key.startsWith(`${document} `))
  return Object.fromEntries(found.map(([key, source]) => [key.slice(document.length + 1), source]))
}
