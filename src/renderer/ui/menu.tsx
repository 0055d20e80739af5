import { Check } from 'lucide-react'
import type { ReactElement, ReactNode } from 'react'
import { Menu as AriaMenu, MenuItem, MenuTrigger, Popover, Separator } from 'react-aria-components'

export type MenuEntry =
  | { kind?: 'plain' | 'danger'; id: string; text: string; icon?: ReactNode; chosen?: boolean; disabled?: boolean; run(): void }
  | { kind: 'separator'; id: string }

export interface MenuProps {
  label: string
  /** The button that opens it: a `Button` or `IconButton`. */
  trigger: ReactElement
  entries: readonly MenuEntry[]
}

export function Menu({ label, trigger, entries }: MenuProps) {
  return (
    <MenuTrigger>
      {trigger}
      <Popover className="popover" placement="bottom end">
        <AriaMenu className="menu" aria-label={label}>
          {entries.map((entry) =>
            entry.kind === 'separator' ? (
              <Separator key={entry.id} className="menu-separator" />
            ) : (
              <MenuItem
                key={entry.id}
                id={entry.id}
                textValue={entry.text}
                className="menu-item"
                data-kind={entry.kind ?? 'plain'}
                isDisabled={entry.disabled ?? false}
                onAction={entry.run}
              >
                {entry.icon}
                <span>{entry.text}</span>
                {entry.chosen && <Check size={18} className="menu-item-mark" aria-hidden />}
              </MenuItem>
            ),
          )}
        </AriaMenu>
      </Popover>
    </MenuTrigger>
  )
}
