/**
 * A card design: what stands where on a card, and from which columns of the source it comes.
 * The document is JSON; `docs/card-designs.md` describes it for people.
 */
import { z } from 'zod'
import { KeyName } from '../chip/keys.ts'
import { Font } from '../device/limits.ts'
import { expressionMistake } from './expression/compile.ts'
import { trackKeys } from './track-keys.ts'

export { trackKeys, type TrackKey } from './track-keys.ts'

/** A name in the languages of the screen. */
export const PlainName = z.strictObject({ en: z.string().min(1).max(80), ru: z.string().min(1).max(80) })
export type PlainName = z.infer<typeof PlainName>

/** An expression over the columns of the source, see `expression/syntax.ts`. */
export const Expression = z.string().superRefine((source, context) => {
  const mistake = expressionMistake(source)
  if (mistake !== undefined) {
    context.addIssue({ code: 'custom', message: mistake.code, params: { fault: mistake.code, values: mistake.values } })
  }
})

const Identifier = z.string().max(60).regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/)

/** A column that the source has to have, or may have. */
export const DesignColumn = z.strictObject({
  /** As in the source's first line; upper and lower case do not matter. */
  name: z.string().min(1).max(80),
  /** The column has to be there, and no record may leave it empty. */
  required: z.boolean(),
  /** The value is exactly so many digits: a service code of two would shift all that stands after it on the stripe. */
  digits: z.number().int().min(1).max(40).optional(),
  /** Never shown in messages or previews, such as card verification values. */
  secret: z.boolean().optional(),
  /** A value to look at while the card is designed. Invented, never a real one. */
  example: z.string().max(200),
})
export type DesignColumn = z.infer<typeof DesignColumn>

export const DesignLine = z.strictObject({
  field: Identifier,
  label: PlainName,
  kind: z.enum(['emboss', 'indent']),
  side: z.enum(['front', 'back']),
  font: Font.shape.name,
  /** Centre of the first character from the left edge of its side, and of the line from the bottom edge, in micrometres. */
  x: z.number().int().min(0).max(85_600),
  y: z.number().int().min(0).max(53_980),
  text: Expression,
  /** Characters at most; without it the card's edge, the embosser's area and the chip set the limit. */
  maximumLength: z.number().int().min(1).max(60).optional(),
  /** An empty text leaves the line out; otherwise it is a mistake. */
  optional: z.boolean().optional(),
  /** The line shows the card's number or expiry, and has to agree with them. */
  shows: z.enum(['number', 'expiry']).optional(),
})
export type DesignLine = z.infer<typeof DesignLine>

export const DesignTrack = z.strictObject({
  /** Data without sentinels and check character. */
  text: Expression,
  /** `iso7813`: a financial track, whose number, name and expiry are checked. `free`: alphabet and length alone. */
  format: z.enum(['iso7813', 'free']),
})
export type DesignTrack = z.infer<typeof DesignTrack>

/** How secret groups come wrapped in the source. */
const DesignSecret = z.strictObject({
  /** Name of the transport key in the key store. */
  under: KeyName,
  mode: z.enum(['ecb', 'cbc']),
  padding: z.enum(['none', 'iso-9797-2']),
})

/** A group of bytes for the chip. The text is hex digits; empty leaves an optional group out. */
export const DesignGroup = z.strictObject({
  group: z.string().min(1).max(40),
  bytes: Expression,
  optional: z.boolean().optional(),
  /** With the clear length in bytes; without it and with padding `none`, that of the text. */
  secret: DesignSecret.extend({ clearLength: z.number().int().positive().optional() }).optional(),
})
export type DesignGroup = z.infer<typeof DesignGroup>

export const DesignApplication = z.strictObject({
  /** As the task calls it. */
  application: Identifier,
  groups: z.array(DesignGroup).max(200),
  /** Data groupings one after another (EMV CPS 2.0, table 2: DGI, length, value), such as a bureau hands them over; in hex. */
  groupings: Expression.optional(),
  /** Which of these groupings are secret; their values come wrapped. */
  secretGroupings: z.array(DesignSecret.extend({ groups: z.array(z.string().regex(/^[0-9A-F]{4}$/)).min(1) })).optional(),
})
export type DesignApplication = z.infer<typeof DesignApplication>

export const DesignChip = z.strictObject({
  /** Identifier of the chip task. */
  task: Identifier,
  applications: z.array(DesignApplication).min(1).max(20),
})
export type DesignChip = z.infer<typeof DesignChip>

export const CardDesign = z.strictObject({
  cardwright: z.literal('card-design'),
  version: z.literal(1),
  id: Identifier,
  name: PlainName,
  columns: z.array(DesignColumn).min(1).max(100),
  /** What makes the card one of its kind: no number is issued twice. */
  number: z.strictObject({
    text: Expression,
    /** Digits alone, with a check digit after ISO/IEC 7812-1 annex B. */
    luhn: z.boolean(),
    /** Lengths allowed; any where absent. */
    lengths: z.array(z.number().int().min(1).max(40)).min(1).optional(),
  }),
  /** For cards that expire: a text of the form YYMM, the card's last month. */
  expiry: z
    .strictObject({
      text: Expression,
      /** `not-past`: a card whose last month is over is a mistake. */
      rule: z.enum(['not-past', 'any']),
      /** Refuses what lies further ahead, which is a slip of the keyboard. */
      maximumYears: z.number().int().min(1).max(50).optional(),
    })
    .optional(),
  /** In the order in which the machine gets them. */
  lines: z.array(DesignLine).max(20),
  topping: z.boolean(),
  /** The card has chip contacts on the front (ISO/IEC 7816-2), which no line may touch. */
  contacts: z.boolean(),
  tracks: z.strictObject({ track1: DesignTrack.optional(), track2: DesignTrack.optional(), track3: DesignTrack.optional() }),
  /** Track 2 that a blank already carries: the machine compares before it personalizes. */
  compareTrack2: Expression.optional(),
  chip: DesignChip.optional(),
})
export type CardDesign = z.infer<typeof CardDesign>

/** Every expression of a design with its path. */
export function expressionsOf(design: CardDesign): { path: string; text: string }[] {
  const found = [{ path: 'number.text', text: design.number.text }]
  if (design.expiry !== undefined) found.push({ path: 'expiry.text', text: design.expiry.text })
  design.lines.forEach((line, index) => found.push({ path: `lines[${index}].text`, text: line.text }))
  for (const key of trackKeys) {
    const track = design.tracks[key]
    if (track !== undefined) found.push({ path: `tracks.${key}.text`, text: track.text })
  }
  if (design.compareTrack2 !== undefined) found.push({ path: 'compareTrack2', text: design.compareTrack2 })
  design.chip?.applications.forEach((application, index) => {
    const path = `chip.applications[${index}]`
    application.groups.forEach((group, position) => found.push({ path: `${path}.groups[${position}].bytes`, text: group.bytes }))
    if (application.groupings !== undefined) found.push({ path: `${path}.groupings`, text: application.groupings })
  })
  return found
}
