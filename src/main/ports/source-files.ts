/** Source files on this computer, read and checked away from the run loop. */
import type { CardDesign } from '#shared/design/design.ts'
import type { SourceOptions } from '#shared/design/source.ts'
import type { CheckedBatch } from '../intake/check-file.ts'
import type { PreparationContext } from '../prep/prepare.ts'

export interface SourceFiles {
  /** The first bytes, `length` at most. Throws `intake.unreadable-file`. */
  head(path: string, length: number): Promise<Uint8Array>
  /** SHA-256 of the whole file, hex. */
  digest(path: string): Promise<string>
  /** As `checkFile` of the intake, in a thread of its own. */
  check(path: string, options: SourceOptions, design: CardDesign, context: PreparationContext): AsyncIterable<CheckedBatch>
}
