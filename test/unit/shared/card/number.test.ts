import { describe, expect, test } from 'vitest'
import { groupNumber, luhnHolds, maskNumber, maskNumbersIn } from '#shared/card/number.ts'

describe('masking', () => {
  test('shows the first six and the last four of a card number', () => {
    expect(maskNumber('4000001234567899')).toBe('400000••••••7899')
    expect(maskNumber('4000 0012 3456 7899')).toBe('400000••••••7899')
  })

  test('shows only the last four of a short identifier, and nothing of a shorter one', () => {
    expect(maskNumber('1234567890')).toBe('••••••7890')
    expect(maskNumber('1234')).toBe('••••')
    expect(maskNumber('')).toBe('')
  })

  test('finds card numbers in a text, grouped or not, and leaves other digits alone', () => {
    expect(maskNumbersIn('card 4000001234567899, line 12 of 2026')).toBe('card 400000••••••7899, line 12 of 2026')
    expect(maskNumbersIn('4000 0012 3456 7899')).toBe('4000 00•• •••• 7899')
    expect(maskNumbersIn('4000-0012-3456-7899')).toBe('4000-00••-••••-7899')
  })
})

describe('check digit (ISO/IEC 7812-1 annex B)', () => {
  test.each(['4111111111111111', '5555555555554444', '378282246310005', '6011111111111117'])('%s holds', (number) => {
    expect(luhnHolds(number)).toBe(true)
  })

  test('a changed digit or two swapped neighbours do not hold', () => {
    expect(luhnHolds('4111111111111112')).toBe(false)
    expect(luhnHolds('4111111111111211')).toBe(false)
    expect(luhnHolds('')).toBe(false)
    expect(luhnHolds('4111x')).toBe(false)
  })
})

test('numbers are grouped as embossed: fours, and 4-6-5 for fifteen digits', () => {
  expect(groupNumber('4000001234567899')).toBe('4000 0012 3456 7899')
  expect(groupNumber('378282246310005')).toBe('3782 822463 10005')
  expect(groupNumber('400000••••••7899')).toBe('4000 00•• •••• 7899')
})
