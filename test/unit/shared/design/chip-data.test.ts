import { expect, test } from 'vitest'
import type { CardDesign } from '#shared/design/design.ts'
import { parseDesign } from '#shared/design/parse-design.ts'
import { previewOf } from '#shared/design/preview.ts'
import { render } from '#shared/design/record-check.ts'
import { template } from './samples.ts'

const columns = [
  { name: 'extra', required: false, secret: true, example: '' },
  { name: 'stream', required: false, secret: true, example: '' },
]

function chipDesign(chip: NonNullable<CardDesign['chip']>): CardDesign {
  const base = template('debit-card')
  return { ...base, contacts: true, columns: [...base.columns, ...columns], chip }
}

const payment = (more: Partial<NonNullable<CardDesign['chip']>['applications'][number]>): CardDesign =>
  chipDesign({ task: 'emv-debit', applications: [{ application: 'payment', groups: [], ...more }] })

const record = { number: '4000001234567899', expiry: '2029-12', name: 'Ivan Petrov', company: '', service_code: '201', pvv: '1234', cvv: '567', cvv2: '890' }

const codes = (design: CardDesign, values: Record<string, string>) => render(design, { ...record, ...values }).mistakes.map(({ code }) => code)

test('groups are made of expressions, in upper case, and optional ones left out', () => {
  const design = payment({
    groups: [
      { group: '0101', bytes: "tlv('70', tlv('5A', compressed(number)) & tlv('5F24', date(expiry, 'YYMM') & '31'))" },
      { group: '0102', bytes: 'extra', optional: true },
      { group: '9200', bytes: "'ab cd'" },
    ],
  })
  const { card, mistakes } = render(design, { ...record, expiry: '2029-12' })
  expect(mistakes).toEqual([])
  expect(card.chip).toEqual({
    task: 'emv-debit',
    applications: [{ application: 'payment', groups: [{ name: '0101', value: '70105A0840000012345678995F2403291231' }, { name: '9200', value: 'ABCD' }] }],
  })
  expect(previewOf(card).chip).toEqual({ task: 'emv-debit', applications: [{ application: 'payment', groups: 2, bytes: 20 }] })
})

test('a stream of groupings is parted, and its secrets are marked', () => {
  const design = payment({ groupings: 'stream', secretGroupings: [{ under: 'kek', mode: 'ecb', padding: 'none', groups: ['8010'] }] })
  const { card, mistakes } = render(design, { ...record, stream: '0101 02 7000 8010 08 0011223344556677' })
  expect(mistakes).toEqual([])
  expect(card.chip?.applications[0]?.groups).toEqual([
    { name: '0101', value: '7000' },
    { name: '8010', value: '0011223344556677', secret: { under: 'kek', mode: 'ecb', padding: 'none', clearLength: 8 } },
  ])
})

test('every mistake of the chip is told at once, and no byte of it', () => {
  const design = payment({
    groups: [
      { group: '0101', bytes: "'70G0'" },
      { group: '0102', bytes: "'123'" },
      { group: '0103', bytes: 'extra' },
      { group: '0104', bytes: "'AA'" },
      { group: '8000', bytes: "'AABB'", secret: { under: 'kek', mode: 'ecb', padding: 'none' } },
      { group: '8010', bytes: "'AABBCCDDAABBCCDD'", secret: { under: 'kek', mode: 'ecb', padding: 'none', clearLength: 16 } },
    ],
    groupings: 'stream',
  })
  const { mistakes } = render(design, { ...record, stream: '010401AA020201' })
  expect(mistakes.map(({ code }) => code)).toEqual([
    'data.chip-not-hex', 'data.chip-odd-digits', 'data.chip-group-empty', 'data.chip-secret-blocks', 'data.chip-secret-length', 'data.chip-groupings',
  ])
  expect(codes(design, { stream: '010401AA' })).toContain('data.chip-group-twice')
  expect(JSON.stringify(mistakes)).not.toContain('AABBCCDD')
})

test.each([
  ['5A08400000123456789F', ['data.chip-number-differs']],
  ['5F2403281231', ['data.chip-expiry-differs']],
  ['57104000001234567899D291220112345678', []],
  ['57104000001234567899D281220112345678', ['data.chip-expiry-differs', 'data.chip-track2-differs']],
  ['57104000001234567899D291210112345678', ['data.chip-track2-differs']],
  ['57104000001234567890D291220112345678', ['data.chip-number-differs', 'data.chip-track2-differs']],
])('what the chip says agrees with number, expiry and track 2: %s', (value, expected) => {
  expect(codes(payment({ groups: [{ group: '0101', bytes: `'${value}'` }] }), {})).toEqual(expected)
})

test('a design is told what it can not be', () => {
  const design = payment({
    groups: [
      { group: '0101', bytes: "'00'" },
      { group: '0101', bytes: "'00'", secret: { under: 'kek', mode: 'cbc', padding: 'iso-9797-2' } },
    ],
  })
  const reading = parseDesign({ ...design, contacts: false })
  expect(!reading.ok && reading.mistakes.map(({ code, place }) => `${code} ${place}`)).toEqual([
    'design.chip-without-contacts contacts',
    'design.chip-group-twice chip.applications[0].groups[1]',
    'design.chip-clear-length chip.applications[0].groups[1].secret',
  ])
})
