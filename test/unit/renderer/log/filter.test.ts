import { describe, expect, test } from 'vitest'
import { LogQuery } from '#shared/contract/calls.ts'
import { AttemptState } from '#shared/card/life.ts'
import {
  everything,
  filterFromAddress,
  filterToAddress,
  filterToQuery,
  isEverything,
  logResults,
  statesOfResult,
  withPart,
  withResult,
} from '../../../../src/renderer/feature/log/filter.ts'
import type { LogFilter } from '../../../../src/renderer/feature/log/filter.ts'

const full: LogFilter = {
  results: ['good', 'rejected'],
  reason: 'hopper-empty',
  device: 'D-01',
  operator: 'P-02',
  job: 'J-000012',
  from: '2026-07-01',
  to: '2026-07-27',
  find: '7899',
}

describe('the filter of the log', () => {
  test('survives the address of the page', () => {
    expect(filterFromAddress(new URLSearchParams(filterToAddress(full).toString()))).toEqual(full)
    expect(filterToAddress(everything).toString()).toBe('')
  })

  test('leaves out of an address what makes no sense', () => {
    const filter = filterFromAddress(new URLSearchParams('result=good,shiny&from=yesterday&to=2026-02-30&find=%20&job=J-000001'))
    expect(filter).toEqual({ results: ['good'], job: 'J-000001' })
  })

  test('asks the core for whole days of this computer, the last one included', () => {
    const query = LogQuery.parse(filterToQuery(full))
    expect(query.from).toBe(new Date(2026, 6, 1).getTime())
    expect(query.to).toBe(new Date(2026, 6, 28).getTime())
    expect(query.states).toEqual(['good', 'rejected', 'spoiled'])
  })

  test('every state of an attempt belongs to one result', () => {
    expect(logResults.flatMap((result) => statesOfResult[result]).toSorted()).toEqual(AttemptState.options.toSorted())
  })

  test.each([
    ['7899', '7899'],
    [' 78 99 ', '7899'],
    ['4000 0012 3456 7899', '7899'],
    ['400000••••••7899', '7899'],
    ['j-000012/7.2', 'J-000012/7.2'],
  ])('finds %s as %s: more of a number than its end is never sent', (typed, sought) => {
    expect(filterToQuery({ results: [], find: typed }).find).toBe(sought)
  })

  test('parts are set and taken away', () => {
    expect(withPart(withPart(everything, 'reason', 'jam'), 'reason', undefined)).toEqual(everything)
    expect(withPart(everything, 'find', '')).toEqual(everything)
    const both = withResult(withResult(everything, 'rejected', true), 'good', true)
    expect(both.results).toEqual(['good', 'rejected'])
    expect(isEverything(both)).toBe(false)
    expect(isEverything(withResult(withResult(both, 'good', false), 'rejected', false))).toBe(true)
  })
})
