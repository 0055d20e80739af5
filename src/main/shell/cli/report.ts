/** How the command line ends: what it says of faults, and its exit codes (docs/command-line.md). */
import { CardwrightError, type Fault, faultsOf } from '#shared/faults.ts'
import type { Words } from '../../reports/words.ts'

export const exitCode = {
  done: 0,
  /** A fault: the sentences on standard error say what happened and what to do. */
  refused: 1,
  /** The command line itself was not understood. */
  usage: 2,
  /** `run --on-prompt stop`: the machine or a card needs a person. */
  personNeeded: 3,
  /** A check was made and found something: a broken journal, mistakes in a file, a design or a profile. */
  found: 4,
  /** A mistake in Cardwright (EX_SOFTWARE of sysexits.h). */
  bug: 70,
} as const
export type ExitCode = (typeof exitCode)[keyof typeof exitCode]

/** Ends a command with a code of its own, after it has said everything. */
export class Ending extends Error {
  readonly code: ExitCode

  constructor(code: ExitCode) {
    super(`exit ${code}`)
    this.code = code
  }
}

/** One line a fault: its place, what happened, what to do, its code. */
export function faultLines(words: Words, faults: readonly Fault[]): string[] {
  return faults.map((fault) => {
    const { what, do: todo } = words.fault(fault)
    return `${fault.place === undefined ? '' : `${fault.place}: `}${what} ${todo} [${fault.code}]`
  })
}

/** Runs a command and answers its exit code; what went wrong is said in sentences, and a bug with its trace too. */
export async function reported(words: Words, complain: (line: string) => void, command: () => Promise<void>): Promise<ExitCode> {
  try {
    await command()
    return exitCode.done
  } catch (thrown) {
    if (thrown instanceof Ending) return thrown.code
    for (const line of faultLines(words, faultsOf(thrown))) complain(line)
    if (thrown instanceof CardwrightError) return exitCode.refused
    complain(thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown))
    return exitCode.bug
  }
}
