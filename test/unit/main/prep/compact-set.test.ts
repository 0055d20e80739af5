import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createCompactSet } from '#main/prep/compact-set.ts'

describe('the set of numbers', () => {
  test('tells the line where a number was first seen', () => {
    const set = createCompactSet()
    expect(set.add('4000001234567899', 2)).toBe(0)
    expect(set.add('4000001234567881', 3)).toBe(0)
    expect(set.add('4000001234567899', 9)).toBe(2)
    expect(set.size()).toBe(2)
  })

  test('is exact: what a JavaScript map would say of any texts', () => {
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('', '0', '00', 'ÿ', 'ÿÿ', 'Ā', '\uffff', '000'))
    fc.assert(
      fc.property(fc.array(text, { maxLength: 300 }), (texts) => {
        const set = createCompactSet()
        const map = new Map<string, number>()
        texts.forEach((added, index) => {
          expect(set.add(added, index + 1)).toBe(map.get(added) ?? 0)
          if (!map.has(added)) map.set(added, index + 1)
        })
        expect(set.size()).toBe(map.size)
      }),
      { numRuns: 500 },
    )
  })

  test('stays exact while it grows over many blocks', () => {
    const set = createCompactSet()
    const number = (index: number): string => `9643${String(index * 7).padStart(15, '0')}`
    for (let index = 0; index < 150_000; index++) if (set.add(number(index), index + 1) !== 0) throw new Error(String(index))
    for (let index = 0; index < 150_000; index += 13) if (set.add(number(index), 1) !== index + 1) throw new Error(String(index))
    expect(set.add(number(150_000), 1)).toBe(0)
  })
})
