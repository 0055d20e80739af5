import { describe, expect, test } from 'vitest'
import debitCard from '#assets/templates/debit-card.json' with { type: 'json' }
import type { CardDesign } from '#shared/design/design.ts'
import { decodeText, longestValues, readDelimited } from '../../../../src/renderer/feature/designs/longest.ts'
import { lengthsOf } from '../../../../src/renderer/feature/designs/lengths.ts'
import { micrometresOf, millimetres } from '../../../../src/renderer/feature/designs/millimetres.ts'
import { guidesFor, snapped } from '../../../../src/renderer/feature/designs/snap.ts'
import { isoToday } from '../../../../src/renderer/feature/designs/today.ts'

const debit = debitCard as unknown as CardDesign
const number = debit.lines.findIndex((line) => line.field === 'number')

describe('dragging', () => {
  test('rests on tenths of a millimetre', () => {
    expect(snapped(12_345, 6789, [])).toEqual({ x: 12_300, y: 6800, on: [] })
  })

  test('rests on the number line of ISO/IEC 7811-1 and on the starts of other lines', () => {
    const guides = guidesFor(debit, number)
    const rest = snapped(10_300, 21_300, guides)
    expect(rest).toMatchObject({ x: 10_185, y: 21_420 })
    expect(rest.on).toHaveLength(2)
    expect(snapped(40_000, 30_000, guides).on).toEqual([])
  })

  test('lines of the other side are no guides', () => {
    const back = debit.lines.findIndex((line) => line.side === 'back')
    expect(guidesFor(debit, back)).toEqual([])
  })
})

describe('the longest values of a file', () => {
  test('come by column, and never from numbers or secrets', () => {
    const text = 'NUMBER;Name;cvv2;company\r\n4000001234567899;Anna;123;A\r\n4000001234567899;"Christopher ""Kit"" Montgomery";4567;\r\n'
    expect(longestValues(debit, text)).toEqual(
      new Map([
        ['name', 'Christopher "Kit" Montgomery'],
        ['company', 'A'],
      ]),
    )
  })

  test('a value that looks like a card number is not taken from any column', () => {
    expect(longestValues(debit, 'name\nAnna\n4000 0012 3456 7899\n')).toEqual(new Map([['name', 'Anna']]))
  })

  test('rows are split as RFC 4180 has it, whatever ends the lines', () => {
    expect([...readDelimited('a,b\r\n"1,\n2",3\r4,')]).toEqual([
      ['a', 'b'],
      ['1,\n2', '3'],
      ['4', ''],
    ])
    expect([...readDelimited('')]).toEqual([])
  })

  test('text is read by its mark, as UTF-8, or as Windows-1251', () => {
    expect(decodeText(new TextEncoder().encode('Щукин'))).toBe('Щукин')
    expect(decodeText(Uint8Array.of(0xd9, 0xf3, 0xea, 0xe8, 0xed))).toBe('Щукин')
    expect(decodeText(Uint8Array.of(0xff, 0xfe, 0x29, 0x04))).toBe('Щ')
  })
})

describe('what is typed', () => {
  test.each([
    ['10.185', 10_185],
    ['10,2', 10_200],
    [' 8 ', 8000],
    ['8.', 8000],
    ['-1', undefined],
    ['1.2345', undefined],
    ['wide', undefined],
  ])('%s mm are %s µm', (text, expected) => {
    expect(micrometresOf(text)).toBe(expected)
  })

  test('millimetres are written with the sign of the language', () => {
    expect(millimetres('en', 10_185, 3)).toBe('10.185')
    expect(millimetres('ru', 8433)).toBe('8,43')
  })

  test.each([
    ['16', [16]],
    ['16, 19', [16, 19]],
    ['', []],
    ['0', undefined],
    ['16,', undefined],
    ['41', undefined],
  ])('lengths %s', (text, expected) => {
    expect(lengthsOf(text)).toEqual(expected)
  })

  test('today is the day of this computer', () => {
    expect(isoToday(new Date(2026, 0, 5, 23, 59))).toBe('2026-01-05')
  })
})
