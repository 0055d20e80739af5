/** The proof of the proof, for chips: a program that makes them wrongly is found out. */
import { expect, test } from 'vitest'
import type { ChipConnection, ChipStation } from '#main/ports/chip-station.ts'
import type { EmbosserDriver } from '#main/ports/embosser-driver.ts'
import type { OpenStore } from '#main/store/store.ts'
import { chipCard } from './chips.ts'
import { parsePlan } from './plan.ts'
import type { Flaw } from './program.ts'
import { steadyStaff } from './staff.ts'
import { makeWorkspace } from './workspace.ts'
import { live } from './world.ts'

const one = await makeWorkspace([{ device: 'D-01', profile: 'dc450', mode: 'standard' }], [{ cards: [chipCard(1)] }])
const two = await makeWorkspace([{ device: 'D-01', profile: 'dc450', mode: 'chip-fast' }], [{ cards: [chipCard(1), chipCard(2)] }])

async function breached(workspace: typeof one, plan: string, flaw: Flaw): Promise<number[]> {
  const { breaches } = await live({ workspace, plan: parsePlan(plan), staff: steadyStaff, flaw })
  return [...new Set(breaches.map(({ invariant }) => Number(invariant)))]
}

/** Everything of a part as it is, but for some members. */
function altered<Part extends object>(part: Part, changes: Partial<Part>): Part {
  return new Proxy(part, {
    get(target, name) {
      const member: unknown = Reflect.get(changes, name) ?? Reflect.get(target, name)
      return typeof member === 'function' ? (member.bind(target) as unknown) : member
    },
  })
}

/** What the card of the first record answers to whatever reads it, by instruction byte. */
const prepared = new Map(chipCard(1).card.chip!.applications[0]!.groups.map(({ name, value }) => [name, value]))
const hoped: Readonly<Record<number, string>> = {
  0xa4: `6F118407A0000000031010${prepared.get('9102')}`,
  0xb2: prepared.get('0101')!,
  0xa8: prepared.get('9104')!,
}

test('a write that the card lost is taken for done where nothing is really read back', async () => {
  const believing = (connection: ChipConnection): ChipConnection =>
    altered(connection, {
      transmit: async (command, options) => {
        const answer = await connection.transmit(command, options)
        const ofApplication = command[1] !== 0xa4 || Buffer.from(command).includes(Buffer.from('A0000000031010', 'hex'))
        const said = hoped[command[1]!]
        if (said === undefined || !ofApplication || answer.kind !== 'response') return answer
        return { kind: 'response', data: Uint8Array.from(Buffer.from(said, 'hex')), status: 0x9000 }
      },
    })
  const flaw: Flaw = { station: (station: ChipStation) => altered(station, { connect: async () => believing(await station.connect()) }) }
  expect(await breached(one, 'apdu 7 silent', flaw)).toContain(5)
})

test('a machine that embosses whatever blank comes, its chip made or not', async () => {
  const flaw: Flaw = {
    driver: (driver): EmbosserDriver =>
      altered(driver, {
        personalize: (card, { stillThere: _unasked, ...options }) => driver.personalize(card, options),
      }),
    // The card is pulled out of the station, and nobody notices.
    station: (station) => altered(station, { onState: () => () => {} }),
  }
  expect(await breached(one, 'apdu 11 removed-after', flaw)).not.toEqual([])
})

test('writing that begins before the identity is durable', async () => {
  const flaw: Flaw = {
    store: (store): OpenStore =>
      altered(store, {
        append: (entries) => {
          const others = entries.filter(({ fact }) => fact.kind !== 'attempt.chip-identified')
          return others.length === 0 ? [] : store.append(others)
        },
      }),
  }
  expect(await breached(one, 'no fault', flaw)).toContain(2)
})

test('a spoiled chip that goes on as a fresh blank', async () => {
  const flaw: Flaw = {
    store: (store): OpenStore =>
      altered(store, {
        append: (entries) =>
          store.append(
            entries.map((entry) =>
              entry.fact.kind === 'attempt.outcome' && entry.fact.command === 'chip' && entry.fact.outcome === 'failed'
                ? { ...entry, fact: { kind: 'attempt.outcome', attempt: entry.fact.attempt, command: 'chip', outcome: 'refused', ...(entry.fact.reason && { reason: entry.fact.reason }) } }
                : entry,
            ),
          ),
      }),
  }
  expect(await breached(one, 'apdu 7 torn', flaw)).not.toEqual([])
})

test('the flawless program passes where the flawed ones are caught', async () => {
  for (const plan of ['no fault', 'apdu 7 silent', 'apdu 11 removed-after', 'apdu 7 torn']) expect(await breached(one, plan, {}), plan).toEqual([])
  expect(await breached(two, 'no fault', {})).toEqual([])
})
