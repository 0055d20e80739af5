/**
 * `npm run demo`: personalizes the sample batch without a screen. Everything is as in production (store, journal,
 * controller, CPX driver, the machine at byte level) but for time, which is simulated, and for the hands and eyes of the
 * operator, which are below.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { VirtualClock } from '#drivers/clock/virtual-clock.ts'
import type { Prompt, PromptChoice } from '#shared/job/job.ts'
import type { DeviceId, JobId, Role } from '#shared/journal/events.ts'
import { wordsIn, type Words } from '../reports/words.ts'
import { languageOf } from './cli/language.ts'
import { logTable } from './cli/log-table.ts'
import { type Client, createClient, whenThere } from './client.ts'
import { openWorkspace } from './compose.ts'
import { demoPeople } from './demo-workspace.ts'
import { putRight } from './practice-hands.ts'

/** Too few for 25 cards: the hopper runs empty on the way. */
const blanks = 18

export async function demo(words: Words, print: (line: string) => void): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'cardwright-demo-'))
  const clock = new VirtualClock()
  const core = await whileTimePasses(clock, openWorkspace({ folder, host: 'cli', demo: true, clock, blanks, keepPractice: false }))
  try {
    const client = createClient(core)
    await signInAs(client, 'operator')
    const job = await clock.run(morning(client, words, print, () => clock.elapsed()))
    await signInAs(client, 'auditor')
    await showLog(client, job, words, print)
  } finally {
    await whileTimePasses(clock, core.close())
    rmSync(folder, { recursive: true, force: true })
  }
}

async function signInAs(client: Client, role: Role): Promise<void> {
  const { name, password } = demoPeople.find((person) => person.role === role)!
  await client.signIn(name, password)
}

/** Files are read and passwords are checked in real time, while the practice machine starts up in its own. */
async function whileTimePasses<Value>(clock: VirtualClock, real: Promise<Value>): Promise<Value> {
  let settled = false
  const settle = () => {
    settled = true
  }
  real.then(settle, settle)
  while (!settled) {
    await clock.advance(10)
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
  return real
}

async function morning(client: Client, words: Words, print: (line: string) => void, elapsed: () => number): Promise<JobId> {
  const { say } = words
  const { job, device } = await whenThere(client, ({ jobs, devices }) => (jobs[0] && devices[0] ? { job: jobs[0], device: devices[0] } : undefined))
  print(say('demo.begin', { job: job.job, name: job.name, cards: job.counts.records, device: device.name, model: device.model }))
  await client.call('device.connect', { device: device.device })
  jamAfter(client, job.job, device.device, 6)

  const began = elapsed()
  const stop = answerPrompts(client, words, print)
  await produce(client, job.job, device.device)
  const { requeued } = await client.call('job.requeue', { job: job.job })
  print(say('demo.requeued', { cards: requeued }))
  await produce(client, job.job, device.device)
  stop()
  const { blanks } = await client.call('job.close', { job: job.job })
  const milliseconds = elapsed() - began
  print('')
  print(say('demo.time', { minutes: Math.round(milliseconds / 60_000), rate: Math.round((blanks.good / milliseconds) * 3_600_000) }))
  return job.job
}

async function showLog(client: Client, job: JobId, words: Words, print: (line: string) => void): Promise<void> {
  const { say } = words
  const { rows } = await client.call('log.query', { filter: { job }, offset: 0, limit: 1000 })
  print('')
  print(logTable(words, rows.toReversed()))
  print('')
  const { counts } = await whenThere(client, ({ jobs }) => jobs.find((view) => view.job === job))
  const { picked, good, rejected, inDoubt, resolved } = counts.blanks
  print(say('report.blanks.sum', { picked, good, rejected, doubt: inDoubt }))
  print(say('report.blanks.resolved', { resolved }))
  const check = await client.call('audit.verify', {})
  print(check.brokenAt === undefined ? say('cli.audit.holds', { rows: check.rows }) : say('cli.audit.broken', { row: check.brokenAt }))
  print(say('cli.audit.head', { head: check.head }))
}

/** Runs the queued cards of the job, and resolves at the run's end. */
async function produce(client: Client, job: JobId, device: DeviceId): Promise<void> {
  const { run } = await client.call('run.start', { job, device })
  await whenThere(client, ({ runs }) => runs.find((view) => view.run === run && view.state === 'ended'))
}

/** After so many good cards one sticks half embossed: what has been done to it, nobody but the operator can say. */
function jamAfter(client: Client, job: JobId, device: DeviceId, good: number): void {
  const fault = { kind: 'alarm', status: 'b', stage: 'emboss', moment: 'halfway', times: 1 } as const
  void whenThere(client, ({ jobs }) => jobs.find((view) => view.job === job && view.counts.good >= good)).then(() =>
    client.call('simulator.act', { device, action: { do: 'arm', fault } }),
  )
}

/** A card that stuck is spoiled; everything else is put right and goes on. */
const answers: readonly PromptChoice[] = ['card-spoiled', 'removed', 'continue', 'retry', 'reconnect']

/** Looks at every prompt, puts the machine right, and answers. */
function answerPrompts(client: Client, words: Words, print: (line: string) => void): () => void {
  const answered = new Set<string>()
  return client.follow(({ prompts }) => {
    for (const prompt of prompts.filter(({ id }) => !answered.has(id))) {
      answered.add(prompt.id)
      void answer(client, prompt, words, print)
    }
  })
}

async function answer(client: Client, prompt: Prompt, words: Words, print: (line: string) => void): Promise<void> {
  const choice = answers.find((id) => prompt.choices.some((offered) => offered.id === id))
  if (choice === undefined) throw new Error(`no answer to ${prompt.kind}`)
  await putRight(client, prompt)
  print(words.say('demo.answered', { reason: words.reason(prompt.reason), answer: words.sayIfKnown(`prompt.${prompt.kind}.choice.${choice}`) ?? choice }))
  await client.call('prompt.answer', { prompt: prompt.id, choice })
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await demo(wordsIn(languageOf(process.argv, process.env)), (line) => console.log(line))
