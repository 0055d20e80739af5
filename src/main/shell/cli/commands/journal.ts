/** Commands that only read what the journal holds: jobs, log, audit. They work beside a program that is running. */
import { writeFileSync } from 'node:fs'
import type { ReportFormat } from '#shared/contract/calls.ts'
import { CardwrightError } from '#shared/faults.ts'
import type { JobView } from '#shared/job/job.ts'
import { keyFileAt } from '#drivers/keystore-file/key-file.ts'
import { openFileKeyStore } from '#drivers/keystore-file/file-key-store.ts'
import { systemClock } from '#drivers/clock/system-clock.ts'
import { systemRandom } from '#drivers/random/random.ts'
import { protocolOf } from '../../../app/reports.ts'
import type { JournalCheck, Store } from '../../../ports/store.ts'
import { renderLog, renderProtocol } from '../../../reports/render.ts'
import { workspaceFiles } from '../../compose.ts'
import { demoPeople } from '../../demo-workspace.ts'
import { logTable } from '../log-table.ts'
import { Ending, exitCode } from '../report.ts'
import { credentials, type Setting, type SignInOptions, withJournal } from '../setting.ts'
import { textTable } from '../table.ts'

export function listJobs(setting: Setting, { json = false, all = false }: { json?: boolean; all?: boolean }): void {
  const { words, terminal } = setting
  const jobs = withJournal(setting, (store) => store.jobs()).filter(({ state }) => all || (state !== 'closed' && state !== 'discarded'))
  if (json) return terminal.print(JSON.stringify(jobs, undefined, 2))
  if (jobs.length === 0) return terminal.print(words.say('cli.jobs.none'))
  const count = (heading: string, of: (job: JobView) => number) => ({ heading, right: true, cell: (job: JobView) => words.count(of(job)) })
  const columns = [
    { heading: words.say('report.column.job'), cell: ({ job }: JobView) => job },
    { heading: words.say('report.column.job-name'), cell: ({ name }: JobView) => name },
    { heading: words.say('report.state'), cell: ({ state }: JobView) => words.say(`report.state.${state}`) },
    count(words.say('report.count.records'), ({ counts }) => counts.records),
    count(words.say('report.count.good'), ({ counts }) => counts.good),
    count(words.say('report.count.rejected'), ({ counts }) => counts.rejected),
    count(words.say('report.count.in-doubt'), ({ counts }) => counts.inDoubt),
    count(words.say('report.count.skipped'), ({ counts }) => counts.skipped),
    count(words.say('report.count.queued'), ({ counts }) => counts.queued),
  ]
  terminal.print(textTable(columns, jobs))
}

export interface LogOptions {
  format?: 'table' | ReportFormat
  out?: string
  /** The protocol of the job, for signing, in the place of its log. */
  protocol?: boolean
}

export async function showLog(setting: Setting, job: string | undefined, { format = 'table', out, protocol = false }: LogOptions): Promise<void> {
  const { words, terminal } = setting
  if (format === 'table') {
    const attempts = withJournal(setting, (store) => [...store.logRows(job === undefined ? {} : { job: knownJob(store, job) })])
    return terminal.print(logTable(words, attempts))
  }
  const file = await withReport(setting, job, protocol, format)
  const bytes = Buffer.from(file.base64, 'base64')
  if (out !== undefined) {
    writeFileSync(out, bytes)
    return terminal.complain(words.say('cli.log.written', { file: out }))
  }
  if (format === 'pdf' && terminal.interactive) throw new CardwrightError({ code: 'cli.pdf-on-terminal', class: 'operator' })
  terminal.write(bytes)
}

function withReport(setting: Setting, job: string | undefined, protocol: boolean, format: ReportFormat) {
  const { words } = setting
  const madeAt = systemClock.now()
  const madeBy = 'cardwright log'
  if (protocol) {
    if (job === undefined) throw new CardwrightError({ code: 'cli.protocol-of-what', class: 'operator' })
    const model = withJournal(setting, (store) => protocolOf(store, knownJob(store, job), madeAt, madeBy))
    return renderProtocol(model, format, words)
  }
  const log = withJournal(setting, (store) => ({
    workspace: store.workspace()?.name ?? '',
    ...(job !== undefined && { job: knownJob(store, job) }),
    attempts: [...store.logRows(job === undefined ? {} : { job })],
  }))
  return renderLog({ ...log, madeAt, madeBy }, format, words)
}

function knownJob(store: Store, job: string): string {
  if (store.job(job) === undefined) throw new CardwrightError({ code: 'cli.no-job', class: 'operator', values: { job } })
  return job
}

export interface VerifyOptions extends SignInOptions {
  json?: boolean
}

/** The chain needs no key; the seals do, and are checked where somebody signs in for that. */
export async function verifyJournal(setting: Setting, { json = false, ...signIn }: VerifyOptions): Promise<void> {
  const { words, terminal } = setting
  const mac = signIn.as === undefined ? undefined : await sealKey(setting, signIn)
  const check = withJournal(setting, (store) => store.verify(mac))
  if (json) terminal.print(JSON.stringify(check, undefined, 2))
  else for (const line of checkLines(setting, check)) terminal.print(line)
  if (check.brokenAt !== undefined || (check.brokenSeals?.length ?? 0) > 0) throw new Ending(exitCode.found)
  if (!json && mac === undefined) terminal.complain(words.say('cli.audit.no-seals'))
}

function checkLines({ words: { say } }: Setting, { rows, brokenAt, brokenSeals, head }: JournalCheck): string[] {
  return [
    brokenAt === undefined ? say('cli.audit.holds', { rows }) : say('cli.audit.broken', { row: brokenAt }),
    ...(brokenSeals === undefined ? [] : [brokenSeals.length === 0 ? say('cli.audit.seals-hold') : say('cli.audit.seals-broken', { jobs: brokenSeals.join(', ') })]),
    say('cli.audit.head', { head }),
  ]
}

async function sealKey(setting: Setting, options: SignInOptions): Promise<(data: Uint8Array) => Uint8Array> {
  const { people, demo } = withJournal(setting, (store) => ({ people: store.people(), demo: store.workspace()?.demo ?? false }))
  const { name, password } = await credentials(setting, options, { demoPeople: demo ? [...demoPeople] : [] })
  const person = people.find((candidate) => candidate.active && candidate.name.toLowerCase() === name.toLowerCase())
  const keys = openFileKeyStore({ file: keyFileAt(workspaceFiles(setting.folder).keys), random: systemRandom })
  if (!(await keys.unlock(person?.person ?? 'nobody', password)) || person === undefined) {
    throw new CardwrightError({ code: 'person.sign-in-refused', class: 'operator' })
  }
  return (data) => keys.mac('journal', data)
}
