/** What one machine in one mode can put on a card: the facts of a profile that the design checks need. */
import { z } from 'zod'

/** A character set as fitted: which wheel position or indent set. Sizes in micrometres. */
export const Font = z.object({
  /** Number on the wire (`#FCn#`). */
  number: z.number().int().min(0).max(15),
  /** Name by which designs ask for it. */
  name: z.enum([
    'gothic', 'farrington-7b', 'ocr', 'ocr-large', 'ocr-b', 'indent-front', 'indent-back', 'indent-back-inverted',
  ]),
  kind: z.enum(['emboss', 'indent']),
  side: z.enum(['front', 'back']),
  /** Distance from one character's centre to the next. */
  pitch: z.number().int().positive(),
  /** Height of a capital. */
  height: z.number().int().positive(),
  /** A line on the side opposite to the registered one is mirrored by the host: x' = card width − x, text reversed. */
  mirrored: z.boolean(),
  /** Every character that the wheel has, after `characterMap`. */
  characters: z.string().min(1),
})
export type Font = z.infer<typeof Font>

/** An area for character centres, in micrometres from the left and bottom edges. */
export const Area = z.object({ left: z.number(), right: z.number(), bottom: z.number(), top: z.number() })
export type Area = z.infer<typeof Area>

export const DeviceLimits = z.object({
  /** None where there is no embosser, as at a reader on the desk. */
  fonts: z.array(Font),
  /** Letters of other alphabets → wheel positions, one character to one character (Cyrillic wheel). */
  characterMap: z.record(z.string(), z.string()),
  /** Lines in one card format. */
  maximumLines: z.number().int().nonnegative(),
  /** Distinct horizontal starts that one format can hold; in the classic form the second serves every line but the first. */
  horizontalStarts: z.enum(['any', 'first-and-others']),
  area: z.object({ plain: Area, topping: Area }),
  /**
   * Where a mirrored line starts on the wire: at its last character as read, so that the start moves with the length of the
   * text, or at its first. Absent means the last.
   */
  mirrorStart: z.enum(['last-character', 'first-character']).optional(),
  /** Smallest step of a position. */
  unit: z.number().positive(),
  tracks: z.array(z.union([z.literal(1), z.literal(2), z.literal(3)])),
  /** Whole frame, bytes; null where unknown. */
  maximumFrameBytes: z.number().int().positive().nullable(),
})
export type DeviceLimits = z.infer<typeof DeviceLimits>
