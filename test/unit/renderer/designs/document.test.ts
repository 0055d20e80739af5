import { describe, expect, test } from 'vitest'
import debitCard from '#assets/templates/debit-card.json' with { type: 'json' }
import type { CardDesign } from '#shared/design/design.ts'
import { parseDesign } from '#shared/design/parse-design.ts'
import {
  identifierFor,
  moved,
  newDesign,
  placed,
  renamedColumn,
  withColumn,
  withDesign,
  withFont,
  withLine,
  withLineAt,
  withNewColumn,
  withNewLine,
  withoutLine,
  withTrack,
} from '../../../../src/renderer/feature/designs/document.ts'

const debit = debitCard as unknown as CardDesign
const label = { en: 'New', ru: 'Новая' }
const valid = (design: CardDesign) => parseDesign(design).ok

describe('changes of a design', () => {
  test('a line moves by tenths of a millimetre and stops at the edges of the card', () => {
    expect(moved(debit, 1, 100, -100).lines[1]).toMatchObject({ x: debit.lines[1]!.x + 100, y: debit.lines[1]!.y - 100 })
    expect(placed(debit, 1, -50_000, 1_000_000).lines[1]).toMatchObject({ x: 0, y: 53_980 })
    expect(moved(debit, 99, 100, 100)).toBe(debit)
    expect(debit.lines[1]!.x).toBe((debitCard.lines[1] as { x: number }).x)
  })

  test('an optional part that is taken away is gone from the document', () => {
    const without = withLine(debit, 1, { maximumLength: undefined, shows: undefined })
    expect(Object.keys(without.lines[1]!)).not.toContain('maximumLength')
    expect(Object.keys(withDesign(debit, { expiry: undefined }))).not.toContain('expiry')
    expect(valid(without)).toBe(true)
  })

  test('a font brings its kind and side', () => {
    expect(withFont(debit, 1, 'indent-back').lines[1]).toMatchObject({ font: 'indent-back', kind: 'indent', side: 'back' })
  })

  test('new lines and columns make a document that can still be read', () => {
    const two = withNewLine(withNewLine(debit, 'gothic', label), 'gothic', label)
    expect(new Set(two.lines.map((line) => line.field)).size).toBe(two.lines.length)
    expect(valid(two)).toBe(true)
    expect(valid(withNewColumn(withNewColumn(debit)))).toBe(true)
    expect(valid(withoutLine(debit, 0))).toBe(true)
    expect(valid(withTrack(debit, 'track3', { text: "'12'", format: 'free' }))).toBe(true)
    expect(Object.keys(withTrack(debit, 'track2', undefined).tracks)).toEqual(['track1'])
  })

  test('lines change places', () => {
    expect(withLineAt(debit, 0, 1).lines.map((line) => line.field).slice(0, 2)).toEqual(['number', 'back'])
    expect(withLineAt(debit, 0, -1)).toBe(debit)
  })

  test('a column that is called otherwise stays the one that the expressions read', () => {
    const named = debit.columns.findIndex((column) => column.name === 'name')
    const renamed = withColumn(debit, named, { name: 'card holder' })
    expect(renamed.lines.find((line) => line.field === 'name')!.text).toContain('[card holder]')
    expect(renamed.tracks.track1!.text).toContain('[card holder]')
    expect(valid(renamed)).toBe(true)
  })

  test.each([
    ['upper(name) & name', 'name', 'holder', 'upper(holder) & holder'],
    ["'name' & [name]", 'name', 'holder', "'name' & holder"],
    ['name(name)', 'name', 'holder', 'name(holder)'],
    ['upper(', 'name', 'holder', 'upper('],
    ['[Full name] & surname', 'full name', 'имя', 'имя & surname'],
  ])('%s with %s called %s is %s', (expression, from, to, expected) => {
    expect(renamedColumn(expression, from, to)).toBe(expected)
  })

  test('while a name is typed that cannot be written yet, the expressions wait', () => {
    expect(withColumn(debit, 0, { name: '' }).number.text).toBe(debit.number.text)
    expect(withColumn(debit, 0, { name: debit.columns[1]!.name }).number.text).toBe(debit.number.text)
  })
})

describe('a new design', () => {
  test('can be saved as it is', () => {
    expect(valid(newDesign('club', label))).toBe(true)
  })

  test.each([
    ['Debit card', [], 'debit-card'],
    ['Дебетовая карта', [], 'debetovaia-karta'],
    ['Debit card', ['debit-card'], 'debit-card-2'],
    ['2026', [], 'design'],
    ['—', [], 'design'],
    ['  Été 2026!  ', [], 'e-te-2026'],
  ])('%s beside %s is kept as %s', (name, taken, expected) => {
    expect(identifierFor(name, taken)).toBe(expected)
  })
})
