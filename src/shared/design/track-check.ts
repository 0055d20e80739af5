/** Tracks of one card: alphabet and length (ISO/IEC 7811), and the form of financial tracks 1 and 2 (ISO/IEC 7813). */
import { checkTrack } from '../card/track.ts'
import { breaksFrame, characterName } from './characters.ts'
import type { MistakeValues } from './mistake.ts'

/** What the tracks have to agree with. `expiry` is YYMM. */
export interface TrackExpectation {
  readonly number: string
  readonly expiry: string | undefined
}

/** Characters that pass every track check: the alphabet of 20h–5Fh less sentinels and what would break a frame. */
const soundTrack1 = /^[ !$&->A-_]{1,76}$/
const soundTrack2 = /^[0-9:<=>]{1,37}$/
const soundTrack3 = /^[0-9:<=>]{1,104}$/
const sound = { 1: soundTrack1, 2: soundTrack2, 3: soundTrack3 } as const

/** Format code B, number, name, expiry, service code, discretionary data; `^` in place of an absent expiry or code. */
const track1Form = /^B(\d{1,19})\^([^^]*)\^(\d{4}|\^)(\d{3}|\^)[^^]*$/
const track2Form = /^(\d{1,19})=(\d{4}|=)(\d{3}|=)[^=]*$/

type Tell = (code: string, values: MistakeValues) => void

export function checkTrackText(track: 1 | 2 | 3, format: 'iso7813' | 'free', text: string, expected: TrackExpectation, tell: Tell): void {
  if (text === '') return tell('data.track-empty', { track })
  if (!sound[track].test(text)) tellCharacters(track, text, tell)
  if (format === 'free' || track === 3) return
  const form = (track === 1 ? track1Form : track2Form).exec(text)
  if (form === null) return tell('data.track-form', { track })
  if (form[1] !== expected.number) tell('data.track-number-differs', { track })
  if (track === 1) checkName(form[2] ?? '', tell)
  const expiry = form[track === 1 ? 3 : 2]
  if (expected.expiry !== undefined && expiry !== expected.expiry) tell('data.track-expiry-differs', { track })
}

/** ISO/IEC 7813: the name field of track 1 has 2 to 26 characters. */
function checkName(name: string, tell: Tell): void {
  if (name.length < 2 || name.length > 26) tell('data.track-name-length', { track: 1, length: name.length, minimum: 2, maximum: 26 })
}

function tellCharacters(track: 1 | 2 | 3, text: string, tell: Tell): void {
  for (const mistake of checkTrack(track, text)) {
    if (mistake.kind === 'too-long') tell('data.track-too-long', { track, length: mistake.length, maximum: mistake.maximum })
    else tell('data.track-character', { track, position: mistake.position, character: characterName(mistake.character) })
  }
  const characters = Array.from(text)
  characters.forEach((character, index) => {
    const told = checkTrack(track, character).length > 0
    if (!told && breaksFrame(character)) tell('data.frame-character', { track, position: index + 1, character: characterName(character), field: `track${track}` })
  })
}
