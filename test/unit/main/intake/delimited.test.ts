import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createDelimitedReader, longestRecord, type DelimitedOptions } from '#main/intake/delimited.ts'

type Found = { line: number; values: string[] } | { line: number; mistake: string }

function read(pieces: readonly string[], options: DelimitedOptions = { delimiter: ',', quote: '"' }): Found[] {
  const found: Found[] = []
  const reader = createDelimitedReader(options, {
    record: (values, line) => found.push({ line, values }),
    mistake: (mistake, line) => found.push({ line, mistake }),
  })
  for (const piece of pieces) reader.push(piece)
  reader.end()
  return found
}

const values = (found: readonly Found[]): unknown[] => found.map((entry) => ('values' in entry ? entry.values : entry.mistake))

describe('delimited text', () => {
  test('lines end with LF or CR LF, the last one with or without', () => {
    expect(read(['a,b\r\nc,d\ne,f'])).toEqual([
      { line: 1, values: ['a', 'b'] },
      { line: 2, values: ['c', 'd'] },
      { line: 3, values: ['e', 'f'] },
    ])
  })

  test('quotes hold delimiters, line ends and doubled quotes; the next record knows its line', () => {
    expect(read(['"a,1","b\r\n""2""",c\r\nd,e,f\r\n'])).toEqual([
      { line: 1, values: ['a,1', 'b\r\n"2"', 'c'] },
      { line: 3, values: ['d', 'e', 'f'] },
    ])
  })

  test('spaces around values go, those inside quotes stay', () => {
    expect(values(read([' a , " b " ,\tc\n']))).toEqual([['a', ' b ', 'c']])
  })

  test('empty lines are no records, empty values are values', () => {
    expect(read(['a,b\n\n  \n,\n""\n'])).toEqual([
      { line: 1, values: ['a', 'b'] },
      { line: 4, values: ['', ''] },
      { line: 5, values: [''] },
    ])
  })

  test('a quote inside a value without quotes is a character', () => {
    expect(values(read(['O"Neil,5" disk\n']))).toEqual([['O"Neil', '5" disk']])
  })

  test('other delimiters and quotes, or no quotes', () => {
    expect(values(read(["a;'b;c'\n"], { delimiter: ';', quote: "'" }))).toEqual([['a', 'b;c']])
    expect(values(read(['a\t"b\n'], { delimiter: '\t', quote: null }))).toEqual([['a', '"b']])
    expect(values(read(['a "b c"\n'], { delimiter: ' ', quote: '"' }))).toEqual([['a', 'b c']])
  })

  test('a quote that is never closed costs its own line', () => {
    expect(read(['a,b\nc,"d\ne,f\n'])).toEqual([
      { line: 1, values: ['a', 'b'] },
      { line: 2, mistake: 'data.quote-open' },
      { line: 3, values: ['e', 'f'] },
    ])
  })

  test('something after a closing quote costs its own line', () => {
    expect(read(['"a"x,b\nc,d\n'])).toEqual([
      { line: 1, mistake: 'data.quote-misplaced' },
      { line: 2, values: ['c', 'd'] },
    ])
  })

  test('a quote open through a whole large file does not swallow it', () => {
    const rest = Array.from({ length: 5000 }, (_, index) => `${index},value of ${index}\n`).join('')
    const found = read([`a,"b\n${rest}`])
    expect(found[0]).toEqual({ line: 1, mistake: 'data.quote-open' })
    expect(found).toHaveLength(5001)
    expect(found.at(-1)).toEqual({ line: 5001, values: ['4999', 'value of 4999'] })
  })

  test('a record longer than any record is a mistake, and memory does not grow with it', () => {
    const long = 'x'.repeat(longestRecord + 1)
    for (const pieces of [[`a\n${long}\nb\n`], ['a\n', ...long.match(/.{1,5000}/g)!, '\nb\n']]) {
      expect(read(pieces)).toEqual([
        { line: 1, values: ['a'] },
        { line: 2, mistake: 'data.record-too-long' },
        { line: 3, values: ['b'] },
      ])
    }
  })

  const cell = fc.string({ unit: fc.constantFrom('a', 'B', 'ж', '7', ' ', ',', '"', '\r\n', '\n', '.'), maxLength: 8 })

  test('reads what csv-parse reads', () => {
    const written = (text: string): string => (/[",\r\n]|^ | $/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
    const rows = fc.array(fc.array(cell, { minLength: 2, maxLength: 5 }), { minLength: 1, maxLength: 8 })
    fc.assert(
      fc.property(rows, fc.constantFrom('\n', '\r\n'), fc.boolean(), (table, end, last) => {
        const text = table.map((row) => row.map(written).join(',')).join(end) + (last ? end : '')
        const expected: unknown = parse(text, { relax_column_count: true, record_delimiter: end })
        expect(values(read([text]))).toEqual(expected)
      }),
      { numRuns: 1000 },
    )
  })

  test('reads the same whatever the cuts, mistakes too', () => {
    const piece = fc.string({ unit: fc.constantFrom('a', '7', ' ', ',', '"', '""', '\r\n', '\n', '\r', ';'), maxLength: 6 })
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), fc.constantFrom('"', "'", null), (pieces, quote) => {
        const options = { delimiter: ',', quote }
        const text = pieces.join('')
        const whole = read([text], options)
        expect(read(pieces, options)).toEqual(whole)
        expect(read(Array.from(text), options)).toEqual(whole)
      }),
      { numRuns: 2000 },
    )
  })

  test('a record of the greatest length may be cut between the two characters of its line end', () => {
    const record = `c",${'a'.repeat(longestRecord - 3)}`
    expect(read([`${record}\r`, '\n'])).toEqual(read([`${record}\r\n`]))
    expect(read([`${record}a\r`, '\n'])).toEqual(read([`${record}a\r\n`]))
  })

  test('reads the same whatever the cuts around the longest record', () => {
    const unit = fc.constantFrom('a'.repeat(longestRecord - 3), 'b'.repeat(20_000), '"', ',', '\n', '\r\n', 'c', '""', ' ')
    fc.assert(
      fc.property(fc.array(unit, { maxLength: 14 }), fc.integer({ min: 1, max: 40_000 }), (parts, size) => {
        const text = parts.join('')
        const pieces = text.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? []
        expect(read(pieces)).toEqual(read([text]))
      }),
      { numRuns: 300 },
    )
  })
})
