import { describe, expect, test } from 'vitest'
import debitCard from '#assets/templates/debit-card.json' with { type: 'json' }
import type { CardDesign } from '#shared/design/design.ts'
import { SourceOptions } from '#shared/design/source.ts'
import { inFormat, jobNameOf, namesOf, nextFixedColumn, withHeader } from '../../../../src/renderer/feature/jobs/source-options.ts'
import type { Delimited } from '../../../../src/renderer/feature/jobs/source-options.ts'

const debit = debitCard as unknown as CardDesign
const guessed: Delimited = { format: 'delimited', encoding: 'windows-1251', delimiter: ';', quote: '"', header: true, skipLines: 2 }

describe('how a file is read', () => {
  test.each(['delimited', 'fixed', 'dcc'] as const)('as %s the options are ones that the core takes, and keep the encoding', (format) => {
    for (const design of [debit, undefined]) {
      const options = inFormat(guessed, format, design)
      expect(SourceOptions.parse(options)).toEqual(options)
      expect(options).toMatchObject({ format, encoding: 'windows-1251' })
    }
  })

  test('fixed columns begin one after the other, by the design', () => {
    const options = inFormat(guessed, 'fixed', debit)
    if (options.format !== 'fixed') throw new Error(options.format)
    expect(options.columns.map((column) => column.name)).toEqual(debit.columns.map((column) => column.name))
    for (const [index, column] of options.columns.entries()) {
      const before = options.columns[index - 1]
      if (before) expect(column.start).toBe(before.start + before.length)
    }
    expect(nextFixedColumn(options.columns).start).toBeGreaterThan(options.columns.at(-1)!.start)
    expect(options.skipLines).toBe(2)
  })

  test('without a header the design names the columns, with one the file does', () => {
    const without = withHeader(guessed, false, debit)
    expect(without).toMatchObject({ header: false, columns: debit.columns.map((column) => column.name) })
    expect(withHeader(without as Delimited, true, debit)).toEqual(guessed)
  })

  test.each([
    ['a, b ,c', ['a', 'b', 'c']],
    ['a,,c', undefined],
    ['', undefined],
    ['x'.repeat(81), undefined],
  ])('names %s', (text, expected) => {
    expect(namesOf(text)).toEqual(expected)
  })

  test.each([
    ['branch-12.csv', 'branch-12'],
    ['июль.партия 3.txt', 'июль.партия 3'],
    ['cards', 'cards'],
    ['.csv', '.csv'],
    [`${'n'.repeat(300)}.csv`, 'n'.repeat(120)],
  ])('a job of %s is called %s', (file, expected) => {
    expect(jobNameOf(file)).toBe(expected)
  })
})
