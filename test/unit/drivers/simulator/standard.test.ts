import { describe, expect, test } from 'vitest'
import { cardTime, machineModel } from '#drivers/cpx/simulator/model.ts'
import { readEmbossing, readStripe } from '#drivers/cpx/simulator/plastic.ts'
import type { Stage } from '#shared/device/simulator.ts'
import { card, format, lines, Rig, track1, track2 } from './rig.ts'

const stripeCard: Stage[] = ['receive', 'pick', 'feed', 'encode', 'emboss', 'topper', 'deliver']

describe('the standard sequence', () => {
  test('ready, busy while it works, complete once, ready again', async () => {
    const rig = new Rig()
    expect(await rig.enquire()).toBe('A')
    expect(await rig.say(format, 500)).toBe('')
    expect(await rig.say(card, 500)).toBe('')
    expect(await rig.enquire()).toBe('\x13')
    expect(await rig.untilSettled()).toBe('C')
    expect(await rig.enquire()).toBe('A')
  })

  test('what lies in the output tray is what was sent', async () => {
    const rig = new Rig()
    await rig.say(format)
    await rig.say(card, 15_000)
    const blank = rig.blank()
    expect(blank.place).toEqual({ kind: 'output-tray' })
    expect(readStripe(blank)).toEqual({
      track1: { data: track1, swipe: 'forward' },
      track2: { data: track2, swipe: 'forward' },
      track3: { mistake: { kind: 'blank' } },
    })
    expect(readEmbossing(blank)).toMatchObject([
      { side: 'front', kind: 'emboss', font: 2, x: 10185, y: 21412, text: '4000 0012 3456 7899', topped: true, overstruck: false },
      { font: 1, x: 10185 + 4 * 2540, y: 12421, text: '12/29', topped: true },
      { font: 1, x: 10185, y: 8433, text: 'JOHN DOE', topped: true },
    ])
    expect(rig.places()).toEqual({ 'output-tray': 1, hopper: 9 })
  })

  test('one card after the other, each on its own blank', async () => {
    const rig = new Rig()
    await rig.say(format)
    for (let count = 0; count < 3; count++) {
      await rig.say(card)
      expect(await rig.untilSettled()).toBe('C')
    }
    expect(rig.places()).toEqual({ 'output-tray': 3, hopper: 7 })
  })

  test('copies: one completion for each card', async () => {
    const rig = new Rig()
    await rig.say(format)
    await rig.say(card.replace('#END#', '#REP#3#END#'))
    expect([await rig.untilSettled(), await rig.untilSettled(), await rig.untilSettled()]).toEqual(['C', 'C', 'C'])
    expect(await rig.enquire()).toBe('A')
    expect(rig.places()).toEqual({ 'output-tray': 3, hopper: 7 })
  })

  test('the lines are the default function', async () => {
    const rig = new Rig()
    await rig.say(format)
    await rig.say(`000001#DCC#${lines}#END#@@@@@@`, 15_000)
    expect(readEmbossing(rig.blank()).map(({ text }) => text)).toEqual(['4000 0012 3456 7899', '12/29', 'JOHN DOE'])
  })

  test('a card with a stripe alone needs no format', async () => {
    const rig = new Rig()
    await rig.say(`#DCC##ENC#;${track2}?#END#@`, 15_000)
    expect(readStripe(rig.blank()).track2).toEqual({ data: track2, swipe: 'forward' })
    expect(readEmbossing(rig.blank())).toEqual([])
  })
})

describe('time', () => {
  test.each([
    ['dc450', 12_000],
    ['dc280p', 18_000],
    ['dc150i', 36_000],
  ] as const)('%s takes %i ms for a card with stripe and embossing', (model, time) => {
    expect(cardTime(machineModel(model), stripeCard)).toBe(time)
  })

  test('a byte takes its time on the line at 9600 8N1', async () => {
    const rig = new Rig()
    await rig.say(card.padStart(960, ' '), 999)
    expect(rig.machine.picture().state).toBe('idle')
    await rig.wait(2)
  })

  test('the card is in the tray when the sum of its stages is over, and not before', async () => {
    const rig = new Rig()
    await rig.say(format)
    const lineTime = card.length / 0.96
    await rig.say(card, Math.ceil(lineTime) + 11_998)
    expect(rig.blank().place.kind).toBe('inside')
    await rig.wait(3)
    expect(rig.blank().place.kind).toBe('output-tray')
    expect(Math.round(rig.machine.worked)).toBe(12_000)
  })

  test('the card passes the modules in their order', async () => {
    const rig = new Rig()
    const seen: string[] = []
    rig.machine.onChange(() => {
      const module = rig.machine.picture().inside[0]?.module
      if (module !== undefined && seen.at(-1) !== module) seen.push(module)
    })
    await rig.say(format)
    await rig.say(card, 15_000)
    expect(seen).toEqual(['feed', 'encoder', 'embosser', 'topper', 'output-tray'])
  })
})

describe('questions', () => {
  test('version', async () => {
    expect(await new Rig().say('#DCC##VER##END#@')).toBe('#VER#450/CPX"@')
    expect(await new Rig({ model: 'dc150i' }).say('#DCC##VER##END#@')).toBe('#VER#150i/CPX"@')
  })

  test('error number: zero while all is well, the number of the alarm while one stands', async () => {
    const rig = new Rig()
    expect(await rig.say('#DCC##ERR##END#@')).toBe('#ERR#00"@')
    rig.act({ do: 'cover', open: true })
    expect(await rig.say('#DCC##ERR##END#@')).toBe('#ERR#07"@')
  })

  test('a question is answered while a card is being made, and does not disturb it', async () => {
    const rig = new Rig()
    await rig.say(format)
    await rig.say(card, 3000)
    expect(await rig.say('#DCC##VER##END#@')).toBe('#VER#450/CPX"@')
    expect(await rig.untilSettled()).toBe('C')
  })
})

describe('reading the stripe', () => {
  test('feed, read, then personalize the same card', async () => {
    const rig = new Rig({ blanks: 0 })
    rig.act({ do: 'refill', blanks: 2, tracks: { track2 } })
    await rig.say('#DCC##FED##END#@@@@@@', 3000)
    expect(await rig.enquire()).toBe('A')
    expect(rig.blank(1).place).toEqual({ kind: 'inside', module: 'chip' })
    expect(await rig.say('#DCC##TRK##END#@@@@@@', 3000)).toBe(`#TRK#;${track2}?"@`)
    await rig.say(format)
    await rig.say(card, 15_000)
    expect(rig.blank(1).place).toEqual({ kind: 'output-tray' })
    expect(rig.blank(2).place).toEqual({ kind: 'hopper' })
  })

  test('an empty stripe is a read error, and the card stays where it is', async () => {
    const rig = new Rig()
    expect(await rig.say('#DCC##TRK##END#@@@@@@', 5000)).toBe('')
    expect(await rig.enquire()).toBe('W')
    expect(await rig.enquire()).toBe('A')
    expect(rig.blank().place).toEqual({ kind: 'inside', module: 'encoder' })
  })

  test('comparison: the right stripe goes on, another one is rejected untouched', async () => {
    const compared = card.replace('#EMB#', `#CMP#;${track2}?#EMB#`)
    const right = new Rig({ blanks: 0 })
    right.act({ do: 'refill', blanks: 1, tracks: { track2 } })
    await right.say(format)
    await right.say(compared)
    expect(await right.untilSettled()).toBe('C')

    const wrong = new Rig({ blanks: 0 })
    wrong.act({ do: 'refill', blanks: 2, tracks: { track2: '5413330089099049=2512201000' } })
    await wrong.say(format)
    await wrong.say(compared)
    expect(await wrong.untilSettled()).toBe('X')
    expect(wrong.blank()).toMatchObject({ place: { kind: 'reject-tray' }, stamps: [], writes: 0 })
  })

  test('a stripe that does not hold what is written is noticed', async () => {
    const rig = new Rig({ blanks: 0 })
    rig.act({ do: 'refill', blanks: 2, damagedStripe: true })
    await rig.say(format)
    await rig.say(card)
    expect(await rig.untilSettled()).toBe('W')
    expect(rig.blank(1)).toMatchObject({ place: { kind: 'inside' }, stamps: [] })
    // The 450 keeps the card inside; the next frame is for it, such as a void pattern.
    await rig.say('#DCC##EMB#8888 8888 8888 8888"" "#END#@@@@@@', 15_000)
    expect(readEmbossing(rig.blank(1)).map(({ text }) => text)).toEqual(['8888 8888 8888 8888'])
    expect(rig.blank(1).place).toEqual({ kind: 'output-tray' })
  })
})

describe('data that the machine refuses before it moves a card', () => {
  test.each([
    ['an unknown function', '#DCC##XYZ#1#END#@', 'U'],
    ['lines without a format', '#DCC##EMB#A"#END#@', 'U'],
    ['a character that the track does not have', '#DCC##ENC#;12A?#END#@', 'U'],
    ['a track that is too long', `#DCC##ENC#;${'1'.repeat(38)}?#END#@`, 'U'],
    ['the template form on a classic machine', '#DCC##GRD#0"\nA"\n#END#@', 'U'],
    ['an empty frame', '#DCC##END#@', 'U'],
    ['a frame that never ends', `#DCC##EMB#${'A'.repeat(5000)}`, 'V'],
    ['a frame inside a frame', '#DCC##EMB#AB#DCC##VER##END#@', 'T'],
  ])('%s', async (_, text, status) => {
    const rig = new Rig()
    await rig.say(text, 6000)
    expect(await rig.enquire()).toBe(status)
    expect(await rig.enquire()).toBe('A')
    expect(rig.places()).toEqual({ hopper: 10 })
  })

  test.each([
    ['fewer lines than the format', '#DCC##EMB#A"#END#@', 'U'],
    ['a letter that the number wheel does not have', '#DCC##EMB#4000 X"A"B"#END#@', 'U'],
    ['a line beyond the edge', `#DCC##EMB#1"${'A'.repeat(40)}"B"#END#@`, 'R'],
  ])('%s', async (_, text, status) => {
    const rig = new Rig()
    await rig.say(format)
    await rig.say(text)
    expect(await rig.enquire()).toBe(status)
    expect(rig.places()).toEqual({ hopper: 10 })
  })

  test('more lines than the machine holds', async () => {
    const rig = new Rig()
    const many = '123456789ABC'.split('').map((digit) => ` ${digit}#FC1#0500`).join('')
    await rig.say(`#DCL#080400${many}#END#@`)
    expect(await rig.enquire()).toBe('U')
  })

  test('a 150i notices it only with the card under the wheel, and rejects the card', async () => {
    const rig = new Rig({ model: 'dc150i' })
    await rig.say('#DCL##GTW#0"\n0004,0001,0401,0843,0000,0000,0000,0000,0000,"\n#END#@@@@@@')
    await rig.say(`#DCC##GRD#0"\n${'A'.repeat(40)}"\n#END#@@@@@@`)
    expect(await rig.untilSettled()).toBe('R')
    expect(rig.places()).toEqual({ 'reject-tray': 1, hopper: 9 })
  })
})

const row = (font: string, x: string, y: string) => `0004,${font},${x},${y},0000,0000,0000,0000,0000,"\r\n`

test('the template form of a 150i', async () => {
  const rig = new Rig({ model: 'dc150i' })
  await rig.say(`#DCL##GTW#0"\r\n${row('0002', '0401', '0843')}${row('0001', '0250', '0332')}${row('0006', '0400', '1168')}#END#@@@@@@`)
  await rig.say(`#DCC##GRD#0"\r\n4000 0012 3456 7899"\r\nJOHN DOE"\r\n7899 123"\r\n#ENC#;${track2}?#END#@@@@@@`)
  expect(await rig.enquire()).toBe('\x15')
  expect(await rig.untilSettled()).toBe('C')
  expect(readEmbossing(rig.blank()).map(({ kind, text, y }) => [kind, text, y])).toEqual([
    ['indent', '7899 123', 29667],
    ['emboss', '4000 0012 3456 7899', 21412],
    ['emboss', 'JOHN DOE', 8433],
  ])
})
