/** The modes in which the machine speaks by itself, or tells an end one card late. */
import { describe, expect, test } from 'vitest'
import { debitCard, ScriptedMachine } from './scripted-machine.ts'

const busy = '\u0013'
const taken = '\u0011'

async function connected(mode: string, profile = 'dc450', overrides: object = {}): Promise<ScriptedMachine> {
  const machine = new ScriptedMachine({ mode, profile, overrides })
  if (mode === 'magstripe-fast') machine.rest = taken
  await machine.connect()
  machine.heard.length = 0
  return machine
}

/** Begins a card and lets time pass until the next might begin. */
async function begin(machine: ScriptedMachine) {
  const run = machine.driver.personalize(debitCard, machine.options())
  return { accepted: await machine.clock.run(run.accepted), completed: run.completed }
}

const heads = (machine: ScriptedMachine) => machine.heard.map((heard) => heard.slice(0, 3))

describe('the fast mode for magnetic stripe cards', () => {
  const takes = (machine: ScriptedMachine) => {
    machine.onFrame = ({ head }) => head === 'DCC' && machine.say(taken)
  }

  test('no enquiry between cards; taking a card says that the one before is complete; the last is asked for', async () => {
    const machine = await connected('magstripe-fast')
    takes(machine)
    const first = await begin(machine)
    const second = await begin(machine)
    expect([first.accepted, second.accepted]).toEqual(['accepted', 'accepted'])
    expect(await first.completed).toEqual({ kind: 'done', evidence: { statuses: ['11h'] } })
    expect(heads(machine)).toEqual(['ENQ', 'DCL', 'DCC', 'DCL', 'DCC'])
    machine.answers = [busy, 'C']
    await machine.clock.run(machine.driver.settle(machine.options()))
    expect(await second.completed).toMatchObject({ kind: 'done' })
  })

  test('trouble that nobody mends, with two cards under way: nobody knows which', async () => {
    const machine = await connected('magstripe-fast', 'dc450', { statuses: { H: { card: 'reject-tray' } }, modes: { 'magstripe-fast': { acceptCompletes: false } } })
    takes(machine)
    const first = await begin(machine)
    const second = await begin(machine)
    machine.say('H')
    for (const { completed } of [first, second]) expect(await machine.clock.run(completed)).toMatchObject({ kind: 'unknown', reason: { code: 'stripe-module-error' } })
  })

  test('with one card under way it is that card\'s', async () => {
    const machine = await connected('magstripe-fast', 'dc450', { statuses: { H: { card: 'reject-tray' } } })
    takes(machine)
    const { completed } = await begin(machine)
    machine.say('H')
    expect(await machine.clock.run(completed)).toMatchObject({ kind: 'failed', effect: 'applied', card: 'reject-tray' })
  })

  test('trouble that a person mends is asked about by whoever comes next', async () => {
    const machine = await connected('magstripe-fast')
    takes(machine)
    const { completed } = await begin(machine)
    machine.decide = () => Promise.resolve('continue')
    machine.answers = ['Z', busy, 'C']
    await machine.clock.run(machine.driver.settle(machine.options()))
    expect(machine.attention).toEqual([{ code: 'hopper-empty', sent: true }])
    expect(await completed).toMatchObject({ kind: 'done' })
  })

  test('a machine that takes nothing: unknown', async () => {
    const machine = await connected('magstripe-fast')
    const run = machine.driver.personalize(debitCard, machine.options())
    expect(await machine.clock.run(run.completed)).toMatchObject({ kind: 'unknown', reason: { code: 'no-answer' } })
    expect(await run.accepted).toBe('ended')
  })

  test('a machine that stays ready and never tells the end: unknown', async () => {
    const machine = await connected('magstripe-fast')
    takes(machine)
    const { completed } = await begin(machine)
    await machine.clock.run(machine.driver.settle(machine.options()))
    expect(await completed).toMatchObject({ kind: 'unknown', reason: { code: 'ready-without-complete' } })
  })

  test('the line drops with a card under way', async () => {
    const machine = await connected('magstripe-fast')
    takes(machine)
    const { completed } = await begin(machine)
    await machine.link?.close()
    expect(await completed).toMatchObject({ kind: 'unknown', reason: { code: 'link-lost' } })
  })

  test('giving up the card before its data leaves the one under way alone', async () => {
    const machine = await connected('magstripe-fast')
    takes(machine)
    const first = await begin(machine)
    const second = machine.driver.personalize(debitCard, machine.options(AbortSignal.abort()))
    expect(await machine.clock.run(second.completed)).toMatchObject({ kind: 'refused', reason: { code: 'cancelled' } })
    machine.answers = [busy, 'C']
    await machine.clock.run(machine.driver.settle(machine.options()))
    expect(await first.completed).toMatchObject({ kind: 'done' })
  })
})

describe('the fast mode for chip cards', () => {
  test('ENQ before each frame; complete means accepted, and completes the card before', async () => {
    const machine = await connected('chip-fast')
    const first = await begin(machine)
    machine.answers = [busy, 'C', 'A']
    const second = await begin(machine)
    expect(await first.completed).toEqual({ kind: 'done', evidence: { statuses: ['13h', 'C'] } })
    expect(heads(machine)).toEqual(['ENQ', 'DCL', 'ENQ', 'DCC', 'ENQ', 'ENQ', 'DCL', 'ENQ', 'DCC'])
    machine.answers = ['C']
    await machine.clock.run(machine.driver.settle(machine.options()))
    expect(await second.completed).toMatchObject({ kind: 'done' })
  })

  test('a completion that nobody asked for since the data is another card\'s', async () => {
    const machine = await connected('chip-fast')
    const { completed } = await begin(machine)
    machine.say('C')
    machine.answers = ['H']
    await machine.clock.run(machine.driver.settle(machine.options()))
    expect(await completed).toMatchObject({ kind: 'unknown', reason: { code: 'stripe-module-error' } })
  })

  test('ready for the next card, and not a word about the one before: that one is not known, and its completion is not the next one\'s', async () => {
    const machine = await connected('chip-fast')
    const first = await begin(machine)
    const second = await begin(machine)
    expect(await first.completed).toMatchObject({ kind: 'unknown', reason: { code: 'ready-without-complete' } })
    machine.answers = ['C']
    await machine.clock.run(machine.driver.settle(machine.options()))
    expect(await second.completed).toMatchObject({ kind: 'done' })
  })

  test('trouble while the next card waits: the next is refused, the one under way is not known', async () => {
    const machine = await connected('chip-fast')
    const first = await begin(machine)
    machine.answers = ['H']
    const second = await begin(machine)
    expect(await first.completed).toMatchObject({ kind: 'unknown' })
    expect(await second.completed).toMatchObject({ kind: 'refused', reason: { code: 'stripe-module-error' } })
  })
})

describe('the legacy mode', () => {
  const legacy = () => connected('legacy-unsolicited', 'dc150i')
  const speaks = (machine: ScriptedMachine, afterCard: { after: number; say: string }) => {
    machine.onFrame = ({ head }) => machine.say(head === 'DCL' ? 'CA' : afterCard)
  }
  /** The machine says ready by itself when somebody comes on the line. */
  class Legacy extends ScriptedMachine {
    override attach(...[far]: Parameters<ScriptedMachine['attach']>): void {
      super.attach(far)
      this.say('A')
    }
  }

  async function announced(): Promise<ScriptedMachine> {
    const machine = new Legacy({ mode: 'legacy-unsolicited', profile: 'dc150i' })
    await machine.connect()
    return machine
  }

  test('a machine that says nothing by itself is not there', async () => {
    await expect(legacy()).rejects.toThrow('device.no-answer')
  })

  test('never an enquiry: format, C and A, card data with its count, C', async () => {
    const machine = await announced()
    speaks(machine, { after: 36_000, say: 'CA' })
    expect(await machine.personalize()).toEqual({ kind: 'done', evidence: { statuses: ['C'] } })
    expect(await machine.personalize()).toMatchObject({ kind: 'done' })
    expect(machine.heard.slice(0, 2)).toEqual([
      'DCL 080401 1#FC2#0843 2#FC1#0328',
      'DCC 4000 0012 3456 7899"CARD HOLDER"#ENC#;4000001234567899=2712201?#REP#1',
    ])
    expect(heads(machine)).not.toContain('ENQ')
  })

  test('the completion of the format is not the card\'s', async () => {
    const machine = await announced()
    speaks(machine, { after: 250_000, say: 'C' })
    expect(await machine.personalize()).toMatchObject({ kind: 'unknown', reason: { code: 'completion-overdue' } })
  })

  test('trouble by itself, before and after the data', async () => {
    const refused = await announced()
    refused.onFrame = () => refused.say('U')
    expect(await refused.personalize()).toMatchObject({ kind: 'refused', reason: { code: 'data-format-error' } })

    const unknown = await announced()
    speaks(unknown, { after: 5000, say: 'B' })
    expect(await unknown.personalize()).toMatchObject({ kind: 'unknown', reason: { code: 'stepper-fault' } })
  })

  test('a person mends it and the machine goes on', async () => {
    const machine = await announced()
    machine.decide = () => machine.clock.sleep(10_000).then(() => 'continue')
    machine.onFrame = ({ head }) => {
      if (head === 'DCL') return machine.say('CA')
      machine.say({ after: 2000, say: 'Z' })
      machine.say({ after: 60_000, say: 'C' })
    }
    expect(await machine.personalize()).toMatchObject({ kind: 'done' })
    expect(machine.attention).toEqual([{ code: 'hopper-empty', sent: true }])
  })

  test('ready without complete: unknown at once, for it is never asked again', async () => {
    const machine = await announced()
    speaks(machine, { after: 20_000, say: 'A' })
    expect(await machine.personalize()).toMatchObject({ kind: 'unknown', reason: { code: 'ready-without-complete' } })
  })

  test('nothing can be asked about a lost command', async () => {
    const machine = await announced()
    expect(await machine.clock.run(machine.driver.enquireLost())).toEqual({ answer: 'no-answer', evidence: { statuses: [] } })
    expect(await machine.clock.run(machine.driver.readStripe(machine.options()))).toMatchObject({ outcome: { kind: 'refused' } })
  })
})
