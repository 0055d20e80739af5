/**
 * Every call between a screen (or the command line) and the core: its schemas and the roles that may make it.
 * The core parses each input by these schemas and checks the role again, whichever host it came through.
 */
import { z } from 'zod'
import { AttemptRef, AttemptState } from '../card/life.ts'
import { CardDesign } from '../design/design.ts'
import { Mistake } from '../design/mistake.ts'
import { SourceOptions } from '../design/source.ts'
import { DeviceLink, ProbeReport, StationReader } from '../device/device.ts'
import { DeviceLimits } from '../device/limits.ts'
import { SimulatorAction } from '../device/simulator.ts'
import { Fault } from '../faults.ts'
import { AttemptView, CardPreview, JobCounts, RecordState, RecordView } from '../job/job.ts'
import { DeviceId, JobId, JournalRow, PersonId, RecordRange, Role, RunId } from '../journal/events.ts'
import { ChipAnswers, chipCalls } from './chip-calls.ts'
import { command, query } from './define.ts'

const nothing = z.object({}).strict()
const done = z.object({}).strict()
const page = { offset: z.number().int().min(0), limit: z.number().int().min(1).max(1000) }

export const SessionView = z.object({
  person: PersonId,
  name: z.string(),
  roles: z.array(Role),
  /** Presented with later calls where the transport does not keep it; the desktop window never sees it. */
  token: z.string(),
})
export type SessionView = z.infer<typeof SessionView>

export const WorkspaceView = z.object({
  /** `new`: nobody can sign in before the administrators are named. */
  state: z.enum(['new', 'ready']),
  name: z.string(),
  demo: z.boolean(),
  /** People to sign in as; passwords only in a demo workspace. */
  demoPeople: z.array(z.object({ name: z.string(), role: Role, password: z.string() })),
  /** `electron`, `web`. */
  host: z.string(),
  version: z.string(),
})
export type WorkspaceView = z.infer<typeof WorkspaceView>

export const PersonView = z.object({ person: PersonId, name: z.string(), roles: z.array(Role), active: z.boolean() })
export type PersonView = z.infer<typeof PersonView>

const Password = z.string().min(1).max(200)

export const IntakePreview = z.object({
  /** The options as used, with what was guessed filled in. */
  options: SourceOptions,
  columns: z.array(z.string()),
  /** First rows as read, numbers masked. */
  rows: z.array(z.array(z.string())),
  records: z.number().int(),
  /** First cards as they will look. */
  cards: z.array(CardPreview),
  /** At most 1,000; `mistakeCount` tells them all. */
  mistakes: z.array(Mistake),
  mistakeCount: z.number().int(),
})
export type IntakePreview = z.infer<typeof IntakePreview>

/** How far the reading of a file has come; `reading` is false when nothing is under way. */
export const IntakeProgress = z.object({ reading: z.boolean(), bytes: z.number().int(), records: z.number().int() })
export type IntakeProgress = z.infer<typeof IntakeProgress>

export const ProfileSummary = z.object({
  profile: z.string(),
  model: z.string(),
  modes: z.array(z.string()),
  evidence: z.array(z.string()),
  missingVerbs: z.array(z.string()),
  limits: DeviceLimits,
})
export type ProfileSummary = z.infer<typeof ProfileSummary>

export const DesignSummary = z.object({
  design: z.string(),
  name: z.string(),
  revision: z.number().int(),
  savedAt: z.number(),
  savedBy: z.string(),
  /** The chip task of a design whose cards have something in their chip. */
  chip: z.string().optional(),
})
export type DesignSummary = z.infer<typeof DesignSummary>

export const LogQuery = z.object({
  job: JobId.optional(),
  states: z.array(AttemptState).optional(),
  reason: z.string().optional(),
  device: DeviceId.optional(),
  operator: PersonId.optional(),
  from: z.number().optional(),
  to: z.number().optional(),
  find: z.string().max(40).optional(),
})
export type LogQuery = z.infer<typeof LogQuery>

export const ReportFormat = z.enum(['csv', 'json', 'pdf'])
export type ReportFormat = z.infer<typeof ReportFormat>

const Language = z.enum(['en', 'ru'])

/** A file made by the core, small enough to travel whole; larger ones are saved by the host. */
export const FileView = z.object({ name: z.string(), mediaType: z.string(), base64: z.string() })
export type FileView = z.infer<typeof FileView>

const produce = ['operator', 'administrator'] as const
const design = ['designer', 'administrator'] as const
const readLog = ['operator', 'auditor', 'administrator'] as const

export const calls = {
  ...chipCalls,
  'workspace.describe': query('anyone', nothing, WorkspaceView),
  'workspace.setUp': command(
    'anyone',
    z.object({ name: z.string().min(1).max(80), administrators: z.array(z.object({ name: z.string().min(1).max(80), password: Password })).min(1) }),
    done,
  ),
  'session.signIn': command('anyone', z.object({ name: z.string().max(80), password: Password }), SessionView),
  'session.signOut': command('signed-in', nothing, done),
  'session.changePassword': command('signed-in', z.object({ old: Password, new: Password }), done),

  'people.list': query(['administrator', 'auditor'], nothing, z.array(PersonView)),
  'people.add': command(['administrator'], z.object({ name: z.string().min(1).max(80), roles: z.array(Role).min(1), password: Password }), PersonView),
  'people.change': command(['administrator'], z.object({ person: PersonId, name: z.string().min(1).max(80), roles: z.array(Role).min(1), active: z.boolean() }), PersonView),
  'people.setPassword': command(['administrator'], z.object({ person: PersonId, password: Password }), done),

  'device.ports': query(produce, nothing, z.array(z.object({ path: z.string(), description: z.string().optional() }))),
  'device.profiles': query('signed-in', nothing, z.array(ProfileSummary)),
  'device.save': command(produce, z.object({ device: DeviceId.optional(), name: z.string().min(1).max(60), profile: z.string(), mode: z.string(), link: DeviceLink, stations: z.array(StationReader).default([]) }), z.object({ device: DeviceId })),
  'device.remove': command(produce, z.object({ device: DeviceId }), done),
  'device.connect': command(produce, z.object({ device: DeviceId }), done),
  'device.disconnect': command(produce, z.object({ device: DeviceId }), done),
  'device.probe': command(produce, z.object({ device: DeviceId }), ProbeReport),
  'device.trace': query(
    [...produce, 'auditor'],
    z.object({ device: DeviceId, after: z.number().int().min(0) }),
    z.array(z.object({ number: z.number().int(), at: z.number(), direction: z.enum(['sent', 'received', 'note']), text: z.string() })),
  ),
  'device.readStripe': command(produce, z.object({ device: DeviceId }), z.object({ tracks: z.array(z.object({ track: z.number().int(), text: z.string() })) })),
  'simulator.act': command(produce, z.object({ device: DeviceId, action: SimulatorAction }), done),

  'intake.preview': command(
    produce,
    z.object({ upload: z.string(), options: SourceOptions.optional(), design: z.string(), device: DeviceId.optional() }),
    IntakePreview,
  ),
  'intake.import': command(
    produce,
    z.object({ upload: z.string(), options: SourceOptions, design: z.string(), device: DeviceId.optional(), name: z.string().min(1).max(120) }),
    z.discriminatedUnion('accepted', [
      z.object({ accepted: z.literal(true), job: JobId, records: z.number().int() }),
      z.object({ accepted: z.literal(false), mistakes: z.array(Mistake), mistakeCount: z.number().int() }),
    ]),
  ),
  /** Of a preview or an import of this file that is under way, for a screen that waits for its answer. */
  'intake.progress': query(produce, z.object({ upload: z.string() }), IntakeProgress),
  'job.records': query([...produce, 'auditor'], z.object({ job: JobId, states: z.array(RecordState).optional(), ...page }), z.object({ total: z.number().int(), rows: z.array(RecordView) })),
  'job.card': query(produce, z.object({ job: JobId, record: z.number().int().min(1) }), CardPreview),
  'job.reorder': command(produce, z.object({ jobs: z.array(JobId) }), done),
  'job.discard': command(produce, z.object({ job: JobId }), done),
  'job.skip': command(produce, z.object({ job: JobId, records: z.array(z.number().int().min(1)).min(1) }), done),
  /** Rejected or skipped records go back into the queue for new attempts; without `records`, all rejected ones. */
  'job.requeue': command(produce, z.object({ job: JobId, records: z.array(z.number().int().min(1)).optional() }), z.object({ requeued: z.number().int() })),
  'job.close': command(produce, z.object({ job: JobId }), JobCounts),
  'job.purge': command(['administrator'], z.object({ job: JobId }), done),
  'job.protocol': command(readLog, z.object({ job: JobId, format: ReportFormat, language: Language }), FileView),
  'job.exportCards': command(['administrator'], z.object({ job: JobId }), FileView),

  /** `answers` to `chip.questions`. */
  'run.start': command(produce, z.object({ job: JobId, device: DeviceId, range: RecordRange.optional(), answers: ChipAnswers.default({}) }), z.object({ run: RunId })),
  'run.pause': command(produce, z.object({ run: RunId }), done),
  'run.resume': command(produce, z.object({ run: RunId }), done),
  'run.stopAfterCard': command(produce, z.object({ run: RunId }), done),
  'run.cancel': command(produce, z.object({ run: RunId }), done),
  'prompt.answer': command(
    produce,
    z.object({
      prompt: z.string(),
      choice: z.enum(['continue', 'give-up', 'retry', 'end-run', 'removed', 'card-good', 'card-spoiled', 'no-card', 'ask-machine', 'reconnect']),
      second: z.object({ name: z.string(), password: Password }).optional(),
    }),
    done,
  ),

  'log.query': query(readLog, z.object({ filter: LogQuery, ...page }), z.object({ total: z.number().int(), rows: z.array(AttemptView) })),
  'log.timeline': query(readLog, z.object({ attempt: AttemptRef }), z.object({ view: AttemptView, rows: z.array(JournalRow) })),
  'log.filters': query(
    readLog,
    nothing,
    z.object({
      devices: z.array(z.object({ device: DeviceId, name: z.string() })),
      operators: z.array(z.object({ person: PersonId, name: z.string() })),
      reasons: z.array(z.string()),
    }),
  ),
  'log.export': command(readLog, z.object({ filter: LogQuery, format: ReportFormat, language: Language }), FileView),

  'design.list': query('signed-in', nothing, z.array(DesignSummary)),
  'design.get': query('signed-in', z.object({ design: z.string() }), CardDesign),
  'design.save': command(design, z.object({ design: CardDesign }), z.object({ revision: z.number().int() })),
  /** Checks an unsaved design against a profile, and renders it with a record (the longest values of an import, or typed ones). */
  'design.check': query(
    design,
    z.object({ design: z.unknown(), profile: z.string(), sample: z.record(z.string(), z.string()) }),
    z.object({ mistakes: z.array(Mistake), preview: CardPreview.optional() }),
  ),

  'audit.verify': command(['auditor', 'administrator'], nothing, z.object({ rows: z.number().int(), brokenAt: z.number().int().optional(), brokenSeals: z.array(JobId), head: z.string() })),
  'audit.journal': query(['auditor', 'administrator'], z.object({ after: z.number().int().min(0), limit: z.number().int().min(1).max(1000) }), z.array(JournalRow)),
} as const

export type Calls = typeof calls
export type CallName = keyof Calls
export type InputOf<Name extends CallName> = z.input<Calls[Name]['input']>
export type OutputOf<Name extends CallName> = z.output<Calls[Name]['output']>

/** An answer on the wire. */
export type Answer<Name extends CallName> = { ok: true; value: OutputOf<Name> } | { ok: false; faults: Fault[] }

export { Mistake }
