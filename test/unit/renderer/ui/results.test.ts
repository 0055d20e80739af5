import { expect, test } from 'vitest'
import { AttemptState } from '#shared/card/life.ts'
import { RecordState } from '#shared/job/job.ts'
import { hasText } from '../../../../src/renderer/i18n/text.ts'
import { resultOfAttempt, resultOfRecord } from '../../../../src/renderer/ui/result-mark.tsx'

test('a spoiled card shows as rejected although it is still inside, and a claimed one as in work', () => {
  expect(resultOfAttempt('spoiled')).toBe('rejected')
  expect(resultOfAttempt('claimed')).toBe('in-work')
  expect(resultOfAttempt('in-doubt')).toBe('in-doubt')
  expect(resultOfRecord('queued')).toBe('waiting')
})

test('every state of an attempt and of a record has a word, for one and for many', () => {
  const results = [...AttemptState.options.map(resultOfAttempt), ...RecordState.options.map(resultOfRecord)]
  for (const result of results) expect([hasText(`result.${result}`), hasText(`results.${result}`)]).toEqual([true, true])
})
