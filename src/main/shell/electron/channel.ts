/** What goes over the desktop window's one channel: the same shapes at both ends. */
import { z } from 'zod'
import type { LiveMessage } from '#shared/contract/live.ts'

export const channel = 'cardwright'
/** Pages of the window come from nowhere else. */
export const pageScheme = 'cardwright'
export const pageOrigin = `${pageScheme}://app`

/** Asked with `invoke`; the answer is that of the contract. */
export const BridgeRequest = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('call'), name: z.string(), input: z.unknown() }),
  /** `path` is what the preload script learned from the system about a file that the person chose. */
  z.object({ kind: z.literal('upload'), path: z.string(), name: z.string() }),
])
export type BridgeRequest = z.infer<typeof BridgeRequest>

/** Said with `send`. A window has one stream at a time: a new one ends the one before. */
export const BridgeNotice = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('listen'), stream: z.number().int() }),
  z.object({ kind: z.literal('heard'), stream: z.number().int() }),
  z.object({ kind: z.literal('stop'), stream: z.number().int() }),
])
export type BridgeNotice = z.infer<typeof BridgeNotice>

/** Main → window. */
export interface BridgeNews {
  stream: number
  live: LiveMessage
}
