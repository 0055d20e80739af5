import { parse } from 'csv-parse/sync'
import { describe, expect, test } from 'vitest'
import type { Mistake } from '#shared/contract/calls.ts'
import { filterMistakes, groupsOf, mistakesCsv } from '../../../../src/renderer/feature/jobs/mistakes.ts'

const mistake = (code: string, line?: number, column?: string): Mistake => ({
  code,
  class: 'data',
  ...(line !== undefined && { line }),
  ...(column !== undefined && { column }),
})
const words = ({ code }: Mistake) => ({ what: `what ${code}`, do: `do, "${code}"` })
const some = [mistake('intake.luhn', 12, 'number'), mistake('intake.date', 3, 'expiry'), mistake('intake.luhn', 4, 'number'), mistake('intake.header')]

describe('the mistakes of a file', () => {
  test('are grouped by rule, the most frequent first, in the order of the file', () => {
    expect(groupsOf(some).map(({ rule, mistakes }) => [rule, mistakes.map(({ line }) => line)])).toEqual([
      ['intake.luhn', [4, 12]],
      ['intake.date', [3]],
      ['intake.header', [undefined]],
    ])
  })

  test('are found by line, column, words and rule', () => {
    const found = (find: string) => filterMistakes(some, find, words).length
    expect(found('')).toBe(4)
    expect(found('12')).toBe(1)
    expect(found('EXPIRY')).toBe(1)
    expect(found('what intake.luhn')).toBe(2)
    expect(found('nothing of the kind')).toBe(0)
  })

  test('make a CSV file that any reader splits as it was meant', () => {
    const csv = mistakesCsv(some, ['line', 'column', 'what', 'do', 'rule'], words)
    const rows = parse(csv, { bom: true }) as string[][]
    expect(rows[0]).toEqual(['line', 'column', 'what', 'do', 'rule'])
    expect(rows[1]?.[0]).toBe('')
    expect(rows[4]).toEqual(['12', 'number', 'what intake.luhn', 'do, "intake.luhn"', 'intake.luhn'])
    expect(rows).toHaveLength(5)
  })

  test('a value that looks like a formula stays text in a spreadsheet', () => {
    expect(mistakesCsv([mistake('a.b', 1, '=HYPERLINK("x")')], [], words)).toContain(`"'=HYPERLINK(""x"")"`)
  })
})
