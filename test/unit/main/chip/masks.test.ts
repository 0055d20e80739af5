import { describe, expect, it } from 'vitest'
import { maskFor, maskText, maskValue } from '#main/chip/masks.ts'

const number = '4276550000000018'
const track = `${number}D29122010000012300000F`
const mask = maskFor({ task: 'task', applications: [{ application: 'app', groups: [{ name: '0101', value: `701D5713${track.padEnd(38, 'F')}5A08${number}` }] }] })
const characters = Buffer.from(number).toString('hex').toUpperCase()

describe('bytes that people see', () => {
  it.each([
    ['a number', `5A08${number}`, '5A08427655......0018'],
    ['a number at an odd place', `F${number}F`, 'F4276'],
    ['a number as characters', characters, characters.slice(0, 12)],
    ['the track', track, '427655..............................'],
    ['the beginning of a number at the end of a command, before its code', `84E20000FF0102035A08${number.slice(0, 12)}1122334455667788`, '84E20000FF0102035A08427655......1122334455667788'],
    ['its end at the beginning of the next', `84E2000110${number.slice(6)}5F34`, '84E2000110......00185F34'],
    ['another card’s number', '5A085413330089600010', '5A08541333......0010'],
  ])('%s', (_, shown, expected) => {
    const masked = mask(shown)
    expect(masked).toHaveLength(shown.length)
    expect(masked.startsWith(expected)).toBe(true)
    expect(masked).not.toContain(number.slice(6, 12))
    expect(masked).not.toContain(characters.slice(12, 24))
  })

  it.each([
    [4276550000000018, '427655…0018'],
    ['4276550000000018', '427655…0018'],
    [-427655000018, '-427655…0018'],
    [12345678901, 12345678901],
    [0.5, 0.5],
    ['counter 12', 'counter 12'],
  ])('a value for the log: %s', (value, shown) => {
    expect(maskValue(value)).toBe(shown)
  })

  it('other bytes stay', () => {
    expect(mask('00A4040007A000000003101000')).toBe('00A4040007A000000003101000')
    expect(maskText('card 4276 5500 0000 0018, counter 12')).toBe('card 4276 5…0018, counter 12')
  })
})
