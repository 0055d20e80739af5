/** Cards to practise on, from the outside: which there are, and what can be made to go wrong. The cards are `drivers/virtual-card`. */
import { z } from 'zod'

export const PracticeCardType = z.enum([
  'gp-scp02-15', 'gp-scp02-55', 'gp-scp03-128', 'gp-scp03-192', 'gp-scp03-256', // GlobalPlatform Java Cards with an EMV payment application
  'native-vsdc', 'native-mchip', 'native-wallet', 'native-id', //                  ISO/IEC 7816-4 file system, closed
  'multos', //                                                                     MULTOS-like, an application load unit
])
export type PracticeCardType = z.infer<typeof PracticeCardType>

/** `command`: counts commands since the last reset, from 1; without it, the next. `ins` strikes only commands of this instruction byte. */
const when = { command: z.number().int().positive().optional(), ins: z.number().int().min(0).max(255).optional() }

export const ChipFault = z.discriminatedUnion('kind', [
  /** No answer to reset. */
  z.object({ kind: z.literal('dead') }),
  /** No response to a command: it is not executed, or (`executed`) its response is lost. */
  z.object({ kind: z.literal('mute'), ...when, executed: z.boolean() }),
  /** Pulled out before, during (torn) or after a command. */
  z.object({ kind: z.literal('removed'), ...when, moment: z.enum(['before', 'during', 'after']) }),
  /** The reader is gone. */
  z.object({ kind: z.literal('reader-lost'), ...when, moment: z.enum(['before', 'during', 'after']) }),
  /** The card answers this status instead of doing the command. */
  z.object({ kind: z.literal('status'), ...when, status: z.number().int().min(0).max(0xffff) }),
  /** Its keys are not those it should have. */
  z.object({ kind: z.literal('wrong-key') }),
  /** No memory is left after so many bytes. */
  z.object({ kind: z.literal('full-memory'), bytes: z.number().int().min(0) }),
  /** The write is cut after byte k of it; the card is off until the next reset. */
  z.object({ kind: z.literal('torn-write'), ...when, byte: z.number().int().min(0) }),
  z.object({ kind: z.literal('retry-counter-spent') }),
  /** The response comes so much later, in milliseconds. */
  z.object({ kind: z.literal('slow'), ...when, milliseconds: z.number().int().positive() }),
  /** The write is confirmed and was not done: only reading back tells. */
  z.object({ kind: z.literal('silent-loss'), ...when }),
])
export type ChipFault = z.infer<typeof ChipFault>
