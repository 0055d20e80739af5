/**
 * Seeded swarms: two machines with a job each, a restless operator, and faults wherever the seed throws them. A seed that
 * goes wrong prints the line that replays it alone, and is kept in `seeds.json`, which every run begins with.
 */
import { expect, test } from 'vitest'
import { seededRandom } from '#drivers/random/random.ts'
import type { SimulatorMode } from '#shared/device/simulator.ts'
import { debitCard, smallCard } from './cards.ts'
import { writeFaults, replyFaults, crashMoments, planText } from './plan.ts'
import type { Plan, Strike } from './plan.ts'
import type { Program } from './program.ts'
import { answer, connectAll, moveJob } from './staff.ts'
import { makeWorkspace } from './workspace.ts'
import type { ProfileName, Workspace } from './workspace.ts'
import { live } from './world.ts'
import type { Staff } from './world.ts'

type Chance = ReturnType<typeof seededRandom>

const cardsPerJob = 3
const modes: readonly [ProfileName, SimulatorMode][] = [
  ['dc450', 'standard'],
  ['site-void', 'standard'],
  ['site-removal', 'standard'],
  ['dc450', 'magstripe-fast'],
  ['dc450', 'chip-fast'],
]

/** One workspace for every pair of machines; its histories begin with copies. */
const workspaces = new Map<string, Promise<Workspace>>()

function workspaceOf(chance: Chance): Promise<Workspace> {
  const pair = [modes[chance.below(modes.length)]!, modes[chance.below(modes.length)]!]
  const key = pair.flat().join()
  let made = workspaces.get(key)
  if (made === undefined) {
    const machines = pair.map(([profile, mode], index) => ({ device: `D-0${index + 1}`, profile, mode }))
    const cards = (first: number) => Array.from({ length: cardsPerJob }, (_, index) => (index === 0 ? debitCard(first) : smallCard(first + index)))
    made = makeWorkspace(machines, [{ cards: cards(1) }, { cards: cards(101) }])
    workspaces.set(key, made)
  }
  return made
}

/**
 * What may befall a card in a module. A card is sent to the reject tray while it is made, never once it is delivered; and a
 * card that sticks is used by the next frame, which in the modes that take one ahead makes two cards of one blank.
 */
const mechanical = (['pick', 'feed', 'encode', 'emboss', 'deliver'] as const).flatMap((stage) =>
  (['before', 'after'] as const).flatMap((moment) =>
    ([...(stage === 'emboss' ? (['reject N'] as const) : []), 'wait M', 'jam D', 'power', 'line'] as const).map((fault) => ({ stage, moment, fault })),
  ),
)

/** Up to five faults; many fall where the history never comes by, which is as good. */
function planOf(chance: Chance): Plan {
  const pick = <Item>(items: readonly Item[]): Item => items[chance.below(items.length)]!
  const strikes: (() => Strike)[] = [
    () => ({ on: 'append', index: chance.below(70), fault: pick(crashMoments) }),
    () => ({ on: 'begin', index: chance.below(40), fault: 'crash' }),
    () => ({ on: 'write', index: chance.below(200), fault: pick(writeFaults) }),
    () => ({ on: 'reply', index: chance.below(200), fault: pick(replyFaults) }),
    () => ({ on: 'stage', ...pick(mechanical) }),
  ]
  return Array.from({ length: chance.below(6) }, () => pick(strikes)())
}

/** Answers truthfully and finishes every job, and on the way presses whatever buttons there are. */
function restlessStaff(chance: Chance): Staff {
  return async (world, program) => {
    const devices = world.options.workspace.machines.map(({ device }) => device)
    for (let patience = 60; ; patience--) {
      const { jobs, runs, prompts: [prompt], devices: views } = program.live
      const open = jobs.filter(({ state }) => state !== 'closed')
      if (open.length === 0) return
      if (patience > 0 && chance.below(3) === 0) await meddle(program, chance)
      else if (prompt !== undefined) await answer(world, program, prompt)
      else {
        const paused = runs.find(({ state }) => state === 'paused')
        if (paused) await program.call('run.resume', { run: paused.run })
        const idle = devices.filter((device) => !runs.some((run) => run.device === device && run.state !== 'ended'))
        if (idle.some((device) => views.some((view) => view.device === device && view.connection === 'offline'))) await connectAll(world, program)
        const waiting = open.filter(({ job }) => !runs.some((run) => run.job === job && run.state !== 'ended'))
        for (const [index, job] of waiting.entries()) if (idle[index] !== undefined) await moveJob(program, job, idle[index])
      }
      await world.clock.sleep(500 + chance.below(4000))
    }
  }
}

/** One button at random. Whatever is refused is refused with a reason, never with a bug. */
async function meddle(program: Program, chance: Chance): Promise<void> {
  const { runs, jobs, devices } = program.live
  const run = runs.filter(({ state }) => state !== 'ended').at(chance.below(2))?.run
  const job = jobs.at(chance.below(2))!.job
  const record = 1 + chance.below(cardsPerJob)
  const buttons: (() => Promise<unknown>)[] = [
    () => program.call('job.skip', { job, records: [record] }),
    () => program.call('job.requeue', { job }),
    () => program.call('run.start', { job, device: devices.at(chance.below(2))!.device, range: { from: record, to: cardsPerJob } }),
  ]
  if (run !== undefined) {
    buttons.push(
      () => program.call('run.pause', { run }),
      () => program.call('run.resume', { run }),
      () => program.call('run.stopAfterCard', { run }),
      () => program.call('run.cancel', { run }),
    )
  }
  await buttons[chance.below(buttons.length)]!()
}

async function expectClean(seed: number): Promise<void> {
  const chance = seededRandom(seed)
  const workspace = await workspaceOf(chance)
  const plan = planOf(chance)
  const { breaches } = await live({ workspace, plan, staff: restlessStaff(chance), seed: String(seed), blanks: 20, searchSecrets: seed % 20 === 0 })
  const wrong = breaches.map(({ invariant, what }) => `${invariant}: ${what}`)
  expect(wrong, `${planText(plan)}\n    CARDWRIGHT_SEED=${seed} vitest run test/world/swarm-1.test.ts`).toEqual([])
}

const perTest = 25

/** Declares the swarms of one share: seeds from `first`, and those that once went wrong. */
export function swarm(first: number, count: number, kept: readonly number[]): void {
  const replayed = process.env['CARDWRIGHT_SEED']
  if (replayed !== undefined) {
    test(`swarm of seed ${replayed}`, () => expectClean(Number(replayed)))
    return
  }
  test(`${kept.length} seeds that once went wrong`, async () => {
    for (const seed of kept) await expectClean(seed)
  })
  for (let lot = first; lot < first + count; lot += perTest) {
    test(`swarms of seeds ${lot} to ${lot + perTest - 1}`, async () => {
      for (let seed = lot; seed < lot + perTest; seed++) await expectClean(seed)
    })
  }
}
