/**
 * The journal: every fact, in order, for ever. State is what follows from these events and nothing else.
 * No card number beyond first six and last four, no track, no key stands in an event. A newer program reads every
 * event that an older one wrote: fields are only ever added, as optional ones.
 */
import { z } from 'zod'
import { KeyAlgorithm, KeyPurpose } from '../chip/keys.ts'
import { AttemptRef, CardPlace, Operation, OutcomeKind, Verdict } from '../card/life.ts'
import { DeviceLink, Reason, StationReader } from '../device/device.ts'

export const JobId = z.string().regex(/^J-\d{6,}$/)
export const RunId = z.string().regex(/^R-\d{6,}$/)
export const DeviceId = z.string().regex(/^D-\d{2,}$/)
export const PersonId = z.string().regex(/^P-\d{2,}$/)
export type JobId = z.infer<typeof JobId>
export type RunId = z.infer<typeof RunId>
export type DeviceId = z.infer<typeof DeviceId>
export type PersonId = z.infer<typeof PersonId>

export const Role = z.enum(['operator', 'designer', 'auditor', 'custodian', 'administrator'])
export type Role = z.infer<typeof Role>

/** Card records of a job that a run takes, by number from 1, both ends included. */
export const RecordRange = z.object({ from: z.number().int().min(1), to: z.number().int().min(1) })
export type RecordRange = z.infer<typeof RecordRange>

export const CommandName = z.enum(['chip', 'personalize', 'spoil'])
export type CommandName = z.infer<typeof CommandName>

export const ChipDocumentKind = z.enum(['task', 'scapp', 'extension'])
export type ChipDocumentKind = z.infer<typeof ChipDocumentKind>

/** Which document exactly: its digest is SHA-256 of the source in hex. */
const documentUsed = z.object({ id: z.string(), digest: z.string() })

const attempt = { attempt: AttemptRef }

export const Fact = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('workspace.created'), name: z.string(), demo: z.boolean() }),

  z.object({ kind: z.literal('person.added'), person: PersonId, name: z.string(), roles: z.array(Role) }),
  z.object({ kind: z.literal('person.changed'), person: PersonId, name: z.string(), roles: z.array(Role), active: z.boolean() }),
  z.object({ kind: z.literal('person.password-set'), person: PersonId }),
  z.object({ kind: z.literal('person.signed-in'), person: PersonId, host: z.string() }),
  z.object({ kind: z.literal('person.sign-in-refused'), person: PersonId.optional(), host: z.string() }),
  z.object({ kind: z.literal('person.signed-out'), person: PersonId }),

  z.object({ kind: z.literal('device.saved'), device: DeviceId, name: z.string(), profile: z.string(), mode: z.string(), link: DeviceLink, stations: z.array(StationReader).optional() }),
  z.object({ kind: z.literal('device.removed'), device: DeviceId }),
  /** The machine stopped, or went on: the reasons that hold now. An empty list is "cleared". */
  z.object({ kind: z.literal('device.reasons'), device: DeviceId, reasons: z.array(Reason) }),

  z.object({ kind: z.literal('design.saved'), design: z.string(), revision: z.number().int(), digest: z.string(), name: z.string() }),

  z.object({
    kind: z.literal('job.created'),
    job: JobId,
    name: z.string(),
    design: z.string(),
    designRevision: z.number().int(),
    designDigest: z.string(),
    records: z.number().int(),
    /** Name of the imported file, without its folder, and SHA-256 of its bytes in hex. */
    fileName: z.string(),
    fileDigest: z.string(),
  }),
  z.object({ kind: z.literal('job.reordered'), jobs: z.array(JobId) }),
  z.object({ kind: z.literal('job.discarded'), job: JobId }),
  z.object({
    kind: z.literal('job.closed'),
    job: JobId,
    records: z.number().int(),
    good: z.number().int(),
    rejected: z.number().int(),
    skipped: z.number().int(),
    picked: z.number().int(),
    /** Good, rejected or unused attempts whose end people or evidence settled after a doubt. */
    resolved: z.number().int(),
  }),
  /** MAC of the chain's head at the job's end, under the key store's journal key, in hex. */
  z.object({ kind: z.literal('job.sealed'), job: JobId, head: z.string(), mac: z.string() }),
  z.object({ kind: z.literal('job.purged'), job: JobId }),

  z.object({ kind: z.literal('chip.document-saved'), document: ChipDocumentKind, id: z.string(), revision: z.number().int(), digest: z.string(), name: z.string() }),
  /** A real card in a reader was about to be used at the workbench; `task` is absent where commands were typed by hand. */
  z.object({ kind: z.literal('chip.tried'), reader: z.string(), atr: z.string(), chip: z.string().optional(), task: z.string().optional() }),
  z.object({ kind: z.literal('key.imported'), name: z.string(), algorithm: KeyAlgorithm, purpose: KeyPurpose, checkValue: z.string() }),
  z.object({ kind: z.literal('key.removed'), name: z.string() }),

  z.object({ kind: z.literal('run.started'), run: RunId, job: JobId, device: DeviceId, range: RecordRange.optional() }),
  /** The documents by which the run personalizes chips, as they stood when it began. */
  z.object({
    kind: z.literal('run.chip'),
    run: RunId,
    task: documentUsed.extend({ revision: z.number().int() }),
    scapps: z.array(documentUsed),
    extension: documentUsed.optional(),
  }),
  z.object({ kind: z.literal('run.paused'), run: RunId }),
  z.object({ kind: z.literal('run.resumed'), run: RunId }),
  z.object({ kind: z.literal('run.stopping'), run: RunId, how: z.enum(['after-card', 'cancel']) }),
  z.object({
    kind: z.literal('run.ended'),
    run: RunId,
    why: z.enum(['complete', 'stopped', 'cancelled', 'device-lost', 'interrupted', 'fault']),
  }),

  z.object({ kind: z.literal('record.skipped'), job: JobId, record: z.number().int() }),
  /** A rejected or skipped record goes back into the queue for a new attempt. */
  z.object({ kind: z.literal('record.requeued'), job: JobId, record: z.number().int() }),

  z.object({ kind: z.literal('attempt.claimed'), ...attempt, run: RunId, device: DeviceId }),
  z.object({ kind: z.literal('attempt.intended'), ...attempt, command: CommandName, carries: z.array(Operation) }),
  /** The chip in the station is known and fits; only now may it be written to. `chip` tells it from all others where it tells anything. */
  z.object({ kind: z.literal('attempt.chip-identified'), ...attempt, station: z.string(), atr: z.string(), chip: z.string().optional() }),
  z.object({
    kind: z.literal('attempt.outcome'),
    ...attempt,
    command: CommandName,
    outcome: OutcomeKind,
    effect: z.enum(['none', 'applied']).optional(),
    /** Whether a `done` delivered the card out of the machine. */
    delivered: z.boolean().optional(),
    card: CardPlace.optional(),
    reason: Reason.optional(),
    statuses: z.array(z.string()).optional(),
    /** Of a chip command: what was exchanged, where it ended, and what the scripts tell with it. */
    chip: z
      .object({
        apdus: z.number().int(),
        verified: z.number().int(),
        application: z.string().optional(),
        step: z.string().optional(),
        line: z.number().int().optional(),
        lastStatus: z.string().optional(),
        accompanying: z.record(z.string(), z.union([z.string(), z.number()])),
      })
      .optional(),
  }),
  z.object({
    kind: z.literal('attempt.resolved'),
    ...attempt,
    verdict: Verdict,
    /** What settled the doubt: what the machine itself said, or what people saw. */
    basis: z.enum(['evidence', 'people']),
    choice: z.string(),
    second: PersonId.optional(),
    statuses: z.array(z.string()).optional(),
  }),
  z.object({ kind: z.literal('attempt.closed'), ...attempt, verdict: Verdict, place: CardPlace.optional(), reason: Reason.optional() }),

  /** Somebody answered a prompt; the consequence, if any, is an event of its own. */
  z.object({
    kind: z.literal('prompt.answered'),
    device: DeviceId,
    run: RunId.optional(),
    attempt: AttemptRef.optional(),
    prompt: z.string(),
    choice: z.string(),
  }),
  /** The program started and found attempts without an end. They are in doubt from here on. */
  z.object({ kind: z.literal('recovery.found'), attempts: z.array(AttemptRef) }),
  z.object({ kind: z.literal('report.exported'), job: JobId.optional(), format: z.string(), rows: z.number().int() }),
  z.object({ kind: z.literal('simulator.acted'), device: DeviceId, action: z.string() }),
])
export type Fact = z.infer<typeof Fact>
export type FactKind = Fact['kind']
export type FactOf<Kind extends FactKind> = Extract<Fact, { kind: Kind }>

/** A row of the journal. `hash` = SHA-256 over `previous` and the canonical JSON of the rest. */
export const JournalRow = z.object({
  sequence: z.number().int().positive(),
  /** Wall time, milliseconds since 1970 UTC. */
  at: z.number(),
  /** Who, or `system`. */
  by: z.union([PersonId, z.literal('system')]),
  fact: Fact,
  previous: z.string(),
  hash: z.string(),
})
export type JournalRow = z.infer<typeof JournalRow>
export type Actor = JournalRow['by']
