/** Faults as they are thrown. Apart from their schema, so that the intake thread starts without one. */
import type { Fault } from './faults.ts'

/** The one exception class that crosses rooms. Anything else that is thrown is a bug and reported as `bug.unexpected`. */
export class CardwrightError extends Error {
  readonly faults: readonly [Fault, ...Fault[]]

  constructor(faults: Fault | readonly [Fault, ...Fault[]], options?: { cause?: unknown }) {
    const list = (Array.isArray(faults) ? faults : [faults]) as [Fault, ...Fault[]]
    super(list.map((fault) => (fault.place ? `${fault.code} at ${fault.place}` : fault.code)).join('; '), options)
    this.name = 'CardwrightError'
    this.faults = list
  }
}

/** Turns whatever was thrown into faults, so that every edge reports the same way. */
export function faultsOf(thrown: unknown): readonly [Fault, ...Fault[]] {
  if (thrown instanceof CardwrightError) return thrown.faults
  return [{ code: 'bug.unexpected', class: 'bug', values: { name: thrown instanceof Error ? thrown.name : typeof thrown } }]
}
