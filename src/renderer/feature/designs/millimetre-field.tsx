/**
 * A position in millimetres that keeps what it is given: a machine counts in mils, and nothing is rounded behind the
 * designer's back. Arrows and buttons move by 0.1 mm, arrows with Shift by 1 mm.
 */
import { Minus, Plus } from 'lucide-react'
import { useState } from 'react'
import type { KeyboardEvent } from 'react'
import { Button as AriaButton, Group, Input, Label, TextField } from 'react-aria-components'
import { useWords } from '../../i18n/provider.tsx'
import { micrometresOf, millimetres } from './millimetres.ts'

export interface MillimetreFieldProps {
  label: string
  /** Micrometres. */
  value: number
  onChange(value: number): void
  isReadOnly: boolean
}

export function MillimetreField({ label, value, onChange, isReadOnly }: MillimetreFieldProps) {
  const { say, language } = useWords()
  const [typed, setTyped] = useState<string>()
  const wrong = typed !== undefined && micrometresOf(typed) === undefined
  const step = (by: number) => {
    setTyped(undefined)
    onChange(value + by)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const direction = { ArrowUp: 1, ArrowDown: -1 }[event.key]
    if (direction === undefined || isReadOnly) return
    event.preventDefault()
    step(direction * (event.shiftKey ? 1000 : 100))
  }
  return (
    <TextField
      className="field"
      value={typed ?? millimetres(language, value, 3)}
      onChange={(text) => {
        setTyped(text)
        const read = micrometresOf(text)
        if (read !== undefined) onChange(read)
      }}
      onBlur={() => setTyped(undefined)}
      isInvalid={wrong}
      isReadOnly={isReadOnly}
      inputMode="decimal"
    >
      <Label className="field-label">{label}</Label>
      <Group className="input-group">
        <Input className="input" onKeyDown={onKeyDown} />
        <AriaButton className="button" data-icon-only excludeFromTabOrder isDisabled={isReadOnly} aria-label={say('control.decrease')} onPress={() => step(-100)}>
          <Minus size={16} />
        </AriaButton>
        <AriaButton className="button" data-icon-only excludeFromTabOrder isDisabled={isReadOnly} aria-label={say('control.increase')} onPress={() => step(100)}>
          <Plus size={16} />
        </AriaButton>
      </Group>
    </TextField>
  )
}
