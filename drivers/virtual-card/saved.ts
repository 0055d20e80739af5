/** A practice card as JSON, so that it outlives the program. */
import { z } from 'zod'
import { ChipFault, PracticeCardType } from '#shared/chip/practice-card.ts'
import { Hex } from '#shared/chip/prepared-chip.ts'
import { CardwrightError } from '#shared/faults.ts'

export const SavedCard = z.strictObject({
  cardwright: z.literal('practice-card'),
  version: z.literal(1),
  type: PracticeCardType,
  options: z.strictObject({ seed: z.number().int().min(0), baudRate: z.number().int().positive(), keys: z.enum(['diversified', 'plain']).optional() }),
  /** Cells of the memory, in the order in which they were made. */
  memory: z.record(z.string(), Hex),
  /** Bytes that are left. */
  room: z.number().int().min(0),
  /** Random bytes drawn so far. */
  drawn: z.number().int().min(0),
  faults: z.array(ChipFault),
})
export type SavedCard = z.infer<typeof SavedCard>

export const savedVersion = 1

/** Throws `virtual-card.unreadable` (class data) where this is no saved card. */
export function parseSaved(saved: unknown): SavedCard {
  const parsed = SavedCard.safeParse(saved)
  if (parsed.success) return parsed.data
  const place = parsed.error.issues[0]?.path.join('.') ?? ''
  throw new CardwrightError({ code: 'virtual-card.unreadable', class: 'data', ...(place && { place }) }, { cause: parsed.error })
}
