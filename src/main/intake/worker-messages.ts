/** What the intake thread and the main thread say to each other. The cards of a batch travel as one flat list of strings. */
import type { Fault } from '#shared/faults.ts'
import type { DeviceLimits } from '#shared/device/limits.ts'
import type { CardDesign } from '#shared/design/design.ts'
import type { SourceOptions } from '#shared/design/source.ts'
import type { CheckProgress } from './check-file.ts'

/** The order of one check, as `workerData`. */
export interface IntakeOrder {
  readonly path: string
  readonly options: SourceOptions
  readonly design: CardDesign
  readonly limits: DeviceLimits | undefined
  readonly today: string
  /** Whether the main thread is to be asked for numbers already issued. */
  readonly asksIssued: boolean
}

/** `credit`: the main thread can take one more batch. */
export type ToWorker = { readonly type: 'credit' } | { readonly type: 'issued'; readonly indexes: readonly number[] }

export type FromWorker =
  | { readonly type: 'batch'; readonly progress: CheckProgress; readonly lines: Uint32Array; readonly texts: readonly string[] }
  | { readonly type: 'ask-issued'; readonly numbers: readonly string[] }
  | { readonly type: 'done' }
  | { readonly type: 'failed'; readonly faults: readonly [Fault, ...Fault[]] }

/** Texts of one card: its number, its lines, three tracks, the track to compare with, and the data of its chip where it has one. */
export function textsPerCard(design: CardDesign): number {
  return design.lines.length + (design.chip === undefined ? 5 : 6)
}
