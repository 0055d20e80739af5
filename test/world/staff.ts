/** What people do with a program that runs: they answer its questions, start what waits, and close what is done. */
import type { JobView, Prompt } from '#shared/job/job.ts'
import type { PromptChoice } from '#shared/job/job.ts'
import type { ExpectedCard } from './oracle.ts'
import type { Program } from './program.ts'
import { people } from './workspace.ts'
import type { World } from './world.ts'

/** How often somebody looks at the screen, milliseconds. */
const glance = 1000

/** Answers one question truthfully. */
export async function answer(world: World, program: Program, prompt: Prompt): Promise<void> {
  const card = cardOf(world, prompt)
  const choice = await world.site(prompt.device).hands.answer(prompt, card)
  await say(program, prompt, choice)
}

export async function say(program: Program, prompt: Prompt, choice: PromptChoice): Promise<void> {
  const needsSecond = prompt.choices.find(({ id }) => id === choice)?.needsSecond === true
  const said = await program.call('prompt.answer', { prompt: prompt.id, choice, ...(needsSecond && { second: people.second }) })
  // Somebody or something may have ended the question meanwhile.
  if ('refused' in said && said.refused !== 'prompt.unknown') throw new Error(`${choice} of ${prompt.kind} is refused: ${said.refused}`)
}

export function cardOf(world: World, { attempt }: Pick<Prompt, 'attempt'>): ExpectedCard | undefined {
  return world.options.workspace.cards.find(({ job, record }) => attempt?.startsWith(`${job}/${record}.`))
}

/** Connects the machines that have no line. */
export async function connectAll(world: World, program: Program): Promise<void> {
  for (const { device, connection } of program.live.devices) {
    if (connection !== 'offline') continue
    const connected = await program.call('device.connect', { device })
    if ('refused' in connected) world.site(device).hands.putRight()
  }
}

/** One thing to do with a job: requeue, start or close. Answers whether there was one. */
export async function moveJob(program: Program, { job, state, counts }: JobView, device: string): Promise<boolean> {
  if (state === 'closed' || state === 'discarded' || state === 'running') return false
  if (counts.rejected > 0) await expectDone(program.call('job.requeue', { job }))
  else if (counts.queued > 0) {
    const started = await program.call('run.start', { job, device })
    // What stands in the way of a run is put right by and by; a task that can't be used is not.
    if ('refused' in started && !started.refused.startsWith('run.')) throw new Error(`the run is refused: ${started.refused}`)
  }
  else if (counts.inWork + counts.inDoubt === 0) await expectDone(program.call('job.close', { job }))
  else return false
  return true
}

async function expectDone(call: ReturnType<Program['call']>): Promise<void> {
  const answered = await call
  if ('refused' in answered) throw new Error(`refused: ${answered.refused}`)
}

/** The morning of one operator at one machine: no haste, no mistakes, until every job is closed. */
export async function steadyStaff(world: World, program: Program): Promise<void> {
  const device = world.options.workspace.machines[0]!.device
  for (;;) {
    const { devices, prompts: [prompt], ...live } = program.live
    const open = live.jobs.filter(({ state }) => state !== 'closed')
    const working = live.runs.some(({ state }) => state !== 'ended')
    if (prompt !== undefined) await answer(world, program, prompt)
    else if (!working && devices.some(({ connection }) => connection === 'offline')) await connectAll(world, program)
    else if (open.length === 0) return
    else if (!working) for (const job of open) if (await moveJob(program, job, device)) break
    await world.clock.sleep(glance)
  }
}
