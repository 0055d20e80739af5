/** The model of a card's time, counted by hand. */
import { describe, expect, it } from 'vitest'
import { computingTime, lineTime, memoryTime } from '#drivers/virtual-card/timing.ts'

const units = (count: number, rate: number) => (count * 1000) / rate

describe('the line', () => {
  it.each([9600, 115_200])('at T=0 and %i bit/s has header, procedure byte, data and status', (rate) => {
    // READ RECORD: 5 bytes out, one procedure byte, 20 and a status back
    expect(lineTime('T=0', rate, 5, 22)).toBeCloseTo(units(28 * 12 + 16, rate), 9)
    // STORE DATA with 255 bytes: the header, one procedure byte, the data, the status; the line turns three times
    expect(lineTime('T=0', rate, 260, 2)).toBeCloseTo(units(263 * 12 + 3 * 16, rate), 9)
    // no data either way: no procedure byte but the status
    expect(lineTime('T=0', rate, 5, 2)).toBeCloseTo(units(7 * 12 + 16, rate), 9)
  })

  it('at T=1 has blocks, and answers to those of a chain', () => {
    expect(lineTime('T=1', 9600, 13, 20)).toBeCloseTo(units((13 + 4 + 20 + 4) * 11 + 2 * 22, 9600), 9)
    // 260 bytes go in two blocks, the first answered by one of four bytes
    expect(lineTime('T=1', 9600, 260, 2)).toBeCloseTo(units((260 + 8 + 4 + 2 + 4) * 11 + 4 * 22, 9600), 9)
  })
})

describe('memory and computing', () => {
  it('take a page at a time, each write its own', () => {
    expect(memoryTime([])).toBe(0)
    expect(memoryTime([1, 64, 65])).toBe((1 + 1 + 2) * 3)
  })

  it('take longer for longer keys', () => {
    expect(computingTime({ kind: 'des3', blocks: 10 })).toBeCloseTo(0.1, 9)
    expect(computingTime({ kind: 'rsa-private', bits: 2048 })).toBe(480)
    expect(computingTime({ kind: 'rsa-public', bits: 2048 })).toBe(24)
  })
})
