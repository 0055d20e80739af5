/**
 * Exhaustive histories of one workspace: every fault at every point, and pairs of faults. The points are those that a
 * dry run passes; the second fault of a pair strikes at the points that the history with the first one passes after it.
 *
 * A history that goes wrong prints one line that replays it alone, such as
 * `CARDWRIGHT_PLAN='append 5 torn, reply 9 lost' vitest run test/world/exhaustive.test.ts`.
 */
import { describe, expect, test } from 'vitest'
import { everyFault, furtherFaults, isTypical } from './faults.ts'
import { parsePlan, planText } from './plan.ts'
import type { Plan, Strike } from './plan.ts'
import { steadyStaff } from './staff.ts'
import { makeWorkspace } from './workspace.ts'
import type { JobSetUp, MachineSetUp, Workspace } from './workspace.ts'
import { live } from './world.ts'
import type { History } from './world.ts'

export interface Exhaustion {
  /** What is tried out, for the tests' names. */
  name: string
  /** The test file, for the line that replays a history. */
  file: string
  machine: Omit<MachineSetUp, 'device'>
  cards: JobSetUp['cards']
  /** Which single faults; all where absent. */
  singles?(strike: Strike, index: number): boolean
  /** Which pairs, of those whose strikes are typical; none where absent. */
  pairs?(first: Strike, second: Strike, index: number): boolean
}

/** Declares the tests. */
export async function exhaust({ name, file, machine, cards, singles: chosen = () => true, pairs }: Exhaustion): Promise<void> {
  const workspace = await makeWorkspace([{ device: 'D-01', ...machine }], [{ cards }])
  const replayed = process.env['CARDWRIGHT_PLAN']
  if (replayed !== undefined) {
    test(`${name}: ${replayed}`, async () => expect((await history(workspace, parsePlan(replayed))).breaches).toEqual([]))
    return
  }
  const dry = await history(workspace, [])
  const singles = everyFault(dry.points).filter(chosen)
  const firsts: { strike: Strike; history: History }[] = []
  for (const strike of singles) firsts.push({ strike, history: await history(workspace, [strike], true) })

  describe(name, () => {
    test(`no fault, over ${dry.points.length} points`, () => expectClean(file, [[[], dry]]))
    for (const [on, group] of Map.groupBy(firsts, ({ strike }) => strike.on)) {
      test(`one fault at a ${on}: ${group.length} histories`, () => expectClean(file, group.map(({ strike, history: lived }) => [[strike], lived])))
    }
    if (pairs === undefined) return
    firsts.filter(({ strike }) => isTypical(strike)).forEach(({ strike, history: lived }, index) => {
      const seconds = furtherFaults(lived).filter((second) => isTypical(second) && pairs(strike, second, index))
      if (seconds.length === 0) return
      test(`${planText([strike])}, and then each of ${seconds.length} others`, async () => {
        const histories: [Plan, History][] = []
        for (const second of seconds) histories.push([[strike, second], await history(workspace, [strike, second])])
        expectClean(file, histories)
      })
    })
  })
}

/** What differs between histories besides their faults follows from the first of them, so that a plan replays alone. */
function history(workspace: Workspace, plan: Plan, searchSecrets = false): Promise<History> {
  const character = Array.from(planText(plan.slice(0, 1))).reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 9973, 7)
  const downtimes = [0, 2000, 60_000]
  return live({
    workspace,
    plan,
    staff: steadyStaff,
    asksMachine: character % 2 === 0,
    downtime: (deaths) => downtimes[(character + deaths) % downtimes.length]!,
    searchSecrets: searchSecrets || character % 16 === 0,
  })
}

function expectClean(file: string, histories: readonly (readonly [Plan, History])[]): void {
  const wrong = histories.flatMap(([plan, { breaches, unstruck }]) => [
    ...breaches.map(({ invariant, what }) => `${invariant}: ${what}\n    CARDWRIGHT_PLAN='${planText(plan)}' vitest run ${file}`),
    ...(unstruck.length > 0 ? [`the plan did not come to pass: ${planText(plan)}`] : []),
  ])
  expect(wrong).toEqual([])
}
