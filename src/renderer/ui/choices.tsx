/** Choosing: one of many (Select), one of a few (Radios, Segments), yes or no (Checkbox, Switch). */
import { Check, ChevronDown, Minus } from 'lucide-react'
import type { ReactNode } from 'react'
import {
  Button as AriaButton,
  CheckboxButton,
  CheckboxField,
  Label,
  ListBox,
  ListBoxItem,
  Popover,
  RadioButton,
  RadioField,
  RadioGroup,
  Select as AriaSelect,
  SelectValue,
  SwitchButton,
  SwitchField,
  Text,
  ToggleButton,
  ToggleButtonGroup,
} from 'react-aria-components'
import { useWords } from '../i18n/provider.tsx'

export interface Option<Id extends string> {
  id: Id
  text: string
  /** What the option means, in smaller letters under it. */
  hint?: string | undefined
  disabled?: boolean
}

interface ChoiceProps<Id extends string> {
  label: string
  options: readonly Option<Id>[]
  value: Id | undefined
  onChange(value: Id): void
  hint?: ReactNode
  isDisabled?: boolean
}

export interface SelectProps<Id extends string> extends ChoiceProps<Id> {
  placeholder?: string
  /** Heard but not seen, where the place says it already. */
  hideLabel?: boolean
}

export function Select<Id extends string>({ label, options, value, onChange, hint, isDisabled, placeholder, hideLabel }: SelectProps<Id>) {
  const { say } = useWords()
  return (
    <AriaSelect
      className="field"
      value={value ?? null}
      onChange={(key) => key !== null && onChange(key as Id)}
      placeholder={placeholder ?? say('control.choose')}
      isDisabled={isDisabled ?? false}
    >
      <Label className={hideLabel ? 'only-heard' : 'field-label'}>{label}</Label>
      <AriaButton className="button select-button">
        <SelectValue className="select-value" />
        <ChevronDown size={18} aria-hidden />
      </AriaButton>
      {hint !== undefined && (
        <Text slot="description" className="field-hint">
          {hint}
        </Text>
      )}
      <Popover className="popover">
        <ListBox className="options">
          {options.map((option) => (
            <ListBoxItem key={option.id} id={option.id} textValue={option.text} className="menu-item" isDisabled={option.disabled ?? false}>
              {({ isSelected }) => (
                <>
                  <span>
                    {option.text}
                    {option.hint !== undefined && <span className="option-hint">{option.hint}</span>}
                  </span>
                  {isSelected && <Check size={18} className="menu-item-mark" aria-hidden />}
                </>
              )}
            </ListBoxItem>
          ))}
        </ListBox>
      </Popover>
    </AriaSelect>
  )
}

export function Radios<Id extends string>({ label, options, value, onChange, hint, isDisabled }: ChoiceProps<Id>) {
  return (
    <RadioGroup className="field" value={value ?? null} onChange={(next) => onChange(next as Id)} isDisabled={isDisabled ?? false}>
      <Label className="field-label">{label}</Label>
      <div className="radios">
        {options.map((option) => (
          <RadioField key={option.id} value={option.id} isDisabled={option.disabled ?? false}>
            <RadioButton className="check">
              <span className="radio-mark" />
              <span>
                {option.text}
                {option.hint !== undefined && <span className="option-hint">{option.hint}</span>}
              </span>
            </RadioButton>
          </RadioField>
        ))}
      </div>
      {hint !== undefined && (
        <Text slot="description" className="field-hint">
          {hint}
        </Text>
      )}
    </RadioGroup>
  )
}

/** Two to four short values side by side. The label is heard, not seen. */
export function Segments<Id extends string>({ label, options, value, onChange, isDisabled }: Omit<ChoiceProps<Id>, 'hint'>) {
  return (
    <ToggleButtonGroup
      className="segments"
      aria-label={label}
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={value === undefined ? [] : [value]}
      onSelectionChange={(keys) => {
        const [key] = keys
        if (key !== undefined) onChange(key as Id)
      }}
      isDisabled={isDisabled ?? false}
    >
      {options.map((option) => (
        <ToggleButton key={option.id} id={option.id} className="segment">
          {option.text}
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  )
}

interface YesNoProps {
  children: ReactNode
  isSelected: boolean
  onChange(selected: boolean): void
  isDisabled?: boolean
  isIndeterminate?: boolean
}

export function Checkbox({ children, isSelected, onChange, isDisabled, isIndeterminate }: YesNoProps) {
  return (
    <CheckboxField isSelected={isSelected} onChange={onChange} isDisabled={isDisabled ?? false} isIndeterminate={isIndeterminate ?? false}>
      <CheckboxButton className="check">
        <span className="check-mark">{isIndeterminate ? <Minus size={16} aria-hidden /> : isSelected && <Check size={16} strokeWidth={3} aria-hidden />}</span>
        <span>{children}</span>
      </CheckboxButton>
    </CheckboxField>
  )
}

export function Switch({ children, isSelected, onChange, isDisabled }: Omit<YesNoProps, 'isIndeterminate'>) {
  return (
    <SwitchField isSelected={isSelected} onChange={onChange} isDisabled={isDisabled ?? false}>
      <SwitchButton className="check">
        <span className="switch-track">
          <span className="switch-thumb" />
        </span>
        <span>{children}</span>
      </SwitchButton>
    </SwitchField>
  )
}
