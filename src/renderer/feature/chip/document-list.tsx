/** A list of documents, each a link, with what state it is in. */
import { PencilLine } from 'lucide-react'
import type { ChipDocumentSummary } from '#shared/contract/chip-calls.ts'
import { useWords } from '../../i18n/provider.tsx'
import { useDraft } from './drafts.ts'

export interface DocumentListProps {
  title?: string
  documents: readonly ChipDocumentSummary[]
  current: string | undefined
  addressOf(document: ChipDocumentSummary): string
}

export function DocumentList({ title, documents, current, addressOf }: DocumentListProps) {
  return (
    <>
      {title !== undefined && <h2 className="chip-list-title">{title}</h2>}
      <ul className="chip-list">
        {documents.map((document) => (
          <Entry key={document.id} document={document} current={document.id === current} address={addressOf(document)} />
        ))}
      </ul>
    </>
  )
}

function Entry({ document: { document, id, name, revision }, current, address }: { document: ChipDocumentSummary; current: boolean; address: string }) {
  const { say } = useWords()
  const changed = useDraft(document, id) !== undefined
  return (
    <li>
      <a href={address} className="chip-list-entry" aria-current={current ? 'page' : undefined}>
        <span className={document === 'task' ? undefined : 'code'}>{name}</span>
        <span className="soft small">
          {document === 'task' && <span className="code">{id} · </span>}
          {revision === 0 ? say('chip.as-shipped') : say('chip.revision', { revision })}
        </span>
        {changed && <PencilLine size={16} aria-label={say('chip.changed')} />}
      </a>
    </li>
  )
}
