import { describe, expect, test } from 'vitest'
import { fromBytes } from '#drivers/cpx/codec.ts'
import { layOut, layOutVoid } from '#drivers/cpx/driver/card-layout.ts'
import { loadProfile, modeOf, shippedDocuments } from '#drivers/cpx/profile.ts'
import type { PreparedCard, PreparedLine } from '#shared/card/prepared.ts'
import { CardwrightError } from '#shared/faults.ts'
import { debitCard } from './scripted-machine.ts'

const line = (field: string, change: Partial<PreparedLine> = {}): PreparedLine => ({
  field, kind: 'emboss', side: 'front', font: 'gothic', x: 10_160, y: 8_331, text: field.toUpperCase(), ...change,
})
const card = (lines: PreparedLine[], rest: Partial<PreparedCard> = {}): PreparedCard => ({ number: '4000001234567899', lines, tracks: {}, topping: false, ...rest })

function frames(prepared: PreparedCard, base = 'dc450', overrides: object = {}) {
  const profile = loadProfile({ extends: base, profile: 'test', ...overrides }, shippedDocuments)
  const { format, card: data } = layOut(prepared, profile, modeOf(profile, 'standard'), 7)
  return { format: format && fromBytes(format.frame), card: fromBytes(data) }
}

function refusal(prepared: PreparedCard, base = 'dc450', overrides: object = {}) {
  try {
    frames(prepared, base, overrides)
  } catch (error) {
    if (error instanceof CardwrightError) return error.faults[0]
    throw error
  }
  return undefined
}

describe('positions', () => {
  test('micrometres become 1/1000 inch', () => {
    expect(frames(card([line('name', { x: 25_400, y: 12_713 })])).format).toBe('#DCL#081000 1#FC1#0501#END#@@@@@@')
  })

  test('one start for one line and one for all others: the line that starts alone goes first', () => {
    const made = frames(card([line('name'), line('company', { y: 5000 }), line('number', { x: 20_320, y: 21_412 })]))
    expect(made.format).toBe('#DCL#0808000400 1#FC1#0843 2#FC1#0328 3#FC1#0197#END#@@@@@@')
    expect(made.card).toBe('#DCC#NUMBER"NAME"COMPANY"#END#@@@@@@')
  })

  test('three starts, or two and two, are more than the classic form can say; the template form takes them', () => {
    const three = card([line('a'), line('b', { x: 1e4 }), line('c', { x: 2e4 })])
    const twoAndTwo = card([line('a'), line('b'), line('c', { x: 2e4 }), line('d', { x: 2e4 })])
    for (const prepared of [three, twoAndTwo]) {
      expect(refusal(prepared)).toMatchObject({ code: 'device.too-many-starts', class: 'data' })
      expect(frames(prepared, 'dc150i').format).toMatch(/^#DCL##GTW#0"\n0004,0001,0400,0328,/)
    }
  })

  test('empty lines are left out of format and data', () => {
    const made = frames(card([line('name'), line('company', { text: '' })]))
    expect(made).toEqual({ format: '#DCL#080400 1#FC1#0328#END#@@@@@@', card: '#DCC#NAME"#END#@@@@@@' })
  })

  test('a card without lines needs no format', () => {
    expect(frames(card([], { tracks: { track1: 'B1^X^2' } }))).toEqual({ format: undefined, card: '#DCC##ENC#%B1^X^2?#END#@@@@@@' })
  })

  test('the record number, where the site sends one', () => {
    expect(frames(card([line('name')]), 'dc450', { framing: { recordNumber: true } }).card).toBe('000007#DCC#NAME"#END#@@@@@@')
  })
})

describe('text', () => {
  test('letters of another alphabet take the wheel positions of the map', () => {
    const cyrillic = card([line('name', { text: 'ИВАНОВ ЁЖ' })])
    expect(refusal(cyrillic)).toMatchObject({ code: 'device.character-not-on-wheel', place: 'name', values: { column: 1 } })
    expect(frames(cyrillic, 'dc450', { characterMap: 'cyrillic-wheel' }).card).toBe('#DCC#fBAHOB Ed"#END#@@@@@@')
  })

  test('a mirrored line is reversed and starts where its last character as read lies', () => {
    const back = card([line('back', { kind: 'indent', side: 'back', font: 'indent-back', x: 50_000, y: 29_667, text: '7899 123' })])
    // 3.375 in − (50.000 + 7 × 1.700) mm = 23.825 mm = 938 mil
    expect(frames(back)).toEqual({ format: '#DCL#080938 1#FC4#1168#END#@@@@@@', card: '#DCC#321 9987"#END#@@@@@@' })
    // 3.375 in − 50.000 mm = 35.725 mm = 1406 mil
    expect(frames(back, 'dc450', { mirrorStart: 'first-character' }).format).toBe('#DCL#081406 1#FC4#1168#END#@@@@@@')
    expect(frames(back, 'dc450', { fonts: { 'indent-back': { mirrored: false } } }).card).toBe('#DCC#7899 123"#END#@@@@@@')
  })

  test.each([
    ['a character that the wheel lacks', { text: 'É' }, 'device.character-not-on-wheel'],
    ['a font that is not fitted', { font: 'brush' }, 'device.font-not-fitted'],
    ['an emboss font for an indent line', { kind: 'indent' as const }, 'device.font-not-fitted'],
  ])('%s is refused with the field', (_, change, code) => {
    expect(refusal(card([line('number'), line('name', change)]))).toMatchObject({ code, class: 'data', place: 'name' })
  })
})

describe('what the machine can not do', () => {
  test('more lines than a format holds', () => {
    expect(refusal(card(Array.from({ length: 12 }, (_, index) => line('name', { y: 4000 + index * 1000 }))))).toMatchObject({
      code: 'device.too-many-lines', values: { lines: 12, maximum: 11 },
    })
  })

  test('a track that is not encoded, a comparison without its verb, a frame beyond the buffer', () => {
    const striped = card([line('name')], { tracks: { track3: '01' } })
    expect(refusal(striped, 'dc450', { limits: { tracks: [1, 2] } })).toMatchObject({ code: 'device.no-such-track', place: 'track3' })
    const compared = card([line('name')], { compareTrack2: '4000=27' })
    expect(frames(compared).card).toBe('#DCC#NAME"#CMP#;4000=27?#END#@@@@@@')
    expect(refusal(compared, 'dc450', { verbs: { compare: null } })).toMatchObject({ code: 'device.verb-missing' })
    expect(refusal(striped, 'dc450', { limits: { maximumFrameBytes: 20 } })).toMatchObject({ code: 'device.frame-too-long' })
  })

  test('no fault holds card data', () => {
    const secret = 'SECRET"NAME'
    expect(JSON.stringify(refusal(card([line('name', { text: secret })])))).not.toContain('SECRET')
  })
})

describe('the void pattern', () => {
  const profile = loadProfile({ extends: 'dc450', profile: 'test' }, shippedDocuments)
  const voided = (prepared: PreparedCard) => {
    const { format, card: data } = layOutVoid(prepared, profile, modeOf(profile, 'standard'), 1)
    return [format && fromBytes(format.frame), fromBytes(data)]
  }

  test('covers the number line from its first to its last character, and encodes nothing', () => {
    expect(voided(debitCard)).toEqual(['#DCL#080401 1#FC1#0843#END#@@@@@@', '#DCC#VOID VOID VOID VOID VOID V"#END#@@@@@@'])
  })

  test('goes where the number usually is on a card without embossing', () => {
    expect(voided(card([], { tracks: { track2: '1' } }))[0]).toBe('#DCL#080401 1#FC1#0843#END#@@@@@@')
  })

  test('prefers the line that carries the card\'s own number over a longer one', () => {
    const prepared = card([line('account', { text: '12345678901234567890', y: 4000 }), line('number', { text: '4000 0012 3456 7899', y: 21_412 })])
    expect(voided(prepared)[0]).toBe('#DCL#080400 1#FC1#0843#END#@@@@@@')
  })
})
