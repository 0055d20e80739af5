import { describe, expect, test } from 'vitest'
import type { PreparedChip } from '#shared/chip/prepared-chip.ts'
import { asCsv, cardNumberOf, deskRecordOf } from '#shared/design/desk-design.ts'

const wrapped = { under: 'kek', mode: 'cbc', padding: 'iso-9797-2', clearLength: 5 } as const
const whole = { under: 'kek', mode: 'ecb', padding: 'none', clearLength: 8 } as const
const chipOf = (...groups: PreparedChip['applications'][number]['groups']): PreparedChip => ({ task: 'task', applications: [{ application: 'empty', groups: [] }, { application: 'app', groups }] })

describe('prepared data as a record', () => {
  test('has a column for each group, and says of the wrapped ones how they come', () => {
    const { record, applications } = deskRecordOf('42', chipOf({ name: '0101', value: '7000' }, { name: '8010', value: 'AA'.repeat(8), secret: wrapped }, { name: '8000', value: 'BB'.repeat(8), secret: whole }))
    expect(asCsv(record)).toBe(`"number","app 0101","app 8010","app 8000"\n"42","7000","${'AA'.repeat(8)}","${'BB'.repeat(8)}"\n`)
    expect(applications).toEqual([
      {
        application: 'app',
        groups: [
          { group: '0101', bytes: '[app 0101]' },
          { group: '8010', bytes: '[app 8010]', secret: wrapped },
          { group: '8000', bytes: '[app 8000]', secret: { under: 'kek', mode: 'ecb', padding: 'none' } },
        ],
      },
    ])
  })

  test('says its own number, by the tag of the number or of track 2', () => {
    expect(cardNumberOf(chipOf({ name: '0102', value: '700A5A08400000991234567F' }))).toBe('400000991234567')
    expect(cardNumberOf(chipOf({ name: '0101', value: 'FF' }, { name: '0102', value: '700A57084000009912D29122' }))).toBe('4000009912')
    expect(cardNumberOf(chipOf({ name: '0102', value: '700A5A08400000991234567F', secret: wrapped }))).toBeUndefined()
  })
})
