import { describe, expect, test } from 'vitest'
import { createPreparation, type PreparationContext } from '#main/prep/prepare.ts'
import { CardwrightError } from '#shared/faults.ts'
import type { Mistake } from '#shared/design/mistake.ts'
import { debitRecord, machine, template } from '../../shared/design/samples.ts'

const columns = Object.keys(debitRecord)
const debit = template('debit-card')
const numbers = ['4000001234567899', '4000001234567881', '4000001234567873']

function records(list: readonly string[], firstLine = 2): { line: number; values: string[] }[] {
  return list.map((number, index) => ({ line: firstLine + index, values: Object.values({ ...debitRecord, number }) }))
}

async function prepare(batches: readonly (readonly string[])[], more: Partial<PreparationContext> = {}): Promise<{ lines: number[]; mistakes: Mistake[] }> {
  const preparation = createPreparation(debit, columns, { limits: machine, today: '2026-07-15', ...more })
  const mistakes: Mistake[] = []
  const lines: number[] = []
  let line = 2
  for (const batch of batches) {
    lines.push(...(await preparation.prepare(records(batch, line), mistakes)).map((card) => card.line))
    line += batch.length
  }
  return { lines, mistakes }
}

describe('a batch', () => {
  test('of good records becomes cards', async () => {
    expect(await prepare([numbers])).toEqual({ lines: [2, 3, 4], mistakes: [] })
  })

  test('makes no number twice, however far apart and however it is grouped', async () => {
    const found = await prepare([numbers, ['4000 0012 3456 7899']])
    expect(found.lines).toEqual([2, 3, 4])
    expect(found.mistakes).toMatchObject([{ code: 'data.duplicate-number', line: 5, column: 'number', values: { value: '400000••••••7899', first: 2 } }])
  })

  test('a number is found twice also where one of its records is wrong otherwise', async () => {
    const found = await prepare([['4000001234567898', '4000001234567898']])
    expect(found.mistakes.map((mistake) => mistake.code)).toEqual(['data.check-digit', 'data.check-digit', 'data.duplicate-number'])
  })

  test('makes no number that was issued before', async () => {
    const asked: (readonly string[])[] = []
    const issued = async (list: readonly string[]): Promise<number[]> => {
      asked.push(list)
      return list.flatMap((number, index) => (number === numbers[1] ? [index] : []))
    }
    const found = await prepare([numbers], { issued })
    expect(found.lines).toEqual([2, 4])
    expect(found.mistakes).toMatchObject([{ code: 'data.already-issued', line: 3, values: { value: '400000••••••7881' } }])
    expect(asked).toEqual([numbers])
  })

  test('asks nothing of records that are refused anyway', async () => {
    const issued = async (): Promise<number[]> => {
      throw new Error('asked')
    }
    expect((await prepare([['1']], { issued })).lines).toEqual([])
  })

  test('of a design that this machine can not make is refused as a whole', () => {
    expect(() => createPreparation(debit, columns, { limits: { ...machine, tracks: [2], maximumLines: 2 }, today: '2026-07-15' })).toThrow(CardwrightError)
  })
})
