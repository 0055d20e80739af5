/**
 * The profile of a machine: everything about its wire that is not proven the same for all. Strict, so that a
 * misspelled key is a mistake and never a silent default. `docs/profiles.md` explains every field.
 */
import { z } from 'zod'
import { Operation } from '#shared/card/life.ts'
import { ModuleProgress, ReasonAction, RejectWay } from '#shared/device/device.ts'
import { Area, Font } from '#shared/device/limits.ts'

/** What stands behind a fact: two or more independent sources, one, or none. */
export const Mark = z.enum(['2', '1', '?'])

/** A status byte: the character itself where it is a letter, two hexadecimal digits and `h` where it is not. */
export const StatusName = z.string().regex(/^([A-Za-z]|[0-9A-F]{2}h)$/)

const milliseconds = z.number().int().min(0)
const micrometres = z.number().int()
const token = z.string().regex(/^[A-Z0-9]{1,8}$/)

const line = z.strictObject({
  baudRate: z.number().int().min(300).max(115_200),
  dataBits: z.union([z.literal(7), z.literal(8)]),
  parity: z.enum(['none', 'even', 'odd']),
  stopBits: z.union([z.literal(1), z.literal(2)]),
  flowControl: z.enum(['none', 'hardware', 'software']),
  dtr: z.boolean(),
  rts: z.boolean(),
  settle: milliseconds,
})

const atSigns = z.number().int().min(1).max(6)
const sentinel = z.strictObject({ start: z.string().min(1).max(3), end: z.string().min(1).max(3) })

const framing = z.strictObject({
  form: z.enum(['classic', 'template']),
  recordNumber: z.boolean(),
  terminators: z.strictObject({ format: atSigns, card: atSigns, motion: atSigns, question: atSigns }),
  commandLineEnd: z.boolean(),
  lineEnd: z.enum(['lf', 'cr-lf']),
  embossToken: z.boolean(),
  formatConstant: z.string().regex(/^\d\d$/),
  lineDigits: z.string().regex(/^[1-9A-F]{1,15}$/),
  templateRow: z.strictObject({ operation: z.number().int().min(0).max(9999), zeros: z.number().int().min(0).max(9) }),
  sentinels: z.strictObject({ track1: sentinel, track2: sentinel, track3: sentinel }),
})

/** What a status byte says. Everything but `ok`, `retry` and `done` reports trouble. */
export const Status = z.strictObject({
  class: z.enum(['ok', 'retry', 'done', 'operator', 'hard', 'supply', 'feed', 'card', 'data', 'comms']),
  reason: z.string().regex(/^[a-z]+(-[a-z0-9]+)*$/),
  severity: z.enum(['info', 'operator', 'error', 'fatal']),
  action: ReasonAction,
  /** The code in CEN/XFS (CWA 16926-14) whose list runs in the same order. */
  xfs: z.number().int().nullable(),
  /** Where trouble of this kind leaves the blank. `none`: no blank was touched. */
  card: z.enum(['none', 'inside', 'reject-tray', 'output-tray', 'unknown']),
  /** The machine waits for a person and then goes on by itself with the data it has. */
  waits: z.boolean(),
  evidence: Mark,
})
export type Status = z.infer<typeof Status>

/** Tokens of commands; null: the token stands in the vendor's manual alone. */
const verbs = z.strictObject({
  version: token.nullable(),
  errors: token.nullable(),
  readTracks: token.nullable(),
  feed: token.nullable(),
  compare: z.literal('CMP').nullable(),
  message: token.nullable(),
  /** `ends`: the status that says the card has left, `C` or `A`. */
  reject: z.strictObject({ token, ends: z.enum(['complete', 'ready']) }).nullable(),
})

const font = z.strictObject({ ...Font.omit({ name: true }).shape, evidence: Mark })

const characterMap = z.strictObject({
  /** Letter → wheel position, one character to one character. */
  letters: z.record(z.string(), z.string().length(1)),
  /** What the wheels hold when this map is in use, by font; a font that is not named keeps its own. */
  characters: z.partialRecord(Font.shape.name, z.string().min(1)),
})

const area = z.strictObject(Area.shape)

const limits = z.strictObject({
  maximumLines: z.number().int().min(1).max(15),
  area: z.strictObject({ plain: area, topping: area }),
  tracks: z.array(z.union([z.literal(1), z.literal(2), z.literal(3)])),
  maximumFrameBytes: z.number().int().positive().nullable(),
})

const timings = z.strictObject({
  /** An enquiry is sent again after this long without an answer. */
  answer: milliseconds.min(1),
  /** Pause after busy. */
  busy: milliseconds.min(1),
  /** Pause after busy when a card like the last one would be about to end. */
  near: milliseconds.min(1),
  /** Without any known status for this long, nobody answers. */
  silence: milliseconds.min(1),
  /** A machine that does nothing but say busy before card data is given up after this long. */
  busyLimit: milliseconds.min(1),
  afterFormat: milliseconds,
  afterCard: milliseconds,
  /** A stripe read ends after this much quiet. */
  stripeIdle: milliseconds.min(1),
  /** After `continue`, the same trouble is not asked about again for this long. */
  attentionAgain: milliseconds,
  /** The card format is sent again after a pause as long as this: the machine may have been switched off meanwhile. */
  formatAgain: milliseconds,
  /** While trouble stands and no command is under way, the machine is asked this often whether it is over. */
  idle: milliseconds.min(1),
  /** A completion that was lost may still arrive for this long; new card data waits for it. */
  late: milliseconds,
})

export const Mode = z.strictObject({
  /** ENQ until accepted before the card format. */
  enquireBefore: z.boolean(),
  /** ENQ until accepted between the card format and the card data. */
  enquireBetween: z.boolean(),
  /** ENQ until complete after the card data; otherwise the machine says so by itself. */
  enquireAfter: z.boolean(),
  /** The machine says by itself that it is ready, and is never asked. */
  readyUnasked: z.boolean(),
  /** Statuses that count as accepted. */
  accept: z.array(StatusName).min(1),
  /** The machine says by itself that it took the card data. */
  acceptAfterCard: z.boolean(),
  /** It takes card data only when the card before is complete: taking it says so. */
  acceptCompletes: z.boolean(),
  /** Statuses that the machine sends by itself after a card format, in this order. */
  formatAnswer: z.array(StatusName),
  complete: z.array(StatusName).min(1),
  /** A completion must not be followed by busy: one that is belonged to somebody else. */
  confirm: z.boolean(),
  lag: z.number().int().min(0).max(1),
  /** Pause for the machine's own pick before anything is said. */
  pickPause: milliseconds,
  /** `#REP#1` goes with the card data. */
  repeat: z.boolean(),
  formatFrame: z.enum(['every-card', 'when-changed']),
  /** A card that takes longer is lost. */
  cardLimit: milliseconds.min(1),
  /** Choices of framing in which this mode differs. */
  framing: framing.partial(),
  /** How cards come to the chip station in this mode, and how many the machine holds at once; null: they don't. */
  chip: z.strictObject({ feed: z.enum(['by-itself', 'by-command']), holds: z.number().int().min(1).max(2), evidence: Mark }).nullable().default(null),
  evidence: Mark,
})
export type Mode = z.infer<typeof Mode>

const voidPattern = z.strictObject({
  font: Font.shape.name,
  /** Repeated until the number line is covered. */
  text: z.string().min(1),
  /** Where the number line is when the card has none, in micrometres. */
  x: micrometres,
  y: micrometres,
  length: micrometres.positive(),
})

export const ProfileDocument = z.strictObject({
  profile: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/),
  model: z.string().min(1).max(60),
  evidence: z.array(z.strictObject({ mark: Mark, statement: z.string().min(1) })).min(1),
  line,
  framing,
  statuses: z.record(StatusName, Status.nullable()),
  verbs,
  fonts: z.partialRecord(Font.shape.name, font.nullable()),
  characterMaps: z.record(z.string(), characterMap),
  /** The map in use, by name. */
  characterMap: z.string().nullable(),
  /** The first character of a mirrored line on the wire is the last one as read, or the first one. */
  mirrorStart: z.enum(['last-character', 'first-character']),
  limits,
  /** The machine's chip stations by name; null: none that is known. */
  chip: z.strictObject({ stations: z.array(z.string().min(1).max(40)).min(1), evidence: Mark }).nullable().default(null),
  carries: z.array(Operation).min(1),
  /** What a card goes through and how long each part usually takes: for the picture alone. */
  stages: z.array(z.strictObject({ module: ModuleProgress.shape.module, milliseconds: milliseconds.min(1) })),
  timings,
  rejectWays: z.array(RejectWay).min(1),
  voidPattern: voidPattern.nullable(),
  modes: z.record(z.string().regex(/^[a-z]+(-[a-z]+)*$/), Mode.nullable()),
})
export type ProfileDocument = z.infer<typeof ProfileDocument>
