/** The answers to a question: each names what it does; one that is for good asks once more, some with a second person. */
import { ArrowLeft } from 'lucide-react'
import { useState } from 'react'
import type { FormEvent } from 'react'
import { Button as AriaButton } from 'react-aria-components'
import type { Fault } from '#shared/faults.ts'
import type { Prompt, PromptChoice } from '#shared/job/job.ts'
import { useWords } from '../../../i18n/provider.tsx'
import { Button, FaultPanel, PasswordField, TextField } from '../../../ui/index.ts'

type Choice = Prompt['choices'][number]
type Kind = Prompt['kind']

export interface Second {
  name: string
  password: string
}

/** Answers that only go on with what was wanted all along; those about a card's fate are never suggested. */
const plainSteps: ReadonlySet<PromptChoice> = new Set(['continue', 'retry', 'reconnect', 'ask-machine', 'removed'])

export function ChoiceList({ kind, choices, busy, onChoose }: { kind: Kind; choices: readonly Choice[]; busy: boolean; onChoose(choice: Choice): void }) {
  const { say, sayIfKnown } = useWords()
  return (
    <div className="prompt-choices" role="group" aria-label={say('prompt.choices')}>
      {choices.map((choice) => (
        <AriaButton
          key={choice.id}
          className="button prompt-choice"
          data-kind={plainSteps.has(choice.id) ? 'primary' : 'plain'}
          isDisabled={busy}
          onPress={() => onChoose(choice)}
        >
          <strong>{sayIfKnown(`prompt.${kind}.choice.${choice.id}`) ?? choice.id}</strong>
          <span>{sayIfKnown(`prompt.${kind}.consequence.${choice.id}`)}</span>
          {choice.needsSecond && <span className="prompt-second">{say('prompt.needs-second')}</span>}
        </AriaButton>
      ))}
    </div>
  )
}

export interface LastQuestionProps {
  kind: Kind
  choice: Choice
  busy: boolean
  faults: readonly Fault[]
  onAnswer(second?: Second): void
  onBack(): void
}

export function LastQuestion({ kind, choice, busy, faults, onAnswer, onBack }: LastQuestionProps) {
  const { say, sayIfKnown } = useWords()
  const [name, setName] = useState('')
  const [password, setPassword] = useState('')
  const title = sayIfKnown(`prompt.${kind}.choice.${choice.id}`) ?? choice.id
  const submit = (event: FormEvent) => {
    event.preventDefault()
    onAnswer(choice.needsSecond ? { name, password } : undefined)
  }
  return (
    <form className="prompt-last" onSubmit={submit} aria-label={title}>
      <div>
        <h3>{title}</h3>
        <p>{sayIfKnown(`prompt.${kind}.consequence.${choice.id}`)}</p>
        <p>
          <strong>{say('prompt.for-good')}</strong> {choice.needsSecond && say('prompt.second.lead')}
        </p>
      </div>
      {choice.needsSecond && (
        <div className="prompt-signature">
          <TextField label={say('prompt.second.name')} value={name} onChange={setName} autoComplete="off" autoFocus />
          <PasswordField label={say('prompt.second.password')} value={password} onChange={setPassword} autoComplete="off" />
        </div>
      )}
      <FaultPanel faults={faults} />
      <div className="row prompt-answer">
        <Button icon={<ArrowLeft size={18} aria-hidden />} onPress={onBack} autoFocus={!choice.needsSecond}>
          {say('prompt.back')}
        </Button>
        <Button type="submit" kind="primary" isPending={busy} isDisabled={choice.needsSecond && (name === '' || password === '')}>
          {say('prompt.confirm')}
        </Button>
      </div>
    </form>
  )
}
