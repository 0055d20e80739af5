import { parse } from 'csv-parse/sync'
import { describe, expect, test } from 'vitest'
import type { Mistake } from '#shared/contract/calls.ts'
import { filterMistakes, inFileOrder, mistakesCsv, rulesOf } from '../../../../src/renderer/feature/jobs/mistakes.ts'

const mistake = (code: string, line?: number, column?: string): Mistake => ({
  code,
  class: 'data',
  ...(line !== undefined && { line }),
  ...(column !== undefined && { column }),
})
const words = ({ code }: Mistake) => ({ what: `what ${code}`, do: `do, "${code}"` })
const some = [mistake('intake.luhn', 12, 'number'), mistake('intake.date', 3, 'expiry'), mistake('intake.luhn', 4, 'number'), mistake('intake.header')]

describe('the mistakes of a file', () => {
  test('are grouped by rule, the most frequent first', () => {
    expect(rulesOf(some)).toEqual([
      { rule: 'intake.luhn', count: 2 },
      { rule: 'intake.date', count: 1 },
      { rule: 'intake.header', count: 1 },
    ])
  })

  test('stand in the order of the file, those of the whole file first', () => {
    expect(inFileOrder(some).map(({ line }) => line)).toEqual([undefined, 3, 4, 12])
  })

  test('are found by rule, line, column and words', () => {
    const found = (rule: string | undefined, find: string) => filterMistakes(some, { rule, find }, words).length
    expect(found('intake.luhn', '')).toBe(2)
    expect(found(undefined, '12')).toBe(1)
    expect(found(undefined, 'EXPIRY')).toBe(1)
    expect(found(undefined, 'luhn')).toBe(2)
    expect(found('intake.luhn', 'expiry')).toBe(0)
  })

  test('make a CSV file that any reader splits as it was meant', () => {
    const csv = mistakesCsv(some, ['line', 'column', 'what', 'do', 'rule'], words)
    const rows = parse(csv, { bom: true }) as string[][]
    expect(rows[0]).toEqual(['line', 'column', 'what', 'do', 'rule'])
    expect(rows[1]).toEqual(['12', 'number', 'what intake.luhn', 'do, "intake.luhn"', 'intake.luhn'])
    expect(rows).toHaveLength(5)
  })

  test('a value that looks like a formula stays text in a spreadsheet', () => {
    expect(mistakesCsv([mistake('a.b', 1, '=HYPERLINK("x")')], [], words)).toContain(`"'=HYPERLINK(""x"")"`)
  })
})
