/**
 * The simulated machines' own documents (`models/*.json`): what the steel does, not what any host believes of it.
 * Nothing here was measured on hardware; `evidence` says where each choice comes from.
 */
import { z } from 'zod'
import { AlarmLetter, Aftermath, ClearedBy, SimulatorMode, SimulatorModel, Stage } from '#shared/device/simulator.ts'
import dc150i from './models/dc150i.json' with { type: 'json' }
import dc280p from './models/dc280p.json' with { type: 'json' }
import dc450 from './models/dc450.json' with { type: 'json' }

const count = z.number().int().positive()
const micrometres = z.number().int()

/** A character set as it is fitted: a part of the wheel, or an indent set. */
const Wheel = z.strictObject({
  number: z.number().int(),
  kind: z.enum(['emboss', 'indent']),
  side: z.enum(['front', 'back']),
  pitch: micrometres,
  characters: z.string(),
  /** Turns a line for the back by itself; otherwise the host has to mirror it. */
  mirrors: z.boolean(),
})
export type Wheel = z.infer<typeof Wheel>

/** What an alarm does by itself, unless an armed fault says otherwise. */
export const AlarmRule = z.strictObject({ aftermath: Aftermath, clearedBy: ClearedBy })
export type AlarmRule = z.infer<typeof AlarmRule>

/** When a fault in the data is noticed: as it arrives, or with the card already under the wheel. */
const Check = z.enum(['receive', 'emboss'])

export const MachineModel = z.strictObject({
  model: SimulatorModel,
  evidence: z.string(),
  /** Payload of `#VER#`. */
  version: z.string(),
  forms: z.array(z.enum(['classic', 'template'])).min(1),
  modes: z.array(SimulatorMode).min(1),
  /** Tokens that are understood inside `#DCC#`. */
  verbs: z.array(z.enum(['EMB', 'GRD', 'ENC', 'CMP', 'REP', 'TRK', 'FED', 'VER', 'ERR'])),
  line: z.strictObject({
    baudRate: count,
    /** Start, data and stop bits of one character. */
    bitsPerByte: count,
    /** From an enquiry to the first bit of the answer, milliseconds. */
    replyDelay: z.number(),
  }),
  /** Bytes of the longest frame. */
  receiveBuffer: count,
  /** Cards whose data may wait while another is being made. */
  bufferedCards: z.number().int(),
  busyByte: z.number().int(),
  fastAcceptByte: z.number().int(),
  /** Feels an empty hopper before it tries to pick. */
  hopperSensor: z.boolean(),
  /** The chip module, and the speed that its reader agrees on with a card. Null: none. */
  chip: z.strictObject({ baudRate: count }).nullable(),
  capacity: z.strictObject({ hopper: count, outputTray: count, rejectTray: count }),
  /** Millimetres of foil, and the band over which it is pressed. Null: no topper. */
  topper: z.strictObject({ foil: count, perCard: count, bottom: micrometres, top: micrometres }).nullable(),
  wheels: z.array(Wheel),
  /** Where the transport can bring a character under the wheel. */
  reach: z.strictObject({ left: micrometres, right: micrometres, bottom: micrometres, top: micrometres }),
  maximumLines: count,
  checks: z.strictObject({ limits: Check, characters: Check, missingCharacter: AlarmLetter }),
  /** Milliseconds of each stage, however much it has to do. */
  timing: z.record(z.enum(['startup', ...Stage.options]), z.number()),
  alarms: z.record(AlarmLetter, AlarmRule),
  /** Card data that finds the hopper empty. */
  dataWhenEmpty: z.enum(['kept', 'dropped']),
  /** Card data that waits behind a card that failed. */
  dataAfterFailure: z.enum(['kept', 'dropped']),
  /** Payload of `#ERR#` for each standing alarm; zero without one. */
  errorNumbers: z.record(AlarmLetter, z.number().int()),
})
export type MachineModel = z.infer<typeof MachineModel>

const models: Record<SimulatorModel, MachineModel> = {
  dc450: MachineModel.parse(dc450),
  dc280p: MachineModel.parse(dc280p),
  dc150i: MachineModel.parse(dc150i),
}

export function machineModel(name: SimulatorModel): MachineModel {
  return models[name]
}

/** Milliseconds that the model takes for a card that passes these stages. */
export function cardTime(model: MachineModel, stages: readonly Stage[]): number {
  return stages.reduce((sum, stage) => sum + model.timing[stage], 0)
}
