import { describe, expect, test } from 'vitest'
import debitCard from '#assets/templates/debit-card.json' with { type: 'json' }
import { profileSummary, shippedProfiles } from '#drivers/cpx/profile.ts'
import type { CardDesign } from '#shared/design/design.ts'
import { withLine, withTrack } from '../../../../src/renderer/feature/designs/document.ts'
import { judge } from '../../../../src/renderer/feature/designs/judge.ts'

const debit = debitCard as unknown as CardDesign
const today = '2026-07-27'
const nameLine = debit.lines.findIndex((line) => line.field === 'name')
const sample = (values: Record<string, string> = {}) => new Map(Object.entries(values))
const { limits } = profileSummary(shippedProfiles[0]!)

describe('a design on the table', () => {
  test('the sample design is sound with its own examples', () => {
    const { mistakes, lines, tracks } = judge(debit, limits, sample(), today)
    expect(mistakes).toEqual([])
    expect(lines).toHaveLength(debit.lines.length)
    expect(tracks.map(({ track, capacity }) => [track, capacity])).toEqual([
      [1, 76],
      [2, 37],
    ])
  })

  test('numbers and verification values are masked on the table as everywhere', () => {
    const judged = judge(debit, undefined, sample({ number: '4000001234567899', cvv2: '737' }), today)
    expect(judged.lines.map(({ text }) => text).join(' ')).not.toMatch(/1234567|737/)
    expect(judged.tracks.map(({ text }) => text).join(' ')).not.toContain('1234567')
  })

  test('the longest name of a file shows at once whether it fits', () => {
    const plain = withLine(debit, nameLine, { text: 'upper(name)' })
    const fits = judge(plain, undefined, sample({ name: 'Anna Lindqvist' }), today)
    expect(fits.lines[nameLine]!.mistakes).toEqual([])
    const longest = judge(plain, undefined, sample({ name: 'Christopher Alexander Montgomery-Fitzwilliam' }), today)
    expect(longest.lines[nameLine]!.mistakes.map(({ code }) => code)).toContain('data.line-too-long')
    expect(longest.lines[nameLine]!.text).toHaveLength(44)
  })

  test('a line moved off the card is the mistake of that line', () => {
    const off = withLine(debit, nameLine, { x: 85_000 })
    const judged = judge(off, undefined, sample(), today)
    expect(judged.lines[nameLine]!.mistakes.length).toBeGreaterThan(0)
    expect(judged.lines[0]!.mistakes).toEqual([])
  })

  test('an expression that cannot be read yet leaves the rest of the card in sight', () => {
    const broken = withLine(debit, nameLine, { text: 'upper(' })
    const judged = judge(broken, undefined, sample(), today)
    expect(judged.mistakes.some(({ code }) => code.startsWith('design.expression'))).toBe(true)
    expect(judged.lines[nameLine]!.text).toBe('')
    expect(judged.lines.find((_, index) => debit.lines[index]!.field === 'number')!.text).not.toBe('')
  })

  test('a track that is too long is the mistake of that track', () => {
    const long = withTrack(debit, 'track2', { text: "compact(number) & '=' & '1234567890123456789012345'", format: 'free' })
    const judged = judge(long, undefined, sample(), today)
    const track = judged.tracks.find(({ key }) => key === 'track2')!
    expect(track.length).toBeGreaterThan(track.capacity)
    expect(track.mistakes.length).toBeGreaterThan(0)
  })
})
