/** The shape of every page: a head with its name and deeds, and a body that scrolls, or fills the height for a table. */
import { useEffect } from 'react'
import type { ReactNode } from 'react'
import { useWords } from '../i18n/provider.tsx'

export interface PageProps {
  title: string
  lead?: ReactNode
  /** Deeds of the page; one primary button at most. */
  actions?: ReactNode
  /** The body does not scroll as a whole: what is in it does. */
  fill?: boolean
  children: ReactNode
}

export function Page({ title, lead, actions, fill, children }: PageProps) {
  useTitle(title)
  return (
    <div className="page">
      <PageHeader title={title} lead={lead} actions={actions} />
      <div className="page-body" {...(fill && { 'data-fill': true })}>
        {children}
      </div>
    </div>
  )
}

function PageHeader({ title, lead, actions }: Pick<PageProps, 'title' | 'lead' | 'actions'>) {
  return (
    <header className="page-head">
      <div>
        <h1>{title}</h1>
        {lead !== undefined && <p className="page-lead">{lead}</p>}
      </div>
      {actions !== undefined && <div className="row">{actions}</div>}
    </header>
  )
}

/** Names the window after the page. */
export function useTitle(title: string): void {
  const { say } = useWords()
  const product = say('product.name')
  useEffect(() => {
    document.title = `${title} · ${product}`
  }, [title, product])
}
