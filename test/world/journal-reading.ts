/** What the oracle reads in the journal: every attempt's life, replayed row by row, and what the rows forbid each other. */
import { createHash } from 'node:crypto'
import type { AttemptLife } from '#shared/card/life.ts'
import { closedStates } from '#shared/card/life.ts'
import { livesOn } from '#shared/journal/attempt-steps.ts'
import type { DeviceId, FactOf, JobId, JournalRow, RunId } from '#shared/journal/events.ts'

export interface AttemptHistory {
  attempt: string
  job: JobId
  record: number
  turn: number
  device: DeviceId
  life: AttemptLife
  /** Durable intents to make the card, and to void it. */
  makes: number
  voids: number
  /** Chips that were identified for it: only these may have been written to. */
  chips: string[]
}

export interface RecordHistory {
  attempts: AttemptHistory[]
  skipped: boolean
  /** A person has put the rejected record back into the queue. */
  requeued: boolean
}

export interface Breach {
  /** Number of the invariant in architecture.md; `chain` and `row` stand for the journal itself. */
  invariant: 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 'chain' | 'row'
  what: string
}

export interface JournalReading {
  attempts: AttemptHistory[]
  records: Map<string, RecordHistory>
  closedJobs: Set<JobId>
  openRuns: Set<RunId>
  breaches: Breach[]
}

/** Canonical JSON: keys in code-unit order at every level, no white space, no `undefined`. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const members = Object.entries(value).filter(([, member]) => member !== undefined)
  members.sort(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0))
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonical(member)}`).join(',')}}`
}

/** docs/journal.md: SHA-256 over the hash of the row before, in hex, and the canonical JSON of the rest with its format. */
export function rowHash({ previous, ...rest }: Omit<JournalRow, 'hash'>): string {
  return createHash('sha256')
    .update(previous + canonical({ ...rest, format: 1 }))
    .digest('hex')
}

export function readJournal(rows: readonly JournalRow[]): JournalReading {
  const reading: JournalReading = { attempts: [], records: new Map(), closedJobs: new Set(), openRuns: new Set(), breaches: [] }
  const lives = new Map<string, AttemptHistory>()
  /** Attempts that a recovery has found open: the program may not send them again. */
  const recovered = new Set<string>()
  const chips = new Set<string>()
  for (const { sequence, fact } of rows) {
    const breach = (invariant: Breach['invariant'], what: string) => reading.breaches.push({ invariant, what: `row ${sequence}: ${what}` })
    switch (fact.kind) {
      case 'run.started':
        reading.openRuns.add(fact.run)
        break
      case 'run.ended':
        if (!reading.openRuns.delete(fact.run)) breach('row', `${fact.run} ends without having begun`)
        break
      case 'record.skipped':
        recordOf(reading, fact.job, fact.record).skipped = true
        break
      case 'record.requeued':
        Object.assign(recordOf(reading, fact.job, fact.record), { requeued: true, skipped: false })
        break
      case 'attempt.claimed':
        claim(reading, lives, fact, breach)
        break
      case 'attempt.intended':
        if (fact.command !== 'spoil' && recovered.has(fact.attempt)) breach(7, `${fact.attempt} is sent again after a recovery`)
        step(lives, fact, breach)
        break
      case 'attempt.chip-identified':
        identify(lives, chips, fact, breach)
        break
      case 'attempt.outcome':
      case 'attempt.resolved':
      case 'attempt.closed':
        step(lives, fact, breach)
        break
      case 'recovery.found':
        checkRecovery(lives, fact, breach)
        for (const attempt of fact.attempts) recovered.add(attempt)
        break
      case 'job.closed':
        checkClose(reading, fact, breach)
        reading.closedJobs.add(fact.job)
        break
    }
  }
  reading.attempts = [...lives.values()]
  return reading
}

type Report = (invariant: Breach['invariant'], what: string) => void

/** Every row has the hash of its content, and follows the one before. */
export function checkChain(rows: readonly JournalRow[]): Breach[] {
  const breaches: Breach[] = []
  let last: JournalRow | undefined
  for (const row of rows) {
    const { hash, ...rest } = row
    if (rowHash(rest) !== hash) breaches.push({ invariant: 'chain', what: `row ${row.sequence} does not have the hash of its content` })
    if (last !== undefined && (row.previous !== last.hash || row.sequence !== last.sequence + 1)) {
      breaches.push({ invariant: 'chain', what: `row ${row.sequence} does not follow row ${last.sequence}` })
    }
    last = row
  }
  return breaches
}

function recordOf(reading: JournalReading, job: JobId, record: number): RecordHistory {
  const key = `${job}/${record}`
  const found = reading.records.get(key) ?? { attempts: [], skipped: false, requeued: false }
  reading.records.set(key, found)
  return found
}

function claim(reading: JournalReading, lives: Map<string, AttemptHistory>, fact: FactOf<'attempt.claimed'>, breach: Report): void {
  const match = /^(J-\d+)\/(\d+)\.(\d+)$/.exec(fact.attempt)
  const life = livesOn(lives.get(fact.attempt)?.life, fact)
  if (match === null || life === undefined) return breach('row', `${fact.attempt} is claimed twice`)
  const [, job, record, turn] = match as unknown as [string, JobId, string, string]
  const history = recordOf(reading, job, Number(record))
  const former = history.attempts.at(-1)
  if (Number(turn) !== history.attempts.length + 1) breach('row', `${fact.attempt} is not the record's next attempt`)
  if (history.skipped) breach('row', `${fact.attempt} is of a record that was skipped`)
  if (reading.closedJobs.has(job)) breach(6, `${fact.attempt} is claimed in a closed job`)
  if (!reading.openRuns.has(fact.run)) breach('row', `${fact.attempt} is claimed by a run that is not under way`)
  if (former?.life.state === 'good') breach(1, `${fact.attempt} begins although ${former.attempt} is good`)
  else if (former && former.life.state !== 'rejected' && former.life.state !== 'unused') breach(3, `${fact.attempt} begins while ${former.attempt} is ${former.life.state}`)
  else if (former?.life.state === 'rejected' && !history.requeued) breach(3, `${fact.attempt} begins although nobody has asked for it after ${former.attempt}`)
  history.requeued = false
  const attempt: AttemptHistory = { attempt: fact.attempt, job, record: Number(record), turn: Number(turn), device: fact.device, life, makes: 0, voids: 0, chips: [] }
  history.attempts.push(attempt)
  lives.set(fact.attempt, attempt)
}

type StepFact = FactOf<'attempt.intended' | 'attempt.outcome' | 'attempt.resolved' | 'attempt.closed'>

function step(lives: Map<string, AttemptHistory>, fact: StepFact, breach: Report): void {
  const history = lives.get(fact.attempt)
  const life = livesOn(history?.life, fact)
  if (history === undefined || life === undefined) return breach(3, `${fact.kind} can't follow ${history?.life.state ?? 'no claim'} of ${fact.attempt}`)
  if (fact.kind === 'attempt.intended') history[fact.command === 'spoil' ? 'voids' : 'makes']++
  history.life = life
}

/** No chip is written to for two attempts, and none without a command that is under way. */
function identify(lives: Map<string, AttemptHistory>, chips: Set<string>, { attempt, chip }: FactOf<'attempt.chip-identified'>, breach: Report): void {
  const history = lives.get(attempt)
  if (history?.life.state !== 'intended') return breach(2, `a chip is identified for ${attempt}, which is ${history?.life.state ?? 'not claimed'}`)
  if (chip === undefined) return
  if (chips.has(chip)) breach(3, `the chip of ${attempt} was written to before`)
  chips.add(chip)
  history.chips.push(chip)
}

function checkRecovery(lives: Map<string, AttemptHistory>, fact: FactOf<'recovery.found'>, breach: Report): void {
  const open = [...lives.values()].filter(({ life }) => !closedStates.has(life.state)).map(({ attempt }) => attempt)
  if (open.toSorted().join() !== [...fact.attempts].toSorted().join()) breach(7, `recovery names ${fact.attempts.join() || 'nothing'}, open are ${open.join() || 'none'}`)
}

function checkClose(reading: JournalReading, fact: FactOf<'job.closed'>, breach: Report): void {
  const records = [...reading.records.entries()].filter(([key]) => key.startsWith(`${fact.job}/`)).map(([, record]) => record)
  const attempts = records.flatMap((record) => record.attempts)
  const ended = (state: 'good' | 'rejected') => attempts.filter(({ life }) => life.state === state).length
  for (const { attempt, life } of attempts) {
    if (!closedStates.has(life.state)) breach(6, `${fact.job} closes over ${attempt}, which is ${life.state}`)
  }
  if (fact.good !== ended('good')) breach(4, `${fact.job} closes with ${fact.good} good, the rows hold ${ended('good')}`)
  if (fact.picked !== ended('good') + ended('rejected')) {
    breach(4, `${fact.job} closes with ${fact.picked} picked, the rows hold ${ended('good')} good and ${ended('rejected')} rejected`)
  }
}
