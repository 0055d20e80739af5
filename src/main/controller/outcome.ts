/** How a command's ending is written into the journal. */
import type { AttemptRef } from '#shared/card/life.ts'
import type { Reason } from '#shared/device/device.ts'
import type { CommandName, FactOf } from '#shared/journal/events.ts'
import type { Outcome } from '../ports/embosser-driver.ts'

/** `deliver` is among the operations of every command so far; a `done` says so. */
export function outcomeFact(attempt: AttemptRef, command: CommandName, outcome: Outcome, delivers: boolean): FactOf<'attempt.outcome'> {
  const base = { kind: 'attempt.outcome', attempt, command, outcome: outcome.kind } as const
  switch (outcome.kind) {
    case 'done':
      return { ...base, delivered: delivers, ...(outcome.card && { card: outcome.card }), statuses: [...outcome.evidence.statuses] }
    case 'failed':
      return { ...base, effect: outcome.effect, reason: outcome.reason, ...(outcome.effect === 'applied' && { card: outcome.card }) }
    default:
      return { ...base, reason: outcome.reason }
  }
}

/** The program ended before the command's outcome was written: nobody knows how the command ended. */
export const interrupted: Reason = { code: 'interrupted', severity: 'error', action: 'look-at-machine' }

export function reasonOf(outcome: Outcome): Reason {
  return outcome.kind === 'done' ? { code: 'complete', severity: 'info', action: 'none' } : outcome.reason
}
