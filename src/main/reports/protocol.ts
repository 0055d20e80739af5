/**
 * The protocol of a job: what was asked for, what became of every blank, who did what. Built from the journal's rows
 * about the job and the views that follow from them; how it looks is for the renderers beside this file.
 */
import type { AttemptRef } from '#shared/card/life.ts'
import type { Reason } from '#shared/device/device.ts'
import type { AttemptView, JobView } from '#shared/job/job.ts'
import type { Actor, Fact, FactKind, FactOf, JobId, JournalRow, RecordRange, RunId } from '#shared/journal/events.ts'
import type { Names } from '#shared/journal/fact-sentence.ts'

export interface ProtocolSource {
  workspace: string
  job: JobView
  /** Everything the journal holds about the job, in order; the first is its `job.created`. */
  rows: readonly JournalRow[]
  /** Every attempt of the job, in the order in which they began. */
  attempts: readonly AttemptView[]
  names: Names
  /** Wall time, milliseconds, and the name of whoever asked. */
  madeAt: number
  madeBy: string
}

export interface ProtocolRun {
  run: RunId
  device: string
  operator: string
  startedAt: number
  endedAt?: number
  why?: FactOf<'run.ended'>['why']
  range?: RecordRange
  good: number
  rejected: number
}

interface SettledDoubt {
  attempt: AttemptRef
  at: number
  verdict: FactOf<'attempt.resolved'>['verdict']
  basis: FactOf<'attempt.resolved'>['basis']
  choice: string
  by: string
  second?: string
}

export interface Protocol {
  workspace: string
  job: JobView
  createdBy: string
  closedBy?: string
  design: { id: string; name: string; revision: number; digest: string }
  /** Name and SHA-256 of the imported file. */
  file: { name: string; digest: string }
  /** Why blanks were rejected and how many, the most frequent first; no reason where nobody and nothing gave one. */
  reasons: { reason?: Reason; count: number }[]
  runs: ProtocolRun[]
  doubts: SettledDoubt[]
  attempts: readonly AttemptView[]
  /** What people did, and what the program did by itself, without the single steps of every card. */
  actions: { at: number; by: string; fact: Fact }[]
  /** The last row about this job, and the seal of the chain at the job's end. */
  chain: { sequence: number; hash: string; seal?: { head: string; mac: string } }
  names: Names
  madeAt: number
  madeBy: string
}

/** Steps that every card goes through; the table of blanks says what they came to. */
const routine: ReadonlySet<FactKind> = new Set([
  'attempt.claimed', 'attempt.intended', 'attempt.chip-identified', 'attempt.outcome', 'attempt.closed', 'job.sealed', 'report.exported',
])

export function buildProtocol({ workspace, job, rows, attempts, names, madeAt, madeBy }: ProtocolSource): Protocol {
  const created = firstOf(rows, 'job.created')
  const closed = firstOf(rows, 'job.closed')
  const sealed = firstOf(rows, 'job.sealed')?.fact
  const last = rows.at(-1)
  if (created === undefined || last === undefined) throw new Error(`${job.job} has no beginning in the journal`)
  const nameOf = (by: Actor) => (by === 'system' ? by : (names.people.get(by) ?? by))
  const { design, designRevision, designDigest, fileName, fileDigest } = created.fact
  return {
    workspace,
    job,
    createdBy: nameOf(created.by),
    ...(closed && { closedBy: nameOf(closed.by) }),
    design: { id: design, name: job.designName, revision: designRevision, digest: designDigest },
    file: { name: fileName, digest: fileDigest },
    reasons: reasonsOf(attempts),
    runs: runsOf(rows, attempts, names, nameOf),
    doubts: doubtsOf(rows, nameOf),
    attempts,
    actions: rows.filter((row) => !routine.has(row.fact.kind)).map(({ at, by, fact }) => ({ at, by: nameOf(by), fact })),
    chain: { sequence: last.sequence, hash: last.hash, ...(sealed && { seal: { head: sealed.head, mac: sealed.mac } }) },
    names,
    madeAt,
    madeBy,
  }
}

function firstOf<Kind extends FactKind>(rows: readonly JournalRow[], kind: Kind): (JournalRow & { fact: FactOf<Kind> }) | undefined {
  return rows.find((row): row is JournalRow & { fact: FactOf<Kind> } => row.fact.kind === kind)
}

function reasonsOf(attempts: readonly AttemptView[]): Protocol['reasons'] {
  const counted = new Map<string, Protocol['reasons'][number]>()
  for (const { state, reason } of attempts) {
    if (state !== 'rejected') continue
    const known = counted.get(reason?.code ?? '')
    if (known) known.count++
    else counted.set(reason?.code ?? '', { ...(reason && { reason }), count: 1 })
  }
  return [...counted.values()].toSorted((left, right) => right.count - left.count)
}

function runsOf(rows: readonly JournalRow[], attempts: readonly AttemptView[], names: Names, nameOf: (by: Actor) => string): ProtocolRun[] {
  const runs = new Map<RunId, ProtocolRun>()
  for (const { at, by, fact } of rows) {
    if (fact.kind === 'run.started') {
      const device = names.devices.get(fact.device) ?? fact.device
      runs.set(fact.run, { run: fact.run, device, operator: nameOf(by), startedAt: at, ...(fact.range && { range: fact.range }), good: 0, rejected: 0 })
    }
    if (fact.kind === 'run.ended') Object.assign(runs.get(fact.run) ?? {}, { endedAt: at, why: fact.why })
  }
  for (const { run, state } of attempts) {
    const known = runs.get(run)
    if (known && (state === 'good' || state === 'rejected')) known[state]++
  }
  return [...runs.values()]
}

function doubtsOf(rows: readonly JournalRow[], nameOf: (by: Actor) => string): SettledDoubt[] {
  return rows.flatMap(({ at, by, fact }) => {
    if (fact.kind !== 'attempt.resolved') return []
    const { attempt, verdict, basis, choice, second } = fact
    return [{ attempt, at, verdict, basis, choice, by: nameOf(by), ...(second !== undefined && { second: nameOf(second) }) }]
  })
}

export interface LogExport {
  workspace: string
  /** The job, where the export was asked for one. */
  job?: JobId
  attempts: readonly AttemptView[]
  madeAt: number
  madeBy: string
}
