/**
 * Scripts in threads of their own, one for each script at work: whatever a script does, the core goes on. A thread that a script
 * holds longer than its limit allows, in a place where the interpreter can't be interrupted, is ended.
 */
import { Worker } from 'node:worker_threads'
import type { Clock } from '../../ports/clock.ts'
import type { HostCall, ScriptEnding, ScriptEngine, ScriptHost, ScriptProgram } from './engine.ts'
import type { FromThread, ToThread } from './thread-messages.ts'

/** Threads that are kept for the next script. */
const keptThreads = 8

/** Room for the script's own limit, and for what each of its levels takes on the thread's stack besides. */
const resourceLimits = { stackSizeMb: 32, maxOldGenerationSizeMb: 128, maxYoungGenerationSizeMb: 16 }

/** Beyond the script's limit: the thread starts, and the computer has other things to do too. Milliseconds. */
const grace = 4_000
const look = 500

export interface ThreadEngineOptions {
  clock: Clock
}

export function createThreadEngine({ clock }: ThreadEngineOptions): ScriptEngine {
  const idle: Worker[] = []
  const all = new Set<Worker>()
  let closed = false

  const start = (): Worker => {
    const worker = new Worker(threadEntry(import.meta.url), { name: 'scapp', resourceLimits })
    all.add(worker)
    worker.on('error', () => undefined)
    worker.once('exit', () => {
      all.delete(worker)
      const at = idle.indexOf(worker)
      if (at >= 0) idle.splice(at, 1)
    })
    return worker
  }
  const giveBack = (worker: Worker, healthy: boolean): void => {
    if (!healthy || closed || idle.length >= keptThreads) return void worker.terminate()
    worker.removeAllListeners('message')
    // A program that has nothing else to do may end.
    worker.unref()
    idle.push(worker)
  }

  return {
    async run(program, host, signal) {
      const worker = idle.pop() ?? start()
      worker.ref()
      const { ending, healthy } = await runIn(worker, program, host, clock, signal)
      giveBack(worker, healthy)
      return ending
    },
    async close() {
      closed = true
      await Promise.all(Array.from(all, (worker) => worker.terminate()))
    },
  }
}

/** The thread's entry: a source file under Node, `scapp-thread.js` beside the bundle of the main process. */
function threadEntry(here: string): URL {
  return here.endsWith('.ts') ? new URL('./thread.ts', here) : new URL('./scapp-thread.js', here)
}

async function runIn(worker: Worker, program: ScriptProgram, host: ScriptHost, clock: Clock, signal: AbortSignal | undefined): Promise<{ ending: ScriptEnding; healthy: boolean }> {
  const say = (message: ToThread): void => worker.postMessage(message)
  const over = new AbortController()
  // A thread that ends by itself was out of memory or stack, whatever its interpreter thought it had.
  let gone = (): void => undefined
  const result = new Promise<{ ending: ScriptEnding; healthy: boolean }>((resolve) => {
    const end = (ending: ScriptEnding, healthy: boolean): void => {
      over.abort()
      resolve({ ending, healthy })
    }
    /** Since when it is the thread's turn. */
    let turn: number | undefined = clock.elapsed()
    const answer = async (call: HostCall): Promise<void> => {
      turn = undefined
      const given = await host.call(call)
      turn = clock.elapsed()
      if (!over.signal.aborted) say({ type: 'answer', answer: given })
    }
    const told = (words: readonly HostCall[]): void => {
      if (!words.every((word) => host.tell(word))) say({ type: 'stop' })
    }
    worker.on('message', (message: FromThread) => {
      if (over.signal.aborted) return
      told(message.told)
      if (message.type === 'call') void answer(message.call)
      else if (message.type === 'ended') end(message.ending, message.healthy)
    })
    gone = () => end({ kind: 'limit', limit: 'memory' }, false)
    worker.once('error', gone)
    worker.once('exit', gone)
    signal?.addEventListener('abort', () => say({ type: 'stop' }), { once: true, signal: over.signal })
    // Looked at twice: where this thread itself was held up, what the script's thread has said may still be waiting to be heard.
    let overdue = 0
    void watch(clock, over.signal, () => {
      const held = turn === undefined ? 0 : clock.elapsed() - turn
      const stopped = signal?.aborted === true
      overdue = held > (stopped ? 0 : program.limits.seconds * 1_000) + grace ? overdue + 1 : 0
      if (overdue > 1) end(stopped ? { kind: 'stopped' } : { kind: 'limit', limit: 'time' }, false)
    })
  })
  say({ type: 'run', program })
  if (signal?.aborted === true) say({ type: 'stop' })
  const ended = await result
  worker.off('exit', gone)
  worker.removeAllListeners('message')
  // An error that comes after the end is the thread's own affair: it is taken out of use.
  worker.off('error', gone)
  return ended
}

/** Looks now and then until it is over. */
async function watch(clock: Clock, over: AbortSignal, check: () => void): Promise<void> {
  while (!over.aborted) {
    try {
      await clock.sleep(look, over)
    } catch {
      return
    }
    check()
  }
}
