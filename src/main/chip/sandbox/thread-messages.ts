/** What a script's thread and the main thread say to each other. Each turn of the script is one message, and so is each answer. */
import type { HostAnswer, HostCall, ScriptEnding, ScriptProgram } from './engine.ts'

export type ToThread =
  | { readonly type: 'run'; readonly program: ScriptProgram }
  | { readonly type: 'answer'; readonly answer: HostAnswer }
  | { readonly type: 'stop' }

export type FromThread =
  /** The script waits for the answer to this call. Words that need none were said since the last message. */
  | { readonly type: 'call'; readonly call: HostCall; readonly told: readonly HostCall[] }
  | { readonly type: 'told'; readonly told: readonly HostCall[] }
  | { readonly type: 'ended'; readonly ending: ScriptEnding; readonly told: readonly HostCall[]; readonly healthy: boolean }
