/** Chip documents as every part of the page needs them: the list, one with its draft, its check, its saving. */
import { useEffect, useState } from 'react'
import { create } from 'zustand'
import type { ChipDocumentSummary } from '#shared/contract/chip-calls.ts'
import type { Mistake } from '#shared/design/mistake.ts'
import type { ChipDocumentKind } from '#shared/journal/events.ts'
import { faultsOf } from '#shared/faults.ts'
import { call } from '../../client/client.ts'
import { useAnswer } from '../../client/use-answer.ts'
import type { Asked } from '../../client/use-answer.ts'
import { attempt, notify } from '../../store/notices.ts'
import { useMay } from '../../store/session.ts'
import { setDraft, useDraft } from './drafts.ts'

/** Grows with every document saved here, so that lists ask again. */
const useRevision = create<{ revision: number }>(() => ({ revision: 0 }))

export function useDocuments(): Asked<ChipDocumentSummary[]> {
  return useAnswer('chip.documents', {}, useRevision((store) => store.revision))
}

export interface DocumentTable {
  /** Undefined until it has come. */
  source: string | undefined
  saved: string | undefined
  revision: number
  changed: boolean
  mayEdit: boolean
  mistakes: readonly Mistake[]
  /** The last check was of the source as it stands. */
  checked: boolean
  faults: Asked<unknown>['faults']
  edit(source: string): void
  revert(): void
  save(): Promise<void>
}

/** @param start what a document begins with that was never saved */
export function useDocument(document: ChipDocumentKind, id: string): DocumentTable {
  const mayEdit = useMay('chip.saveDocument')
  const draft = useDraft(document, id)
  const { revision: edition } = useRevision()
  const { value, faults } = useAnswer('chip.document', { document, id }, edition)
  const source = draft ?? value?.source
  const changed = draft !== undefined && draft !== value?.source
  const { mistakes, checked } = useCheck(document, mayEdit ? source : undefined)
  return {
    source,
    saved: value?.source,
    revision: value?.revision ?? 0,
    changed,
    mayEdit,
    mistakes,
    checked,
    faults: source === undefined ? faults : [],
    edit: (next) => setDraft(document, id, next === value?.source ? undefined : next),
    revert: () => setDraft(document, id, undefined),
    save: async () => {
      if (source === undefined) return
      await attempt(async () => {
        const saved = await call('chip.saveDocument', { document, id, source })
        notify('chip.saved', { name: id, revision: saved.revision })
        useRevision.setState(({ revision }) => ({ revision: revision + 1 }))
        setDraft(document, id, undefined)
      })
    },
  }
}

/** Every mistake of the source, asked for when the hands rest. */
function useCheck(document: ChipDocumentKind, source: string | undefined): { mistakes: readonly Mistake[]; checked: boolean } {
  const [answer, setAnswer] = useState<{ source: string; mistakes: readonly Mistake[] }>()
  useEffect(() => {
    if (source === undefined) return
    let mine = true
    const due = setTimeout(() => {
      call('chip.checkDocument', { document, source }).then(
        ({ mistakes }) => mine && setAnswer({ source, mistakes }),
        (thrown: unknown) => mine && setAnswer({ source, mistakes: [...faultsOf(thrown)] }),
      )
    }, 350)
    return () => {
      mine = false
      clearTimeout(due)
    }
  }, [document, source])
  return { mistakes: answer?.mistakes ?? [], checked: answer !== undefined && answer.source === source }
}
