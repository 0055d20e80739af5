/**
 * The practice machine from the outside: what a person's hands can do to it, which faults can be armed, and how it
 * looks. The machine itself is `drivers/cpx/simulator`; the screen, the command line and tests speak this.
 */
import { z } from 'zod'
import { ChipFault, PracticeCardType } from '../chip/practice-card.ts'
import { ModuleProgress } from './device.ts'

export const MachineModule = ModuleProgress.shape.module
export type MachineModule = z.infer<typeof MachineModule>

export const SimulatorModel = z.enum(['dc450', 'dc280p', 'dc150i'])
export type SimulatorModel = z.infer<typeof SimulatorModel>

/** How the machine converses (cpx.md, sequences seen in production). */
export const SimulatorMode = z.enum(['standard', 'magstripe-fast', 'chip-fast', 'legacy-unsolicited'])
export type SimulatorMode = z.infer<typeof SimulatorMode>

/** Every status byte that reports trouble. */
export const AlarmLetter = z.enum(['b', 'B', 'D', 'E', 'G', 'H', 'J', 'K', 'M', 'N', 'O', 'P', 'Q', 'R', 'T', 'U', 'V', 'W', 'X', 'Z'])
export type AlarmLetter = z.infer<typeof AlarmLetter>

/** What a card goes through, in this order; `read` and the parking belong to `#FED#` and `#TRK#`. */
export const Stage = z.enum(['receive', 'pick', 'feed', 'compare', 'read', 'encode', 'emboss', 'indent', 'topper', 'deliver'])
export type Stage = z.infer<typeof Stage>

/** Before the stage has done anything, when half of it is done, or when all of it is. */
export const Moment = z.enum(['before', 'halfway', 'after'])
export type Moment = z.infer<typeof Moment>

/** What becomes of the card and its data when an alarm rises. */
export const Aftermath = z.enum([
  'wait', //       the card stays where it is; once the alarm is cleared the machine goes on where it stopped
  'park', //       the data is dropped; the card stays inside and the next frame will use it
  'jam', //        the data is dropped; the card stays inside until somebody takes it out
  'reject', //     the data is dropped; the card goes to the reject tray
  'output', //     the data is dropped; the card goes to the output tray, as if it were good
  'lose', //       the data is dropped; the card falls where nobody finds it
])
export type Aftermath = z.infer<typeof Aftermath>

/** What ends an alarm: having been told to the host once, or a person's hand. */
export const ClearedBy = z.enum([
  'told',
  'refill',
  'empty-output-tray',
  'empty-reject-tray',
  'close-cover',
  'clear-jam',
  'change-foil',
  'change-ribbon',
  'power-cycle',
])
export type ClearedBy = z.infer<typeof ClearedBy>

const place = { stage: Stage, moment: Moment }
/** How often it strikes before it is gone; null: until it is disarmed. */
const times = z.number().int().positive().nullable().default(1)
/** Strikes only replies that hold this byte (`C`, `A`, `13h`…); any reply where absent. */
const status = z.string().optional()
const milliseconds = z.number().int().min(0)

export const MachineFault = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('alarm'),
    status: AlarmLetter,
    ...place,
    times,
    /** As the model has it for this letter where absent. */
    aftermath: Aftermath.optional(),
    clearedBy: ClearedBy.optional(),
  }),
  /** The power goes in mid-card: buffered data is gone, the card stays inside as it is. */
  z.object({ kind: z.literal('power-loss'), ...place, times }),
  /** The line is cut; the machine goes on. At once where no stage is named. */
  z.object({ kind: z.literal('link-drop'), at: z.object(place).optional(), times }),
  /** The machine sends nothing; its mechanics go on. `hears` false: what the host sends is lost too. Null: for ever. */
  z.object({ kind: z.literal('silence'), milliseconds: milliseconds.nullable(), hears: z.boolean().default(true) }),
  z.object({ kind: z.literal('reply-lost'), times, status }),
  z.object({ kind: z.literal('reply-late'), milliseconds, times, status }),
  z.object({ kind: z.literal('reply-twice'), times, status }),
  /** Replies are held back and arrive together in one read. */
  z.object({ kind: z.literal('replies-joined'), milliseconds, times }),
  /** Replies arrive byte by byte with pauses between. */
  z.object({ kind: z.literal('replies-split'), milliseconds, times }),
  /** A share of all bytes is disturbed, by seed: lost, altered, or a foreign byte put in. */
  z.object({
    kind: z.literal('noise'),
    direction: z.enum(['to-host', 'to-machine', 'both']).default('to-host'),
    /** Share of bytes that are struck. */
    rate: z.number().min(0).max(1),
    seed: z.number().int().default(1),
  }),
])
export type MachineFault = z.infer<typeof MachineFault>

export const ArmedFault = z.object({ id: z.number().int(), fault: MachineFault })
export type ArmedFault = z.infer<typeof ArmedFault>

/** Everything that hands, or a fault's author, can do to the machine. */
export const SimulatorAction = z.discriminatedUnion('do', [
  z.object({
    do: z.literal('refill'),
    blanks: z.number().int().positive().max(10_000),
    /** Stripes that the blanks already carry, without sentinels. */
    tracks: z.object({ track1: z.string().optional(), track2: z.string().optional(), track3: z.string().optional() }).optional(),
    /** Blanks whose stripe can't be written. */
    damagedStripe: z.boolean().optional(),
    /** Blanks with a chip of this kind; plain plastic where absent. */
    chip: PracticeCardType.optional(),
  }),
  z.object({ do: z.literal('cover'), open: z.boolean() }),
  z.object({ do: z.literal('empty-tray'), tray: z.enum(['output', 'reject']) }),
  /** Opens the transport and takes out whatever card is inside: it is then in the operator's hand. */
  z.object({ do: z.literal('clear-jam') }),
  z.object({ do: z.literal('change-foil') }),
  /** The switch on the panel: off, embossed characters stay plain. The wire has no word for it. */
  z.object({ do: z.literal('topper'), on: z.boolean() }),
  z.object({ do: z.literal('change-ribbon') }),
  z.object({ do: z.literal('power'), on: z.boolean() }),
  z.object({ do: z.literal('mode'), mode: SimulatorMode }),
  z.object({ do: z.literal('speed'), speed: z.number().min(0.1).max(1000) }),
  z.object({ do: z.literal('arm'), fault: MachineFault }),
  /** For the card that lies in the chip station, or the next that comes there. */
  z.object({ do: z.literal('arm-chip'), fault: ChipFault }),
  /** All of them where no number is named. */
  z.object({ do: z.literal('disarm'), id: z.number().int().optional() }),
])
export type SimulatorAction = z.infer<typeof SimulatorAction>

export const Alarm = z.object({
  status: AlarmLetter,
  clearedBy: ClearedBy,
  /** The data of the interrupted card is kept, and the machine goes on once the alarm is cleared. */
  resumes: z.boolean(),
})
export type Alarm = z.infer<typeof Alarm>

/** The machine as somebody standing before it would see it with its covers off. */
export const MachinePicture = z.object({
  /** `conveyor`: not a desktop machine but a line with a carousel of chip stations. */
  model: z.union([SimulatorModel, z.literal('conveyor')]),
  mode: SimulatorMode,
  state: z.enum(['off', 'starting', 'idle', 'working', 'stopped']),
  cover: z.enum(['open', 'closed']),
  speed: z.number(),
  hopper: z.object({ count: z.number().int(), capacity: z.number().int() }),
  outputTray: z.object({ count: z.number().int(), capacity: z.number().int() }),
  rejectTray: z.object({ count: z.number().int(), capacity: z.number().int() }),
  /** Cards inside, the foremost first; `progress` through the work of its module, 0–1. */
  inside: z.array(z.object({ blank: z.string(), module: MachineModule, progress: z.number(), waiting: z.boolean() })),
  /** Millimetres; null where no topper is fitted. */
  foil: z.object({ left: z.number(), length: z.number(), on: z.boolean() }).nullable(),
  alarms: z.array(Alarm),
  armed: z.array(ArmedFault),
  /** Cards whose data waits in the receive buffer. */
  buffered: z.number().int(),
})
export type MachinePicture = z.infer<typeof MachinePicture>
