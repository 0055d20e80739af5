/** What all practice cards have in common: power, transport, faults, memory, time, and being saved. */
import { describe, expect, it } from 'vitest'
import { answerToReset, historicalBytes } from '#drivers/virtual-card/answer-to-reset.ts'
import { answer, CardStatus, done } from '#drivers/virtual-card/application.ts'
import type { CardSystem } from '#drivers/virtual-card/application.ts'
import { createFrame } from '#drivers/virtual-card/frame.ts'
import { parseSaved } from '#drivers/virtual-card/saved.ts'
import type { SavedCard } from '#drivers/virtual-card/saved.ts'
import type { ChipFault } from '#shared/chip/practice-card.ts'
import { fromHex, toHex } from '#shared/bytes.ts'
import { parseAtr } from '#shared/chip/atr.ts'

/** Reads and writes one cell, draws random bytes, and tells how often it was reset. */
function simpleSystem(): CardSystem {
  let commands = 0
  return {
    format: (card) => card.memory.write('cell', fromHex('00112233')),
    reset: () => {
      commands = 0
    },
    process: (command, card) => {
      commands++
      switch (command.ins) {
        case 0xb0:
          return answer(card.memory.read('cell') ?? new Uint8Array(0))
        case 0xd6:
          if (command.p1 === 1) card.memory.update('cell', command.p2, command.data)
          else card.memory.write('cell', command.data)
          return done
        case 0xd7:
          card.memory.transaction(() => {
            card.memory.write('cell', command.data)
            card.memory.write('other', command.data)
          })
          return done
        case 0x84:
          card.compute({ kind: 'des3', blocks: 100 })
          return answer(card.random(8))
        case 0x01:
          return answer(Uint8Array.of(commands))
        case 0x02:
          return answer(new Uint8Array(300).fill(0xab), 0x6282)
        case 0x03:
          return answer(card.ownKey(fromHex('00FF')))
        case 0x04:
          return answer(command.data.slice(0, 4), 0x9000)
        default:
          throw new CardStatus(0x6d00)
      }
    },
    spendRetryCounters: (card) => card.memory.write('cell', fromHex('FFFF')),
  }
}

function newCard(protocol: 'T=0' | 'T=1' = 'T=1', saved?: SavedCard) {
  const card = createFrame({
    type: 'native-id',
    protocol,
    answerToReset: answerToReset(protocol, historicalBytes('TEST')),
    options: { seed: 1, baudRate: 9600 },
    memory: 100,
    system: simpleSystem(),
    saved,
  })
  card.powerOn()
  const transmit = (command: string) => {
    const response = card.transmit(fromHex(command))
    return response.kind === 'response' ? toHex(response.bytes) : response.why
  }
  return { card, transmit }
}

const read = '00B0000004'
const write = '00D6000004AABBCCDD'

describe('power', () => {
  it('answers to reset by the rules of its protocol, and to nothing without power', () => {
    const { card, transmit } = newCard('T=1')
    expect(parseAtr(card.powerOn()!)).toMatchObject({ protocols: [1], fi: 372, di: 12 })
    expect(parseAtr(newCard('T=0').card.powerOn()!)).toMatchObject({ protocols: [0] })
    card.powerOff()
    expect(transmit(read)).toBe('mute')
  })

  it('forgets what its memory does not hold', () => {
    const { card, transmit } = newCard()
    transmit('0001000000')
    expect(transmit('0001000000')).toBe('029000')
    card.powerOn()
    expect(transmit('0001000000')).toBe('019000')
  })
})

describe('transport', () => {
  it('at T=0 tells the right length, and answers it without doing the command again', () => {
    const { transmit } = newCard('T=0')
    expect(transmit('00B0000000')).toBe('6C04')
    expect(transmit('00B0000004')).toBe('001122339000')
    expect(transmit('0001000000')).toBe('6C01')
    expect(transmit('0001000001')).toBe('029000')
    expect(transmit('0001000001')).toBe('039000')
  })

  it('at T=0 keeps a response for GET RESPONSE, in parts where it is asked so, with its status at the end', () => {
    const { transmit } = newCard('T=0')
    expect(transmit('0004000004AABBCCDD')).toBe('6104')
    expect(transmit('00C0000003')).toBe('AABBCC6101')
    expect(transmit('00C0000005')).toBe('6C01')
    expect(transmit('00C0000001')).toBe('DD9000')
    expect(transmit('00C0000001')).toBe('6D00')
    expect(transmit('000200000100')).toBe('6100')
    expect(transmit('00C0000000')).toBe(`${'AB'.repeat(256)}612C`)
    expect(transmit('00C000002C')).toBe(`${'AB'.repeat(44)}6282`)
  })

  it('at T=1 gives up to what was asked, and the rest by GET RESPONSE', () => {
    const { transmit } = newCard('T=1')
    expect(transmit('00B0000002')).toBe('00116102')
    expect(transmit('00C0000000')).toBe('22339000')
    expect(transmit('00020000000000')).toBe(`${'AB'.repeat(300)}6282`)
    expect(transmit('0002000000')).toBe(`${'AB'.repeat(256)}612C`)
  })

  it('gathers chains, and refuses another command within one', () => {
    const { transmit } = newCard()
    expect(transmit('10D6000002AABB')).toBe('9000')
    expect(transmit('00D6000002CCDD')).toBe('9000')
    expect(transmit(read)).toBe('AABBCCDD9000')
    transmit('10D6000002AABB')
    expect(transmit(read)).toBe('6883')
  })

  it('refuses commands whose lengths do not agree', () => {
    const { transmit } = newCard()
    expect(['00', '00B000', '00D6000005AA', '00D60000020102030405'].map(transmit)).toEqual(['6700', '6700', '6700', '6700'])
    expect(newCard('T=0').transmit('00D6000000000401020304')).toBe('6700')
  })
})

describe('faults', () => {
  const strike = (...faults: ChipFault[]) => {
    const made = newCard()
    for (const fault of faults) made.card.arm(fault)
    return made
  }

  it('dead: no answer to reset until it is disarmed', () => {
    const { card } = strike({ kind: 'dead' })
    expect(card.powerOn()).toBeUndefined()
    expect(card.powerOn()).toBeUndefined()
    card.disarm()
    expect(card.powerOn()).toBeDefined()
  })

  it('strike once, at the command of their number or instruction', () => {
    const { card, transmit } = strike({ kind: 'status', command: 3, status: 0x6f00 }, { kind: 'status', ins: 0xb0, status: 0x6581 })
    expect([transmit('0001000000'), transmit(read), transmit(read), transmit(read)]).toEqual(['019000', '6581', '6F00', '001122339000'])
    expect(card.armed()).toEqual([])
  })

  it.each([
    ['not executed', false, '00112233'],
    ['executed', true, 'AABBCCDD'],
  ])('mute, %s: silent until the next reset', (_, executed, left) => {
    const { card, transmit } = strike({ kind: 'mute', ins: 0xd6, executed })
    expect([transmit(write), transmit(read)]).toEqual(['mute', 'mute'])
    card.powerOn()
    expect(transmit(read)).toBe(`${left}9000`)
  })

  it.each([
    ['before', '00112233'],
    ['during', 'AABB2233'],
    ['after', 'AABBCCDD'],
  ] as const)('removed and reader lost, %s', (moment, left) => {
    for (const [kind, why] of [['removed', 'removed'], ['reader-lost', 'reader-lost']] as const) {
      const { card, transmit } = strike({ kind, moment, ins: 0xd6 })
      expect([transmit(write), transmit(read)]).toEqual([why, why])
      card.powerOn()
      expect(transmit(read)).toBe(`${left}9000`)
    }
  })

  it.each([
    [0, '00112233'],
    [1, 'AA112233'],
    [3, 'AABBCC33'],
    [4, 'AABBCCDD'],
    [99, 'AABBCCDD'],
  ])('torn write after byte %i', (byte, left) => {
    const { card, transmit } = strike({ kind: 'torn-write', byte })
    expect([transmit(read), transmit(write), transmit(read)]).toEqual(['001122339000', 'mute', 'mute'])
    card.powerOn()
    expect(transmit(read)).toBe(`${left}9000`)
  })

  it('torn write of a part, and of what grows', () => {
    const part = strike({ kind: 'torn-write', byte: 1 })
    part.transmit('00D6010202EEFF')
    part.card.powerOn()
    expect(part.transmit(read)).toBe('0011EE339000')
    const longer = strike({ kind: 'torn-write', byte: 2 })
    longer.transmit('00D6000006AABBCCDDEEFF')
    longer.card.powerOn()
    expect(longer.transmit('00B0000000')).toBe('AABB2233FFFF9000')
  })

  it('torn write within a transaction leaves nothing of it', () => {
    for (const [byte, left] of [[0, '00112233'], [5, '00112233'], [7, '00112233'], [8, 'AABBCCDD']] as const) {
      const { card, transmit } = strike({ kind: 'torn-write', byte })
      expect(transmit('00D7000004AABBCCDD')).toBe('mute')
      card.powerOn()
      expect(transmit(read)).toBe(`${left}9000`)
      expect('other' in (card.save() as SavedCard).memory).toBe(byte === 8)
    }
  })

  it('silent loss: confirmed and not done', () => {
    const { transmit } = strike({ kind: 'silent-loss' })
    expect([transmit(read), transmit(write), transmit(read), transmit(write), transmit(read)]).toEqual(['001122339000', '9000', '001122339000', '9000', 'AABBCCDD9000'])
  })

  it('full memory: no more than so many bytes, and nothing of a transaction that needs more', () => {
    const { card, transmit } = strike({ kind: 'full-memory', bytes: 3 })
    expect(transmit('00D60000080102030405060708')).toBe('6A84')
    expect(transmit('00D7000004AABBCCDD')).toBe('6A84')
    expect(transmit(read)).toBe('001122339000')
    expect(transmit('00D6000006010203040506')).toBe('9000')
    card.disarm()
    expect(transmit('00D60000080102030405060708')).toBe('9000')
  })

  it('slow: the response comes later', () => {
    const { card } = strike({ kind: 'slow', milliseconds: 5000 })
    expect(card.transmit(fromHex(read)).cost.computing).toBeGreaterThan(5000)
    expect(card.transmit(fromHex(read)).cost.computing).toBeLessThan(10)
  })

  it('wrong key and spent retry counter stay', () => {
    const { card, transmit } = strike({ kind: 'wrong-key' }, { kind: 'retry-counter-spent' })
    expect([transmit('0003000000'), transmit('0003000000'), transmit('00B0000000')]).toEqual(['FF009000', 'FF009000', 'FFFF9000'])
    card.disarm()
    expect(transmit('0003000000')).toBe('00FF9000')
  })
})

describe('time', () => {
  it('is that of the bytes on the line, the pages written and the computing', () => {
    const { card } = newCard('T=0')
    const reading = card.transmit(fromHex(read)).cost
    // header 5, procedure byte 1, data 4, status 2: 12 characters of 12 units, and a turn
    expect(reading.line).toBeCloseTo((12 * 12 + 16) * (1000 / 9600), 6)
    expect(reading.memory).toBe(0)
    expect(card.transmit(fromHex(write)).cost.memory).toBe(3)
    expect(card.transmit(fromHex('0084000008')).cost.computing).toBeCloseTo(0.5 + 100 * 0.01, 6)
  })
})

describe('saved', () => {
  it('is the same card again: memory, faults, and what it would have drawn', () => {
    const { card, transmit } = newCard()
    transmit(write)
    transmit('0084000000')
    card.arm({ kind: 'wrong-key' })
    const restored = newCard('T=1', parseSaved(JSON.parse(JSON.stringify(card.save()))))
    card.powerOn()
    for (const command of [read, '0084000000', '0084000000', '0003000000']) expect(restored.transmit(command)).toBe(transmit(command))
  })

  it.each([undefined, 'x', {}, { cardwright: 'practice-card' }])('refuses %j', (saved) => {
    expect(() => parseSaved(saved)).toThrow('virtual-card.unreadable')
  })
})
