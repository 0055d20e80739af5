/** What an extension module asks before a run. Secret answers are covered as they are typed, and go nowhere else. */
import { useState } from 'react'
import type { FormEvent } from 'react'
import type { ChipQuestion } from '#shared/contract/chip-calls.ts'
import { useWords } from '../../i18n/provider.tsx'
import { Button, Dialog, PasswordField, TextField } from '../../ui/index.ts'

export interface QuestionsDialogProps {
  questions: readonly ChipQuestion[]
  onClose(): void
  onAnswer(answers: Record<string, string>): void
}

export function QuestionsDialog({ questions, onClose, onAnswer }: QuestionsDialogProps) {
  const { say, language } = useWords()
  const [answers, setAnswers] = useState<Record<string, string>>({})
  const wrong = (question: ChipQuestion) => !fits(question, answers[question.name] ?? '')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    onAnswer(answers)
  }
  return (
    <Dialog title={say('chip.questions')} open onClose={onClose}>
      <form className="stack" onSubmit={submit}>
        <p className="soft">{say('chip.questions.lead')}</p>
        {questions.map((question, index) => {
          const { name, label, secret } = question
          const value = answers[name] ?? ''
          const field = {
            label: label[language],
            value,
            onChange: (next: string) => setAnswers({ ...answers, [name]: next }),
            autoComplete: 'off',
            autoFocus: index === 0,
            error: value !== '' && wrong(question) ? say('chip.questions.wrong') : undefined,
          }
          return secret ? <PasswordField key={name} {...field} /> : <TextField key={name} {...field} />
        })}
        <div className="dialog-actions">
          <Button onPress={onClose}>{say('control.cancel')}</Button>
          <Button type="submit" kind="primary" isDisabled={questions.some(wrong)}>
            {say('chip.questions.go')}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

function fits({ pattern }: ChipQuestion, answer: string): boolean {
  if (answer === '') return false
  try {
    return pattern === undefined || new RegExp(`^(?:${pattern})$`).test(answer)
  } catch {
    return true
  }
}
