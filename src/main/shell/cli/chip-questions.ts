/** What an extension module wants to know before its cards are made, asked at the terminal without an echo. */
import type { ChipAnswers } from '#shared/contract/chip-calls.ts'
import type { DeviceId, JobId } from '#shared/journal/events.ts'
import type { Client } from '../client.ts'
import { Ending, exitCode } from './report.ts'
import type { Setting } from './setting.ts'

/** Ends the command with `personNeeded` where nobody can be asked. */
export async function askChipQuestions({ words, terminal }: Setting, client: Client, subject: { job: JobId; device: DeviceId }, asks: boolean): Promise<ChipAnswers> {
  const questions = await client.call('chip.questions', subject)
  const answers: ChipAnswers = {}
  for (const { name, label, secret, pattern } of questions) {
    const fits = (answer: string) => pattern === undefined || new RegExp(`^(?:${pattern})$`, 'u').test(answer)
    for (let answer: string | undefined; answer === undefined || !fits(answer); answers[name] = answer) {
      const question = `${label[words.language]}: `
      answer = !asks ? undefined : secret ? await terminal.askHidden(question) : await terminal.ask(question)
      if (answer === undefined) {
        terminal.complain(words.say('cli.chip.answer-needed', { question: label[words.language] }))
        throw new Ending(exitCode.personNeeded)
      }
    }
  }
  return answers
}
