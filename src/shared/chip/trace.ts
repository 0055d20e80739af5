/** What happened between a script and a card, entry by entry: for the workbench, for errors, and masked for the log. */
import { z } from 'zod'

export const ChipTraceEntry = z.discriminatedUnion('kind', [
  /** A command and its response. `wrapped` is what the secure channel made of the plain form; absent without one. */
  z.object({
    kind: z.literal('apdu'),
    number: z.number().int(),
    application: z.string().optional(),
    step: z.string().optional(),
    /** Upper-case hex; secret parts and the middle of a card number stand as `..` pairs, in every field of bytes. */
    command: z.string(),
    wrapped: z.string().optional(),
    /** Data and status word; absent while it is under way. */
    response: z.string().optional(),
    wrappedResponse: z.string().optional(),
    /** Instead of a response. */
    lost: z.string().optional(),
    /** By the server itself: identification and verification. */
    by: z.enum(['script', 'server']),
    line: z.number().int().optional(),
    milliseconds: z.number().optional(),
  }),
  z.object({ kind: z.literal('log'), number: z.number().int(), application: z.string().optional(), text: z.string() }),
  z.object({ kind: z.literal('channel'), number: z.number().int(), text: z.string() }),
  z.object({ kind: z.literal('end'), number: z.number().int(), good: z.boolean(), fault: z.string().optional() }),
])
export type ChipTraceEntry = z.infer<typeof ChipTraceEntry>
