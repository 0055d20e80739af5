/** Reasons that the machine gave, reasons that the host concluded, and what they mean for the blank. */
import type { Outcome } from '#main/ports/embosser-driver.ts'
import type { Reason } from '#shared/device/device.ts'
import type { Mode, Status } from '../profile.ts'
import type { HeardStatus } from './conversation.ts'

const concluded = {
  'link-lost': { severity: 'error', action: 'check-line' },
  'not-connected': { severity: 'operator', action: 'check-line' },
  'no-answer': { severity: 'error', action: 'check-line' },
  'busy-too-long': { severity: 'error', action: 'look-at-machine' },
  'ready-without-complete': { severity: 'error', action: 'look-at-machine' },
  'completion-overdue': { severity: 'error', action: 'look-at-machine' },
  'command-under-way': { severity: 'error', action: 'wait' },
  'card-not-encodable': { severity: 'error', action: 'correct-data' },
  'card-not-presented': { severity: 'error', action: 'look-at-machine' },
  'verb-missing': { severity: 'error', action: 'none' },
  'stripe-incomplete': { severity: 'error', action: 'look-at-machine' },
  cancelled: { severity: 'info', action: 'none' },
} as const satisfies Record<string, Omit<Reason, 'code'>>

export type ConcludedReason = keyof typeof concluded

/** A reason that no byte of the machine stands for. */
export function conclude(code: ConcludedReason): Reason {
  return { code, ...concluded[code] }
}

export function reasonOf({ name, status }: HeardStatus): Reason {
  return { code: status.reason, severity: status.severity, action: status.action, status: name }
}

/** Everything that is not ready, busy or complete. */
export function isTrouble(status: Status): boolean {
  return status.class !== 'ok' && status.class !== 'retry' && status.class !== 'done'
}

export function isComplete(heard: HeardStatus, mode: Mode): boolean {
  return mode.complete.includes(heard.name)
}

/** How a command ends on trouble after its card data went out: as much as the profile knows of the blank. */
export function troubleEnds(heard: HeardStatus): Outcome {
  const reason = reasonOf(heard)
  const { card } = heard.status
  if (card === 'none') return { kind: 'failed', effect: 'none', reason }
  return card === 'unknown' ? { kind: 'unknown', reason } : { kind: 'failed', effect: 'applied', card, reason }
}
