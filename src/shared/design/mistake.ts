/** A mistake in a design or in a source file: a fault that names the place, the rule and the masked value. */
import { z } from 'zod'
import { Fault } from '../faults.ts'

export const Mistake = Fault.extend({
  /** Line of the source file, from 1; absent for mistakes of a design. */
  line: z.number().int().min(1).optional(),
  /** The source's column by its name. */
  column: z.string().optional(),
})
export type Mistake = z.infer<typeof Mistake>
