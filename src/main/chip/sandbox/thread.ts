/**
 * The thread of scripts: one script at a time, in an interpreter that is kept while it is healthy. It is the entry of its own
 * bundle (`scapp-thread.js`), and runs as it stands under Node.
 */
import { hrtime } from 'node:process'
import { parentPort } from 'node:worker_threads'
import type { HostAnswer, HostCall, ScriptHost, ScriptProgram } from './engine.ts'
import { createInterpreter } from './interpreter.ts'
import type { Interpreter } from './interpreter.ts'
import type { FromThread, ToThread } from './thread-messages.ts'

/** The thread is started with a stack that has room for it (`thread-engine.ts`). */
const maxStackKilobytes = 4_096

/** Words that need no answer, before they are handed over: a script that says very many has to wait for nobody, and fills no memory. */
const tellsAtOnce = 100

if (parentPort !== null) serve(parentPort)

function serve(port: NonNullable<typeof parentPort>): void {
  const say = (message: FromThread): void => port.postMessage(message)
  let told: HostCall[] = []
  let answer: ((answer: HostAnswer) => void) | undefined
  let stop: AbortController | undefined
  let kept: { interpreter: Interpreter; memoryMegabytes: number } | undefined

  const tellAll = (): HostCall[] => {
    const said = told
    told = []
    return said
  }
  const host: ScriptHost = {
    call: (call) =>
      new Promise((resolve) => {
        answer = resolve
        say({ type: 'call', call, told: tellAll() })
      }),
    tell(call) {
      told.push(call)
      if (told.length >= tellsAtOnce) say({ type: 'told', told: tellAll() })
      return true
    },
  }
  const run = async (program: ScriptProgram): Promise<void> => {
    const { memoryMegabytes } = program.limits
    if (kept?.memoryMegabytes !== memoryMegabytes) {
      kept = { interpreter: await createInterpreter({ now: milliseconds, maxStackKilobytes, memoryMegabytes }), memoryMegabytes }
    }
    stop = new AbortController()
    const ending = await kept.interpreter.run(program, host, stop.signal)
    say({ type: 'ended', ending, told: tellAll(), healthy: kept.interpreter.healthy })
  }
  port.on('message', (message: ToThread) => {
    if (message.type === 'answer') answer?.(message.answer)
    else if (message.type === 'stop') stop?.abort()
    else void run(message.program)
  })
}

/** Of real time: what is measured is this machine's computing, which no simulated clock knows. */
const milliseconds = (): number => Number(hrtime.bigint()) / 1e6
