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

export { CardwrightError, faultsOf } from './cardwright-error.ts'
