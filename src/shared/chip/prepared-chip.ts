/**
 * What a card's chip is to hold, with nothing left to decide: groups of bytes by name, for each application of its task. A group is
 * what data preparation hands over and a ScApp writes: a data grouping of EMV CPS (`0101`, `8000`), a file, a data element.
 */
import { z } from 'zod'

/** Bytes as upper-case hex digits. */
export const Hex = z.string().regex(/^([0-9A-F]{2})*$/)
export type Hex = z.infer<typeof Hex>

/** How a secret group is wrapped; its `value` is then the encrypted text. */
export const GroupSecret = z.object({
  /** Name of the transport key. */
  under: z.string(),
  mode: z.enum(['ecb', 'cbc']),
  padding: z.enum(['none', 'iso-9797-2']),
  /** Bytes of the clear value. */
  clearLength: z.number().int().positive(),
})
export type GroupSecret = z.infer<typeof GroupSecret>

export const ChipGroup = z.object({ name: z.string().min(1).max(40), value: Hex, secret: GroupSecret.optional() })
export type ChipGroup = z.infer<typeof ChipGroup>

export const PreparedChip = z.object({
  /** Identifier of the task that says how it gets onto the card. */
  task: z.string(),
  applications: z.array(z.object({ application: z.string(), groups: z.array(ChipGroup) })),
})
export type PreparedChip = z.infer<typeof PreparedChip>
