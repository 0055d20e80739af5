/**
 * What the oracle reads off the plastic. It shares no code with the machine or the program: bits and positions are
 * worked out here once more, from ISO/IEC 7811, so that a mistake in the shared encoder can't hide itself.
 */
import type { Blank } from '#drivers/cpx/simulator/plastic.ts'
import { compareChip, isChipTouched } from './chip-reading.ts'
import type { ExpectedChip } from './chip-reading.ts'
import type { DeviceId, JobId } from '#shared/journal/events.ts'

export interface ExpectedLine {
  /** Characters as they must stand on the card; a space is no mark. */
  text: string
  /** Centre of the first character, seen from the line's own side, and of the line from the bottom edge; micrometres. */
  x: number
  y: number
  /** Distance from one character's centre to the next, micrometres. */
  pitch: number
  /** Number on the wheel. */
  font: number
  kind: 'emboss' | 'indent'
  side: 'front' | 'back'
}

/** One record as its author meant it. */
export interface ExpectedCard {
  job: JobId
  record: number
  number: string
  /** Without sentinels. */
  tracks: { track1?: string; track2?: string; track3?: string }
  lines: readonly ExpectedLine[]
  topping: boolean
  /** Where the card has one. */
  chip?: ExpectedChip
}

/** A blank and the machine whose hopper it came from. */
export interface WitnessedBlank {
  device: DeviceId
  blank: Blank
}

/** Half a step of the machine, 1/1000 inch, on each side, and as much again for the wheel's pitch. */
const positionTolerance = 26
const cardWidth = 85_725

const alphabets = { 1: { bits: 6, base: 0x20, start: '%', density: 210 }, 2: { bits: 4, base: 0x30, start: ';', density: 75 }, 3: { bits: 4, base: 0x30, start: ';', density: 210 } }
type Track = keyof typeof alphabets
const tracks: readonly Track[] = [1, 2, 3]

/** Bits from the start sentinel to the LRC, least significant first, odd parity last (ISO/IEC 7811-2, 9 and 10). */
export function stripeBits(track: Track, data: string): string {
  const { bits, base, start } = alphabets[track]
  const values = Array.from(`${start}${data}?`, (character) => character.charCodeAt(0) - base)
  values.push(values.reduce((check, value) => check ^ value, 0))
  return values
    .map((value) => {
      const ones = Array.from({ length: bits }, (_, bit) => (value >> bit) & 1)
      const odd = ones.reduce((sum, one) => sum + one, 0) % 2 === 1
      return ones.join('') + (odd ? '0' : '1')
    })
    .join('')
}

/** How far the bits of one track agree with what was meant. */
function trackReading(track: Track, bits: string, data: string | undefined): 'empty' | 'whole' | 'part' | 'foreign' {
  const begin = bits.indexOf('1')
  if (begin < 0) return 'empty'
  if (data === undefined) return 'foreign'
  const expected = stripeBits(track, data)
  const written = bits.slice(begin, bits.lastIndexOf('1') + 1)
  const millimetres = (begin / alphabets[track].density) * 25.4
  const inPlace = millimetres > 6.44 && millimetres < 8.44
  if (written === expected.replace(/0+$/, '') && inPlace && bits.length >= begin + expected.length) return 'whole'
  return expected.startsWith(written) ? 'part' : 'foreign'
}

interface Mark {
  character: string
  x: number
  y: number
  font: number
  kind: 'emboss' | 'indent'
  side: 'front' | 'back'
}

function expectedMarks(card: ExpectedCard): Mark[] {
  return card.lines.flatMap(({ text, x, y, pitch, font, kind, side }) =>
    Array.from(text).flatMap((character, index) => (character === ' ' ? [] : [{ character, x: x + index * pitch, y, font, kind, side }])),
  )
}

function samePlace(one: Mark, other: Mark): boolean {
  const near = Math.abs(one.x - other.x) <= positionTolerance && Math.abs(one.y - other.y) <= positionTolerance
  return near && one.side === other.side
}

function sameMark(one: Mark, other: Mark): boolean {
  return samePlace(one, other) && one.character === other.character && one.font === other.font && one.kind === other.kind
}

function marksOf(blank: Blank): (Mark & { topped: boolean })[] {
  return blank.stamps.map((stamp) => ({ ...stamp, x: stamp.side === 'front' ? stamp.x : cardWidth - stamp.x }))
}

export interface Likeness {
  /** Nothing on the blank that does not belong to this card, but for a void pattern. */
  explains: boolean
  /** Characters over the card's lines that are not its own: the blank was made void, or ruined. */
  void: boolean
  /** The chip was written to. */
  chip: boolean
  /** Every bit, every character and every cell of the chip is there, in its place, and nothing else. */
  complete: boolean
}

/** Compares a blank with a card. */
export function compare(blank: Blank, card: ExpectedCard): Likeness {
  const readings = tracks.map((track) => ({
    wanted: card.tracks[`track${track}`] !== undefined,
    found: trackReading(track, blank.stripe[track], card.tracks[`track${track}`]),
  }))
  const wanted = expectedMarks(card)
  const found = marksOf(blank)
  const foreign = found.filter((mark) => !wanted.some((own) => sameMark(own, mark)))
  const missing = wanted.filter((own) => !found.some((mark) => sameMark(own, mark)))
  const stripeWhole = readings.every((track) => track.found === (track.wanted ? 'whole' : 'empty'))
  const topped = found.every((mark) => mark.kind === 'indent' || mark.topped === card.topping)
  const stripeOwn = blank.damagedStripe || readings.every((track) => track.found !== 'foreign')
  const chip = compareChip(blank, card.chip)
  const overLines = foreign.every((mark) => card.lines.some((line) => Math.abs(line.y - mark.y) <= positionTolerance))
  return {
    explains: stripeOwn && overLines && chip !== 'foreign',
    chip: chip !== 'untouched',
    void: foreign.length > 0,
    complete: stripeWhole && chip === (card.chip === undefined ? 'untouched' : 'whole') && topped && missing.length === 0 && found.length === wanted.length,
  }
}

/** Whether anything has been done to the blank that can't be undone. */
export function isMarked(blank: Blank): boolean {
  return blank.stamps.length > 0 || blank.writes > 0 || isChipTouched(blank)
}

/** The blank has left the hopper and is not merely waiting inside, untouched, for the next card. */
export function isConsumed(blank: Blank): boolean {
  if (blank.place.kind === 'hopper') return false
  return blank.place.kind !== 'inside' || isMarked(blank)
}

/** The card came out where good cards come out. */
export function isReleased(blank: Blank): boolean {
  return blank.place.kind === 'output-tray' || (blank.place.kind === 'hand' && blank.place.from === 'output-tray')
}
