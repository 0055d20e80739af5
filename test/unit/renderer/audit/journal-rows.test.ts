import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { JournalRow } from '#shared/journal/events.ts'
import { askFor, countRows, indexOf, journalLines, readAll } from '../../../../src/renderer/feature/audit/journal-rows.ts'

const row = (sequence: number): JournalRow => ({
  sequence,
  at: sequence,
  by: 'system',
  fact: { kind: 'run.paused', run: 'R-000001' },
  previous: '0',
  hash: '1',
})
const journal = (length: number) => (after: number, limit: number) =>
  Promise.resolve(Array.from({ length: Math.max(0, Math.min(limit, length - after)) }, (_, index) => row(after + index + 1)))

describe('the journal, the newest row first', () => {
  test('every place of the list is asked for once, in pieces that the core allows', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1000 }), (total) => {
        const sequences: number[] = []
        for (let offset = 0; offset < total; offset += 200) {
          const { after, limit } = askFor(total, offset, 200)!
          for (let sequence = after + limit; sequence > after; sequence--) sequences.push(sequence)
        }
        expect(sequences).toEqual(Array.from({ length: total }, (_, index) => total - index))
        expect(sequences[indexOf(total, 1)]).toBe(1)
      }),
    )
    expect(askFor(0, 0, 200)).toBeUndefined()
    expect(askFor(10, 10, 200)).toBeUndefined()
  })

  test.each([
    [0, 0],
    [0, 999],
    [0, 1000],
    [17, 2500],
    [2500, 2500],
  ])('from %d known rows on, %d are counted', async (known, length) => {
    expect(await countRows(known, journal(length))).toBe(length)
  })

  test('an export holds every row in order, each a line that can be read again', async () => {
    const heard: number[] = []
    const rows = await readAll(journal(2100), (count) => heard.push(count))
    expect(heard).toEqual([1000, 2000, 2100])
    const lines = journalLines(rows).trimEnd().split('\n')
    expect(lines.map((line) => JournalRow.parse(JSON.parse(line)).sequence)).toEqual(rows.map(({ sequence }) => sequence))
  })
})
