import { describe, expect, test } from 'vitest'
import type { CardDesign } from '#shared/design/design.ts'
import type { Mistake } from '#shared/design/mistake.ts'
import { exampleRecord, render, type CheckContext } from '#shared/design/record-check.ts'
import { texts } from '#shared/texts/index.ts'
import { debitRecord, machine, template, templates } from './samples.ts'

const debit = template('debit-card')
const context: CheckContext = { limits: machine, today: '2026-07-15' }

function judge(change: Record<string, string>, design: CardDesign = debit, at: CheckContext = context): Mistake[] {
  return render(design, { ...debitRecord, ...change }, at).mistakes
}

function codes(change: Record<string, string>, design: CardDesign = debit, at: CheckContext = context): string[] {
  return judge(change, design, at).map((mistake) => `${mistake.code} ${mistake.column}`)
}

/** The debit card with its lines changed by field. */
function withText(field: string, text: string): CardDesign {
  return { ...debit, lines: debit.lines.map((line) => (line.field === field ? { ...line, text } : line)) }
}

describe('a good record', () => {
  test('becomes the card that it describes', () => {
    const { card, mistakes } = render(debit, debitRecord, context)
    expect(mistakes).toEqual([])
    expect(card).toEqual({
      number: '4000001234567899',
      lines: [
        { field: 'back', kind: 'indent', side: 'back', font: 'indent-back', x: 50_000, y: 29_667, text: '7899 890' },
        { field: 'number', kind: 'emboss', side: 'front', font: 'farrington-7b', x: 10_185, y: 21_412, text: '4000 0012 3456 7899' },
        { field: 'expiry', kind: 'emboss', side: 'front', font: 'gothic', x: 10_185, y: 12_421, text: '    12/29' },
        { field: 'name', kind: 'emboss', side: 'front', font: 'gothic', x: 10_185, y: 8433, text: 'IVAN PETROV' },
      ],
      tracks: {
        track1: 'B4000001234567899^PETROV/IVAN^291220111234567',
        track2: '4000001234567899=291220111234567',
      },
      topping: true,
    })
  })

  test.each(templates)('%s: the examples of the design are one', (name) => {
    expect(render(template(name), exampleRecord(template(name)), context).mistakes).toEqual([])
  })

  test.each([
    [{ name: "Siobhan O'Brien" }],
    [{ name: 'Alexander Christopher Montgomery' }],
    [{ name: 'Юлия Щербакова' }],
    [{ company: 'Northern Trading' }],
    [{ expiry: '07/26' }],
    [{ expiry: '2036-07' }],
    [{ number: '4000 0012 3456 7899' }],
  ])('%j passes', (change) => {
    expect(judge(change as Record<string, string>)).toEqual([])
  })
})

describe('the number', () => {
  test.each([
    ['4000001234567898', 'data.check-digit number', '400000••••••7898'],
    ['400000123456789', 'data.number-length number', '400000•••••6789'],
    ['400000I234567899', 'data.number-characters number', '400000•••••7899'],
  ])('%s is refused', (number, code, value) => {
    expect(codes({ number })).toEqual([code])
    expect(judge({ number })[0]?.values?.['value']).toBe(value)
  })

  test('has to be there', () => {
    expect(codes({ number: '' })).toEqual(['data.empty number'])
    const optional = { ...debit, columns: debit.columns.map((column) => ({ ...column, required: false })) }
    expect(codes({ number: '' }, optional)).toContain('data.number-empty number')
  })

  test('is told wrong on a line or a track that shows another', () => {
    expect(codes({ name: 'A', number: '4000001234567899' }, withText('number', 'group(right(compact(number), 15))'))).toContain('data.number-differs number')
    const other: CardDesign = { ...debit, tracks: { track2: { text: "'4000001234567881=' & date(expiry, 'YYMM') & service_code", format: 'iso7813' } } }
    expect(codes({}, other)).toEqual(['data.track-number-differs number'])
  })

  test('of a card that is no payment card may be of letters, not of what breaks a frame', () => {
    const id = template('id-card')
    const record = { personnel_number: 'MO-1', name: 'A B', valid_until: '31.12.2029' }
    expect(render(id, record, context).mistakes).toEqual([])
    expect(render(id, { ...record, personnel_number: 'MO#1' }, context).mistakes.map((mistake) => mistake.code)).toEqual(['data.number-characters'])
  })
})

describe('dates', () => {
  test.each([
    ['2026-06', 'data.expired'],
    ['2036-08', 'data.expiry-too-far'],
    ['2029-13', 'data.date-impossible'],
    ['1229', 'data.date-ambiguous'],
    ['soon', 'data.date-unreadable'],
  ])('the expiry %s is refused, once', (expiry, code) => {
    expect(codes({ expiry })).toEqual([`${code} expiry`])
  })

  test('a card works to the end of its month', () => {
    expect(codes({ expiry: '07/26' }, debit, { ...context, today: '2026-07-31' })).toEqual([])
    expect(codes({ expiry: '07/26' }, debit, { ...context, today: '2026-08-01' })).toEqual(['data.expired expiry'])
  })

  test('an expiry expression that makes no month is told', () => {
    expect(codes({}, { ...debit, expiry: { text: 'expiry', rule: 'any' } })).toContain('data.expiry-unreadable expiry')
  })

  test('any expiry passes where the design asks for no more', () => {
    expect(codes({ expiry: '01/20' }, { ...debit, expiry: { text: "date(expiry, 'YYMM')", rule: 'any' } })).toEqual([])
  })

  test('the expiry on a line and on the tracks is the card’s', () => {
    expect(codes({}, withText('expiry', "'11/29'"))).toEqual(['data.expiry-differs undefined'])
    expect(codes({}, withText('expiry', "'29/12'"))).toEqual([])
    expect(codes({}, withText('expiry', "'12/2029'"))).toEqual([])
    const track2 = { text: "compact(number) & '=3001' & service_code", format: 'iso7813' } as const
    expect(codes({}, { ...debit, tracks: { track2 } })).toEqual(['data.track-expiry-differs expiry'])
  })

  test('a day that the design needs is not invented', () => {
    expect(codes({}, withText('company', "date(expiry, 'DD.MM.YYYY')"))).toEqual(['data.date-without-day expiry'])
  })
})

describe('lines', () => {
  test('a required column that is empty is told once', () => {
    expect(codes({ name: '' })).toEqual(['data.empty name'])
    expect(codes({ cvv2: '' })).toEqual(['data.empty cvv2'])
  })

  test('a line that turns out empty is told, unless it may be left out', () => {
    expect(codes({ company: '' })).toEqual([])
    expect(codes({}, withText('name', "' '"))).toEqual(['data.line-empty undefined'])
  })

  test('a character that the wheel does not have is told with its place and column', () => {
    const [mistake] = judge({ name: 'Zoë Berg' })
    expect(mistake).toMatchObject({ code: 'data.character-not-on-wheel', column: 'name', values: { character: 'Ë', position: 3, field: 'name' } })
    expect(codes({ name: 'Zoë Berg' })).toHaveLength(1)
  })

  test('a character that the machine maps to the wheel passes', () => {
    const limits = { ...machine, characterMap: { Ë: 'E' } }
    const noStripe: CardDesign = { ...debit, tracks: {} }
    expect(codes({ name: 'Zoë Berg' }, noStripe, { ...context, limits })).toEqual([])
    expect(codes({ name: 'Zoë Berg' }, noStripe, { ...context, limits: { ...machine, characterMap: { Ë: '~' } } })).toEqual(['data.character-not-on-wheel name'])
  })

  test.each(['"', '#', '@', '\r\n', '\u0005', '\u0085'])('%j would break the frame, on any machine or none', (character) => {
    const plain: CardDesign = { ...withText('company', 'company'), tracks: {} }
    expect(codes({ company: `A${character}B` }, plain)).toEqual(['data.frame-character company'])
    expect(codes({ company: `A${character}B` }, plain, {})).toEqual(['data.frame-character company'])
  })

  test('a line longer than it may be, and one that runs into the chip', () => {
    expect(judge({ name: 'Featherstonehaughington-Smythe' })).toMatchObject([
      { code: 'data.line-too-long', column: 'name', values: { length: 30, maximum: 26, by: 'design' } },
    ])
    const high: CardDesign = { ...debit, topping: false, lines: [{ ...debit.lines[3]!, x: 3000, y: 30_000 }] }
    expect(judge({ name: 'Bo L' }, high)).toMatchObject([{ code: 'data.line-too-long', values: { maximum: 3, by: 'contacts' } }])
    expect(judge({ name: 'Bo' }, high)).toEqual([])
  })

  test('spaces at the end take no room', () => {
    expect(codes({}, withText('company', "padRight('A', 40, ' ')"))).toEqual([])
  })

  test('texts that run into each other', () => {
    const [, , expiry, name] = debit.lines
    const side: CardDesign = { ...debit, lines: [{ ...expiry!, maximumLength: undefined }, { ...name!, y: expiry!.y, x: 45_000, maximumLength: undefined }] as CardDesign['lines'] }
    expect(codes({ name: 'Bo' }, side)).toEqual([])
    const longer = { ...side, lines: [{ ...side.lines[0]!, text: "'            ' & date(expiry, 'MM/YY')" }, side.lines[1]!] }
    expect(codes({ name: 'Bo' }, longer)).toEqual(['data.lines-overlap name'])
  })
})

describe('columns of digits', () => {
  test.each([
    ['service_code', '20'],
    ['cvv', '1234'],
    ['pvv', '12A4'],
  ])('%s = %s is refused at its column', (column, value) => {
    expect(codes({ [column]: value })).toEqual([`data.not-digits ${column}`])
  })

  test('secret values are never in a message', () => {
    for (const column of ['cvv', 'cvv2', 'pvv']) {
      expect(JSON.stringify(judge({ [column]: '98765' }))).not.toContain('98765')
    }
    const open = { ...debit, columns: debit.columns.map(({ digits: _, ...column }) => column) }
    const told = JSON.stringify([judge({ cvv2: '98"65' }, open), judge({ cvv2: '9876543210' }, open), judge({ cvv: '98x65' }, open)])
    expect(told).toContain('data.frame-character')
    expect(told).toContain('data.line-too-long')
    expect(told).toContain('data.track-character')
    expect(told).not.toMatch(/98"65|9876543210|98x65/)
  })
})

describe('tracks', () => {
  const track = (text: string, format: 'iso7813' | 'free' = 'iso7813', key: 'track1' | 'track2' | 'track3' = 'track2'): CardDesign => ({ ...debit, tracks: { [key]: { text, format } } })
  const pan = '4000001234567899'

  test.each([
    ['track2', `${pan}=2912201123`, []],
    ['track2', `${pan}=29122011234567890123`, []],
    ['track2', `${pan}=2912201123456789012X`, ['data.track-character']],
    ['track2', `${pan}=29122011234567890123456`, ['data.track-too-long']],
    ['track2', `${pan}D2912201`, ['data.track-character', 'data.track-form']],
    ['track2', `${pan}=2912`, ['data.track-form']],
    ['track2', `${pan}=2912201=1`, ['data.track-form']],
    ['track2', `${pan};2912201`, ['data.track-character', 'data.track-form']],
    ['track1', `B${pan}^PETROV/IVAN^2912201`, []],
    ['track1', `B${pan}^P^2912201`, ['data.track-name-length']],
    ['track1', `B${pan}^${'P'.repeat(26)}^2912201`, []],
    ['track1', `B${pan}^${'P'.repeat(27)}^2912201`, ['data.track-name-length']],
    ['track1', `A${pan}^PETROV/IVAN^2912201`, ['data.track-form']],
    ['track1', `B${pan}^Petrov/IVAN^2912201`, ['data.track-character']],
    ['track1', `B${pan}^P#TROV/IVAN^2912201`, ['data.frame-character']],
    ['track1', `B${pan}^P?TROV/IVAN^2912201`, ['data.track-character']],
    ['track1', `B${pan}^PETROV/IVAN^2912201${'0'.repeat(60)}`, ['data.track-too-long']],
  ] as const)('%s of %s', (key, text, expected) => {
    expect(judge({}, track(`"${text}"`, 'iso7813', key)).map((mistake) => mistake.code).sort()).toEqual([...expected].sort())
  })

  test('a free track is held to its alphabet and length alone', () => {
    expect(codes({}, track("'0=5'", 'free'))).toEqual([])
    expect(codes({}, track("'A5'", 'free'))).toEqual(['data.track-character undefined'])
    expect(codes({}, track(`'${'1'.repeat(105)}'`, 'free', 'track3'))).toEqual(['data.track-too-long undefined'])
    expect(codes({}, track(`'${'1'.repeat(104)}'`, 'free', 'track3'))).toEqual([])
  })

  test('an empty track is told', () => {
    expect(codes({}, track('company', 'free'))).toEqual(['data.track-empty company'])
  })

  test('the track to compare with is held to track 2', () => {
    expect(render({ ...debit, compareTrack2: 'compact(number)' }, debitRecord, context)).toMatchObject({ card: { compareTrack2: pan }, mistakes: [] })
    expect(codes({}, { ...debit, compareTrack2: 'upper(name)' })).toEqual(['data.track-character name'])
  })

  test('a card that is longer than the machine’s buffer is told', () => {
    expect(codes({}, debit, { ...context, limits: { ...machine, maximumFrameBytes: 100 } })).toEqual(['data.frame-too-long undefined'])
    expect(codes({}, debit, { ...context, limits: { ...machine, maximumFrameBytes: 300 } })).toEqual([])
  })
})

test('every rule has its sentences in both languages', () => {
  const told = [judge({ number: '4000001234567898', expiry: '2020-01', name: 'Zoë #', cvv: '1' }), judge({ number: '', name: 'Featherstonehaughington-Smythe', expiry: 'x' })].flat()
  expect(told.length).toBeGreaterThan(5)
  for (const { code } of told) {
    for (const language of [texts.en, texts.ru]) {
      expect(language).toHaveProperty([`fault.${code}.what`])
      expect(language).toHaveProperty([`fault.${code}.do`])
    }
  }
})

test('unrelated mistakes of a record are all told', () => {
  const found = codes({ number: '4000001234567898', expiry: '2020-01', name: 'Zoë', company: 'A company with a long, long name', cvv: '1' })
  expect(found.sort()).toEqual([
    'data.character-not-on-wheel company',
    'data.character-not-on-wheel name',
    'data.check-digit number',
    'data.expired expiry',
    'data.line-too-long company',
    'data.not-digits cvv',
  ])
})
