/**
 * How a screen reaches the core, host by host. The calls are the same; only the carrier differs.
 *
 * Desktop window: the preload script lays a `DesktopBridge` on `window.cardwright`. The main process keeps the session's
 * token and answers `session.signIn` with an empty one, so that no token is ever in the page.
 *
 * Loopback web host: one WebSocket at `/socket`, JSON text messages. The page shows the host that it is the host's own by
 * the page key, which it offers as the second subprotocol beside `socketProtocol`. It got the key at `openPath`, in
 * exchange for the code in the address that the host printed, and keeps it in this tab's session storage. A page without
 * the right key is closed with `notAdmitted` before anything is read. `token` is the signed-in person's session.
 * Files go by `POST /upload?name=NAME` with the file's bytes as the body and the session in the header below; the answer
 * is an `Answer` whose value is `{ upload }`.
 */
import { z } from 'zod'
import type { Fault } from '../faults.ts'
import { LiveMessage } from './live.ts'

export const socketPath = '/socket'
export const socketProtocol = 'cardwright'
/** WebSocket close code (private range of RFC 6455 section 7.4.2): open the printed address again. */
export const notAdmitted = 4401
/** The entrance page; the code stands after `#`. */
export const openPath = '/open'
/** `POST` with the code as the body answers the page key. */
export const enterPath = '/enter'
/** Name in session storage under which the page key is kept. */
export const pageKeyItem = 'cardwright.page-key'
export const uploadPath = '/upload'
export const sessionHeader = 'x-cardwright-session'

/** Screen → web host. `listen` asks for the live stream: a snapshot at once, then deltas; asked again, a new snapshot. */
export const WireRequest = z.union([
  z.object({ id: z.number().int(), name: z.string(), input: z.unknown(), token: z.string().optional() }),
  z.object({ listen: z.string() }),
])
export type WireRequest = z.infer<typeof WireRequest>

/** Web host → screen. A `listen` with a token that names no session is answered by a live `signed-out`. */
export const WireReply = z.union([z.object({ id: z.number().int(), answer: z.unknown() }), z.object({ live: LiveMessage })])
export type WireReply = z.infer<typeof WireReply>

export type UploadAnswer = { ok: true; value: { upload: string } } | { ok: false; faults: Fault[] }

/** What the preload script gives the page. Answers are those of the contract; `call` never rejects. */
export interface DesktopBridge {
  call(name: string, input: unknown): Promise<unknown>
  /** Live messages of the signed-in session, from a snapshot on. Called again, it begins with a new snapshot. */
  listen(listener: (message: unknown) => void): () => void
  /** `file` is the DOM `File` that was chosen or dropped; the core learns its path, and the page never reads it. */
  upload(file: unknown): Promise<UploadAnswer>
}
