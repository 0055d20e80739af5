import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { dccCardOf, dccLine, parseDccLine, type DccCard } from '#main/intake/dcc.ts'
import { CardwrightError } from '#shared/faults.ts'
import { render } from '#shared/design/record-check.ts'
import { debitRecord, template } from '../../shared/design/samples.ts'

const empty: DccCard = { lines: [], track1: '', track2: '', track3: '', compareTrack2: '' }

describe('a bureau’s line', () => {
  test('is read as bureaus write it', () => {
    expect(parseDccLine('#DCC##EMB#4000 0012 3456 7899"JOHN DOE"ACME"#ENC#;4000001234567899=2912201?#END#@@@@@@')).toEqual({
      card: { ...empty, lines: ['4000 0012 3456 7899', 'JOHN DOE', 'ACME'], track2: '4000001234567899=2912201' },
    })
  })

  test('may leave the default function out, carry a record number, and all tracks', () => {
    expect(parseDccLine('000001#DCC#4000 0012 3456 7899"    12/27"JOHN DOE"#ENC#%B4^A/B^?;4=?_;5=?#END#@@@@@@\r')).toEqual({
      card: { ...empty, lines: ['4000 0012 3456 7899', '    12/27', 'JOHN DOE'], track1: 'B4^A/B^', track2: '4=', track3: '5=' },
    })
  })

  test('keeps empty lines in their places', () => {
    expect(parseDccLine('#DCC##EMB#1""3"#END#@')).toMatchObject({ card: { lines: ['1', '', '3'] } })
  })

  test.each([
    ['#DCC##EMB#1"', 'data.dcc-frame'],
    ['#DCL#0804000400#END#@@@@@@', 'data.dcc-frame'],
    ['number,name', 'data.dcc-frame'],
    ['#DCC##EMB#1#END#@', 'data.dcc-data'],
    ['#DCC##ENC#4000#END#@', 'data.dcc-data'],
    ['#DCC##CMP#%A?#END#@', 'data.dcc-data'],
    ['#DCC##REP#5#EMB#1"#END#@', 'data.dcc-function'],
    ['#DCC##TRK##END#@', 'data.dcc-function'],
  ])('%s is refused', (text, mistake) => {
    expect(parseDccLine(text)).toMatchObject({ mistake })
  })

  test('is written as it is read', () => {
    const text = fc.string({ unit: fc.constantFrom(...'ABZ09 .-/&Ж'), maxLength: 27 })
    const track = fc.string({ unit: fc.constantFrom(...'0123456789=:<>'), maxLength: 37 })
    const track1 = fc.string({ unit: fc.constantFrom(...'ABZ09 ^/$;'), maxLength: 76 })
    const cards = fc.record({ lines: fc.array(text, { maxLength: 6 }), track1, track2: track, track3: track, compareTrack2: track })
    fc.assert(
      fc.property(cards, (card) => {
        const line = dccLine(card)
        expect(line.endsWith('#END#@@@@@@\r\n')).toBe(true)
        expect(parseDccLine(line.slice(0, -2))).toEqual({ card })
      }),
      { numRuns: 1000 },
    )
  })

  test('is not written where a character would break it', () => {
    for (const character of ['"', '#', '@', '\n', '\u0005']) {
      expect(() => dccLine({ ...empty, lines: [`A${character}`] })).toThrow(CardwrightError)
    }
    expect(() => dccLine({ ...empty, track2: '1?2' })).toThrow(CardwrightError)
    expect(() => dccLine({ ...empty, track1: 'a' })).toThrow(CardwrightError)
  })

  test('of a prepared card holds its lines in the order asked for', () => {
    const { card } = render(template('debit-card'), debitRecord)
    expect(dccCardOf(card, ['number', 'name', 'company']).lines).toEqual(['4000 0012 3456 7899', 'IVAN PETROV', ''])
    expect(dccLine(dccCardOf(card))).toMatch(/^#DCC##EMB#7899 890"4000 0012 3456 7899" {4}12\/29"IVAN PETROV"#ENC#%B4/)
  })
})
