/** Commands that make cards: import a file, run a job. */
import { existsSync, readFileSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import type { LiveState } from '#shared/contract/live.ts'
import { SourceOptions } from '#shared/design/source.ts'
import { CardwrightError } from '#shared/faults.ts'
import type { AttemptView, Prompt, RunView } from '#shared/job/job.ts'
import type { DeviceId, JobId, RecordRange, RunId } from '#shared/journal/events.ts'
import { groupNumber } from '#shared/card/number.ts'
import { cellOf } from '../../../reports/table.ts'
import { type Client, whenThere } from '../../client.ts'
import { Ending, exitCode, faultLines } from '../report.ts'
import { findDevice, type Setting, type SignInOptions, stateNow, withSession } from '../setting.ts'
import { askChipQuestions } from '../chip-questions.ts'
import { askPrompt } from '../prompt.ts'
import { positive } from './devices.ts'

export interface ImportOptions extends SignInOptions {
  design: string
  name?: string
  device?: string
  /** A JSON document of source options; guessed from the file where absent. */
  source?: string
  json?: boolean
}

/** Imports the file as a whole or not at all; every mistake is said. */
export function importFile(setting: Setting, path: string, { design, name, device, source, json = false, ...signIn }: ImportOptions): Promise<void> {
  if (!existsSync(path)) throw new CardwrightError({ code: 'cli.no-file', class: 'operator', values: { file: path } })
  return withSession(setting, signIn, async (client, core) => {
    const { words, terminal } = setting
    const upload = core.addUpload({ path: resolve(path), name: basename(path) })
    const target = { upload, design, ...(device !== undefined && { device: (await findDevice(client, device)).device }) }
    const options = source === undefined ? (await client.call('intake.preview', target)).options : sourceOptions(source)
    const imported = await client.call('intake.import', { ...target, options, name: name ?? basename(path) })
    if (json) terminal.print(JSON.stringify(imported, undefined, 2))
    else if (imported.accepted) terminal.print(words.say('cli.import.done', { job: imported.job, cards: imported.records }))
    if (imported.accepted) return
    if (!json) for (const line of faultLines(words, imported.mistakes)) terminal.complain(line)
    terminal.complain(words.say('cli.mistakes', { file: path, count: imported.mistakeCount }))
    throw new Ending(exitCode.found)
  })
}

function sourceOptions(path: string): SourceOptions {
  try {
    return SourceOptions.parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch (cause) {
    throw new CardwrightError({ code: 'cli.source-options', class: 'data', place: path }, { cause })
  }
}

export interface RunOptions extends SignInOptions {
  device: string
  from?: string
  to?: string
  /** What a question does: asks the person at the terminal, or ends the command with the code for that. */
  onPrompt?: 'ask' | 'stop'
}

export function runJob(setting: Setting, job: JobId, { device: wanted, from, to, onPrompt, ...signIn }: RunOptions): Promise<void> {
  const { terminal } = setting
  const asks = (onPrompt ?? (terminal.interactive ? 'ask' : 'stop')) === 'ask'
  return withSession(setting, signIn, async (client) => {
    const { device, connection, link } = await findDevice(client, wanted)
    const questions: Questions = { device, asks, practice: link.kind === 'simulator' }
    // A card may be in question since the program was last ended; it comes first.
    await settleQuestions(setting, client, questions)
    if (connection !== 'online') await client.call('device.connect', { device })
    const range = await rangeOf(client, job, from, to)
    const view = await produce(setting, client, job, questions, range)
    terminal.print(setting.words.say('cli.run.ended', { good: view.ended.good, rejected: view.ended.rejected, remaining: view.remaining }))
    if (view.remaining > 0) throw new Ending(exitCode.refused)
  })
}

/** Asks what the job's extension module wants to know, runs the job, and says each card as it ends. */
export async function produce(setting: Setting, client: Client, job: JobId, questions: Questions, range?: RecordRange): Promise<RunView> {
  const { device, asks } = questions
  const answers = await askChipQuestions(setting, client, { job, device }, asks)
  const { run } = await client.call('run.start', { job, device, answers, ...(range && { range }) })
  return followRun(setting, client, { run, job }, questions)
}

async function rangeOf(client: Client, job: JobId, from: string | undefined, to: string | undefined): Promise<RecordRange | undefined> {
  if (from === undefined && to === undefined) return undefined
  const { jobs } = await stateNow(client)
  const records = jobs.find((view) => view.job === job)?.counts.records ?? 1
  return { from: from === undefined ? 1 : positive(from), to: to === undefined ? records : positive(to) }
}

/** How the questions of one machine are dealt with. */
export interface Questions {
  device: DeviceId
  asks: boolean
  practice: boolean
}

export async function settleQuestions(setting: Setting, client: Client, questions: Questions): Promise<void> {
  for (;;) {
    const { logRevision, ...state } = await stateNow(client)
    const prompt = questionOf(state, questions.device)
    if (prompt === undefined) return
    await settle(setting, client, prompt, questions)
    // The answer may be to ask the machine: then its end, or the next question, comes only after the machine has spoken.
    await whenThere(client, (now) => {
      const next = questionOf(now, questions.device)
      return now.logRevision !== logRevision || (next !== undefined && next.id !== prompt.id) ? now : undefined
    })
  }
}

const questionOf = ({ prompts }: Pick<LiveState, 'prompts'>, device: DeviceId) => prompts.find((prompt) => prompt.device === device)

/** Answers the question, or ends the command because nobody is there to answer it. */
async function settle(setting: Setting, client: Client, prompt: Prompt, { asks, practice }: Questions): Promise<void> {
  if (!asks || !(await askPrompt(setting, client, prompt, practice))) {
    setting.terminal.complain(setting.words.say('cli.run.person-needed', { reason: setting.words.reason(prompt.reason) }))
    throw new Ending(exitCode.personNeeded)
  }
}

/** Says each card as it ends and asks each question, until the run has ended. */
async function followRun(setting: Setting, client: Client, subject: { run: RunId; job: JobId }, questions: Questions): Promise<RunView> {
  const told = new Set<string>()
  const stopListening = stopAfterCardOnInterrupt(setting, client, subject.run)
  try {
    for (let revision = -1; ; ) {
      const state = await whenThere(client, (now) => (now.logRevision !== revision || needsAttention(now, subject.run, questions.device) ? now : undefined))
      revision = state.logRevision
      await tellEnded(setting, client, subject, told)
      const run = state.runs.find((view) => view.run === subject.run)
      if (run?.state === 'ended') return run
      const prompt = questionOf(state, questions.device)
      if (prompt) await settle(setting, client, prompt, questions)
    }
  } finally {
    stopListening()
  }
}

function needsAttention(state: LiveState, run: RunId, device: DeviceId): boolean {
  return questionOf(state, device) !== undefined || state.runs.some((view) => view.run === run && view.state === 'ended')
}

async function tellEnded({ words, terminal }: Setting, client: Client, { run, job }: { run: RunId; job: JobId }, told: Set<string>): Promise<void> {
  const { rows } = await client.call('log.query', { filter: { job }, offset: 0, limit: 50 })
  for (const attempt of rows.toReversed()) {
    if (attempt.run !== run || attempt.endedAt === undefined || told.has(attempt.attempt)) continue
    told.add(attempt.attempt)
    terminal.print(endedLine(words, attempt))
  }
}

function endedLine(words: Setting['words'], attempt: AttemptView): string {
  const end = words.time(attempt.endedAt!).slice(-8)
  const reason = attempt.reason === undefined ? '' : `  ${words.reason(attempt.reason)}`
  return `${end}  ${attempt.attempt}  ${groupNumber(attempt.number)}  ${String(cellOf(words, attempt, 'result'))}${reason}`
}

/** The first Ctrl+C lets the card in work come to its end; the second gives up waiting for it. */
function stopAfterCardOnInterrupt({ words, terminal }: Setting, client: Client, run: RunId): () => void {
  let asked = false
  const stop = () => {
    terminal.complain(words.say(asked ? 'cli.run.cancelling' : 'cli.run.stopping'))
    client.call(asked ? 'run.cancel' : 'run.stopAfterCard', { run }).catch(() => {})
    asked = true
  }
  process.on('SIGINT', stop)
  return () => void process.off('SIGINT', stop)
}
