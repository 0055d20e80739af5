import { expect, test } from 'vitest'
import { preferredLanguage } from '../../../../src/renderer/store/preferences.ts'

test('the first of the browser’s languages that we speak is taken, English where we speak none', () => {
  expect(preferredLanguage(['de-DE', 'ru-RU', 'en'])).toBe('ru')
  expect(preferredLanguage(['en-GB', 'ru'])).toBe('en')
  expect(preferredLanguage(['fr'])).toBe('en')
  expect(preferredLanguage([])).toBe('en')
})
