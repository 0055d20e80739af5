/** What the page says back: an empty page's first step, faults with what to do, progress, notices. */
import { X } from 'lucide-react'
import type { ReactNode } from 'react'
import { Label, ProgressBar } from 'react-aria-components'
import type { Fault } from '#shared/faults.ts'
import { useWords } from '../i18n/provider.tsx'
import { dismissNotice, useNotices } from '../store/notices.ts'
import { IconButton } from './button.tsx'

export interface EmptyPageProps {
  icon?: ReactNode
  title: string
  /** What this page is for. */
  children?: ReactNode
  /** The first step. */
  action?: ReactNode
}

export function EmptyPage({ icon, title, children, action }: EmptyPageProps) {
  return (
    <div className="empty">
      {icon}
      <h2>{title}</h2>
      {children !== undefined && <p>{children}</p>}
      {action !== undefined && <div className="row">{action}</div>}
    </div>
  )
}

export interface FaultPanelProps {
  faults: readonly Fault[]
  /** Left out for a single fault: its sentence is the title. */
  title?: string
  tone?: 'bad' | 'doubt'
  action?: ReactNode
}

/** Each fault as what happened, where, and what to do. */
export function FaultPanel({ faults, title, tone = 'bad', action }: FaultPanelProps) {
  const words = useWords()
  if (faults.length === 0) return null
  return (
    <div className="faults stack" data-tight data-tone={tone} role="alert">
      {title !== undefined && <h3>{title}</h3>}
      <FaultList faults={faults} />
      {action !== undefined && <div className="row">{action}</div>}
      {faults.length > 1 && title === undefined && <span className="only-heard">{words.say('faults.title', { count: faults.length })}</span>}
    </div>
  )
}

function FaultList({ faults }: { faults: readonly Fault[] }) {
  const words = useWords()
  return (
    <ul>
      {faults.map((fault, index) => {
        const text = words.fault(fault)
        return (
          <li key={index}>
            <p className="faults-what">{text.what}</p>
            {text.place !== undefined && !text.what.includes(text.place) && <p className="small soft">{words.say('fault.at', { place: text.place })}</p>}
            <p>{text.do}</p>
          </li>
        )
      })}
    </ul>
  )
}

export interface ProgressProps {
  label: string
  /** 0–1; absent while nobody knows how much is left. */
  value?: number | undefined
  hideLabel?: boolean
}

export function Progress({ label, value, hideLabel }: ProgressProps) {
  return (
    <ProgressBar className="progress" value={(value ?? 0) * 100} isIndeterminate={value === undefined}>
      {({ percentage }) => (
        <>
          <Label className={hideLabel ? 'only-heard' : 'small soft'}>{label}</Label>
          <div className="progress-track">
            {value === undefined ? <div className="progress-fill" data-indeterminate /> : <div className="progress-fill" style={{ width: `${percentage ?? 0}%` }} />}
          </div>
        </>
      )}
    </ProgressBar>
  )
}

/** What has just been done or could not be; stands once in the frame. */
export function Notices() {
  const words = useWords()
  const notices = useNotices((store) => store.notices)
  return (
    <div className="notices" role="region" aria-label={words.say('control.notices')} aria-live="polite">
      {notices.map((notice) => (
        <div key={notice.id} className="notice" data-kind={notice.kind} role={notice.kind === 'faults' ? 'alert' : 'status'}>
          <div className="notice-text">{notice.kind === 'done' ? words.say(notice.text, notice.values) : <FaultList faults={notice.faults} />}</div>
          <IconButton label={words.say('control.dismiss')} onPress={() => dismissNotice(notice.id)}>
            <X size={18} />
          </IconButton>
        </div>
      ))}
    </div>
  )
}
