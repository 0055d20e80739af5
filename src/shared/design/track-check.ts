/** Tracks of one card: alphabet and length (ISO/IEC 7811), and the form of financial tracks 1 and 2 (ISO/IEC 7813). */
import { checkTrack, trackCapacity } from '../card/track.ts'
import { breaksFrame } from './characters.ts'
import type { MistakeValues } from './tell.ts'

/** What the tracks have to agree with. `expiry` is YYMM. */
export interface TrackExpectation {
  readonly number: string
  readonly expiry: string | undefined
}

/** Characters that pass every check of track 1: 20h–5Fh less the sentinels and what would break a frame. */
const sound1 = soundTable(0x20, 0x5f, '%?"#@')
/** The same for tracks 2 and 3: 30h–3Fh less the sentinels. */
const sound2 = soundTable(0x30, 0x3f, ';?')
const sound = { 1: sound1, 2: sound2, 3: sound2 } as const

function soundTable(first: number, last: number, without: string): Uint8Array {
  return Uint8Array.from({ length: 0x80 }, (_, code) => (code >= first && code <= last && !without.includes(String.fromCharCode(code)) ? 1 : 0))
}

function isSound(track: 1 | 2 | 3, text: string): boolean {
  if (text === '' || text.length > trackCapacity(track)) return false
  const table = sound[track]
  for (let index = 0; index < text.length; index++) if (table[text.charCodeAt(index)] !== 1) return false
  return true
}

/** Format code B, number, name, expiry, service code, discretionary data; `^` in place of an absent expiry or code. */
const track1Form = /^B(\d{1,19})\^([^^]*)\^(\d{4}|\^)(\d{3}|\^)[^^]*$/
const track2Form = /^(\d{1,19})=(\d{4}|=)(\d{3}|=)[^=]*$/

export interface TrackTextMistake {
  readonly code: string
  readonly values: MistakeValues
  /** The character that the mistake is about. */
  readonly character?: string
}

const none: readonly TrackTextMistake[] = []

/** Every mistake of a track's text, without sentinels. */
export function checkTrackText(track: 1 | 2 | 3, format: 'iso7813' | 'free', text: string, expected: TrackExpectation): readonly TrackTextMistake[] {
  if (isSound(track, text) && (format === 'free' || track === 3 || isUsual(track, text, expected))) return none
  if (text === '') return [{ code: 'data.track-empty', values: { track } }]
  const mistakes = characterMistakes(track, text)
  if (format === 'free' || track === 3) return mistakes
  const form = (track === 1 ? track1Form : track2Form).exec(text)
  if (form === null) return [...mistakes, { code: 'data.track-form', values: { track } }]
  if (form[1] !== expected.number) mistakes.push({ code: 'data.track-number-differs', values: { track } })
  const { length } = form[2] ?? ''
  // ISO/IEC 7813: the name field of track 1 has 2 to 26 characters.
  if (track === 1 && (length < 2 || length > 26)) mistakes.push({ code: 'data.track-name-length', values: { track, length, minimum: 2, maximum: 26 } })
  const expiry = form[track === 1 ? 3 : 2]
  if (expected.expiry !== undefined && expiry !== expected.expiry) mistakes.push({ code: 'data.track-expiry-differs', values: { track } })
  return mistakes
}

/** A track in good form that agrees, told without taking it to pieces: what nearly every card has. */
function isUsual(track: 1 | 2, text: string, { number, expiry }: TrackExpectation): boolean {
  if (expiry === undefined || number.length > 19 || !text.startsWith(number, track === 1 ? 1 : 0)) return false
  for (let index = 0; index < number.length; index++) if (!isDigit(number, index)) return false
  const mark = track === 1 ? '^' : '='
  let at = number.length
  if (track === 1) {
    if (text[0] !== 'B' || text[++at] !== mark) return false
    const end = text.indexOf(mark, at + 1)
    const length = end - at - 1
    if (length < 2 || length > 26) return false
    at = end
  } else if (text[at] !== mark) return false
  if (!text.startsWith(expiry, at + 1) || text.indexOf(mark, at + 1) >= 0) return false
  return isDigit(text, at + 5) && isDigit(text, at + 6) && isDigit(text, at + 7)
}

function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at)
  return code >= 48 && code <= 57
}

function characterMistakes(track: 1 | 2 | 3, text: string): TrackTextMistake[] {
  const mistakes = checkTrack(track, text).map((mistake): TrackTextMistake => {
    if (mistake.kind === 'too-long') return { code: 'data.track-too-long', values: { track, length: mistake.length, maximum: mistake.maximum } }
    return { code: 'data.track-character', values: { track, position: mistake.position }, character: mistake.character }
  })
  Array.from(text).forEach((character, index) => {
    const told = checkTrack(track, character).length > 0
    if (!told && breaksFrame(character)) mistakes.push({ code: 'data.frame-character', values: { field: `track${track}`, position: index + 1, value: '' }, character })
  })
  return mistakes
}
