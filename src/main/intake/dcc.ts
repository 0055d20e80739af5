/**
 * The one-card-per-line file of bureaus, in the syntax of the machine:
 * `[6 digits]#DCC#[#CMP#;t2?][#EMB#]line"line"…[#ENC#%t1?;t2?_;t3?]#END#@@@@@@` CR LF. Lines of a card end with `"`; the
 * function token `#EMB#` may be left out, being the default.
 */
import type { PreparedCard } from '#shared/card/prepared.ts'
import { checkTrack } from '#shared/card/track.ts'
import { breaksFrame, characterName } from '#shared/design/characters.ts'
import { CardwrightError } from '#shared/cardwright-error.ts'

/** A card of such a file: embossed lines in their order, tracks without sentinels, empty where there is none. */
export interface DccCard {
  readonly lines: readonly string[]
  readonly track1: string
  readonly track2: string
  readonly track3: string
  readonly compareTrack2: string
}

export type DccReading = { readonly card: DccCard } | { readonly mistake: string; readonly values: Record<string, string | number> }

const frame = /^(?:\d{6})?#DCC#(.*)#END#@+\s*$/
const tracks = /^(?:%([^?]*)\?)?(?:;([^?]*)\?)?(?:_;([^?]*)\?)?$/
const compare = /^;([^?]*)\?$/

/** Reads one line of the file, without its end. */
export function parseDccLine(text: string): DccReading {
  const body = frame.exec(text)?.[1]
  if (body === undefined) return { mistake: 'data.dcc-frame', values: {} }
  const card = { lines: [] as string[], track1: '', track2: '', track3: '', compareTrack2: '' }
  // Before the first token stands the data of the default function, emboss.
  const [unnamed = '', ...parts] = body.split(/#([A-Z]{3})#/)
  const functions = [...(unnamed === '' ? [] : [['EMB', unnamed]]), ...pairs(parts)]
  for (const [name = '', data = ''] of functions) {
    const good = readFunction(card, name, data)
    if (good === undefined) return { mistake: 'data.dcc-function', values: { name } }
    if (!good) return { mistake: 'data.dcc-data', values: { name } }
  }
  return { card }
}

/** False where the data has not the function's form, undefined where the function is none of a data file's. */
function readFunction(card: { -readonly [Key in keyof DccCard]: DccCard[Key] }, name: string, data: string): boolean | undefined {
  if (name === 'EMB') {
    if (data !== '' && !data.endsWith('"')) return false
    card.lines = data === '' ? [] : data.slice(0, -1).split('"')
    return true
  }
  if (name === 'ENC') {
    const found = tracks.exec(data)
    card.track1 = found?.[1] ?? ''
    card.track2 = found?.[2] ?? ''
    card.track3 = found?.[3] ?? ''
    return found !== null
  }
  if (name === 'CMP') {
    const found = compare.exec(data)
    card.compareTrack2 = found?.[1] ?? ''
    return found !== null
  }
  return undefined
}

function pairs(parts: readonly string[]): string[][] {
  return parts.flatMap((part, index) => (index % 2 === 0 ? [[part, parts[index + 1] ?? '']] : []))
}

/**
 * The line of a card, with its end (CR LF).
 * @throws CardwrightError `data.frame-character` where a text would break the frame, `data.track-character` where a track
 *   holds what no track can
 */
export function dccLine(card: DccCard): string {
  for (const [index, text] of card.lines.entries()) {
    const bad = Array.from(text).find(breaksFrame)
    if (bad !== undefined) throw unwritable('data.frame-character', `lines[${index}]`, bad)
  }
  const written = { 1: card.track1, 2: card.track2, 3: card.track3 } as const
  for (const track of [1, 2, 3] as const) requireTrack(track, written[track], `track${track}`)
  requireTrack(2, card.compareTrack2, 'compareTrack2')
  const compared = card.compareTrack2 === '' ? '' : `#CMP#;${card.compareTrack2}?`
  const embossed = card.lines.length === 0 ? '' : `#EMB#${card.lines.map((line) => `${line}"`).join('')}`
  const encoded = (card.track1 && `%${card.track1}?`) + (card.track2 && `;${card.track2}?`) + (card.track3 && `_;${card.track3}?`)
  return `#DCC#${compared}${embossed}${encoded && `#ENC#${encoded}`}#END#@@@@@@\r\n`
}

function requireTrack(track: 1 | 2 | 3, text: string, place: string): void {
  const bad = Array.from(text).find((character) => breaksFrame(character) || checkTrack(track, character).length > 0)
  if (bad !== undefined) throw unwritable('data.track-character', place, bad)
}

function unwritable(code: string, place: string, character: string): CardwrightError {
  return new CardwrightError({ code, class: 'data', place, values: { field: place, character: characterName(character), position: 0, value: '', track: place } })
}

/**
 * A prepared card for such a file. `fields` names the lines in the order of the file: one that the card leaves out is written
 * empty, so that the ones after it keep their places. Indent lines are lines like others.
 */
export function dccCardOf(card: PreparedCard, fields: readonly string[] = card.lines.map((line) => line.field)): DccCard {
  return {
    lines: fields.map((field) => card.lines.find((line) => line.field === field)?.text ?? ''),
    track1: card.tracks.track1 ?? '',
    track2: card.tracks.track2 ?? '',
    track3: card.tracks.track3 ?? '',
    compareTrack2: card.compareTrack2 ?? '',
  }
}
