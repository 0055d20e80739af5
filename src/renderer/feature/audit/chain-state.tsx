/** Whether the journal can be relied on, in words; and the head that somebody may write down. */
import { Copy, ShieldAlert, ShieldCheck, ShieldEllipsis } from 'lucide-react'
import type { OutputOf } from '#shared/contract/calls.ts'
import type { LiveState } from '#shared/contract/live.ts'
import { useWords } from '../../i18n/provider.tsx'
import { attempt, notify } from '../../store/notices.ts'
import { Button } from '../../ui/index.ts'

export type Verified = OutputOf<'audit.verify'> & { at: number }

export interface ChainStateProps {
  journal: LiveState['journal']
  verified: Verified | undefined
  onGoTo(sequence: number): void
}

export function ChainState({ journal, verified, onGoTo }: ChainStateProps) {
  const words = useWords()
  const { say } = words
  const brokenAt = verified ? verified.brokenAt : journal.brokenAt
  if (brokenAt !== undefined) {
    return (
      <State tone="bad" title={say('audit.state.broken', { row: brokenAt })}>
        <p>{brokenAt > 1 ? say('audit.state.broken.text', { row: brokenAt, before: brokenAt - 1 }) : say('audit.state.broken.first')}</p>
        <p>{say('audit.state.broken.do')}</p>
        <div className="row">
          <Button onPress={() => onGoTo(brokenAt)}>{say('audit.details', { sequence: brokenAt })}</Button>
        </div>
      </State>
    )
  }
  if (verified && verified.brokenSeals.length > 0) {
    return (
      <State tone="bad" title={say('audit.state.seals', { count: verified.brokenSeals.length })}>
        <p>{say('audit.state.seals.text', { jobs: verified.brokenSeals.join(', ') })}</p>
        <p>{say('audit.state.broken.do')}</p>
      </State>
    )
  }
  if (journal.checking && !verified) {
    return (
      <State tone="wait" title={say('audit.state.checking')}>
        <p>{say('audit.state.checking.text', { rows: journal.rows })}</p>
      </State>
    )
  }
  return (
    <State tone="good" title={say('audit.state.whole')}>
      <p>{verified ? say('audit.state.whole.verified', { rows: verified.rows, time: words.time(verified.at) }) : say('audit.state.whole.start', { rows: journal.rows })}</p>
      {verified && <Head head={verified.head} />}
    </State>
  )
}

const icons = { good: ShieldCheck, bad: ShieldAlert, wait: ShieldEllipsis } as const

function State({ tone, title, children }: { tone: keyof typeof icons; title: string; children: React.ReactNode }) {
  const Icon = icons[tone]
  return (
    <section className="audit-state" data-tone={tone} role="status">
      <Icon size={32} aria-hidden />
      <div className="stack" data-tight>
        <h2>{title}</h2>
        {children}
      </div>
    </section>
  )
}

function Head({ head }: { head: string }) {
  const { say } = useWords()
  const copy = () =>
    void attempt(async () => {
      await navigator.clipboard.writeText(head)
      notify('audit.head.copied')
    })
  return (
    <div className="audit-head">
      <div>
        <p className="small soft">{say('audit.head')}</p>
        <code className="audit-hash">{head}</code>
        <p className="field-hint">{say('audit.head.hint')}</p>
      </div>
      <Button icon={<Copy size={18} aria-hidden />} onPress={copy}>
        {say('audit.head.copy')}
      </Button>
    </div>
  )
}
