/** Fields for text and numbers. A hint stands under the label's field; an error replaces it and says what to do. */
import { Eye, EyeOff, Minus, Plus, X } from 'lucide-react'
import { useState } from 'react'
import type { ReactNode, Ref } from 'react'
import {
  Button as AriaButton,
  FieldError,
  Group,
  Input,
  Label,
  NumberField as AriaNumberField,
  SearchField as AriaSearchField,
  Text,
  TextArea,
  TextField as AriaTextField,
} from 'react-aria-components'
import type { NumberFieldProps as AriaNumberFieldProps, TextFieldProps as AriaTextFieldProps } from 'react-aria-components'
import { useWords } from '../i18n/provider.tsx'

interface Worded {
  label: string
  hint?: ReactNode
  /** What is wrong with the value; absent when nothing is. */
  error?: string | undefined
}

export interface TextFieldProps extends Omit<AriaTextFieldProps, 'className' | 'style' | 'children' | 'isInvalid'>, Worded {
  placeholder?: string
  /** A field of several lines. */
  lines?: number
  inputRef?: Ref<HTMLInputElement>
}

export function TextField({ label, hint, error, placeholder, lines, inputRef, ...props }: TextFieldProps) {
  return (
    <AriaTextField {...props} className="field" isInvalid={error !== undefined}>
      <Label className="field-label">{label}</Label>
      {lines === undefined ? (
        <Input className="input" {...(placeholder !== undefined && { placeholder })} {...(inputRef && { ref: inputRef })} />
      ) : (
        <TextArea className="input" rows={lines} {...(placeholder !== undefined && { placeholder })} />
      )}
      <Under hint={hint} error={error} />
    </AriaTextField>
  )
}

export type PasswordFieldProps = Omit<TextFieldProps, 'lines' | 'placeholder' | 'type'>

export function PasswordField({ label, hint, error, inputRef, ...props }: PasswordFieldProps) {
  const { say } = useWords()
  const [shown, setShown] = useState(false)
  return (
    <AriaTextField {...props} className="field" type={shown ? 'text' : 'password'} isInvalid={error !== undefined}>
      <Label className="field-label">{label}</Label>
      <Group className="input-group">
        <Input className="input" {...(inputRef && { ref: inputRef })} />
        <AriaButton className="button" data-icon-only aria-label={say(shown ? 'control.hide-password' : 'control.show-password')} onPress={() => setShown(!shown)}>
          {shown ? <EyeOff size={18} /> : <Eye size={18} />}
        </AriaButton>
      </Group>
      <Under hint={hint} error={error} />
    </AriaTextField>
  )
}

export interface NumberFieldProps extends Omit<AriaNumberFieldProps, 'className' | 'style' | 'children' | 'isInvalid'>, Worded {}

export function NumberField({ label, hint, error, ...props }: NumberFieldProps) {
  const { say } = useWords()
  return (
    <AriaNumberField {...props} className="field" isInvalid={error !== undefined}>
      <Label className="field-label">{label}</Label>
      <Group className="input-group">
        <Input className="input" />
        <AriaButton slot="decrement" className="button" data-icon-only aria-label={say('control.decrease')}>
          <Minus size={16} />
        </AriaButton>
        <AriaButton slot="increment" className="button" data-icon-only aria-label={say('control.increase')}>
          <Plus size={16} />
        </AriaButton>
      </Group>
      <Under hint={hint} error={error} />
    </AriaNumberField>
  )
}

export interface SearchFieldProps {
  label: string
  value: string
  onChange(value: string): void
  placeholder?: string
  /** So that `/` can put the focus here. */
  inputRef?: Ref<HTMLInputElement>
}

export function SearchField({ label, value, onChange, placeholder, inputRef }: SearchFieldProps) {
  const { say } = useWords()
  return (
    <AriaSearchField className="field" value={value} onChange={onChange}>
      <Label className="field-label">{label}</Label>
      <Group className="input-group">
        <Input className="input" {...(placeholder !== undefined && { placeholder })} {...(inputRef && { ref: inputRef })} />
        {value !== '' && (
          <AriaButton className="button" data-icon-only aria-label={say('control.clear')}>
            <X size={16} />
          </AriaButton>
        )}
      </Group>
    </AriaSearchField>
  )
}

function Under({ hint, error }: { hint: ReactNode; error: string | undefined }) {
  if (error !== undefined) return <FieldError className="field-error">{error}</FieldError>
  if (hint === undefined) return null
  return (
    <Text slot="description" className="field-hint">
      {hint}
    </Text>
  )
}
