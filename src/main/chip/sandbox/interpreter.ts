/** QuickJS at work on one script: a runtime made for it, limits on what it uses, and nothing in it but the prelude and the script. */
import variant from '@jitl/quickjs-wasmfile-release-sync'
import { DefaultIntrinsics, newQuickJSWASMModuleFromVariant, newVariant } from 'quickjs-emscripten-core'
import type { QuickJSContext, QuickJSDeferredPromise, QuickJSHandle, QuickJSRuntime, QuickJSWASMModule } from 'quickjs-emscripten-core'
import type { HostAnswer, HostCall, Plain, ScriptEnding, ScriptHost, ScriptProgram } from './engine.ts'
import { prelude, preludeName } from './prelude.ts'

/** Calls that one script may have under way at once, and make in all; and words that need no answer. */
const callsAtOnce = 64
const callsInAll = 500_000
const wordsInAll = 50_000

/** Jobs (ECMA-262, 9.5) run between two looks at the limits. */
const jobsAtATime = 1_000
const stepsAfterTheEnd = 50

/** QuickJS asks its interrupt handler about twenty times in a millisecond, and runs some five hundred empty jobs. */
const millisecondsOfAnInterrupt = 0.05
const millisecondsOfAJob = 0.002

/** Pages of 64 KiB: what the build begins with, which is the least that a script can have. */
const pagesPerMegabyte = 16
const firstPages = 256

export interface InterpreterOptions {
  /** Real milliseconds. Where absent, computing is counted in interrupts, and a simulated world is the same on every machine. */
  now?: () => number
  /** Each level of the script's stack takes several of the thread's own; more than it has would break the interpreter. */
  maxStackKilobytes: number
  /**
   * The whole memory of the interpreter. QuickJS itself can't count what it has taken where it is built for WebAssembly
   * (its `malloc_usable_size` answers 0 there), so the memory that it is given is the limit. At least 16.
   */
  memoryMegabytes: number
}

export interface Interpreter {
  run(program: ScriptProgram, host: ScriptHost, signal?: AbortSignal): Promise<ScriptEnding>
  /** False when a script has left it in a state that nobody should build on: take a new one. */
  readonly healthy: boolean
}

export async function createInterpreter(options: InterpreterOptions): Promise<Interpreter> {
  const wasmMemory = new WebAssembly.Memory({ initial: firstPages, maximum: Math.max(firstPages, options.memoryMegabytes * pagesPerMegabyte) })
  const module = await newQuickJSWASMModuleFromVariant(newVariant(variant, { wasmMemory }))
  let healthy = true
  return {
    get healthy() {
      return healthy
    },
    async run(program, host, signal) {
      const execution = new Execution(module, program, host, options)
      const stop = (): void => execution.stop({ kind: 'stopped' })
      signal?.addEventListener('abort', stop, { once: true })
      if (signal?.aborted === true) stop()
      try {
        const ending = await execution.run()
        // What a script holds that was cut off in the middle can't be given back in order: the interpreter goes as a whole.
        if (ending.kind === 'limit' || execution.cut || !execution.dispose()) healthy = false
        return ending
      } catch (thrown) {
        // The thread's own stack, or WebAssembly itself, gave way: only a script that goes too deep gets there.
        healthy = false
        return thrown instanceof RangeError || thrown instanceof WebAssembly.RuntimeError ? { kind: 'limit', limit: 'stack' } : unexpected(thrown)
      } finally {
        signal?.removeEventListener('abort', stop)
      }
    },
  }
}

function unexpected(thrown: unknown): ScriptEnding {
  return { kind: 'threw', message: thrown instanceof Error ? `${thrown.name}: ${thrown.message}`.slice(0, 200) : 'unknown' }
}

interface Waiting {
  call: HostCall
  deferred: QuickJSDeferredPromise
}

class Execution {
  private readonly runtime: QuickJSRuntime
  private readonly context: QuickJSContext
  private readonly handles: QuickJSHandle[] = []
  private readonly program: ScriptProgram
  private readonly host: ScriptHost
  private readonly options: InterpreterOptions
  private readonly queue: Waiting[] = []
  private readonly deferreds = new Set<QuickJSDeferredPromise>()
  private calls = 0
  private words = 0
  /** Milliseconds of computing, without the stretch that runs now. */
  private spent = 0
  private stretchBegan = 0
  private interrupts = 0
  /** Whether the interpreter was interrupted at work. */
  cut = false
  private ending: ScriptEnding | undefined
  private wake: (() => void) | undefined

  constructor(module: QuickJSWASMModule, program: ScriptProgram, host: ScriptHost, options: InterpreterOptions) {
    this.program = program
    this.host = host
    this.options = options
    this.runtime = module.newRuntime()
    this.runtime.setMaxStackSize(Math.min(program.limits.stackKilobytes, options.maxStackKilobytes) * 1024)
    this.runtime.setInterruptHandler(() => this.interrupted())
    this.context = this.runtime.newContext({ intrinsics: { ...DefaultIntrinsics, Date: false } })
  }

  stop(ending: ScriptEnding): void {
    this.ending ??= ending
    this.wake?.()
  }

  async run(): Promise<ScriptEnding> {
    const { context } = this
    const launch = this.prepare()
    const loaded = this.computing(() => context.evalCode(this.program.source, `${this.program.name}.js`, { type: 'module' }))
    this.keep(loaded.error ?? loaded.value)
    if (this.ending) return this.cutOff(loaded.error)
    if (loaded.error) return this.thrown(loaded.error)
    const exported = await this.settle(loaded.value)
    if ('kind' in exported) return exported
    const { call, kind, argument } = this.program
    const given = [exported.value, this.text(call), this.text(kind), this.text(JSON.stringify(argument))]
    const called = this.computing(() => context.callFunction(launch, context.undefined, given))
    this.keep(called.error ?? called.value)
    if (this.ending) return this.cutOff(called.error, called.error ? undefined : called.value)
    if (called.error) return this.thrown(called.error)
    const result = await this.settle(called.value)
    if ('kind' in result) return result
    return { kind: 'returned', value: context.typeof(result.value) === 'string' ? (JSON.parse(context.getString(result.value)) as Plain) : undefined }
  }

  /** The prelude in place; answers the function that launches a script. */
  private prepare(): QuickJSHandle {
    const { context } = this
    const host = [context.newFunction('call', this.call), context.newFunction('tell', this.tell)].map((handle) => this.keep(handle))
    const made = this.keep(context.unwrapResult(this.computing(() => context.evalCode(prelude, preludeName))))
    return this.keep(context.unwrapResult(this.computing(() => context.callFunction(made, context.undefined, host))))
  }

  private readonly call = (name: QuickJSHandle, argument: QuickJSHandle, stack: QuickJSHandle): QuickJSHandle => {
    const deferred = this.context.newPromise()
    this.deferreds.add(deferred)
    this.queue.push({ call: this.heard(name, argument, stack), deferred })
    this.calls += 1
    if (this.queue.length > callsAtOnce || this.calls > callsInAll) this.stop({ kind: 'limit', limit: 'calls' })
    return deferred.handle
  }

  private readonly tell = (name: QuickJSHandle, argument: QuickJSHandle, stack: QuickJSHandle): void => {
    this.words += 1
    if (this.words > wordsInAll) this.stop({ kind: 'limit', limit: 'calls' })
    if (this.ending === undefined && !this.host.tell(this.heard(name, argument, stack))) this.stop({ kind: 'stopped' })
  }

  private heard(name: QuickJSHandle, argument: QuickJSHandle, stack: QuickJSHandle): HostCall {
    const { context } = this
    const line = this.lineOf(context.getString(stack))
    const text = context.typeof(argument) === 'string' ? context.getString(argument) : 'null'
    return { name: context.getString(name), argument: JSON.parse(text) as Plain, ...(line === undefined ? {} : { line }) }
  }

  /** Lets the script go on until this promise has settled, answering its calls one after another. */
  private async settle(promise: QuickJSHandle): Promise<{ value: QuickJSHandle } | ScriptEnding> {
    for (;;) {
      this.work()
      if (this.ending) return this.cutOff(undefined, promise)
      const state = this.context.getPromiseState(promise)
      if (state.type === 'fulfilled') return { value: this.keep(state.value) }
      if (state.type === 'rejected') return this.thrown(this.keep(state.error))
      const waiting = this.queue.shift()
      if (waiting === undefined) return { kind: 'threw', message: 'the script waits for something that never comes' }
      const answer = await this.answered(waiting.call)
      if (this.ending) return this.ending
      this.resolve(waiting.deferred, answer)
    }
  }

  /** The host's answer, or nothing as soon as the script is stopped. */
  private async answered(call: HostCall): Promise<HostAnswer> {
    const stopped = new Promise<HostAnswer>((resolve) => {
      this.wake = () => resolve({ stop: true })
    })
    const answer = await Promise.race([this.host.call(call), stopped])
    this.wake = undefined
    if ('stop' in answer) this.stop({ kind: 'stopped' })
    return answer
  }

  private resolve(deferred: QuickJSDeferredPromise, answer: HostAnswer): void {
    this.context.newString(JSON.stringify(answer)).consume((text) => deferred.resolve(text))
    this.deferreds.delete(deferred)
    deferred.dispose()
  }

  private work(): void {
    while (this.ending === undefined && this.runtime.hasPendingJob()) {
      const done = this.computing(() => this.runtime.executePendingJobs(jobsAtATime))
      // What a job throws is an interrupt alone; the script's own errors reject its promises.
      if (done.error && this.ending === undefined) this.stop({ kind: 'limit', limit: 'memory' })
      done.error?.dispose()
      if (!done.error && this.options.now === undefined) this.spend(done.value * millisecondsOfAJob)
    }
  }

  /** The ending, with the line at which the interpreter was interrupted: where what was cut off could still be told of it. */
  private cutOff(error: QuickJSHandle | undefined, promise?: QuickJSHandle): ScriptEnding {
    const { ending } = this
    if (ending?.kind !== 'limit' || ending.line !== undefined) return ending!
    const line = this.lineOfError(error ?? (promise && this.rejection(promise)))
    return line === undefined ? ending : { ...ending, line }
  }

  private lineOfError(error: QuickJSHandle | undefined): number | undefined {
    return error === undefined || this.context.typeof(error) !== 'object' ? undefined : this.lineOf(this.property(error, 'stack') ?? '')
  }

  /** What an interrupted function left its promise with. Few steps, in which the next interrupt ends everything, hand it on to the outermost one. */
  private rejection(promise: QuickJSHandle): QuickJSHandle | undefined {
    this.runtime.executePendingJobs(stepsAfterTheEnd).dispose()
    const state = this.context.getPromiseState(promise)
    return state.type === 'rejected' ? state.error : undefined
  }

  private computing<Value>(work: () => Value): Value {
    this.stretchBegan = this.options.now?.() ?? 0
    this.interrupts = 0
    try {
      return work()
    } finally {
      this.spend(this.stretch())
    }
  }

  private spend(milliseconds: number): void {
    this.spent += milliseconds
    if (this.spent > this.program.limits.seconds * 1_000) this.stop({ kind: 'limit', limit: 'time' })
  }

  private stretch(): number {
    return this.options.now ? this.options.now() - this.stretchBegan : this.interrupts * millisecondsOfAnInterrupt
  }

  private interrupted(): boolean {
    this.interrupts += 1
    if (this.ending === undefined && this.spent + this.stretch() > this.program.limits.seconds * 1_000) this.ending = { kind: 'limit', limit: 'time' }
    this.cut ||= this.ending !== undefined
    return this.cut
  }

  private thrown(error: QuickJSHandle): ScriptEnding {
    const { context } = this
    // Where there is no room even for an error, QuickJS throws null.
    if (context.sameValue(error, context.null)) return { kind: 'limit', limit: 'memory' }
    if (context.typeof(error) !== 'object') return { kind: 'threw', message: `thrown: ${String(context.dump(error)).slice(0, 200)}` }
    const [name, message, stack] = ['name', 'message', 'stack'].map((property) => this.property(error, property))
    if (this.ending) return this.ending
    const line = this.lineOf(stack ?? '')
    const at = line === undefined ? {} : { line }
    if (message === 'out of memory') return { kind: 'limit', limit: 'memory', ...at }
    if (message === 'stack overflow') return { kind: 'limit', limit: 'stack', ...at }
    return { kind: 'threw', message: `${name === 'Error' || name === undefined ? '' : `${name}: `}${message ?? ''}`.slice(0, 200), ...at }
  }

  /** A property that is a string; a getter of the script's may stand there, and fail or be endless. */
  private property(error: QuickJSHandle, name: string): string | undefined {
    const handle = this.computing(() => {
      try {
        return this.context.getProp(error, name)
      } catch {
        return undefined
      }
    })
    return handle?.consume((value) => (this.context.typeof(value) === 'string' ? this.context.getString(value) : undefined))
  }

  /** The innermost line of the script itself in a stack such as `at personalize (emv-cps.js:12:3)`. */
  private lineOf(stack: string): number | undefined {
    const mark = `${this.program.name}.js:`
    const at = stack.indexOf(mark)
    if (at < 0) return undefined
    const line = Number.parseInt(stack.slice(at + mark.length), 10)
    return Number.isInteger(line) ? line : undefined
  }

  private text(value: string): QuickJSHandle {
    return this.keep(this.context.newString(value))
  }

  private keep(handle: QuickJSHandle): QuickJSHandle {
    this.handles.push(handle)
    return handle
  }

  /** Answers whether everything went back to where it came from. */
  dispose(): boolean {
    try {
      for (const deferred of this.deferreds) deferred.dispose()
      for (const handle of this.handles) if (handle.alive) handle.dispose()
      this.context.dispose()
      this.runtime.dispose()
      return true
    } catch {
      return false
    }
  }
}
