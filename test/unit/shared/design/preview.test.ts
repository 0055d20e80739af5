import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { PreparedCard } from '#shared/card/prepared.ts'
import { previewOf } from '#shared/design/preview.ts'
import { render } from '#shared/design/record-check.ts'
import { CardPreview } from '#shared/job/job.ts'
import { debitRecord, machine, template } from './samples.ts'

describe('the picture of a card', () => {
  const { card } = render(template('debit-card'), debitRecord)

  test('shows first six and last four of the number, and nothing that verifies the card', () => {
    expect(previewOf(card)).toMatchObject({
      number: '400000••••••7899',
      lines: [{ text: '7899 •••' }, { text: '4000 00•• •••• 7899' }, { text: '    12/29' }, { text: 'IVAN PETROV' }],
      tracks: [
        { track: 1, text: 'B400000••••••7899^•••••••••••^•••••••••••••••' },
        { track: 2, text: '400000••••••7899=•••••••••••••••' },
      ],
    })
  })

  test('is what the screens are promised', () => {
    expect(() => CardPreview.parse(previewOf(card, machine.fonts))).not.toThrow()
  })

  test('takes sizes from the machine where it has the font', () => {
    const fonts = [{ ...machine.fonts[0]!, pitch: 2500 }]
    expect(previewOf(card, fonts).lines.map((line) => line.pitch)).toEqual([1700, 3630, 2500, 2500])
  })

  test('masks numbers of letters and marks too', () => {
    const id: PreparedCard = { number: 'MO-004512', lines: [{ field: 'number', kind: 'emboss', side: 'front', font: 'gothic', x: 0, y: 0, text: 'NO MO-004512' }], tracks: {}, topping: false }
    expect(previewOf(id).lines[0]?.text).toBe('NO ••-••4512')
  })

  test('never shows the middle of a number, however it is grouped', () => {
    const digits = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 12, maxLength: 19 }).map((list) => list.join(''))
    fc.assert(
      fc.property(digits, fc.integer({ min: 1, max: 6 }), fc.constantFrom('emboss', 'indent'), (number, size, kind) => {
        const text = number.replace(new RegExp(`.{${size}}(?=.)`, 'g'), '$& ')
        const drawn: PreparedCard = {
          number,
          lines: [{ field: 'number', kind: kind as 'emboss' | 'indent', side: 'front', font: 'gothic', x: 0, y: 0, text }],
          tracks: { track1: `B${number}^A/B^2912`, track2: `${number}=2912201` },
          topping: false,
        }
        const shown = previewOf(drawn)
        for (const seen of [shown.number, ...shown.lines.map((line) => line.text), ...shown.tracks.map((track) => track.text)]) {
          expect(seen.replace(/[^0-9]/g, '').length).toBeLessThanOrEqual(10)
        }
      }),
    )
  })
})
