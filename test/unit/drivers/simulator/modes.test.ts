import { describe, expect, test } from 'vitest'
import { readEmbossing } from '#drivers/cpx/simulator/plastic.ts'
import { Rig } from './rig.ts'

const format = '#DCL#0804010401 1#FC2#0843#END#@@@@@@'
const card = (number: string) => `#DCC##EMB#${number}"#END#@@@@@@`
const numbersIn = (rig: Rig, place: string) =>
  rig.machine.ledger().filter((blank) => blank.place.kind === place).map((blank) => readEmbossing(blank)[0]?.text)

describe('magstripe fast mode', () => {
  test('accepts without being asked; taking the next card says that the one before is complete', async () => {
    const rig = new Rig({ mode: 'magstripe-fast' })
    expect(await rig.say(format + card('1'))).toBe('\x11')
    expect(await rig.say(card('2')), 'the second waits for the first').toBe('')
    expect(await rig.wait(12_000)).toBe('\x11')
    expect(numbersIn(rig, 'output-tray')).toEqual(['1'])
    expect(await rig.untilSettled(), 'only the last is outstanding').toBe('C')
    expect(await rig.enquire()).toBe('\x11')
    expect(numbersIn(rig, 'output-tray')).toEqual(['1', '2'])
  })

  test('a card that fails is told at once, and the one behind it is made', async () => {
    const rig = new Rig({ mode: 'magstripe-fast' })
    rig.arm({ kind: 'alarm', status: 'H', stage: 'emboss', moment: 'before', aftermath: 'reject', times: 1 })
    expect(await rig.say(format + card('1') + card('2'), 500)).toBe('\x11')
    expect(await rig.wait(3000)).toBe('H\x11')
    expect(await rig.untilSettled()).toBe('C')
    expect(numbersIn(rig, 'output-tray')).toEqual(['2'])
    expect(rig.places()).toEqual({ 'reject-tray': 1, 'output-tray': 1, hopper: 8 })
  })
})

describe('chip fast mode', () => {
  test('a card is fed to the chip station by itself, within the pick time', async () => {
    const rig = new Rig({ mode: 'chip-fast' })
    await rig.wait(1500)
    expect(rig.blank(1).place).toEqual({ kind: 'inside', module: 'chip' })
    expect(await rig.enquire()).toBe('A')
  })

  test('while one card is embossed the next waits at the chip station, and completion comes one card late', async () => {
    const rig = new Rig({ mode: 'chip-fast' })
    await rig.wait(1500)
    expect(await rig.enquire()).toBe('A')
    await rig.say(format + card('1'), 3000)
    expect(rig.machine.picture().inside.map(({ blank, module, waiting }) => [blank, module, waiting])).toEqual([
      ['blank-000001', 'embosser', false],
      ['blank-000002', 'chip', true],
    ])
    expect(await rig.enquire()).toBe('\x13')
    expect(await rig.untilSettled()).toBe('C')
    expect(await rig.say(format, 500)).toBe('')
    expect(await rig.enquire()).toBe('A')
    await rig.say(card('2'))
    expect(await rig.untilSettled()).toBe('C')
    expect(numbersIn(rig, 'output-tray')).toEqual(['1', '2'])
  })

  test('every card in its turn, down to the last in the hopper', async () => {
    const rig = new Rig({ mode: 'chip-fast', blanks: 3 })
    for (const number of ['1', '2', '3']) {
      await rig.say(format + card(number))
      expect(await rig.untilSettled()).toBe('C')
    }
    expect(await rig.enquire()).toBe('Z')
    expect(numbersIn(rig, 'output-tray')).toEqual(['1', '2', '3'])
  })

  test('a card that fails behind the chip station has nowhere to park: both are taken out by hand', async () => {
    const rig = new Rig({ mode: 'chip-fast' })
    await rig.wait(1500)
    rig.arm({ kind: 'alarm', status: 'H', stage: 'emboss', moment: 'after', times: 1 })
    await rig.say(format + card('1'))
    expect(await rig.untilSettled()).toBe('H')
    expect(await rig.enquire()).toBe('b')
    rig.act({ do: 'clear-jam' })
    expect(rig.places()).toMatchObject({ hand: 2 })
    await rig.wait(1500)
    expect(rig.blank(3).place).toEqual({ kind: 'inside', module: 'chip' })
  })

  test('a pick that fails ahead stops the whole machine until it is cleared', async () => {
    const rig = new Rig({ mode: 'chip-fast', blanks: 2 })
    await rig.wait(1500)
    rig.arm({ kind: 'alarm', status: 'G', stage: 'pick', moment: 'before', times: 1 })
    await rig.say(format + card('1'))
    expect(await rig.untilSettled()).toBe('G')
    rig.act({ do: 'clear-jam' })
    await rig.wait(1500)
    expect(rig.blank(1).place).toEqual({ kind: 'hand', from: 'inside' })
    expect(rig.blank(2).place).toEqual({ kind: 'inside', module: 'chip' })
  })

  test('the stripe of the card at the chip station can be read without feeding another', async () => {
    const rig = new Rig({ mode: 'chip-fast', blanks: 0 })
    rig.act({ do: 'refill', blanks: 3, tracks: { track2: '12=34' } })
    await rig.wait(1500)
    expect(await rig.say('#DCC##TRK##END#@@@@@@', 4000)).toBe('#TRK#;12=34?"@')
    expect(rig.places()).toEqual({ inside: 1, hopper: 2 })
  })
})

describe('legacy, unsolicited', () => {
  test('ready by itself; the format and every card are acknowledged', async () => {
    const rig = new Rig({ mode: 'legacy-unsolicited', model: 'dc150i' })
    expect(await rig.wait(10)).toBe('A')
    expect(await rig.say(format)).toBe('CA')
    expect(await rig.say(card('1').replace('#END#', '#REP#2#END#'), 100_000)).toBe('CCA')
    expect(numbersIn(rig, 'output-tray')).toEqual(['1', '1'])
  })

  test('trouble is told by itself, and so is its end', async () => {
    const rig = new Rig({ mode: 'legacy-unsolicited', blanks: 0 })
    await rig.say(format)
    expect(await rig.say(card('1'))).toBe('Z')
    rig.act({ do: 'refill', blanks: 1 })
    expect(await rig.wait(20_000)).toBe('CA')
  })

  test('a frame that can not be understood is answered, then the machine is ready', async () => {
    const rig = new Rig({ mode: 'legacy-unsolicited' })
    await rig.wait(10)
    expect(await rig.say('#DCC##XYZ#1#END#@')).toBe('UA')
  })

  test('started anew it says when it is ready', async () => {
    const rig = new Rig({ mode: 'legacy-unsolicited' })
    await rig.wait(10)
    rig.act({ do: 'power', on: false })
    expect(await rig.wait(10_000)).toBe('')
    rig.act({ do: 'power', on: true })
    expect(await rig.wait(10_000)).toBe('A')
  })
})

test('a mode that the model does not have is refused', () => {
  const rig = new Rig({ model: 'dc150i' })
  expect(() => rig.act({ do: 'mode', mode: 'chip-fast' })).toThrow('simulator.mode-not-fitted')
})
