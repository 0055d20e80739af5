/** What carries calls to the core, whichever host the page runs in. */
import type { LiveMessage } from '#shared/contract/live.ts'
import type { UploadAnswer } from '#shared/contract/wire.ts'

export type Connection = 'connecting' | 'connected' | 'lost'

export interface Carrier {
  /** Answers as the contract has it; rejects only where the line to the core broke before an answer came. */
  call(name: string, input: unknown, token: string | undefined): Promise<unknown>
  /** Live messages of the session, from a snapshot on. Asked again, the stream begins anew with a snapshot. */
  listen(token: string, listener: (message: LiveMessage) => void): () => void
  upload(file: File, token: string | undefined): Promise<UploadAnswer>
  /** The connection as it is, and every change of it. Returns the function that stops telling. */
  onConnection(listener: (connection: Connection) => void): () => void
}
