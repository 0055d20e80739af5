/** The frame around every page: the rail of what this person may use, the head with machine, job, person, and the notices. */
import { Suspense, useEffect } from 'react'
import { CloudOff } from 'lucide-react'
import { useWords } from '../i18n/provider.tsx'
import { useConnection, useLive, useLiveReady } from '../store/live.ts'
import { useRoles, useSession } from '../store/session.ts'
import { EmptyPage, Notices, Progress } from '../ui/feedback.tsx'
import { ShortcutList } from '../ui/shortcut-list.tsx'
import { AccountPage, accountPage } from './account-page.tsx'
import { Header } from './header.tsx'
import { pagesFor } from './pages.ts'
import type { PageEntry } from './pages.ts'
import { goTo, routeTo, useRoute } from './route.ts'

export function Frame() {
  const { say } = useWords()
  const pages = pagesFor(useRoles())
  const route = useRoute()
  const first = pages[0]?.id
  useEffect(() => {
    if (route.page === '' && first !== undefined) goTo(routeTo(first), { replace: true })
  }, [route.page, first])
  return (
    <div className="frame">
      <a className="skip" href="#main" onClick={skipToMain}>
        {say('frame.skip')}
      </a>
      <Rail pages={pages} current={route.page} />
      <div className="frame-column">
        <Header />
        <Banners />
        <main id="main" className="frame-main" tabIndex={-1}>
          <Suspense fallback={<Loading />}>
            <PageOf pages={pages} current={route.page} />
          </Suspense>
        </main>
      </div>
      <Notices />
      <ShortcutList />
    </div>
  )
}

function skipToMain(event: React.MouseEvent) {
  event.preventDefault()
  document.getElementById('main')?.focus()
}

function Rail({ pages, current }: { pages: readonly PageEntry[]; current: string }) {
  const { say } = useWords()
  const demo = useSession((store) => store.workspace?.demo ?? false)
  return (
    <nav className="rail" aria-label={say('frame.pages')}>
      <p className="rail-name">{say('product.name')}</p>
      <ul>
        {pages.map((page) => (
          <li key={page.id}>
            <a className="rail-link" href={routeTo(page.id)} aria-current={page.id === current ? 'page' : undefined}>
              <page.icon size={20} aria-hidden />
              <span>{say(page.title)}</span>
            </a>
          </li>
        ))}
      </ul>
      {demo && <p className="rail-demo">{say('frame.demo')}</p>}
    </nav>
  )
}

/** Quiet lines above the page: the line to the core, the journal's health. They go by themselves. */
function Banners() {
  const words = useWords()
  const connection = useConnection()
  const journal = useLive((state) => state.journal)
  return (
    <div role="status">
      {connection === 'lost' && (
        <p className="banner" data-tone="doubt">
          <CloudOff size={18} aria-hidden />
          {words.say('frame.lost')}
        </p>
      )}
      {journal.brokenAt !== undefined && (
        <p className="banner" data-tone="bad">
          {words.say('frame.journal.broken', { row: words.count(journal.brokenAt) })}
        </p>
      )}
      {journal.checking && <p className="banner">{words.say('frame.journal.checking')}</p>}
    </div>
  )
}

function PageOf({ pages, current }: { pages: readonly PageEntry[]; current: string }) {
  const { say } = useWords()
  const ready = useLiveReady()
  const page = pages.find((candidate) => candidate.id === current)
  if (current === accountPage) return <AccountPage />
  if (pages.length === 0) return <EmptyPage title={say('frame.no-pages')}>{say('frame.no-pages.do')}</EmptyPage>
  if (page === undefined) return current === '' ? <Loading /> : <EmptyPage title={say('frame.not-found')}>{say('frame.not-found.do')}</EmptyPage>
  if (!ready) return <Loading />
  return <page.component key={page.id} />
}

function Loading() {
  const { say } = useWords()
  return (
    <div className="frame-loading">
      <Progress label={say('frame.loading')} />
    </div>
  )
}
