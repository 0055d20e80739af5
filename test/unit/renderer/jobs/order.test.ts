import { describe, expect, test } from 'vitest'
import { droppedAt, movedBy } from '../../../../src/renderer/feature/jobs/order.ts'

const jobs = ['a', 'b', 'c', 'd']

describe('the order of waiting jobs', () => {
  test('one job moves by a place and stops at the ends', () => {
    expect(movedBy(jobs, 'c', -1)).toEqual(['a', 'c', 'b', 'd'])
    expect(movedBy(jobs, 'c', 1)).toEqual(['a', 'b', 'd', 'c'])
    expect(movedBy(jobs, 'a', -1)).toEqual(jobs)
    expect(movedBy(jobs, 'a', Infinity)).toEqual(['b', 'c', 'd', 'a'])
    expect(movedBy(jobs, 'gone', 1)).toEqual(jobs)
  })

  test('dropped jobs keep their own order', () => {
    expect(droppedAt(jobs, new Set(['d']), 'a', 'before')).toEqual(['d', 'a', 'b', 'c'])
    expect(droppedAt(jobs, new Set(['a', 'c']), 'd', 'after')).toEqual(['b', 'd', 'a', 'c'])
    expect(droppedAt(jobs, new Set(['a']), 'a', 'after')).toEqual(jobs)
  })
})
