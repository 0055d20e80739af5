import { describe, expect, test } from 'vitest'
import { sortRows } from '../../../../src/renderer/ui/data-table.tsx'
import { pagesBetween } from '../../../../src/renderer/ui/paged-rows.ts'

describe('pages of a long list', () => {
  test.each([
    [0, 0, [0]],
    [0, 199, [0]],
    [190, 210, [0, 1]],
    [99_990, 99_999, [499]],
    [-3, 5, [0]],
  ])('rows %i to %i', (first, last, pages) => {
    expect(pagesBetween(first, last, 200)).toEqual(pages)
  })
})

describe('ordering rows', () => {
  const rows = [{ name: 'Карта 10' }, { name: 'карта 9' }, { name: 'Ёлка' }, { name: 'Дом' }]

  test('words as the language orders them, numbers in words by their value', () => {
    expect(sortRows(rows, (row) => row.name, false, 'ru').map((row) => row.name)).toEqual(['Дом', 'Ёлка', 'карта 9', 'Карта 10'])
  })

  test('numbers by value, downwards too, and equal ones as they came', () => {
    const counts = [{ id: 'a', n: 2 }, { id: 'b', n: 10 }, { id: 'c', n: 2 }]
    expect(sortRows(counts, (row) => row.n, false, 'en').map((row) => row.id)).toEqual(['a', 'c', 'b'])
    expect(sortRows(counts, (row) => row.n, true, 'en').map((row) => row.id)).toEqual(['b', 'a', 'c'])
  })
})
