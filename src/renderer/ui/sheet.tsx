/**
 * A sheet that speaks from a place on the page: it lies under the thing that it is about and points at it, and everything
 * else stays within reach. Esc puts it away without deciding; whoever opens it says how it comes back.
 */
import { X } from 'lucide-react'
import { useEffect, useId, useRef } from 'react'
import type { ReactNode } from 'react'
import { useWords } from '../i18n/provider.tsx'
import { IconButton } from './button.tsx'
import { useEscape } from './shortcuts.tsx'

export interface AttachedSheetProps {
  title: ReactNode
  /** Where the pointer stands, as a share of the width from the left, 0–1. */
  anchor?: number
  tone?: 'plain' | 'doubt' | 'bad'
  onClose(): void
  children: ReactNode
}

export function AttachedSheet({ title, anchor, tone = 'plain', onClose, children }: AttachedSheetProps) {
  const { say } = useWords()
  const heading = useId()
  const box = useRef<HTMLElement>(null)
  useEscape(onClose)
  useEffect(() => {
    const before = document.activeElement
    box.current?.focus({ preventScroll: true })
    return () => {
      if (before instanceof HTMLElement && before.isConnected && document.activeElement === document.body) before.focus()
    }
  }, [])
  return (
    <section
      ref={box}
      className="sheet"
      data-tone={tone}
      role="dialog"
      aria-modal="false"
      aria-labelledby={heading}
      tabIndex={-1}
      style={anchor === undefined ? {} : ({ '--sheet-anchor': `${anchor * 100}%` } as React.CSSProperties)}
    >
      {anchor !== undefined && <span className="sheet-pointer" aria-hidden />}
      <div className="sheet-head">
        <h2 id={heading}>{title}</h2>
        <IconButton label={say('control.close')} onPress={onClose}>
          <X size={20} />
        </IconButton>
      </div>
      <div className="sheet-body">{children}</div>
    </section>
  )
}
