import type { ReactNode } from 'react'
import { LanguageSwitch, ThemeMenu } from '../../frame/header.tsx'
import { useWords } from '../../i18n/provider.tsx'
import { useTitle } from '../../ui/page.tsx'
import './session.css'

/** The quiet page before anybody is signed in. */
export function SessionFrame({ title, lead, wide, children }: { title: string; lead?: ReactNode; wide?: boolean; children: ReactNode }) {
  const { say } = useWords()
  useTitle(title)
  return (
    <div className="session">
      <header className="session-head">
        <span className="rail-name">{say('product.name')}</span>
        <div className="row">
          <LanguageSwitch />
          <ThemeMenu />
        </div>
      </header>
      <main className="session-box stack" data-wide={wide || undefined}>
        <div>
          <h1>{title}</h1>
          {lead !== undefined && <p className="soft">{lead}</p>}
        </div>
        {children}
      </main>
    </div>
  )
}
