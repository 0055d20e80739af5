import { describe, expect, test } from 'vitest'
import { formatDateTime, formatDuration, formatNumber, formatTime } from '../../../../src/renderer/i18n/format.ts'
import { faultText, reasonText, sayIn } from '../../../../src/renderer/i18n/text.ts'

const english = sayIn('en')
const russian = sayIn('ru')

describe('durations in words', () => {
  test.each([
    [0, '0 s'],
    [8_400, '8 s'],
    [59_499, '59 s'],
    [76_000, '1 min 16 s'],
    [119_000, '1 min 59 s'],
    [125_000, '2 min'],
    [59 * 60_000, '59 min'],
    [60 * 60_000, '1 h 0 min'],
    [125 * 60_000, '2 h 5 min'],
    [-5, '0 s'],
  ])('%i ms: %s', (milliseconds, words) => {
    expect(formatDuration(english, milliseconds)).toBe(words)
  })

  test('in Russian', () => {
    expect(formatDuration(russian, 76_000)).toBe('1 мин 16 с')
  })
})

test('a card number is grouped and does not wrap', () => {
  expect(formatNumber('400000••••••7899')).toBe('4000\u00a000••\u00a0••••\u00a07899')
})

test('times are written as 13:04:22 in this computer’s zone', () => {
  const at = new Date(2026, 6, 27, 13, 4, 2).getTime()
  expect(formatTime(at)).toBe('13:04:02')
  expect(formatDateTime('en', at)).toMatch(/July 27, 2026, 13:04:02|27 July 2026, 13:04:02/)
  expect(formatDateTime('ru', at)).toMatch(/^27 июля 2026.*13:04:02$/)
})

describe('faults and reasons', () => {
  test('a known fault says what happened and what to do, with its values', () => {
    const fault = { code: 'run.job-busy', class: 'operator', values: { job: 'J-000007' } } as const
    expect(faultText(english, fault).what).toContain('J-000007')
    expect(faultText(russian, fault).do).toMatch(/[а-я]/)
  })

  test('a fault that the catalogues do not know is named by its code, and its class says what to do', () => {
    expect(faultText(english, { code: 'moon.too-far', class: 'device' })).toEqual({
      what: 'Cardwright reports “moon.too-far”.',
      do: 'Look at the machine and its line, then try again.',
      place: undefined,
    })
  })

  test('a reason that the catalogues do not know shows its word and the machine’s letter', () => {
    expect(reasonText(english, { code: 'moon-dust', status: 'Y' })).toBe('The machine reports “moon-dust” (Y)')
    expect(reasonText(english, { code: 'hopper-empty', status: 'Z' })).toBe('Hopper empty')
  })
})
