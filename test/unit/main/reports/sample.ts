/** A job of four cards with one jam, one doubt and one card remade, as the journal tells of it. */
import { attemptRef } from '#shared/card/life.ts'
import type { Reason } from '#shared/device/device.ts'
import type { AttemptView, JobView } from '#shared/job/job.ts'
import type { Actor, Fact, JournalRow } from '#shared/journal/events.ts'
import type { ProtocolSource } from '#main/reports/protocol.ts'

/** 27 July 2026, 10:04:22 in Moscow. */
export const start = Date.UTC(2026, 6, 27, 7, 4, 22)

const digest = (letter: string) => letter.repeat(64)
const jam: Reason = { code: 'jam', severity: 'error', action: 'clear-jam', status: 'D' }
const lost: Reason = { code: 'link-lost', severity: 'error', action: 'check-line' }

function facts(): [seconds: number, by: Actor, fact: Fact][] {
  const job = 'J-000012'
  const at = (record: number, number: number) => ({ attempt: attemptRef(job, record, number) })
  return [
    [0, 'P-02', { kind: 'job.created', job, name: 'Debit July, branch 12', design: 'debit', designRevision: 3, designDigest: digest('d'), records: 4, fileName: 'branch-12-debit.csv', fileDigest: digest('f') }],
    [60, 'P-02', { kind: 'run.started', run: 'R-000020', job, device: 'D-01' }],
    [61, 'P-02', { kind: 'attempt.claimed', ...at(1, 1), run: 'R-000020', device: 'D-01' }],
    [61, 'P-02', { kind: 'attempt.intended', ...at(1, 1), command: 'personalize', carries: ['stripe', 'emboss', 'deliver'] }],
    [73, 'system', { kind: 'attempt.outcome', ...at(1, 1), command: 'personalize', outcome: 'done', delivered: true, card: 'output-tray', statuses: ['13h', 'C'] }],
    [90, 'P-02', { kind: 'prompt.answered', device: 'D-01', run: 'R-000020', ...at(2, 1), prompt: 'p-1', choice: 'removed' }],
    [91, 'system', { kind: 'attempt.closed', ...at(2, 1), verdict: 'rejected', place: 'operator', reason: jam }],
    [140, 'P-03', { kind: 'attempt.resolved', ...at(3, 1), verdict: 'good', basis: 'people', choice: 'card-good', second: 'P-04' }],
    [150, 'system', { kind: 'run.ended', run: 'R-000020', why: 'device-lost' }],
    [200, 'P-03', { kind: 'record.requeued', job, record: 2 }],
    [210, 'P-03', { kind: 'run.started', run: 'R-000021', job, device: 'D-01', range: { from: 2, to: 2 } }],
    [230, 'system', { kind: 'run.ended', run: 'R-000021', why: 'complete' }],
    [300, 'P-03', { kind: 'job.closed', job, records: 4, good: 3, rejected: 0, skipped: 1, picked: 4, resolved: 1 }],
    [300, 'system', { kind: 'job.sealed', job, head: digest('b'), mac: digest('c') }],
  ]
}

function rows(): JournalRow[] {
  return facts().map(([seconds, by, fact], index) => ({
    sequence: 101 + index,
    at: start + seconds * 1000,
    by,
    fact,
    previous: digest('0'),
    hash: String(index % 10).repeat(64),
  }))
}

function attempt(record: number, number: number, more: Partial<AttemptView>): AttemptView {
  return {
    attempt: attemptRef('J-000012', record, number),
    job: 'J-000012',
    jobName: 'Debit July, branch 12',
    record,
    number: `400000••••••789${record}`,
    run: 'R-000020',
    device: 'D-01',
    deviceName: 'Front desk',
    operator: 'P-02',
    operatorName: 'Ольга Смирнова',
    startedAt: start + 60_000 + record * 12_000,
    endedAt: start + 72_000 + record * 12_000,
    state: 'good',
    done: ['stripe', 'emboss', 'deliver'],
    place: 'output-tray',
    ...more,
  }
}

const job: JobView = {
  job: 'J-000012',
  name: 'Debit July, branch 12',
  state: 'closed',
  design: 'debit',
  designName: 'Debit card',
  fileName: 'branch-12-debit.csv',
  createdAt: start,
  createdBy: 'P-02',
  closedAt: start + 300_000,
  counts: { records: 4, queued: 0, inWork: 0, inDoubt: 0, good: 3, rejected: 0, skipped: 1, blanks: { picked: 4, good: 3, rejected: 1, inDoubt: 0, resolved: 1 } },
  order: 0,
  purged: false,
}

export function sampleSource(more: Partial<ProtocolSource> = {}): ProtocolSource {
  return {
    workspace: 'Branch 12',
    job,
    rows: rows(),
    attempts: [
      attempt(1, 1, {}),
      attempt(2, 1, { state: 'rejected', done: [], reason: jam, place: 'operator' }),
      attempt(3, 1, { reason: lost, resolvedBy: 'people' }),
      attempt(2, 2, { run: 'R-000021', operator: 'P-03', operatorName: 'Ann Bell' }),
    ],
    names: {
      people: new Map([['P-02', 'Ольга Смирнова'], ['P-03', 'Ann Bell'], ['P-04', 'Pavel Orlov']]),
      devices: new Map([['D-01', 'Front desk']]),
    },
    madeAt: start + 400_000,
    madeBy: 'Ann Bell',
    ...more,
  }
}
