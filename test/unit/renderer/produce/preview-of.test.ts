import { expect, test } from 'vitest'
import { attemptRef } from '#shared/card/life.ts'
import { recordOf } from '../../../../src/renderer/feature/produce/prompt/preview-of.ts'

test('the record of an attempt is read off its name', () => {
  expect(recordOf(attemptRef('J-000012', 7, 2))).toEqual({ job: 'J-000012', record: 7 })
})
