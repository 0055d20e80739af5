/** The faults of the practice machine as a person picks them: one list in words, with the place where each belongs. Pure. */
import type { AlarmLetter, MachineFault, Moment, Stage } from '#shared/device/simulator.ts'

/** The reason that each status letter stands for, and the stage at which it naturally strikes (cpx.md, Replies). */
export const alarms: Readonly<Record<AlarmLetter, { reason: string; stage: Stage; moment: Moment }>> = {
  Z: { reason: 'hopper-empty', stage: 'pick', moment: 'before' },
  G: { reason: 'pick-error', stage: 'pick', moment: 'halfway' },
  M: { reason: 'cover-open', stage: 'emboss', moment: 'halfway' },
  b: { reason: 'operator-action-required', stage: 'feed', moment: 'before' },
  H: { reason: 'stripe-module-error', stage: 'encode', moment: 'halfway' },
  W: { reason: 'stripe-read-error', stage: 'read', moment: 'halfway' },
  X: { reason: 'stripe-mismatch', stage: 'compare', moment: 'after' },
  B: { reason: 'stepper-fault', stage: 'emboss', moment: 'halfway' },
  D: { reason: 'emboss-wheel-fault', stage: 'emboss', moment: 'halfway' },
  R: { reason: 'emboss-limits-exceeded', stage: 'emboss', moment: 'before' },
  Q: { reason: 'ribbon-positioning', stage: 'indent', moment: 'before' },
  E: { reason: 'foil-break', stage: 'topper', moment: 'halfway' },
  N: { reason: 'topper-fault', stage: 'topper', moment: 'halfway' },
  K: { reason: 'output-tray-full', stage: 'deliver', moment: 'before' },
  J: { reason: 'reject-tray-full', stage: 'deliver', moment: 'before' },
  O: { reason: 'output-stacker-fault', stage: 'deliver', moment: 'halfway' },
  P: { reason: 'system-error', stage: 'emboss', moment: 'before' },
  T: { reason: 'data-transfer-error', stage: 'receive', moment: 'after' },
  U: { reason: 'data-format-error', stage: 'receive', moment: 'after' },
  V: { reason: 'receive-buffer-error', stage: 'receive', moment: 'after' },
}

export const otherKinds = ['power-loss', 'link-drop', 'silence', 'reply-lost', 'reply-late', 'reply-twice', 'replies-split', 'noise'] as const
type OtherKind = (typeof otherKinds)[number]

/** What is picked in the list: a status letter or another kind of fault. */
export type Trouble = AlarmLetter | OtherKind

export interface Arming {
  trouble: Trouble
  stage: Stage
  moment: Moment
  /** Again and again until it is disarmed. */
  always: boolean
  seconds: number
}

export function isAlarm(trouble: Trouble): trouble is AlarmLetter {
  return trouble in alarms
}

/** Stage and moment where the trouble belongs; for those without one, the middle of embossing, where it hurts most. */
export function naturalPlace(trouble: Trouble): { stage: Stage; moment: Moment } {
  if (!isAlarm(trouble)) return { stage: 'emboss', moment: 'halfway' }
  const { stage, moment } = alarms[trouble]
  return { stage, moment }
}

/** Whether it strikes at a stage of a card, or on the line whatever the card does. */
export function hasPlace(trouble: Trouble): boolean {
  return isAlarm(trouble) || trouble === 'power-loss' || trouble === 'link-drop'
}

export function lasts(trouble: Trouble): boolean {
  return trouble === 'silence' || trouble === 'reply-late'
}

export function faultOf({ trouble, stage, moment, always, seconds }: Arming): MachineFault {
  const times = always ? null : 1
  const milliseconds = Math.round(seconds * 1000)
  if (isAlarm(trouble)) return { kind: 'alarm', status: trouble, stage, moment, times }
  switch (trouble) {
    case 'power-loss':
      return { kind: 'power-loss', stage, moment, times }
    case 'link-drop':
      return { kind: 'link-drop', at: { stage, moment }, times }
    case 'silence':
      return { kind: 'silence', milliseconds: always ? null : milliseconds, hears: true }
    case 'reply-lost':
    case 'reply-twice':
      return { kind: trouble, times }
    case 'reply-late':
      return { kind: 'reply-late', milliseconds, times }
    case 'replies-split':
      return { kind: 'replies-split', milliseconds: 50, times }
    case 'noise':
      return { kind: 'noise', direction: 'to-host', rate: 0.02, seed: 1 }
  }
}

/** The trouble that an armed fault shows as; undefined for kinds that only the command line arms. */
export function troubleOf(fault: MachineFault): Trouble | undefined {
  if (fault.kind === 'alarm') return fault.status
  return otherKinds.find((kind) => kind === fault.kind)
}
