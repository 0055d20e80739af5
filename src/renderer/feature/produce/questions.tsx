/** What the chip task of a job asks when its run starts. Whoever starts waits for the answers; the dialog stands once on the page. */
import { create } from 'zustand'
import type { ChipAnswers, ChipQuestion } from '#shared/contract/chip-calls.ts'
import { QuestionsDialog } from '../chip/questions-dialog.tsx'

interface Asked {
  questions: readonly ChipQuestion[]
  answer(answers: ChipAnswers | undefined): void
}

const useAsked = create<{ asked: Asked | undefined }>(() => ({ asked: undefined }))

/** Undefined where the person put the questions away. */
export function askBeforeRun(questions: readonly ChipQuestion[]): Promise<ChipAnswers | undefined> {
  if (questions.length === 0) return Promise.resolve({})
  return new Promise((resolve) => {
    const answer = (answers: ChipAnswers | undefined) => {
      useAsked.setState({ asked: undefined })
      resolve(answers)
    }
    useAsked.getState().asked?.answer(undefined)
    useAsked.setState({ asked: { questions, answer } })
  })
}

export function RunQuestions() {
  const asked = useAsked((store) => store.asked)
  return asked && <QuestionsDialog questions={asked.questions} onClose={() => asked.answer(undefined)} onAnswer={asked.answer} />
}
