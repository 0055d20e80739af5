/** The list of a page's keys, in a corner: the machine stays in sight. Stands once in the frame. */
import { useState } from 'react'
import { useWords } from '../i18n/provider.tsx'
import { AttachedSheet } from './sheet.tsx'
import { useShortcutKeys } from './shortcuts.tsx'
import type { Shortcut } from './shortcuts.tsx'

const names: Record<string, string> = { ' ': 'Space', Escape: 'Esc', ArrowUp: '↑', ArrowDown: '↓' }

export function ShortcutList() {
  const { say } = useWords()
  const [listed, setListed] = useState<readonly Shortcut[]>()
  useShortcutKeys((shortcuts) => setListed(listed === undefined ? shortcuts : undefined))
  if (listed === undefined) return null
  const everywhere: Shortcut[] = [
    { key: '↑ ↓', label: say('frame.shortcuts.arrows') },
    { key: 'Esc', label: say('frame.shortcuts.escape') },
    { key: '?', label: say('frame.shortcuts.list') },
  ]
  return (
    <div className="corner">
      <AttachedSheet title={say('frame.shortcuts')} onClose={() => setListed(undefined)}>
        <dl className="shortcuts">
          {[...listed, ...everywhere].map((shortcut) => (
            <div key={shortcut.key} style={{ display: 'contents' }}>
              <dt>
                <kbd>{names[shortcut.key] ?? shortcut.key}</kbd>
              </dt>
              <dd>{shortcut.label}</dd>
            </div>
          ))}
        </dl>
      </AttachedSheet>
    </div>
  )
}
