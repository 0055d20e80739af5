/** The proof of the proof: a program, a disk or a person with a known flaw is found out. */
import { expect, test } from 'vitest'
import type { EmbosserDriver, Outcome } from '#main/ports/embosser-driver.ts'
import type { PromptChoice } from '#shared/job/job.ts'
import { smallCard } from './cards.ts'
import { parsePlan } from './plan.ts'
import type { Flaw } from './program.ts'
import { cardOf, say, steadyStaff } from './staff.ts'
import { makeWorkspace } from './workspace.ts'
import { live } from './world.ts'
import type { Staff } from './world.ts'

const workspace = await makeWorkspace([{ device: 'D-01', profile: 'dc450', mode: 'standard' }], [{ cards: [smallCard(1)] }])
const number = workspace.cards[0]!.number

/** A driver whose endings are told otherwise than they were. */
function telling(retell: (outcome: Outcome, again: () => Promise<Outcome>) => Outcome | Promise<Outcome>): Flaw {
  return {
    driver: (driver): EmbosserDriver =>
      new Proxy(driver, {
        get: (target, name) => {
          if (name !== 'personalize') return bound(target, name)
          const personalize: EmbosserDriver['personalize'] = (card, options) => {
            const run = target.personalize(card, options)
            const completed = run.completed.then((outcome) => retell(outcome, () => target.personalize(card, options).completed))
            return { accepted: completed.then(() => 'ended' as const), completed }
          }
          return personalize
        },
      }),
  }
}

function bound(target: EmbosserDriver, name: string | symbol): unknown {
  const member: unknown = Reflect.get(target, name)
  return typeof member === 'function' ? (member.bind(target) as unknown) : member
}

/** An operator who gives one answer to every question about a card in doubt, whatever lies before her. */
function liar(choice: PromptChoice): Staff {
  return async (world, program) => {
    for (;;) {
      const prompt = program.live.prompts.find(({ kind }) => kind === 'in-doubt')
      if (prompt === undefined) {
        await world.clock.sleep(1000)
        continue
      }
      await world.site(prompt.device).hands.untilRest()
      await say(program, prompt, choice)
      if (cardOf(world, prompt) !== undefined) break
    }
    return steadyStaff(world, program)
  }
}

/** Starts the job, and leaves the questions to somebody else. */
function after(other: Staff): Staff {
  return async (world, program) => {
    await program.call('device.connect', { device: 'D-01' })
    await program.call('run.start', { job: workspace.jobs[0]!, device: 'D-01' })
    return other(world, program)
  }
}

async function invariantsBroken(plan: string, { flaw = {}, staff = steadyStaff }: { flaw?: Flaw; staff?: Staff }) {
  const { breaches } = await live({ workspace, plan: parsePlan(plan), staff, flaw, asksMachine: false, searchSecrets: true })
  return new Set(breaches.map(({ invariant }) => invariant))
}

test('without a flaw nothing is found', async () => {
  expect(await invariantsBroken('reply 15 lost', {})).toEqual(new Set())
})

test('a driver that sends a card again when its end is unknown', async () => {
  const flaw = telling((outcome, again) => (outcome.kind === 'unknown' ? again() : outcome))
  expect(await invariantsBroken('reply 15 lost', { flaw })).toContain(1)
})

test('a driver that calls a card done because no trouble was told', async () => {
  const flaw = telling((outcome) => (outcome.kind === 'unknown' ? { kind: 'done', evidence: { statuses: [] } } : outcome))
  expect(await invariantsBroken('stage emboss halfway lose P', { flaw })).toContain(5)
})

test('a driver that calls a touched blank untouched', async () => {
  const flaw = telling((outcome) => (outcome.kind === 'unknown' ? { ...outcome, kind: 'failed', effect: 'none' } : outcome))
  expect(await invariantsBroken('stage emboss halfway jam D', { flaw })).toContain(3)
})

test('a disk that loses what it said it had kept', async () => {
  expect(await invariantsBroken('append 3 after-effect', { flaw: { lyingDisk: true } })).toContain(2)
})

test('a program that forgets its open cards when it starts again', async () => {
  const flaw: Flaw = { store: (store) => ({ ...store, openAttempts: () => [] }) }
  expect(await invariantsBroken('append 3 after', { flaw })).toContain(9)
})

test('a program that notes down a card number', async () => {
  expect(await invariantsBroken('no fault', { flaw: { note: `card ${number} begun` } })).toContain(8)
})

test('an operator who calls a ruined card good', async () => {
  expect(await invariantsBroken('stage emboss halfway jam D', { staff: after(liar('card-good')) })).toContain(5)
})

test('an operator who hides that a blank was used', async () => {
  expect(await invariantsBroken('stage emboss halfway jam D', { staff: after(liar('no-card')) })).toContain(3)
})

test('an operator who calls a good card spoiled', async () => {
  expect(await invariantsBroken('reply 15 lost', { staff: after(liar('card-spoiled')) })).toContain(1)
})
