/** Protocols and logs as JSON documents, for other programs. The schemas are the documentation; see docs/reports.md. */
import { z } from 'zod'
import { AttemptRef, Verdict } from '#shared/card/life.ts'
import { Reason } from '#shared/device/device.ts'
import { AttemptView, JobCounts, JobState } from '#shared/job/job.ts'
import { Fact, JobId, RecordRange, RunId } from '#shared/journal/events.ts'
import type { LogExport, Protocol } from './protocol.ts'

/** `2026-07-27T10:04:22.123Z` */
const Time = z.iso.datetime()
const Digest = z.string()

const AttemptDocument = AttemptView.omit({ startedAt: true, endedAt: true }).extend({ startedAt: Time, endedAt: Time.optional() })

export const ProtocolDocument = z.object({
  format: z.literal('cardwright-protocol'),
  /** Grows when a member changes its meaning or goes; new members alone do not change it. */
  version: z.literal(1),
  madeAt: Time,
  madeBy: z.string(),
  workspace: z.string(),
  job: z.object({
    job: JobId,
    name: z.string(),
    state: JobState,
    createdAt: Time,
    createdBy: z.string(),
    closedAt: Time.optional(),
    closedBy: z.string().optional(),
  }),
  file: z.object({ name: z.string(), sha256: Digest }),
  design: z.object({ id: z.string(), name: z.string(), revision: z.number().int(), sha256: Digest }),
  /** Cards by state, and blanks: `picked = good + rejected + inDoubt`. */
  counts: JobCounts,
  reasons: z.array(z.object({ reason: Reason.optional(), blanks: z.number().int() })),
  runs: z.array(
    z.object({
      run: RunId,
      device: z.string(),
      operator: z.string(),
      startedAt: Time,
      endedAt: Time.optional(),
      why: z.string().optional(),
      range: RecordRange.optional(),
      good: z.number().int(),
      rejected: z.number().int(),
    }),
  ),
  doubts: z.array(
    z.object({ attempt: AttemptRef, at: Time, verdict: Verdict, basis: z.enum(['evidence', 'people']), choice: z.string(), by: z.string(), second: z.string().optional() }),
  ),
  attempts: z.array(AttemptDocument),
  actions: z.array(z.object({ at: Time, by: z.string(), fact: Fact })),
  chain: z.object({ sequence: z.number().int(), hash: Digest, seal: z.object({ head: Digest, mac: z.string() }).optional() }),
})
export type ProtocolDocument = z.infer<typeof ProtocolDocument>

export const LogDocument = z.object({
  format: z.literal('cardwright-log'),
  version: z.literal(1),
  madeAt: Time,
  madeBy: z.string(),
  workspace: z.string(),
  job: JobId.optional(),
  attempts: z.array(AttemptDocument),
})
export type LogDocument = z.infer<typeof LogDocument>

export function protocolDocument({ job, design, file, reasons, runs, doubts, actions, ...protocol }: Protocol): ProtocolDocument {
  return {
    format: 'cardwright-protocol',
    version: 1,
    madeAt: time(protocol.madeAt),
    madeBy: protocol.madeBy,
    workspace: protocol.workspace,
    job: {
      job: job.job,
      name: job.name,
      state: job.state,
      createdAt: time(job.createdAt),
      createdBy: protocol.createdBy,
      ...(job.closedAt !== undefined && { closedAt: time(job.closedAt) }),
      ...(protocol.closedBy !== undefined && { closedBy: protocol.closedBy }),
    },
    file: { name: file.name, sha256: file.digest },
    design: { id: design.id, name: design.name, revision: design.revision, sha256: design.digest },
    counts: job.counts,
    reasons: reasons.map(({ reason, count }) => ({ ...(reason && { reason }), blanks: count })),
    runs: runs.map(({ startedAt, endedAt, ...run }) => ({ ...run, startedAt: time(startedAt), ...(endedAt !== undefined && { endedAt: time(endedAt) }) })),
    doubts: doubts.map((doubt) => ({ ...doubt, at: time(doubt.at) })),
    attempts: protocol.attempts.map(attemptDocument),
    actions: actions.map(({ at, by, fact }) => ({ at: time(at), by, fact })),
    chain: protocol.chain,
  }
}

export function logDocument({ workspace, job, attempts, madeAt, madeBy }: LogExport): LogDocument {
  return {
    format: 'cardwright-log',
    version: 1,
    madeAt: time(madeAt),
    madeBy,
    workspace,
    ...(job !== undefined && { job }),
    attempts: attempts.map(attemptDocument),
  }
}

function attemptDocument({ startedAt, endedAt, ...attempt }: AttemptView): z.infer<typeof AttemptDocument> {
  return { ...attempt, startedAt: time(startedAt), ...(endedAt !== undefined && { endedAt: time(endedAt) }) }
}

const time = (at: number) => new Date(at).toISOString()
