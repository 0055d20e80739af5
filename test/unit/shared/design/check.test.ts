import { describe, expect, test } from 'vitest'
import { limitsOf, shippedProfiles } from '#drivers/cpx/profile.ts'
import type { DeviceLimits } from '#shared/device/limits.ts'
import { checkDesign, lineRoom } from '#shared/design/check.ts'
import type { CardDesign, DesignLine } from '#shared/design/design.ts'
import { machine, template, templates } from './samples.ts'

const debit = template('debit-card')

function withLine(field: string, change: Partial<DesignLine>): CardDesign {
  return { ...debit, lines: debit.lines.map((line) => (line.field === field ? { ...line, ...change } : line)) }
}

function mistakes(design: CardDesign, limits: DeviceLimits | 'no machine' = machine): string[] {
  return checkDesign(design, limits === 'no machine' ? undefined : limits).map((mistake) => `${mistake.code} ${mistake.place}`)
}

describe('the designs that ship', () => {
  const machines = shippedProfiles.flatMap((profile) => [...profile.modes].map(([mode, settings]) => ({ name: `${profile.profile} ${mode}`, limits: limitsOf(profile, settings) })))
  test.each(templates.flatMap((name) => machines.map((entry) => ({ design: name, ...entry }))))('$design can be made by $name', ({ design, limits }) => {
    expect(checkDesign(template(design), limits)).toEqual([])
  })
})

describe('a design is refused', () => {
  test('where a font is not fitted', () => {
    expect(mistakes(withLine('name', { font: 'ocr-b' }))).toEqual(['design.font-not-fitted lines[3].font'])
  })

  test('where the font makes another kind of character', () => {
    expect(mistakes(withLine('name', { font: 'indent-front' }))).toEqual(['design.font-kind lines[3].font'])
    expect(mistakes(withLine('name', { side: 'back' }))).toEqual(['design.font-kind lines[3].font'])
  })

  test('where a line is not on the card', () => {
    expect(mistakes(withLine('name', { y: 1000 }), 'no machine')).toEqual(['design.line-outside-card lines[3]'])
    expect(mistakes({ ...withLine('name', { x: 100 }) }, 'no machine')).toEqual(['design.line-outside-card lines[3]'])
  })

  test('where a line begins outside the embosser’s area, which is smaller with topping', () => {
    const high = withLine('name', { y: 23_000, x: 25_000, maximumLength: 10 })
    expect(mistakes({ ...high, lines: high.lines.filter((line) => line.field !== 'number') })).toContain('design.line-outside-area lines[2]')
    expect(mistakes({ ...high, topping: false, lines: high.lines.filter((line) => line.field === 'name') })).toEqual([])
  })

  test('where a line presses on the chip, from either side', () => {
    // C1 to C8 lie between 10.25 and 19.87 mm from the left and 25.43 and 34.75 mm from the bottom (ISO/IEC 7816-2).
    expect(mistakes(withLine('number', { y: 28_000 }), 'no machine')).toEqual(['design.line-over-contacts lines[1]'])
    expect(mistakes({ ...withLine('number', { y: 28_000 }), contacts: false }, 'no machine')).toEqual([])
    expect(mistakes(withLine('back', { x: 66_000 }), 'no machine')).toEqual(['design.line-over-contacts lines[0]'])
  })

  test('where a line presses on the stripe that it encodes', () => {
    expect(mistakes(withLine('back', { x: 20_000, y: 44_000 }), 'no machine')).toEqual(['design.line-over-stripe lines[0]'])
  })

  test('where the longest text allowed has no room', () => {
    expect(mistakes(withLine('name', { maximumLength: 28 }))).toEqual(['design.line-too-long lines[3].maximumLength'])
    expect(mistakes(withLine('back', { maximumLength: 10 }))).toEqual(['design.line-too-long lines[0].maximumLength'])
  })

  test('where lines overlap', () => {
    expect(mistakes(withLine('company', { y: 6000 }))).toEqual(['design.lines-overlap lines[4]'])
  })

  test('where it has more lines than the machine takes', () => {
    expect(mistakes(debit, { ...machine, maximumLines: 4 })).toEqual(['design.too-many-lines lines'])
  })

  test('where lines after the first begin at two places and the machine knows one', () => {
    const moved = withLine('company', { x: 12_000 })
    expect(mistakes(moved)).toEqual(['design.too-many-starts lines[4].x'])
    expect(mistakes(moved, { ...machine, horizontalStarts: 'any' })).toEqual([])
    // A difference below the machine's step is none.
    expect(mistakes(withLine('company', { x: debit.lines[1]!.x + 5 }))).toEqual([])
  })

  test('where a mirrored line shares a start that would move with its text', () => {
    const [back, ...others] = debit.lines
    const last = { ...debit, lines: [...others, back!] }
    expect(mistakes(last)).toEqual(['design.mirrored-not-first lines[4].x'])
    expect(mistakes(last, { ...machine, mirrorStart: 'first-character' })).toEqual(['design.too-many-starts lines[4].x'])
    expect(mistakes({ ...debit, lines: [others[0]!, back!] })).toEqual([])
  })

  test('where the machine lacks a track', () => {
    expect(mistakes(debit, { ...machine, tracks: [2] })).toEqual(['design.track-unsupported tracks.track1'])
    expect(mistakes({ ...template('id-card'), compareTrack2: 'name' }, { ...machine, tracks: [1] })).toEqual(['design.track-unsupported compareTrack2'])
  })
})

describe('the room of a line', () => {
  const room = (line: Partial<DesignLine>, design = debit) => lineRoom(design, { ...debit.lines[3]!, maximumLength: undefined, ...line } as DesignLine, machine)

  test('ends at the machine’s area, at the chip, at the design’s own limit', () => {
    // 27 characters of 2.54 mm from 10.185 mm end at 76.225 mm; the 28th would stand beyond 76.835 mm.
    expect(room({})).toEqual({ characters: 27, by: 'area' })
    expect(room({ maximumLength: 26 })).toEqual({ characters: 26, by: 'design' })
    expect(room({ x: 3000, y: 30_000 }, { ...debit, topping: false })).toEqual({ characters: 3, by: 'contacts' })
  })

  test('ends at the edge of the card where no machine is chosen', () => {
    expect(lineRoom(template('id-card'), template('id-card').lines[0]!, undefined, true)).toEqual({ characters: 30, by: 'card' })
  })
})
