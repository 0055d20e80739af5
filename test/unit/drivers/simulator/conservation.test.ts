import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Machine } from '#drivers/cpx/simulator/machine.ts'
import { VirtualClock } from '#drivers/clock/virtual-clock.ts'
import { isTouched, type Blank } from '#drivers/cpx/simulator/plastic.ts'
import { MachinePicture, SimulatorAction, type SimulatorMode, type SimulatorModel } from '#shared/device/simulator.ts'
import { AlarmLetter, Aftermath, ClearedBy, Moment, Stage } from '#shared/device/simulator.ts'
import { card, format, RawLine, Rig } from './rig.ts'

const machines: fc.Arbitrary<{ model: SimulatorModel; mode: SimulatorMode }> = fc.constantFrom(
  { model: 'dc450', mode: 'standard' } as const,
  { model: 'dc450', mode: 'magstripe-fast' } as const,
  { model: 'dc450', mode: 'chip-fast' } as const,
  { model: 'dc450', mode: 'legacy-unsolicited' } as const,
  { model: 'dc280p', mode: 'standard' } as const,
  { model: 'dc150i', mode: 'standard' } as const,
)

const fragments = [
  '\x05', format, card, '#DCC##END#@', '#DCC##FED##END#@@@@@@', '#DCC##TRK##END#@@@@@@', '#DCC##VER##END#@', '#DCC##ERR##END#@',
  '#END#@', '#DCL#',
  '#DCC##CMP#;123?#ENC#;123?#END#@', '#DCC##ENC#%ABC?;123?_;456?#REP#2#END#@', '#DCC##ENC#;A?#END#@', '#', '@', '"', '#DCC##REP#0#END#@',
  '#DCL##GTW#0"\n0004,0001,0401,0843,0,"\n#END#@', '#DCC##GRD#0"\nAB"\n#END#@',
]

const hostBytes: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom(...fragments) },
      { weight: 1, arbitrary: fc.string({ unit: 'binary-ascii', maxLength: 20 }) },
    ),
    { maxLength: 5 },
  )
  .map((parts) => parts.join(''))

const faults = fc.record({
  kind: fc.constant('alarm' as const),
  status: fc.constantFrom(...AlarmLetter.options),
  stage: fc.constantFrom(...Stage.options),
  moment: fc.constantFrom(...Moment.options),
  times: fc.constantFrom(1, 3, null),
  aftermath: fc.constantFrom(...Aftermath.options),
  clearedBy: fc.constantFrom(...ClearedBy.options),
})

const actions: fc.Arbitrary<SimulatorAction> = fc.oneof(
  fc.record({ do: fc.constant('refill' as const), blanks: fc.integer({ min: 1, max: 5 }) }),
  fc.record({ do: fc.constant('cover' as const), open: fc.boolean() }),
  fc.record({ do: fc.constant('empty-tray' as const), tray: fc.constantFrom('output' as const, 'reject' as const) }),
  fc.record({ do: fc.constant('power' as const), on: fc.boolean() }),
  fc.constantFrom<SimulatorAction>({ do: 'clear-jam' }, { do: 'change-foil' }, { do: 'change-ribbon' }, { do: 'disarm' }),
  faults.map((fault) => ({ do: 'arm' as const, fault })),
)

type Step = { say: string } | { act: SimulatorAction } | { wait: number }
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: hostBytes.map((say) => ({ say })) },
    { weight: 2, arbitrary: actions.map((act) => ({ act })) },
    { weight: 3, arbitrary: fc.integer({ min: 0, max: 15_000 }).map((wait) => ({ wait })) },
  ),
  { maxLength: 20 },
)

/** Blanks never appear but by refilling, never vanish, and nothing ever returns to the hopper or loses what is on it. */
function checkLedger(before: readonly Blank[], after: readonly Blank[], added: number): void {
  expect(after.length).toBe(before.length + added)
  expect(new Set(after.map(({ id }) => id)).size).toBe(after.length)
  before.forEach((old, index) => {
    const now = after[index] as Blank
    expect(now.id).toBe(old.id)
    if (old.place.kind !== 'hopper') expect(now.place.kind).not.toBe('hopper')
    expect(now.stamps.length).toBeGreaterThanOrEqual(old.stamps.length)
    expect(now.writes).toBeGreaterThanOrEqual(old.writes)
    if (now.place.kind === 'hopper') expect(isTouched(now)).toBe(false)
  })
}

/** What the picture shows is what the ledger holds. */
function checkPicture(machine: Machine): void {
  const picture = MachinePicture.parse(machine.picture())
  const count = (kind: string) => machine.ledger().filter(({ place }) => place.kind === kind).length
  expect([picture.hopper.count, picture.outputTray.count, picture.rejectTray.count, picture.inside.length]).toEqual(
    ['hopper', 'output-tray', 'reject-tray', 'inside'].map(count),
  )
  expect(picture.hopper.count).toBeLessThanOrEqual(picture.hopper.capacity)
  expect(picture.rejectTray.count).toBeLessThanOrEqual(picture.rejectTray.capacity)
}

describe('whatever a host says and hands do', () => {
  test('no blank appears, vanishes or becomes blank again', async () => {
    await fc.assert(
      fc.asyncProperty(machines, steps, async (kind, script) => {
        const rig = new Rig({ ...kind, blanks: 5 })
        for (const step of script) {
          const before = rig.machine.ledger()
          const hopper = rig.machine.picture().hopper
          if ('say' in step) await rig.say(step.say, 1)
          else if ('wait' in step) await rig.wait(step.wait)
          else rig.act(step.act)
          const refilled = 'act' in step && step.act.do === 'refill' ? Math.min(step.act.blanks, hopper.capacity - hopper.count) : 0
          checkLedger(before, rig.machine.ledger(), refilled)
          checkPicture(rig.machine)
        }
      }),
      { numRuns: 400 },
    )
  })

  test('once the troubles are cleared the machine comes to rest and answers', async () => {
    await fc.assert(
      fc.asyncProperty(machines, steps, async (kind, script) => {
        const rig = new Rig({ ...kind, blanks: 5 })
        for (const step of script) {
          if ('say' in step) await rig.say(step.say, 1)
          else if ('wait' in step) await rig.wait(step.wait)
          else rig.act(step.act)
        }
        rig.act({ do: 'disarm' })
        rig.act({ do: 'cover', open: false })
        rig.act({ do: 'power', on: false })
        rig.act({ do: 'clear-jam' })
        rig.act({ do: 'empty-tray', tray: 'output' })
        rig.act({ do: 'power', on: true })
        rig.act({ do: 'refill', blanks: 5 })
        await rig.wait(60_000)
        expect(rig.machine.picture().alarms).toEqual([])
        expect(await rig.enquire()).toBe(kind.mode === 'magstripe-fast' ? '\x11' : 'A')
      }),
      { numRuns: 200 },
    )
  })

  test('10,000 inputs of arbitrary bytes never stop it from answering', async () => {
    const clock = new VirtualClock()
    const machine = new Machine({ clock, start: { model: 'dc450', blanks: 200 } })
    const line = new RawLine()
    machine.attach(line)
    const frames = hostBytes.map((text) => Uint8Array.from(Buffer.from(text, 'latin1')))
    const inputs = fc.sample(fc.oneof(fc.uint8Array({ maxLength: 60 }), frames), { numRuns: 10_000, seed: 450 })
    for (const [index, input] of inputs.entries()) {
      line.say(input)
      if (index % 50 !== 49) continue
      await clock.advance(60_000)
      machine.act({ do: 'clear-jam' })
      machine.act({ do: 'refill', blanks: 100 })
      machine.act({ do: 'empty-tray', tray: 'output' })
      machine.act({ do: 'change-foil' })
      const answers = line.chunks.length
      line.say(Uint8Array.of(5))
      await clock.advance(1000)
      expect(line.chunks.length).toBeGreaterThan(answers)
    }
    checkPicture(machine)
  })
})

describe('a machine that is saved and started again', () => {
  // Bytes that are still on the line belong to the line: they are lost with it.
  test('goes on where it stood, at any moment of a card', async () => {
    await fc.assert(
      fc.asyncProperty(machines.filter(({ model }) => model !== 'dc150i'), fc.integer({ min: 300, max: 20_000 }), async (kind, moment) => {
        const first = new Rig({ ...kind, blanks: 3 })
        await first.say(format)
        await first.say(card, moment)
        const saved: unknown = JSON.parse(JSON.stringify(first.machine.save()))
        const second = new Rig({ state: saved })
        await second.wait(40_000)
        await first.wait(40_000)
        expect(second.machine.ledger()).toEqual(first.machine.ledger())
      }),
      { numRuns: 100 },
    )
  })

  test('a file that is no machine is refused', () => {
    expect(() => new Rig({ state: { version: 1, model: 'dc450' } })).toThrow()
  })
})

async function noisyRun() {
  const rig = new Rig()
  rig.arm({ kind: 'noise', direction: 'both', rate: 0.02, seed: 5 })
  await rig.say(format)
  for (let count = 0; count < 5; count++) await rig.say(card, 14_000)
  return [rig.machine.save(), rig.line.chunks]
}

test('the same script leads to the same machine', async () => {
  expect(await noisyRun()).toEqual(await noisyRun())
})
