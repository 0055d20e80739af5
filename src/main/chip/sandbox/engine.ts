/**
 * Runs one script once, in a context that holds nothing of any other: a ScApp for one card, or one function of an extension module.
 * Two bindings: in this thread (`local-engine.ts`, simulated worlds) and in a thread of its own (`thread-engine.ts`, the product).
 */
import type { ScriptLimits } from '#shared/chip/task.ts'

/** What JSON can say: nothing else passes between a script and its host. */
export type Plain = string | number | boolean | null | readonly Plain[] | { readonly [name: string]: Plain | undefined }

export interface ScriptProgram {
  /** As it stands in errors: the document's identifier. */
  name: string
  source: string
  /** The export that is called: `default`, `prepare`; `''` for loading alone, which answers what the module exports. */
  call: string
  /** Its only argument. With `card`, the prelude first makes a `Card` (host.d.ts) of it. */
  argument: Plain
  kind: 'scapp' | 'extension'
  limits: Pick<ScriptLimits, 'seconds' | 'memoryMegabytes' | 'stackKilobytes'>
}

/** A call out of a script. `line`: of the script, where it is known. */
export interface HostCall {
  name: string
  argument: Plain
  line?: number
}

export type HostAnswer =
  | { ok: true; value: Plain }
  /** Thrown inside the script as an error that it may catch. */
  | { ok: false; error: { message: string; [detail: string]: Plain | undefined } }
  /** The script ends here, and can't do anything about it. */
  | { stop: true }

export interface ScriptHost {
  /** A call that the script waits for. Calls are answered in their order. */
  call(call: HostCall): Promise<HostAnswer>
  /** A word that needs no answer: progress, log. Answers false to stop the script. */
  tell(call: HostCall): boolean
}

export type ScriptEnding =
  | { kind: 'returned'; value: Plain | undefined }
  /** Thrown by the script or its engine, and not caught. `detail`: what the host's error carried. */
  | { kind: 'threw'; message: string; line?: number }
  /** `calls`: more calls under way at once, or in all, than any script needs. */
  | { kind: 'limit'; limit: 'time' | 'memory' | 'stack' | 'calls'; line?: number }
  /** By the host's answer, or by the signal. */
  | { kind: 'stopped' }

export interface ScriptEngine {
  /** Never rejects for what a script does. */
  run(program: ScriptProgram, host: ScriptHost, signal?: AbortSignal): Promise<ScriptEnding>
  close(): Promise<void>
}
