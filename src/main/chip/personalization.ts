/** The personalization server as the rest of the core sees it. It knows tasks, scripts and cards, nothing of embossers or jobs. */
import type { ChipAnswers, ChipQuestion } from '#shared/contract/chip-calls.ts'
import type { PreparedChip } from '#shared/chip/prepared-chip.ts'
import type { ChipTraceEntry } from '#shared/chip/trace.ts'
import type { Reason } from '#shared/device/device.ts'
import type { FactOf } from '#shared/journal/events.ts'
import type { ChipStation } from '../ports/chip-station.ts'

export type ChipReport = NonNullable<FactOf<'attempt.outcome'>['chip']>

export type ChipResult =
  /** Every script ended well and what was read back is what was prepared. */
  | { kind: 'done'; report: ChipReport }
  /** Certain: nothing was written to any chip. The blank, if one is there, may be used. */
  | { kind: 'refused'; reason: Reason }
  /** The blank is spoiled, or is none that may be used: it goes out by the reject way. */
  | { kind: 'failed'; reason: Reason; report: ChipReport }

export interface ChipOrder {
  station: ChipStation
  chip: PreparedChip
  /**
   * The card in the station is known and fits its task. Returns once that is durable; nothing was written before. `personalized-before`
   * refuses the card. `chip`: what tells this chip from all others, where the task knows any.
   */
  identified(card: { atr: string; chip?: string }): 'go-on' | 'personalized-before'
  /** How long to wait for a card, milliseconds; without end where absent. */
  patience?: number
  signal?: AbortSignal
  onProgress?(progress: { application?: string; step?: string; share?: number }): void
  /** Masked. */
  onTrace?(entry: ChipTraceEntry): void
}

/** One task at work on one device, from the start of a run to its end. Cards on different stations are made at the same time. */
export interface ChipSession {
  readonly documents: Omit<FactOf<'run.chip'>, 'kind' | 'run'>
  /** Never rejects: every ending is a ChipResult. */
  personalize(order: ChipOrder): Promise<ChipResult>
  end(): Promise<void>
}

export interface PersonalizationServer {
  /** What the task's extension module asks. Throws `task.*` faults where the task can't be used. */
  questions(task: string): Promise<ChipQuestion[]>
  /** Reads and checks the documents, and runs the extension module's start. Throws `task.*`, `script.*`, `key.*` faults. */
  begin(order: { task: string; device: string; answers: ChipAnswers }): Promise<ChipSession>
}
