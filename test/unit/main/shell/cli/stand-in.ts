/** A terminal that remembers what it was told and answers from a list. */
import type { Terminal } from '#main/shell/cli/terminal.ts'

export interface StandInTerminal extends Terminal {
  readonly printed: string[]
  readonly complained: string[]
  readonly questions: string[]
  written(): Buffer
}

/** @param answers given one by one to `ask`, `askHidden` and `readLine`; after the last one the input has ended */
export function standInTerminal(answers: readonly string[] = [], interactive = answers.length > 0): StandInTerminal {
  const left = [...answers]
  const printed: string[] = []
  const complained: string[] = []
  const questions: string[] = []
  const chunks: Uint8Array[] = []
  const ask = (question: string) => {
    questions.push(question)
    return Promise.resolve(left.shift())
  }
  return {
    interactive,
    printed,
    complained,
    questions,
    written: () => Buffer.concat(chunks),
    print: (line) => void printed.push(line),
    complain: (line) => void complained.push(line),
    write: (bytes) => void chunks.push(bytes),
    ask,
    askHidden: ask,
    readLine: () => Promise.resolve(left.shift() ?? ''),
  }
}
