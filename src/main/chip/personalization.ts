/** The personalization server as the rest of the core sees it. It knows tasks, scripts and cards, nothing of embossers or jobs. */
import type { ChipAnswers, ChipQuestion } from '#shared/contract/chip-calls.ts'
import type { PreparedChip } from '#shared/chip/prepared-chip.ts'
import type { ChipTraceEntry } from '#shared/chip/trace.ts'
import type { Reason } from '#shared/device/device.ts'
import type { Mistake } from '#shared/design/mistake.ts'
import type { ChipDocumentKind, FactOf } from '#shared/journal/events.ts'
import type { CardKeys } from '../ports/card-keys.ts'
import type { ChipStation } from '../ports/chip-station.ts'
import type { Clock } from '../ports/clock.ts'
import type { Random } from '../ports/random.ts'
import type { ScriptEngine } from './sandbox/engine.ts'

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
  /** Masked. An entry of a command comes when it is about to be sent and again, under the same number, with its response. */
  onTrace?(entry: ChipTraceEntry): void
  /** For stepping: a command is sent when this resolves; the signal ends the wait. `entry` has no response yet. */
  beforeCommand?(entry: ChipTraceEntry): Promise<void>
}

/** One task at work on one device, from the start of a run to its end. Cards on different stations are made at the same time. */
export interface ChipSession {
  readonly documents: Omit<FactOf<'run.chip'>, 'kind' | 'run'>
  /** The stations of the device that the task names; any where absent. */
  readonly stations?: readonly string[] | undefined
  /** Never rejects: every ending is a ChipResult. */
  personalize(order: ChipOrder): Promise<ChipResult>
  end(): Promise<void>
}

/** Sources that are not saved yet: they stand in for the documents of these identifiers. */
export interface UnsavedSources {
  /** The task itself, as JSON. */
  task?: string
  scapps?: Readonly<Record<string, string>>
  extensions?: Readonly<Record<string, string>>
}

export interface PersonalizationServer {
  /** What the task's extension module asks. Throws `task.*` faults where the task can't be used. */
  questions(task: string, unsaved?: UnsavedSources): Promise<ChipQuestion[]>
  /** Reads and checks the documents, and runs the extension module's start. Throws `task.*`, `script.*`, `key.*` faults. */
  begin(order: { task: string; device: string; answers: ChipAnswers; unsaved?: UnsavedSources }): Promise<ChipSession>
  /** Every mistake of a document at once, as it would be saved; none: it may be. */
  check(document: ChipDocumentKind, source: string): Promise<Mistake[]>
  /** Ends the threads of scripts. */
  close(): Promise<void>
}

/** A task, a ScApp or an extension module as it is in force: saved, or as shipped. */
export interface ScriptDocument {
  source: string
  name: string
  /** 0: as shipped. */
  revision: number
  /** SHA-256 of the source, hex. */
  digest: string
}

/** Where documents come from: the store's before those shipped in `assets`. */
export interface ScriptLibrary {
  document(kind: ChipDocumentKind, id: string): ScriptDocument | undefined
}

/** What `createPersonalizationServer` (./server.ts) is made of. */
export interface PersonalizationParts {
  library: ScriptLibrary
  keys: CardKeys
  clock: Clock
  random: Random
  /** `createThreadEngine()` in the product: nothing a script does stops the core; `createLocalEngine()` in simulated time (./sandbox). */
  engine: ScriptEngine
  /** Something that nobody foresaw: the card is rejected all the same. */
  onBug?(thrown: unknown): void
}
