import { describe, expect, test } from 'vitest'
import { machineModel } from '#drivers/cpx/simulator/model.ts'
import { readableTracks, type Blank } from '#drivers/cpx/simulator/plastic.ts'
import { AlarmLetter, type Aftermath, type Moment, type SimulatorModel, type Stage } from '#shared/device/simulator.ts'
import { hands, Rig, track1, track2 } from './rig.ts'

/** A card that passes every stage: compared, encoded, embossed, indented, topped. */
const stages: Stage[] = ['receive', 'pick', 'feed', 'compare', 'encode', 'emboss', 'indent', 'topper', 'deliver']
const format = '#DCL#0804010401 1#FC2#0843 2#FC6#1168#END#@'
const card = `#DCC##CMP#;${track2}?#EMB#4000 0012 3456 7899"7899 123"#ENC#%${track1}?;${track2}?#END#@`
const embossed = 16
const indented = 7

async function rigWithFormat(model: SimulatorModel = 'dc450'): Promise<Rig> {
  const rig = new Rig({ model, blanks: 0 })
  rig.act({ do: 'refill', blanks: 5, tracks: { track2 } })
  await rig.say(format)
  return rig
}

/** Which stages have left their whole effect on the plastic. */
function effects(blank: Blank) {
  const stamps = (kind: string) => blank.stamps.filter((stamp) => stamp.kind === kind)
  return {
    encoded: readableTracks(blank).track1 === track1,
    embossed: stamps('emboss').length,
    indented: stamps('indent').length,
    topped: stamps('emboss').filter(({ topped }) => topped).length,
  }
}

/** What must be on the plastic when the machine stopped at this place. */
function expectedEffects(stage: Stage, moment: Moment) {
  const done = (other: Stage) => stages.indexOf(other) < stages.indexOf(stage) || (other === stage && moment === 'after')
  return {
    encoded: done('encode'),
    embossed: done('emboss') ? embossed : 0,
    indented: done('indent') ? indented : 0,
    topped: done('topper') ? embossed : 0,
  }
}

function picked(stage: Stage, moment: Moment): boolean {
  return stages.indexOf(stage) > 1 || (stage === 'pick' && moment === 'after')
}

function expectedPlace(stage: Stage, moment: Moment, aftermath: Aftermath): string {
  if (!picked(stage, moment)) return 'hopper'
  if (stage === 'deliver' && moment === 'after') return 'output-tray'
  return { wait: 'inside', park: 'inside', jam: 'inside', reject: 'reject-tray', output: 'output-tray', lose: 'lost' }[aftermath]
}

const everywhere = stages.flatMap((stage) => (['before', 'after'] as const).map((moment) => ({ stage, moment })))

describe.each(AlarmLetter.options)('alarm %s as the 450 has it', (status) => {
  const rule = machineModel('dc450').alarms[status]

  test.each(everywhere)('$moment $stage', async ({ stage, moment }) => {
    const rig = await rigWithFormat()
    rig.arm({ kind: 'alarm', status, stage, moment, times: 1 })
    await rig.say(card)
    expect(await rig.untilSettled()).toBe(status)
    if (rule.clearedBy === 'told' && rule.aftermath !== 'wait') expect(await rig.enquire()).toBe('A')

    expect(effects(rig.blank())).toEqual(expectedEffects(stage, moment))
    expect(rig.blank().place.kind).toBe(expectedPlace(stage, moment, rule.aftermath))
    if (rule.clearedBy !== 'told') expect(await rig.enquire(), 'it stands until a hand clears it').toBe(status)
  })
})

const waiting = AlarmLetter.options.filter((status) => machineModel('dc450').alarms[status].aftermath === 'wait' && status !== 'G')

test.each(waiting)('after %s is cleared by hand the card is finished as if nothing had been', async (status) => {
  for (const { stage, moment } of everywhere) {
    const rig = await rigWithFormat()
    rig.arm({ kind: 'alarm', status, stage, moment, times: 1 })
    await rig.say(card)
    expect(await rig.untilSettled()).toBe(status)
    const hand = hands[status]
    if (hand === undefined) throw new Error(`no hand for ${status}`)
    rig.act(hand)
    expect(await rig.untilSettled()).toBe('C')
    expect(await rig.enquire()).toBe('A')
    expect(effects(rig.blank())).toEqual({ encoded: true, embossed, indented, topped: embossed })
    expect(rig.blank().stamps).toHaveLength(embossed + indented)
  }
})

test('a pick error leaves the blank in the hopper, and clearing it picks again', async () => {
  const rig = await rigWithFormat()
  rig.arm({ kind: 'alarm', status: 'G', stage: 'pick', moment: 'before', times: 1 })
  await rig.say(card)
  expect(await rig.untilSettled()).toBe('G')
  expect(rig.places()).toEqual({ hopper: 5 })
  rig.act({ do: 'clear-jam' })
  expect(await rig.untilSettled()).toBe('C')
  expect(rig.places()).toEqual({ 'output-tray': 1, hopper: 4 })
})

describe('what an armed fault may say otherwise', () => {
  test.each(['park', 'jam', 'reject', 'output', 'lose'] as const)('the card ends where the fault says: %s', async (aftermath) => {
    const rig = await rigWithFormat()
    rig.arm({ kind: 'alarm', status: 'H', stage: 'emboss', moment: 'before', aftermath, clearedBy: 'told', times: 1 })
    await rig.say(card)
    expect(await rig.untilSettled()).toBe('H')
    expect(rig.blank().place.kind).toBe(expectedPlace('emboss', 'before', aftermath))
    // A card that sticks inside asks for a person; a parked one is used by the next frame.
    expect(await rig.enquire()).toBe(aftermath === 'jam' ? 'b' : 'A')
  })

  test('halfway, half of the characters are on the card', async () => {
    const rig = await rigWithFormat()
    rig.arm({ kind: 'alarm', status: 'D', stage: 'emboss', moment: 'halfway', times: 1 })
    await rig.say(card)
    expect(await rig.untilSettled()).toBe('D')
    expect(effects(rig.blank())).toMatchObject({ encoded: true, embossed: embossed / 2, topped: 0 })
  })

  test('halfway through the encoder the first track is new and the second as it was', async () => {
    const rig = await rigWithFormat()
    rig.arm({ kind: 'alarm', status: 'H', stage: 'encode', moment: 'halfway', times: 1 })
    await rig.say(card.replace(`;${track2}?#END`, ';5413330089099049=2512?#END'))
    expect(await rig.untilSettled()).toBe('H')
    expect(readableTracks(rig.blank())).toEqual({ track1, track2 })
  })

  test('it strikes as often as it says, then never', async () => {
    const rig = await rigWithFormat()
    rig.arm({ kind: 'alarm', status: 'H', stage: 'encode', moment: 'before', aftermath: 'reject', times: 2 })
    const answers: string[] = []
    for (let count = 0; count < 3; count++) {
      await rig.say(card)
      answers.push(await rig.untilSettled())
    }
    expect(answers).toEqual(['H', 'H', 'C'])
    expect(rig.machine.armed()).toEqual([])
  })

  test('without a number it strikes every card until it is disarmed', async () => {
    const rig = await rigWithFormat()
    const id = rig.arm({ kind: 'alarm', status: 'H', stage: 'encode', moment: 'before', aftermath: 'reject', times: null })
    const answers: string[] = []
    for (let count = 0; count < 4; count++) {
      if (count === 3) rig.act({ do: 'disarm', id })
      await rig.say(card)
      answers.push(await rig.untilSettled())
    }
    expect(answers).toEqual(['H', 'H', 'H', 'C'])
  })

  test('a warning that is told once does not stop the card', async () => {
    const rig = await rigWithFormat()
    rig.arm({ kind: 'alarm', status: 'N', stage: 'topper', moment: 'after', aftermath: 'wait', clearedBy: 'told', times: 1 })
    await rig.say(card, 15_000)
    expect([await rig.enquire(), await rig.enquire(), await rig.enquire()]).toEqual(['N', 'C', 'A'])
  })
})

describe('the machine\'s own troubles', () => {
  const plain = '#DCC##EMB#4000"7899"#END#@'

  test('an empty hopper is felt before a card is asked for, and the data waits for the refill', async () => {
    const rig = new Rig({ blanks: 1 })
    await rig.say(format)
    await rig.say(plain)
    expect(await rig.untilSettled()).toBe('C')
    expect(await rig.enquire()).toBe('Z')
    await rig.say(plain)
    expect(await rig.untilSettled()).toBe('Z')
    rig.act({ do: 'refill', blanks: 2 })
    expect(await rig.untilSettled()).toBe('C')
    expect(rig.places()).toEqual({ 'output-tray': 2, hopper: 1 })
  })

  test('a 150i feels it only when it picks, and forgets the data', async () => {
    const rig = new Rig({ model: 'dc150i', blanks: 0 })
    await rig.say(format)
    expect(await rig.enquire()).toBe('A')
    await rig.say(plain)
    expect(await rig.untilSettled()).toBe('Z')
    rig.act({ do: 'refill', blanks: 1 })
    expect(await rig.wait(60_000)).toBe('')
    expect(await rig.enquire()).toBe('A')
    expect(rig.places()).toEqual({ hopper: 1 })
  })

  test('a full output tray holds the finished card inside until it is emptied', async () => {
    const rig = new Rig({ model: 'dc280p', blanks: 150 })
    await rig.say(format)
    await rig.say(plain.replace('#END#', '#REP#150#END#'), 60 * 60_000)
    for (let count = 0; count < 150; count++) expect(await rig.enquire()).toBe('C')
    rig.act({ do: 'refill', blanks: 5 })
    await rig.say(plain)
    expect(await rig.untilSettled()).toBe('K')
    expect(rig.places()).toEqual({ 'output-tray': 150, inside: 1, hopper: 4 })
    rig.act({ do: 'empty-tray', tray: 'output' })
    expect(await rig.untilSettled()).toBe('C')
    expect(rig.places()).toEqual({ hand: 150, 'output-tray': 1, hopper: 4 })
  })

  test('a full reject tray keeps the card until it is emptied', async () => {
    const rig = new Rig({ blanks: 30 })
    await rig.say(format)
    rig.arm({ kind: 'alarm', status: 'H', stage: 'emboss', moment: 'after', aftermath: 'reject', times: null })
    for (let count = 0; count < 20; count++) {
      await rig.say(plain)
      expect(await rig.untilSettled()).toBe('H')
    }
    await rig.say(plain)
    expect(await rig.untilSettled()).toBe('H')
    expect(await rig.enquire()).toBe('J')
    expect(rig.places()).toEqual({ 'reject-tray': 20, inside: 1, hopper: 9 })
    rig.act({ do: 'empty-tray', tray: 'reject' })
    expect(await rig.enquire()).toBe('A')
    expect(rig.places()).toEqual({ hand: 20, 'reject-tray': 1, hopper: 9 })
  })

  test('the foil runs out, and a new roll finishes the card', async () => {
    const spent = { ...new Rig({ blanks: 3 }).machine.save(), foil: 100 }
    const rig = new Rig({ state: spent })
    await rig.say(format)
    await rig.say(plain)
    expect(await rig.untilSettled()).toBe('C')
    await rig.say(plain)
    expect(await rig.untilSettled()).toBe('E')
    expect(effects(rig.blank(2))).toMatchObject({ embossed: 4, topped: 0 })
    rig.act({ do: 'change-foil' })
    expect(await rig.untilSettled()).toBe('C')
    expect(effects(rig.blank(2))).toMatchObject({ embossed: 4, topped: 4 })
  })

  test('with the topper switched off characters stay plain', async () => {
    const rig = new Rig()
    rig.act({ do: 'topper', on: false })
    await rig.say(format)
    await rig.say(plain)
    expect(await rig.untilSettled()).toBe('C')
    expect(effects(rig.blank())).toMatchObject({ embossed: 4, topped: 0 })
  })

  test('an opened cover stops everything at once; closed, the card is finished without a flaw', async () => {
    const rig = await rigWithFormat()
    await rig.say(card, 6000)
    rig.act({ do: 'cover', open: true })
    expect(await rig.enquire()).toBe('M')
    const before = rig.blank()
    await rig.wait(60_000)
    expect(rig.blank()).toEqual(before)
    rig.act({ do: 'cover', open: false })
    expect(await rig.untilSettled()).toBe('C')
    expect(effects(rig.blank())).toEqual({ encoded: true, embossed, indented, topped: embossed })
    expect(rig.blank().stamps).toHaveLength(embossed + indented)
  })

  test('several troubles: the newest is told until it is cleared, then the older one', async () => {
    const rig = new Rig({ blanks: 0 })
    await rig.say(format)
    await rig.say(plain)
    rig.act({ do: 'cover', open: true })
    expect(await rig.enquire()).toBe('M')
    rig.act({ do: 'cover', open: false })
    expect(await rig.enquire()).toBe('Z')
  })

  test('a card taken out in mid-work is in the operator\'s hand, half done, and its data is gone', async () => {
    const rig = await rigWithFormat()
    await rig.say(card, 6000)
    rig.act({ do: 'clear-jam' })
    expect(rig.blank().place).toEqual({ kind: 'hand', from: 'inside' })
    expect(await rig.enquire()).toBe('A')
    await rig.wait(60_000)
    expect(rig.places()).toEqual({ hand: 1, hopper: 4 })
  })

  test('more data than the machine can hold is refused', async () => {
    const rig = new Rig({ model: 'dc280p' })
    await rig.say(format)
    await rig.say(plain)
    await rig.say(plain)
    expect(await rig.enquire()).toBe('V')
    expect(await rig.untilSettled()).toBe('C')
    expect(rig.places()).toEqual({ 'output-tray': 1, hopper: 9 })
  })
})

describe('power', () => {
  test.each(stages.flatMap((stage) => (['before', 'halfway', 'after'] as const).map((moment) => ({ stage, moment }))))(
    'lost $moment $stage: the card stays as it is, and the data is gone',
    async ({ stage, moment }) => {
      const rig = await rigWithFormat()
      rig.arm({ kind: 'power-loss', stage, moment, times: 1 })
      await rig.say(card, 60_000)
      expect(rig.machine.picture().state).toBe('off')
      if (moment !== 'halfway') expect(effects(rig.blank())).toEqual(expectedEffects(stage, moment))
      const dark = rig.blank()
      expect(await rig.enquire()).toBe('')

      rig.act({ do: 'power', on: true })
      expect(await rig.enquire(), 'it hears nothing while it starts').toBe('')
      await rig.wait(60_000)
      expect(rig.blank()).toEqual(dark)
      const inside = dark.place.kind === 'inside'
      expect(await rig.enquire()).toBe(inside ? 'b' : 'A')
      rig.act({ do: 'clear-jam' })
      expect(await rig.enquire()).toBe('A')
      expect(rig.blank().place.kind).toBe(inside ? 'hand' : dark.place.kind)
      // The format was lost with the power.
      await rig.say(card)
      expect(await rig.enquire()).toBe('U')
    },
  )

  test('switched off and on within its start, it starts once', async () => {
    const rig = new Rig({ mode: 'legacy-unsolicited' })
    await rig.wait(10)
    rig.act({ do: 'power', on: false })
    rig.act({ do: 'power', on: true })
    rig.act({ do: 'power', on: false })
    rig.act({ do: 'power', on: true })
    expect(await rig.wait(60_000)).toBe('A')
  })
})
