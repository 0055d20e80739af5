import { createIntl } from 'react-intl'
import { describe, expect, test } from 'vitest'
import { texts } from '#shared/texts/index.ts'
import type { Language } from '#shared/texts/index.ts'

const keys = Object.keys(texts.en) as (keyof typeof texts.en)[]

type Key = (typeof keys)[number]

/** What goes wrong when a sentence is written with these values. */
function mistakes(language: Language, key: Key, values: Record<string, number>): string[] {
  const found: string[] = []
  const intl = createIntl({ locale: language, messages: texts[language], onError: (error) => found.push(error.message) })
  intl.formatMessage({ id: key as string }, values)
  return found
}

/** Every word that could name a value; some are only words of an option. */
function candidates(language: Language, key: Key): string[] {
  return [...texts[language][key].matchAll(/\{\s*([A-Za-z]\w*)\s*[,}]/g)].map((found) => found[1]!)
}

const three = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, 3]))

/** The values without which a sentence can't be written. */
function needs(language: Language, key: Key): string {
  const names = [...new Set(candidates(language, key))]
  return names.filter((name) => mistakes(language, key, three(names.filter((other) => other !== name))).length > 0).toSorted().join()
}

describe('every sentence of the catalogues', () => {
  test.each(['en', 'ru'] as const)('is well-formed in %s', (language) => {
    expect(keys.filter((key) => mistakes(language, key, three(candidates(language, key))).length > 0)).toEqual([])
  })

  test('needs the same values in both languages', () => {
    expect(keys.filter((key) => needs('en', key) !== needs('ru', key))).toEqual([])
  })

  test('in Russian tells one, few and many apart wherever it counts in words', () => {
    const counting = keys.filter((key) => texts.ru[key].includes(', plural,') && texts.ru[key].includes('one {') && texts.ru[key].includes('#'))
    expect(counting.filter((key) => !texts.ru[key].includes('few {') || !texts.ru[key].includes('many {'))).toEqual([])
  })

  test('that says what happened has one that says what to do', () => {
    const alone = keys.filter((key) => key.startsWith('fault.') && key.endsWith('.what')).filter((key) => !(key.replace(/what$/, 'do') in texts.en))
    // A fault unknown to the catalogues: its class says what to do.
    expect(alone).toEqual(['fault.unknown.what'])
  })
})
