/**
 * The program's process: the real composition on a workspace in a folder, with somebody before it who answers its questions
 * by what the machine's ledger says. It can be killed at any moment and started again on the same folder. It says a line at
 * each change of its state, and `{"closed":true}` when its job is closed.
 *
 *   node test/crash/program.ts FOLDER CONTROL
 */
import type { LiveState } from '#shared/contract/live.ts'
import { applyChange } from '#shared/contract/live.ts'
import type { Prompt, PromptChoice } from '#shared/job/job.ts'
import { scaledClock, systemClock } from '#drivers/clock/system-clock.ts'
import { openWorkspace } from '../../src/main/shell/compose.ts'
import { demoPeople, signIn } from '../../src/main/shell/demo-workspace.ts'
import { openControl } from './control.ts'
import { pace } from './pace.ts'

const [folder = '', controlPort = ''] = process.argv.slice(2)
const clock = scaledClock(systemClock, () => pace)
const control = openControl(Number(controlPort))
const core = await openWorkspace({ folder, host: 'cli', clock })
const as = await signIn(core, 'administrator')
const say = (value: unknown) => process.stdout.write(`${JSON.stringify(value)}\n`)

/** The job that the test has imported, and the machine that it has set up: the last of each. */
const jobOf = ({ jobs }: LiveState) => jobs.at(-1)!
const deviceOf = ({ devices }: LiveState) => devices.at(-1)!

let live!: LiveState
let wake: () => void = () => {}
core.listen(await tokenOf(), (message) => {
  if (message.type === 'snapshot') live = message.state
  if (message.type === 'delta') live = message.changes.reduce(applyChange, live)
  say({ live: message.type })
  wake()
})

async function tokenOf(): Promise<string> {
  const { name, password } = demoPeople.find(({ role }) => role === 'operator')!
  const answer = await core.call('session.signIn', { name, password }, { host: 'cli' })
  if (!answer.ok) throw new Error(JSON.stringify(answer.faults))
  return (answer.value as { token: string }).token
}

/** What the person sees at the machine, once it has come to rest. Whatever is inside is taken out. */
async function lookAt(prompt: Prompt): Promise<PromptChoice> {
  let picture = await control.picture()
  while (picture.state === 'working' || picture.buffered > 0) {
    await clock.sleep(500)
    picture = await control.picture()
  }
  for (const alarm of picture.alarms) if (alarm.clearedBy === 'close-cover') await control.act({ do: 'cover', open: false })
  if (picture.inside.length > 0 || picture.alarms.length > 0) await control.act({ do: 'clear-jam' })
  const blanks = await control.ledger()
  const used = blanks.filter(({ place }) => place.kind !== 'hopper')
  const last = used.at(-1)
  const { good, rejected } = jobOf(live).counts.blanks
  if (prompt.kind !== 'in-doubt') return prompt.choices[0]!.id
  if (last === undefined || used.length === good + rejected) return 'no-card'
  return last.place.kind === 'output-tray' ? 'card-good' : 'card-spoiled'
}

const second = demoPeople.findLast(({ role }) => role === 'operator')!

/** One thing after another, as the state asks for it. Answers whether there is nothing left to do. */
async function work(): Promise<boolean> {
  const [prompt] = live.prompts
  if (prompt) {
    const choice = await lookAt(prompt)
    const needsSecond = prompt.choices.find(({ id }) => id === choice)?.needsSecond ?? false
    await as('prompt.answer', { prompt: prompt.id, choice, ...(needsSecond && { second: { name: second.name, password: second.password } }) })
    return false
  }
  const { job, state, counts } = jobOf(live)
  if (state === 'closed') return true
  if (live.runs.some((run) => run.state !== 'ended')) {
    await new Promise<void>((resolve) => (wake = resolve))
    return false
  }
  const { device, connection } = deviceOf(live)
  if (connection === 'offline') await as('device.connect', { device })
  else if (counts.rejected > 0) await as('job.requeue', { job })
  else if (counts.queued > 0) await as('run.start', { job, device })
  else await as('job.close', { job })
  return false
}

while (!(await work()));
await core.close()
control.close()
say({ closed: true })
