/**
 * Keys of a page: a page names its shortcuts, `?` lists them, Esc goes to the topmost sheet. While somebody types into a
 * field, letters are letters.
 */
import { useEffect, useRef } from 'react'
import type { RefObject } from 'react'

export interface Shortcut {
  /** As `KeyboardEvent.key`: `/`, `n`, ` `. */
  key: string
  /** What it does, in the person's language. */
  label: string
  /** Absent where the key is handled by the control that has the focus and is only listed here. */
  run?: () => void
  /** Only while this very element has the focus. */
  within?: RefObject<HTMLElement | null>
}

const pages: { shortcuts: readonly Shortcut[] }[] = []
const escapes: { run: () => void }[] = []

/** Lays these keys on the page while the component is shown. */
export function useShortcuts(shortcuts: readonly Shortcut[]): void {
  const entry = useRef<{ shortcuts: readonly Shortcut[] }>({ shortcuts })
  entry.current.shortcuts = shortcuts
  useEffect(() => {
    const mine = entry.current
    pages.push(mine)
    return () => void pages.splice(pages.indexOf(mine), 1)
  }, [])
}

/** Esc runs this while the component is shown and nothing lies above it. */
export function useEscape(run: () => void): void {
  const entry = useRef({ run })
  entry.current.run = run
  useEffect(() => {
    const mine = entry.current
    escapes.push(mine)
    return () => void escapes.splice(escapes.indexOf(mine), 1)
  }, [])
}

/** Whether a key pressed here writes text or works a control, and so is not a shortcut. */
function takesKeys(target: EventTarget | null, key: string): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (target.closest('input, textarea, select, [contenteditable=true], [role=menu], [role=listbox], [aria-modal=true]')) return true
  return (key === ' ' || key === 'Enter') && target.closest('button, a, label, [role=button], [role=grid], [role=tab]') !== null
}

/**
 * Listens for the whole window. `list` is called with the keys of the page when `?` is pressed.
 * Whatever has already handled a key, such as an open menu, keeps it.
 */
export function useShortcutKeys(list: (shortcuts: readonly Shortcut[]) => void): void {
  const latest = useRef(list)
  latest.current = list
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return
      if (event.key === 'Escape') return escapes.at(-1)?.run()
      if (takesKeys(event.target, event.key)) return
      const known = pages.flatMap((page) => page.shortcuts)
      if (event.key === '?') return latest.current(known)
      const shortcut = known.findLast((candidate) => candidate.key === event.key && candidate.run && (candidate.within === undefined || candidate.within.current === document.activeElement))
      if (shortcut === undefined) return
      event.preventDefault()
      shortcut.run?.()
    }
    document.addEventListener('keydown', listen)
    return () => document.removeEventListener('keydown', listen)
  }, [])
}
