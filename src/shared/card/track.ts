/**
 * Magnetic stripe tracks: ISO/IEC 7811-2 (low coercivity) and 7811-6 (high coercivity), tracks 1 to 3.
 *
 * A track is a row of characters of odd parity, least significant bit first, from the start sentinel over the data and
 * the end sentinel to the longitudinal redundancy check (LRC), with clocking zeros before and after.
 * Bits are strings of `0` and `1` in the order in which the head writes them.
 */

export type TrackNumber = 1 | 2 | 3

export interface TrackFormat {
  /** Data bits of one character; a parity bit follows them. */
  readonly dataBits: 6 | 4
  /** Character of value zero: 20h on track 1, 30h on tracks 2 and 3. */
  readonly first: number
  readonly start: string
  readonly end: string
  /** Characters at most, sentinels and LRC among them. */
  readonly maximum: number
  /** Bits per inch. */
  readonly density: 210 | 75
}

export const trackFormats: Readonly<Record<TrackNumber, TrackFormat>> = {
  1: { dataBits: 6, first: 0x20, start: '%', end: '?', maximum: 79, density: 210 },
  2: { dataBits: 4, first: 0x30, start: ';', end: '?', maximum: 40, density: 75 },
  3: { dataBits: 4, first: 0x30, start: ';', end: '?', maximum: 107, density: 210 },
}

export type TrackMistake =
  /** A character that the track can't hold as data; `position` counts from 1. */
  | { kind: 'character'; position: number; character: string }
  | { kind: 'too-long'; length: number; maximum: number }

/** Characters of data that fit between the sentinels: 76, 37 and 104. */
export function trackCapacity(track: TrackNumber): number {
  return trackFormats[track].maximum - 3
}

/** Every mistake in `data`, which stands without sentinels and LRC. A sentinel among the data is a mistake. */
export function checkTrack(track: TrackNumber, data: string): TrackMistake[] {
  const { start, end } = trackFormats[track]
  const mistakes: TrackMistake[] = []
  const characters = Array.from(data)
  characters.forEach((character, index) => {
    if (valueOf(track, character) === undefined || character === start || character === end) {
      mistakes.push({ kind: 'character', position: index + 1, character })
    }
  })
  const maximum = trackCapacity(track)
  if (characters.length > maximum) mistakes.push({ kind: 'too-long', length: characters.length, maximum })
  return mistakes
}

/** `data` between its sentinels, as `encodeTrack` takes it. */
export function withSentinels(track: TrackNumber, data: string): string {
  return trackFormats[track].start + data + trackFormats[track].end
}

/**
 * The bits of a track from the start sentinel to the LRC, without clocking zeros.
 * @param text data with both sentinels, of characters that `checkTrack` allows
 * @throws RangeError where a character is not of the track's alphabet
 */
export function encodeTrack(track: TrackNumber, text: string): string {
  let bits = ''
  let check = 0
  for (const character of text) {
    const value = valueOf(track, character)
    if (value === undefined) throw new RangeError(`character ${character.codePointAt(0)?.toString(16)}h is not of track ${track}`)
    bits += characterBits(track, value)
    check ^= value
  }
  // The LRC makes every column even but for its parity bit, which is of the LRC character itself (ISO/IEC 7811-2, 9.2).
  return bits + characterBits(track, check)
}

export type TrackReading =
  /** Data without sentinels; `swipe` tells in which direction the bits were read. */
  | { data: string; swipe: 'forward' | 'backward' }
  | { mistake: TrackReadingMistake }

export type TrackReadingMistake =
  /** Nothing but zeros. */
  | { kind: 'blank' }
  | { kind: 'no-start-sentinel' }
  | { kind: 'parity'; position: number }
  | { kind: 'no-end-sentinel' }
  | { kind: 'lrc' }

/** Reads a track as a reader does, clocking zeros before and after, swiped in either direction. */
export function decodeTrack(track: TrackNumber, bits: string): TrackReading {
  const forward = decodeForward(track, bits)
  const backward = decodeForward(track, Array.from(bits).toReversed().join(''))
  // Read the wrong way a stripe may by chance begin with a short track that holds; the longer reading is the written one.
  if ('data' in backward && !('data' in forward && forward.data.length >= backward.data.length)) return { data: backward.data, swipe: 'backward' }
  return 'data' in forward ? { data: forward.data, swipe: 'forward' } : forward
}

function decodeForward(track: TrackNumber, bits: string): { data: string } | { mistake: TrackReadingMistake } {
  const { dataBits, first, start, end } = trackFormats[track]
  const width = dataBits + 1
  // Both start sentinels begin with a one, so the first one after the clocking zeros starts the first character.
  const begin = bits.indexOf('1')
  if (begin < 0) return { mistake: { kind: 'blank' } }
  let data = ''
  let check = 0
  for (let position = 1; ; position++) {
    const at = begin + (position - 1) * width
    if (at + width > bits.length) return { mistake: { kind: 'no-end-sentinel' } }
    const value = valueOfBits(bits.slice(at, at + width))
    if (value === undefined) return { mistake: { kind: 'parity', position } }
    const character = String.fromCharCode(first + value)
    if (position === 1 && character !== start) return { mistake: { kind: 'no-start-sentinel' } }
    check ^= value
    if (character === end) {
      const holds = valueOfBits(bits.slice(at + width, at + 2 * width).padEnd(width, '0')) === check
      return holds ? { data: data.slice(1) } : { mistake: { kind: 'lrc' } }
    }
    data += character
  }
}

function valueOf(track: TrackNumber, character: string): number | undefined {
  const { first, dataBits } = trackFormats[track]
  const value = (character.codePointAt(0) ?? 0) - first
  return value >= 0 && value < 2 ** dataBits ? value : undefined
}

function characterBits(track: TrackNumber, value: number): string {
  let bits = ''
  let ones = 0
  for (let bit = 0; bit < trackFormats[track].dataBits; bit++) {
    const one = (value >> bit) & 1
    bits += one
    ones += one
  }
  return bits + (ones % 2 === 0 ? '1' : '0')
}

/** The value of a character's bits with their parity bit last; undefined where the parity is not odd. */
function valueOfBits(bits: string): number | undefined {
  let value = 0
  let ones = 0
  for (let index = 0; index < bits.length; index++) {
    if (bits[index] !== '1') continue
    ones++
    if (index < bits.length - 1) value |= 1 << index
  }
  return ones % 2 === 1 ? value : undefined
}
