/** The words of the screens in both languages, for tests that go through them in either. */
import { texts } from '#shared/texts/index.ts'
import type { Language, TextKey } from '#shared/texts/index.ts'

export type { Language }

/** @param key of a sentence without values */
export function wordsIn(language: Language): (key: TextKey) => string {
  return (key) => texts[language][key]
}
