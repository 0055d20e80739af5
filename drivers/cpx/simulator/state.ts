/** All that the machine is, as data: saved between two programs, and checked when it is read back. */
import { z } from 'zod'
import { ChipFault } from '#shared/chip/practice-card.ts'
import { Alarm, ArmedFault, MachineModule, SimulatorMode, SimulatorModel, Stage } from '#shared/device/simulator.ts'
import { Blank, Stamp } from './plastic.ts'

const Tracks = z.object({ track1: z.string().optional(), track2: z.string().optional(), track3: z.string().optional() })

/** What one frame asks for, understood. */
export const Job = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('card'),
    stamps: z.array(Stamp),
    tracks: Tracks,
    compareTrack2: z.string().optional(),
    copies: z.number().int().positive(),
  }),
  /** `#FED#`, and the machine's own feeding ahead in the chip mode. */
  z.object({ kind: z.literal('feed') }),
  /** `#TRK#` */
  z.object({ kind: z.literal('read') }),
])
export type Job = z.infer<typeof Job>

/** A job on the machine. `steps` done of the present stage; each is done whole or not at all. */
export const ActiveJob = z.object({
  job: Job,
  /** Copies still to be made, this one among them. */
  copies: z.number().int(),
  stages: z.array(Stage),
  stage: z.number().int(),
  step: z.number().int(),
  blank: z.string().nullable(),
  /** Faults that have struck in the present stage already. */
  struck: z.array(z.number().int()),
})
export type ActiveJob = z.infer<typeof ActiveJob>

/** The front of the transport feeds ahead in the chip mode; everything else happens in the main lane. */
export const Lane = z.enum(['front', 'main'])
export type Lane = z.infer<typeof Lane>

/** The card format as the frame gave it: starts and rows in 1/1000 inch. */
const Format = z.object({
  form: z.enum(['classic', 'template']),
  lines: z.array(z.object({ font: z.number().int(), x: z.number().int(), y: z.number().int() })),
})
export type Format = z.infer<typeof Format>

export const MachineState = z.object({
  version: z.literal(1),
  model: SimulatorModel,
  mode: SimulatorMode,
  power: z.enum(['off', 'starting', 'on']),
  cover: z.enum(['open', 'closed']),
  speed: z.number(),
  /** Every blank that ever was in this machine; those in the hopper lie in this order. */
  blanks: z.array(Blank),
  foil: z.number(),
  topperOn: z.boolean(),
  format: Format.nullable(),
  buffer: z.array(Job),
  lanes: z.object({ front: ActiveJob.nullable(), main: ActiveJob.nullable() }),
  /** A card that is inside, free, and will be used by the next frame. */
  parked: z.object({ blank: z.string(), module: MachineModule }).nullable(),
  /** A card that could not drop into the full reject tray. */
  rejecting: z.string().nullable(),
  /** Standing, in the order in which they rose. */
  alarms: z.array(Alarm),
  /** Status bytes to be told at the next enquiries, one each: `C`, or a letter that is told once. */
  reports: z.array(z.string().length(1)),
  armed: z.array(ArmedFault),
  nextFault: z.number().int(),
  /** For the next card that comes to the chip station. */
  chipFaults: z.array(ChipFault).default([]),
  /** Chips of this machine's blanks are numbered from here, so that no two machines have one with the same number. */
  chipSeed: z.number().int().min(0).default(0),
  /** Milliseconds for which mechanics have worked. */
  worked: z.number(),
})
export type MachineState = z.infer<typeof MachineState>
