/**
 * A chip task: everything that the personalization server is told about a kind of card. Which devices and stations, which ScApps in
 * which order and with which keys, which extension module, what the blank must be, what is read back before the card goes on.
 * A document of JSON; `docs/chip-tasks.md` describes it for people.
 */
import { z } from 'zod'
import { PlainName } from '../design/design.ts'
import { KeyName } from './keys.ts'
import { Hex } from './prepared-chip.ts'

export const ChipIdentifier = z.string().max(60).regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/)

/** What a ScApp or an extension module may be set to. */
export const Parameters = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
export type Parameters = z.infer<typeof Parameters>

/** How the card in the station is known before anything is written, so that one blank is told from the other. */
export const Identification = z.strictObject({
  /** Answers to reset that fit, `.` for any digit; any where absent. */
  atr: z.array(z.string().regex(/^[0-9A-F.]{4,66}$/)).min(1).optional(),
  /** Where the chip's own number comes from. */
  serial: z.discriminatedUnion('from', [
    /** Card production life cycle data, GET DATA 9F7F: fabricator, type, batch and serial number. */
    z.strictObject({ from: z.literal('cplc') }),
    /** A command whose response holds it. */
    z.strictObject({ from: z.literal('command'), commands: z.array(Hex).min(1), offset: z.number().int().min(0), length: z.number().int().min(1).max(32) }),
    /** Cards that tell none: only what the answer to reset says of them is checked, and the page says so. */
    z.strictObject({ from: z.literal('nothing') }),
  ]),
  /** Key version that the blank must have (INITIALIZE UPDATE's answer), two hex digits; another is a card of somebody else's, or one that was personalized. */
  keyVersion: z.string().regex(/^[0-9A-F]{2}$/).optional(),
})
export type Identification = z.infer<typeof Identification>

/** A group that the prepared data of each card has to bring. */
export const TemplateGroup = z.strictObject({
  group: z.string().min(1).max(40),
  required: z.boolean(),
  /** It has to come wrapped under a transport key. */
  secret: z.boolean(),
  /** Tags that have to stand in it, for groups of BER-TLV. */
  tags: z.array(Hex).optional(),
})
export type TemplateGroup = z.infer<typeof TemplateGroup>

/** What the server itself reads back after the scripts, and compares with what was prepared. */
export const Verification = z.discriminatedUnion('read', [
  /** READ RECORD (ISO/IEC 7816-4, 7.3.3): the whole record is the group. */
  z.strictObject({ read: z.literal('record'), sfi: z.number().int().min(1).max(30), record: z.number().int().min(1).max(255), group: z.string() }),
  /** GET DATA: the value of `tag` is that of the same tag in the group, or the whole group. */
  z.strictObject({ read: z.literal('data'), tag: Hex, group: z.string(), compare: z.enum(['tag-in-group', 'whole-group']) }),
  /** SELECT a file by its path, READ BINARY: its beginning is the group. */
  z.strictObject({ read: z.literal('binary'), path: Hex, group: z.string() }),
  /** Any command that reads: `length` bytes of its response from `offset` are the group. */
  z.strictObject({ read: z.literal('command'), command: Hex, offset: z.number().int().min(0), length: z.number().int().min(1).optional(), group: z.string() }),
  /** Any command whose response holds the check value of a DES key that stands in a secret group, at this place. */
  z.strictObject({
    read: z.literal('check-value'),
    command: Hex,
    offset: z.number().int().min(0),
    group: z.string(),
    key: z.strictObject({ offset: z.number().int().min(0), length: z.union([z.literal(16), z.literal(24)]) }),
  }),
])
export type Verification = z.infer<typeof Verification>

export const TaskApplication = z.strictObject({
  /** By this name designs bring its data. */
  application: ChipIdentifier,
  scapp: ChipIdentifier,
  parameters: Parameters,
  /** The names by which the ScApp asks for keys → keys of the store. */
  keys: z.record(ChipIdentifier, KeyName),
  template: z.array(TemplateGroup),
  /** Sent before the verifications, such as SELECT by application identifier; each has to be answered with 9000. */
  open: z.array(Hex),
  verify: z.array(Verification),
})
export type TaskApplication = z.infer<typeof TaskApplication>

export const ScriptLimits = z.strictObject({
  /** Of computing, without the card's own time. */
  seconds: z.number().min(0.1).max(60),
  memoryMegabytes: z.number().int().min(1).max(256),
  stackKilobytes: z.number().int().min(64).max(4096),
  apdus: z.number().int().min(1).max(100_000),
})
export type ScriptLimits = z.infer<typeof ScriptLimits>

export const ChipTask = z.strictObject({
  cardwright: z.literal('chip-task'),
  version: z.literal(1),
  id: ChipIdentifier,
  name: PlainName,
  /** Devices that may run it, such as `D-01`; any with a chip station where absent. */
  devices: z.array(z.string()).min(1).optional(),
  /** Stations by their name in the device; any where absent. */
  stations: z.array(z.string()).min(1).optional(),
  card: Identification,
  /** In this order. */
  applications: z.array(TaskApplication).min(1).max(20),
  extension: z.strictObject({ module: ChipIdentifier, parameters: Parameters }).optional(),
  limits: ScriptLimits.optional(),
})
export type ChipTask = z.infer<typeof ChipTask>

/** What a script may use unless its task says otherwise. */
export const usualLimits: ScriptLimits = { seconds: 5, memoryMegabytes: 32, stackKilobytes: 512, apdus: 2_000 }
