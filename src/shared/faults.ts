/**
 * Faults: everything that can go wrong, as data.
 *
 * A fault names a stable code (`area.what-happened`), who can act on it, where it stands and the values that its
 * sentence needs. Sentences live in the catalogues under `fault.<code>.what` and `fault.<code>.do`; code never
 * composes one. Values are masked before they enter a fault: a fault may be shown, logged and exported.
 */
import { z } from 'zod'

/** Who can act: the person at the machine, the machine, the data's author, the blank itself, or its builders. */
export const FaultClass = z.enum(['operator', 'device', 'data', 'card', 'bug'])
export type FaultClass = z.infer<typeof FaultClass>

export const Fault = z.object({
  code: z.string().regex(/^[a-z]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)+$/),
  class: FaultClass,
  /** Where: `line 12, column 3`, `cards.csv`, `lines[2].x`: a path or a place that a person can find. */
  place: z.string().optional(),
  /** Values for the sentence, masked. */
  values: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
})
export type Fault = z.infer<typeof Fault>

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
