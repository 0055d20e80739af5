/** The calls about chips: readers, tasks and scripts, keys for cards, and the workbench. Part of `calls`. */
import { z } from 'zod'
import { KeyAlgorithm, KeyName, KeyView } from '../chip/keys.ts'
import { ChipFault, PracticeCardType } from '../chip/practice-card.ts'
import { PreparedChip } from '../chip/prepared-chip.ts'
import { ChipTraceEntry } from '../chip/trace.ts'
import { Mistake } from '../design/mistake.ts'
import { ChipDocumentKind, DeviceId, JobId, RunId } from '../journal/events.ts'
import { command, query } from './define.ts'

const nothing = z.object({}).default({})
const done = z.object({})
const produce = ['operator', 'administrator'] as const
const design = ['designer', 'administrator'] as const
const bench = ['designer', 'administrator'] as const
const keys = ['custodian', 'administrator'] as const

export const ChipReaderView = z.object({ name: z.string(), state: z.enum(['no-reader', 'empty', 'card', 'mute']), atr: z.string().optional() })
export type ChipReaderView = z.infer<typeof ChipReaderView>

export const ChipDocumentSummary = z.object({
  document: ChipDocumentKind,
  id: z.string(),
  name: z.string(),
  /** 0: as shipped. */
  revision: z.number().int(),
  digest: z.string(),
  shipped: z.boolean(),
  savedAt: z.number().optional(),
  savedBy: z.string().optional(),
})
export type ChipDocumentSummary = z.infer<typeof ChipDocumentSummary>

/** What an extension module asks at the start of a run. */
export const ChipQuestion = z.object({ name: z.string(), label: z.object({ en: z.string(), ru: z.string() }), secret: z.boolean(), pattern: z.string().optional() })
export type ChipQuestion = z.infer<typeof ChipQuestion>

export const ChipAnswers = z.record(z.string(), z.string().max(200))
export type ChipAnswers = z.infer<typeof ChipAnswers>

/** A card on the workbench: a practice card made for it, or one in a reader on the desk. */
export const BenchTarget = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('practice'), type: PracticeCardType, seed: z.number().int().min(0).default(1), faults: z.array(ChipFault).default([]) }),
  z.object({ kind: z.literal('reader'), reader: z.string() }),
])
export type BenchTarget = z.infer<typeof BenchTarget>

/** One try: a task as it stands in the editor, with the scripts as they stand there, on data that may be changed by hand. */
export const BenchOrder = z.object({
  task: z.string(),
  /** Sources that are not saved yet, by identifier; others are taken as saved. */
  scapps: z.record(z.string(), z.string()),
  extensions: z.record(z.string(), z.string()),
  answers: ChipAnswers,
  chip: PreparedChip,
  /** Halts before every command. */
  step: z.boolean(),
})
export type BenchOrder = z.infer<typeof BenchOrder>

export const BenchView = z.object({
  state: z.enum(['idle', 'running', 'halted', 'ended']),
  target: BenchTarget,
  atr: z.string().optional(),
  /** Entries after those that the caller has. */
  entries: z.array(ChipTraceEntry),
  /** How the last try ended. */
  result: z.object({ good: z.boolean(), fault: z.string().optional(), application: z.string().optional(), step: z.string().optional(), line: z.number().int().optional(), lastStatus: z.string().optional() }).optional(),
})
export type BenchView = z.infer<typeof BenchView>

export const chipCalls = {
  'chip.readers': query('signed-in', nothing, z.array(ChipReaderView)),
  'chip.documents': query('signed-in', nothing, z.array(ChipDocumentSummary)),
  'chip.document': query('signed-in', z.object({ document: ChipDocumentKind, id: z.string() }), z.object({ source: z.string(), revision: z.number().int(), shipped: z.boolean() })),
  /** Every mistake at once; a document with mistakes is not saved. */
  'chip.checkDocument': query(design, z.object({ document: ChipDocumentKind, source: z.string().max(1_000_000) }), z.object({ mistakes: z.array(Mistake) })),
  'chip.saveDocument': command(design, z.object({ document: ChipDocumentKind, id: z.string(), source: z.string().max(1_000_000) }), z.object({ revision: z.number().int() })),

  'chip.keys': query('signed-in', nothing, z.array(KeyView)),
  /** `value`: hex. */
  'chip.importKey': command(keys, z.object({ name: KeyName, algorithm: KeyAlgorithm, purpose: z.enum(['master', 'transport']), value: z.string().regex(/^[0-9A-Fa-f]{32,64}$/) }), KeyView),
  'chip.removeKey': command(keys, z.object({ name: KeyName }), done),

  /** What has to be asked before this job runs. */
  'chip.questions': query(produce, z.object({ job: JobId, device: DeviceId }), z.array(ChipQuestion)),

  /**
   * Makes one card in a reader on the desk, as `cardwright chip run` does: the reader's device, the design `desk-TASK`, a job of one
   * card, and its run, which is under way when this answers. By the task and the scripts as saved. Where the design is new, it takes
   * a designer too. `number`: for data that say none themselves.
   */
  'chip.makeCard': command(
    produce,
    z.object({ reader: z.string().min(1).max(200), number: z.string().min(1).max(40).optional(), chip: PreparedChip, answers: ChipAnswers.default({}) }),
    z.object({ device: DeviceId, job: JobId, run: RunId }),
  ),

  /** Prepared data to try a task with: of a record of a job of a demo workspace, or the design's examples. Secrets stay wrapped. */
  'chip.sampleData': query(bench, z.object({ design: z.string() }), PreparedChip),
  /** What the extension module of a task asks, as task and modules stand in the editor. `task`: its source. */
  'bench.questions': query(bench, z.object({ task: z.string().max(1_000_000), extensions: z.record(z.string(), z.string()) }), z.array(ChipQuestion)),
  'bench.open': command(bench, z.object({ target: BenchTarget }), z.object({ bench: z.string() })),
  'bench.close': command(bench, z.object({ bench: z.string() }), done),
  'bench.start': command(bench, z.object({ bench: z.string(), order: BenchOrder }), done),
  'bench.step': command(bench, z.object({ bench: z.string() }), done),
  'bench.continue': command(bench, z.object({ bench: z.string() }), done),
  'bench.stop': command(bench, z.object({ bench: z.string() }), done),
  'bench.arm': command(bench, z.object({ bench: z.string(), faults: z.array(ChipFault) }), done),
  /** A command typed by hand, as hex. */
  'bench.send': command(bench, z.object({ bench: z.string(), command: z.string().regex(/^[0-9A-Fa-f ]{8,}$/) }), done),
  'bench.view': query(bench, z.object({ bench: z.string(), after: z.number().int().min(0) }), BenchView),
} as const
