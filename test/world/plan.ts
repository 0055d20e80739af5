/** Which faults strike where: a plan is data, is printed when a history goes wrong, and replays that history exactly. */
import type { Aftermath, AlarmLetter, MachineFault, Moment, Stage } from '#shared/device/simulator.ts'
import type { ReplyFault, WriteFault } from './line.ts'
import type { ApduFault } from './station.ts'

/**
 * A crash of the program around one journal write. `before`: nothing of it is on the disk; `torn`: a part of its pages;
 * `unsynced`: it was written and lost with the power; `after`: it is durable, and nothing has followed from it;
 * `after-effect`: the machine has done all that followed from it, and the program has heard nothing.
 */
export const crashMoments = ['before', 'torn', 'unsynced', 'after', 'after-effect'] as const
export type CrashMoment = (typeof crashMoments)[number]

export const writeFaults: readonly WriteFault[] = ['unheard', 'cut-before', 'cut-after']
export const replyFaults: readonly ReplyFault[] = ['lost', 'late', 'too-late', 'cut', 'twice']

/** Something that was passed, and where a fault could have struck. */
export type Point =
  | { on: 'append'; index: number; name: string }
  | { on: 'write' | 'reply'; index: number; name: string }
  /** A command to a chip, by its instruction byte. */
  | { on: 'apdu'; index: number; name: string }
  | { on: 'stage'; index: number; name: Stage }

export type Strike =
  | { on: 'append'; index: number; fault: CrashMoment }
  | { on: 'write'; index: number; fault: WriteFault }
  | { on: 'reply'; index: number; fault: ReplyFault }
  | { on: 'apdu'; index: number; fault: ApduFault }
  /** The program dies as a machine begins its stage number `index` of this history. */
  | { on: 'begin'; index: number; fault: 'crash' }
  /** Strikes the next time that a card passes the stage, once the strike before it in the plan has fallen. */
  | { on: 'stage'; stage: Stage; moment: Moment; fault: MechanicalFault }

/** `park D`: what the machine reports and what becomes of the card; `wait M`; or the power, or the line. */
export type MechanicalFault = `${Aftermath} ${AlarmLetter}` | 'power' | 'line'

export type Plan = readonly Strike[]

/** `append 5 torn, stage encode halfway park H` */
export function planText(plan: Plan): string {
  if (plan.length === 0) return 'no fault'
  return plan.map((strike) => (strike.on === 'stage' ? `stage ${strike.stage} ${strike.moment} ${strike.fault}` : `${strike.on} ${strike.index} ${strike.fault}`)).join(', ')
}

/** The plan that `planText` wrote. */
export function parsePlan(text: string): Plan {
  if (text === 'no fault') return []
  return text.split(', ').map((part) => {
    const [on, where, ...rest] = part.split(' ')
    if (on === 'stage') return { on, stage: where as Stage, moment: rest[0] as Moment, fault: rest.slice(1).join(' ') as MechanicalFault }
    return { on, index: Number(where), fault: rest.join(' ') } as Strike
  })
}

export function machineFault({ stage, moment, fault }: Extract<Strike, { on: 'stage' }>): MachineFault {
  if (fault === 'power') return { kind: 'power-loss', stage, moment, times: 1 }
  if (fault === 'line') return { kind: 'link-drop', at: { stage, moment }, times: 1 }
  const [aftermath, status] = fault.split(' ') as [Aftermath, AlarmLetter]
  return { kind: 'alarm', status, stage, moment, times: 1, aftermath }
}
