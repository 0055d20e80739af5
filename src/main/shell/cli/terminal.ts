/** The terminal: what a command prints, and what it asks the person before it. */
import { createInterface, type Interface } from 'node:readline/promises'
import { Writable } from 'node:stream'

export interface Terminal {
  /** Whether somebody can be asked. */
  readonly interactive: boolean
  print(line: string): void
  complain(line: string): void
  /** Raw bytes on standard output: a file that is piped on. */
  write(bytes: Uint8Array): void
  /** One line, without its end. Undefined where the input has ended. */
  ask(question: string): Promise<string | undefined>
  /** The same, without an echo. */
  askHidden(question: string): Promise<string | undefined>
  /** The next line of standard input, for `--password-stdin`; empty at its end. */
  readLine(): Promise<string>
}

export function systemTerminal(): Terminal {
  const { stdin, stdout, stderr } = process
  let piped: AsyncIterator<string> | undefined
  return {
    interactive: stdin.isTTY && stdout.isTTY,
    print: (line) => void stdout.write(`${line}\n`),
    complain: (line) => void stderr.write(`${line}\n`),
    write: (bytes) => void stdout.write(bytes),
    ask: (question) => asked(createInterface({ input: stdin, output: stdout }), question),
    async askHidden(question) {
      stdout.write(question)
      // The interface takes the terminal's echo away and writes what is typed into this instead.
      const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
      const line = await asked(createInterface({ input: stdin, output: nowhere, terminal: true }), '')
      stdout.write('\n')
      return line
    },
    async readLine() {
      piped ??= createInterface({ input: stdin })[Symbol.asyncIterator]()
      const line = await piped.next()
      return line.done === true ? '' : line.value
    },
  }
}

async function asked(lines: Interface, question: string): Promise<string | undefined> {
  const closed = new Promise<undefined>((resolve) => lines.once('close', () => resolve(undefined)))
  // Ctrl+C at a question ends the program as it would anywhere else.
  lines.once('SIGINT', () => process.kill(process.pid, 'SIGINT'))
  try {
    return await Promise.race([lines.question(question), closed])
  } finally {
    lines.close()
  }
}
