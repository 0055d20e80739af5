/** What every host (desktop window, loopback web, command line, tests) holds of the core. */
import type { Answer, CallName } from '#shared/contract/calls.ts'
import type { LiveMessage } from '#shared/contract/live.ts'

export interface Caller {
  /** The session's token; absent before signing in. */
  token?: string | undefined
  host: 'electron' | 'web' | 'cli'
}

export interface Core {
  /**
   * Parses the input by its schema, checks the person's role, runs it. Never rejects: every ending is an answer, and an
   * unexpected exception is answered as `bug.unexpected` and reported to `onBug`.
   */
  call(name: string, input: unknown, caller: Caller): Promise<Answer<CallName>>
  /**
   * Streams the live state to one signed-in screen: a snapshot at once, then deltas; `signed-out` at the session's end.
   * Returns the function that stops it, or undefined where the token names no session.
   */
  listen(token: string, listener: (message: LiveMessage) => void): (() => void) | undefined
  /** Makes a file that the host has put on this computer known under a name that `intake.*` calls take. */
  addUpload(file: { path: string; name: string }): string
  /** Ends sessions that have idled too long. Hosts with people call it now and then. */
  expireSessions(): void
  /** Finishes or parks what runs, closes devices and the store. */
  close(): Promise<void>
}
