/** A card with nothing left to decide: what a driver is given. It holds clear card data and never leaves the core. */
import { z } from 'zod'
import { PreparedChip } from '../chip/prepared-chip.ts'

export const PreparedLine = z.object({
  /** Name of the design's field, for messages. */
  field: z.string(),
  kind: z.enum(['emboss', 'indent']),
  side: z.enum(['front', 'back']),
  /** Font by name; the profile knows its number. */
  font: z.string(),
  /** Centre of the first character from the left edge, and of the line from the bottom edge, in micrometres. */
  x: z.number().int(),
  y: z.number().int(),
  /** Characters as a person reads them, before any character map or mirroring. */
  text: z.string(),
})
export type PreparedLine = z.infer<typeof PreparedLine>

/** Tracks without sentinels and LRC. */
export const PreparedTracks = z.object({ track1: z.string().optional(), track2: z.string().optional(), track3: z.string().optional() })
export type PreparedTracks = z.infer<typeof PreparedTracks>

export const PreparedCard = z.object({
  /** Card number, or the identifier that the design declares as the card's own. Unique among cards ever issued. */
  number: z.string(),
  lines: z.array(PreparedLine),
  tracks: PreparedTracks,
  topping: z.boolean(),
  /** Track 2 that the blank must already carry, where the design asks for the comparison. */
  compareTrack2: z.string().optional(),
  /** What the chip is to hold, where the design has one. */
  chip: PreparedChip.optional(),
})
export type PreparedCard = z.infer<typeof PreparedCard>
