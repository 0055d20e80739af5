import { describe, expect, test } from 'vitest'
import { card, format, RawLine, Rig } from './rig.ts'

describe('replies', () => {
  test('lost: the machine has done its part, the host hears nothing', async () => {
    const rig = new Rig()
    rig.arm({ kind: 'reply-lost', times: 1 })
    expect(await rig.enquire()).toBe('')
    expect(await rig.enquire()).toBe('A')
  })

  test('lost, but only the completion: nobody will say it again', async () => {
    const rig = new Rig()
    rig.arm({ kind: 'reply-lost', status: 'C', times: 1 })
    await rig.say(format)
    await rig.say(card, 500)
    expect(await rig.enquire()).toBe('\x13')
    await rig.wait(15_000)
    expect(await rig.enquire()).toBe('')
    expect(await rig.enquire()).toBe('A')
    expect(rig.places()).toEqual({ 'output-tray': 1, hopper: 9 })
  })

  test('late: it comes after its time', async () => {
    const rig = new Rig()
    rig.arm({ kind: 'reply-late', milliseconds: 3000, times: 1 })
    expect(await rig.say('\x05', 2900)).toBe('')
    expect(await rig.wait(200)).toBe('A')
  })

  test('twice', async () => {
    const rig = new Rig()
    rig.arm({ kind: 'reply-twice', times: 1 })
    expect(await rig.enquire()).toBe('AA')
    expect(await rig.enquire()).toBe('A')
  })

  test('joined: several bytes come in one read', async () => {
    const rig = new Rig()
    rig.arm({ kind: 'replies-joined', milliseconds: 1000, times: 1 })
    await rig.enquire()
    rig.act({ do: 'cover', open: true })
    await rig.enquire()
    await rig.wait(1000)
    expect(rig.line.chunks).toEqual(['AM'])
  })

  test('split: one reply comes in many reads', async () => {
    const rig = new Rig()
    rig.arm({ kind: 'replies-split', milliseconds: 20, times: 1 })
    expect(await rig.say('#DCC##VER##END#@', 2000)).toBe('#VER#450/CPX"@')
    expect(rig.line.chunks).toEqual('#VER#450/CPX"@'.split(''))
  })
})

describe('silence', () => {
  test('for a time: the mechanics go on meanwhile', async () => {
    const rig = new Rig()
    await rig.say(format)
    await rig.say(card)
    rig.arm({ kind: 'silence', milliseconds: 20_000, hears: true })
    expect(await rig.say('\x05', 15_000)).toBe('')
    expect(rig.places()).toEqual({ 'output-tray': 1, hopper: 9 })
    await rig.wait(6000)
    expect(await rig.enquire()).not.toBe('')
  })

  test('for ever, until it is disarmed; deaf too where it says so', async () => {
    const rig = new Rig()
    rig.arm({ kind: 'silence', milliseconds: null, hears: false })
    await rig.say(format)
    await rig.say(card, 60_000)
    expect(rig.places()).toEqual({ hopper: 10 })
    rig.act({ do: 'disarm' })
    expect(await rig.enquire()).toBe('A')
  })
})

describe('the line goes', () => {
  test('at once; the machine stays as it is, and another host finds it so', async () => {
    const rig = new Rig()
    await rig.say(format)
    await rig.say(card, 3000)
    rig.arm({ kind: 'link-drop', times: 1 })
    expect(rig.line.closed).toBe(true)
    await rig.wait(15_000)
    const line = new RawLine()
    rig.machine.attach(line)
    line.say(Uint8Array.of(5, 5))
    await rig.wait(100)
    expect(line.chunks).toEqual(['C', 'A'])
  })

  test('at a stage', async () => {
    const rig = new Rig()
    rig.arm({ kind: 'link-drop', at: { stage: 'emboss', moment: 'halfway' }, times: 1 })
    await rig.say(format)
    await rig.say(card, 3000)
    expect(rig.line.closed).toBe(false)
    await rig.wait(15_000)
    expect(rig.line.closed).toBe(true)
    expect(rig.places()).toEqual({ 'output-tray': 1, hopper: 9 })
  })
})

async function heard(seed: number): Promise<string[]> {
  const rig = new Rig()
  rig.arm({ kind: 'noise', direction: 'to-host', rate: 0.3, seed })
  for (let count = 0; count < 40; count++) await rig.enquire()
  return rig.line.chunks
}

describe('noise', () => {
  test('repeats by its seed', async () => {
    expect(await heard(7)).toEqual(await heard(7))
    expect(await heard(7)).not.toEqual(await heard(8))
  })

  test('strikes about as many bytes as it says', async () => {
    const chunks = await heard(3)
    const struck = 40 - chunks.filter((chunk) => chunk === 'A').length
    expect(struck).toBeGreaterThan(4)
    expect(struck).toBeLessThan(24)
  })

  test('towards the machine it spoils frames, which the machine reports', async () => {
    const rig = new Rig()
    rig.arm({ kind: 'noise', direction: 'to-machine', rate: 1, seed: 1 })
    await rig.say(format)
    rig.act({ do: 'disarm' })
    await rig.say(card)
    expect(await rig.untilSettled()).toMatch(/[TU]/)
    expect(rig.places()).toEqual({ hopper: 10 })
  })
})

test('frames that come cut in pieces, with record numbers and line ends between, are understood', async () => {
  const rig = new Rig()
  for (const piece of `000000${format}\r\n000001${card}\r\n`.match(/.{1,7}/gs) ?? []) await rig.say(piece, 20)
  expect(await rig.untilSettled()).toBe('C')
})
