/** A job (a batch), its cards and its attempts, as the screen and the reports see them: masked, and counted. */
import { z } from 'zod'
import { AttemptRef, AttemptState, CardPlace, Operation, Verdict } from '../card/life.ts'
import { Reason } from '../device/device.ts'
import { DeviceId, JobId, PersonId, RecordRange, RunId } from '../journal/events.ts'

/** `importing` is never seen outside the store: an import that does not finish leaves nothing behind. */
export const JobState = z.enum(['ready', 'running', 'open', 'closed', 'discarded'])
export type JobState = z.infer<typeof JobState>

/** Every record of a job is in exactly one of these. */
export const RecordState = z.enum(['queued', 'in-work', 'in-doubt', 'good', 'rejected', 'skipped'])
export type RecordState = z.infer<typeof RecordState>

/** Records by state, and blanks: `picked = good + rejected + inDoubt` (attempts, not records). */
export const JobCounts = z.object({
  records: z.number().int(),
  queued: z.number().int(),
  inWork: z.number().int(),
  inDoubt: z.number().int(),
  good: z.number().int(),
  /** Records whose last attempt was rejected and that wait for a decision. */
  rejected: z.number().int(),
  skipped: z.number().int(),
  blanks: z.object({
    picked: z.number().int(),
    good: z.number().int(),
    rejected: z.number().int(),
    inDoubt: z.number().int(),
    resolved: z.number().int(),
  }),
})
export type JobCounts = z.infer<typeof JobCounts>

export const JobView = z.object({
  job: JobId,
  name: z.string(),
  state: JobState,
  design: z.string(),
  designName: z.string(),
  fileName: z.string(),
  createdAt: z.number(),
  createdBy: PersonId,
  closedAt: z.number().optional(),
  counts: JobCounts,
  /** Position among the jobs that wait, from 0. */
  order: z.number().int(),
  purged: z.boolean(),
})
export type JobView = z.infer<typeof JobView>

export const RecordView = z.object({
  record: z.number().int(),
  /** Masked number. */
  number: z.string(),
  state: RecordState,
  attempts: z.number().int(),
})
export type RecordView = z.infer<typeof RecordView>

/** What the log tells of a blank's chip: the card as it was known in the station, and what its outcome told. Masked. */
export const ChipView = z.object({
  station: z.string().optional(),
  /** Answer to reset, hex. */
  atr: z.string().optional(),
  /** What tells this chip from all others, hex, where it tells anything. */
  number: z.string().optional(),
  /** Commands sent, and values read back and compared. */
  apdus: z.number().int().optional(),
  verified: z.number().int().optional(),
  /** Where it ended, of one that failed. */
  application: z.string().optional(),
  step: z.string().optional(),
  line: z.number().int().optional(),
  lastStatus: z.string().optional(),
  /** What scripts and the task's extension module told with the result. */
  accompanying: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
})
export type ChipView = z.infer<typeof ChipView>

/** One blank: a row of the log. */
export const AttemptView = z.object({
  attempt: AttemptRef,
  job: JobId,
  jobName: z.string(),
  record: z.number().int(),
  number: z.string(),
  run: RunId,
  device: DeviceId,
  deviceName: z.string(),
  operator: PersonId,
  operatorName: z.string(),
  startedAt: z.number(),
  endedAt: z.number().optional(),
  state: AttemptState,
  /** Operations that are certain to have been done to the blank. */
  done: z.array(Operation),
  reason: Reason.optional(),
  place: CardPlace.optional(),
  /** How a doubt was settled, where there was one. */
  resolvedBy: z.enum(['evidence', 'people']).optional(),
  /** Where a chip was known in the station. */
  chip: ChipView.optional(),
})
export type AttemptView = z.infer<typeof AttemptView>

/** A masked picture of the card as it will look: numbers show first six and last four. Positions in micrometres. */
export const CardPreview = z.object({
  number: z.string(),
  lines: z.array(
    z.object({
      field: z.string(),
      kind: z.enum(['emboss', 'indent']),
      side: z.enum(['front', 'back']),
      font: z.string(),
      x: z.number(),
      y: z.number(),
      pitch: z.number(),
      height: z.number(),
      text: z.string(),
    }),
  ),
  /** Tracks that will be encoded; the text is masked. */
  tracks: z.array(z.object({ track: z.number().int(), text: z.string() })),
  topping: z.boolean(),
  /** What the chip will hold: names and lengths alone. */
  chip: z.object({ task: z.string(), applications: z.array(z.object({ application: z.string(), groups: z.number().int(), bytes: z.number().int() })) }).optional(),
})
export type CardPreview = z.infer<typeof CardPreview>

/** What the operator is asked. `choices` name their consequence in the catalogue as `prompt.<kind>.choice.<id>`. */
export const Prompt = z.object({
  id: z.string(),
  device: DeviceId,
  run: RunId.optional(),
  attempt: AttemptRef.optional(),
  /** Masked number of the card it is about. */
  number: z.string().optional(),
  kind: z.enum([
    'attention', //    the machine waits for a hand: refill, close, empty, change
    'refused', //      nothing happened to a blank; try again when it is put right, or end the run
    'half-made', //    the chip is made, and the machine did not take the card: go on, or give it up for spoiled
    'remove-card', //  the card inside is spoiled: take it out and confirm
    'void-delivered', // the spoiled card was made void and lies in the output tray: take it from there
    'in-doubt', //     look at the card: which of these is it?
    'link-lost', //    the line to the machine is gone
  ]),
  reason: Reason,
  /** What is certain: operations done to this blank, those certainly not, and those that nobody knows. */
  certain: z.object({ done: z.array(Operation), notDone: z.array(Operation), unknown: z.array(Operation) }),
  choices: z.array(
    z.object({
      id: z.enum([
        'continue', //         put right: go on
        'give-up', //          end this command by what is known
        'retry', //            nothing happened: try the same card again
        'end-run', //          leave the card queued and end the run
        'removed', //          I hold the spoiled card
        'card-good', //        it is complete and lies in the output tray
        'card-spoiled', //     I hold it, or it is in the reject tray: spoiled
        'no-card', //          no blank was taken
        'ask-machine', //      ask the machine what it says of this card
        'reconnect', //
      ]),
      /** A second person has to sign for this one. */
      needsSecond: z.boolean(),
      /** It can't be undone and is asked once more. */
      final: z.boolean(),
      verdict: Verdict.optional(),
    }),
  ),
  openedAt: z.number(),
})
export type Prompt = z.infer<typeof Prompt>
export type PromptChoice = Prompt['choices'][number]['id']

/** A run under way, as the Produce page shows it. */
export const RunView = z.object({
  run: RunId,
  job: JobId,
  device: DeviceId,
  startedBy: PersonId,
  startedAt: z.number(),
  state: z.enum(['running', 'pausing', 'paused', 'stopping', 'waiting', 'ended']),
  range: RecordRange.optional(),
  /** The cards in the machine, oldest first; two in the modes whose completion lags. */
  cards: z.array(
    z.object({
      attempt: AttemptRef,
      record: z.number().int(),
      state: AttemptState,
      preview: CardPreview,
      since: z.number(),
      /** While its chip is made: the station, what the script says it does, and how far it is. */
      chip: z.object({ station: z.string(), application: z.string().optional(), step: z.string().optional(), share: z.number().optional() }).optional(),
    }),
  ),
  /** Cards ended in this run. */
  ended: z.object({ good: z.number().int(), rejected: z.number().int(), unused: z.number().int() }),
  remaining: z.number().int(),
  /** Over the last twenty cards; undefined until there are two. */
  cardsPerHour: z.number().optional(),
  millisecondsLeft: z.number().optional(),
})
export type RunView = z.infer<typeof RunView>
