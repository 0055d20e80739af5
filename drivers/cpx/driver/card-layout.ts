/** From a prepared card to the frames of this machine: fonts by number, wheel positions, mirroring, 1/1000 inch. Pure. */
import { CardwrightError, type Fault } from '#shared/faults.ts'
import type { Font } from '#shared/device/limits.ts'
import type { PreparedCard, PreparedLine } from '#shared/card/prepared.ts'
import { encodeCard, encodeFormat, encodeMotion, type CardFormat } from '../codec.ts'
import { framingOf, limitsOf, type Mode, type Profile } from '../profile.ts'

/** The frames of one command. */
export interface Frames {
  /** Absent where the command needs no line locations. */
  format?: { frame: Uint8Array; places: readonly Place[] }
  card: Uint8Array
  /** What ends the command: the machine's `complete`, or that it is ready again. */
  endsWith: 'complete' | 'ready'
}

/** ID-1 is 85.60 mm wide (ISO/IEC 7810); the wire's own formula has 3.375 inch. */
const cardWidth = 85_725

/** A line location, 1/1000 inch. */
export interface Place {
  font: number
  x: number
  y: number
}

/** A line as it goes to the machine. */
interface WireLine extends Place {
  field: string
  text: string
}

/**
 * `held`: the line locations that the machine holds, in their order. A card that has no other ones is put into them,
 * with a space for a line that it lacks: a new format would cost it half a second.
 * Throws `device.*` and `frame.*` faults (class data), every one with the field's name, where the card can't be put
 * into this machine's frames.
 */
export function layOut(card: PreparedCard, profile: Profile, mode: Mode, record: number, held: readonly Place[] = []): Frames {
  const limits = limitsOf(profile, mode)
  const lines = card.lines.filter(({ text }) => text !== '').map((line) => wireLine(line, profile, mode))
  if (lines.length > limits.maximumLines) {
    throw new CardwrightError(dataFault('device.too-many-lines', 'lines', { lines: lines.length, maximum: limits.maximumLines }))
  }
  for (const track of [1, 2, 3] as const) {
    if (card.tracks[`track${track}`] !== undefined && !limits.tracks.includes(track)) {
      throw new CardwrightError(dataFault('device.no-such-track', `track${track}`, { track }))
    }
  }
  if (card.compareTrack2 !== undefined && profile.verbs.compare === null) {
    throw new CardwrightError(dataFault('device.verb-missing', 'compareTrack2', { verb: 'compare' }))
  }
  return frames(withinHeld(lines, held) ?? lines, { tracks: card.tracks, compareTrack2: card.compareTrack2 }, profile, mode, record)
}

/** Embosses a pattern over the number line and encodes nothing: the blank is spoiled, and can be seen to be. */
export function layOutVoid(card: PreparedCard, profile: Profile, mode: Mode, record: number): Frames {
  const pattern = profile.voidPattern
  if (pattern === null) throw new CardwrightError(dataFault('device.verb-missing', 'voidPattern', { verb: 'reject' }))
  const fonts = limitsOf(profile, mode).fonts
  const number = numberLine(card)
  const pitch = fonts.find(({ name }) => name === number?.font)?.pitch ?? 0
  const place = number === undefined ? pattern : { x: number.x, y: number.y, length: (Array.from(number.text).length - 1) * pitch }
  const step = fonts.find(({ name }) => name === pattern.font)?.pitch ?? place.length
  const characters = Math.floor(place.length / step) + 1
  const text = pattern.text.repeat(Math.ceil(characters / pattern.text.length)).slice(0, characters).trimEnd()
  const line: PreparedLine = { field: 'void', kind: 'emboss', side: 'front', font: pattern.font, x: place.x, y: place.y, text }
  return frames([wireLine(line, profile, mode)], {}, profile, mode, record)
}

/** The site's own reject verb. */
export function layOutReject(profile: Profile, mode: Mode): Frames {
  const { reject } = profile.verbs
  if (reject === null) throw new CardwrightError(dataFault('device.verb-missing', 'verbs.reject', { verb: 'reject' }))
  return { card: encodeMotion(reject.token, framingOf(profile, mode)), endsWith: reject.ends }
}

/** The emboss line that carries the card's number, or the one with most digits. */
function numberLine(card: PreparedCard): PreparedLine | undefined {
  const digits = (text: string) => text.replace(/\D/g, '')
  const embossed = card.lines.filter(({ kind, side, text }) => kind === 'emboss' && side === 'front' && digits(text) !== '')
  const byLength = embossed.toSorted((left, right) => digits(right.text).length - digits(left.text).length)
  return embossed.find(({ text }) => digits(text) === digits(card.number)) ?? byLength[0]
}

function wireLine(line: PreparedLine, profile: Profile, mode: Mode): WireLine {
  const { fonts, characterMap } = limitsOf(profile, mode)
  const font = fonts.find(({ name, kind }) => name === line.font && kind === line.kind)
  if (font === undefined) throw new CardwrightError(dataFault('device.font-not-fitted', line.field, { font: line.font }))
  const characters = Array.from(line.text, (character) => characterMap[character] ?? character)
  const missing = characters.findIndex((character) => !font.characters.includes(character))
  if (missing >= 0) {
    throw new CardwrightError(dataFault('device.character-not-on-wheel', line.field, { font: line.font, column: missing + 1 }))
  }
  const x = font.mirrored ? mirroredStart(line.x, characters.length, font, profile) : line.x
  const text = font.mirrored ? characters.toReversed().join('') : characters.join('')
  return { field: line.field, font: font.number, x: mil(x), y: mil(line.y), text }
}

/**
 * x' = 3.375 in − x of the character that comes first on the wire: the text is reversed, so that is the last one as
 * read. Sites whose machine turns the line itself count from the first.
 */
function mirroredStart(x: number, length: number, font: Font, { mirrorStart }: Profile): number {
  return cardWidth - (mirrorStart === 'last-character' ? x + (length - 1) * font.pitch : x)
}

function frames(
  lines: readonly WireLine[],
  rest: { tracks?: PreparedCard['tracks']; compareTrack2?: string | undefined },
  profile: Profile,
  mode: Mode,
  record: number,
): Frames {
  const framing = framingOf(profile, mode)
  const ordered = framing.form === 'classic' ? startsFirst(lines) : lines
  const { track1, track2, track3 } = rest.tracks ?? {}
  const card = encodeCard(
    {
      lines: ordered.map(({ text }) => text),
      names: ordered.map(({ field }) => field),
      tracks: { ...(track1 !== undefined && { track1 }), ...(track2 !== undefined && { track2 }), ...(track3 !== undefined && { track3 }) },
      ...(rest.compareTrack2 !== undefined && { compareTrack2: rest.compareTrack2 }),
      ...(mode.repeat && { copies: 1 }),
    },
    framing,
    record,
  )
  const maximum = profile.limits.maximumFrameBytes
  if (maximum !== null && card.length > maximum) {
    throw new CardwrightError(dataFault('device.frame-too-long', 'card', { bytes: card.length, maximum }))
  }
  if (ordered.length === 0) return { card, endsWith: 'complete' }
  const format = formatOf(ordered, framing.form, framing.lineDigits)
  return { format: { frame: encodeFormat(format, framing, record), places: ordered.map(({ font, x, y }) => ({ font, x, y })) }, card, endsWith: 'complete' }
}

/** The lines in the places that the machine holds; undefined where one has no place there. */
function withinHeld(lines: readonly WireLine[], held: readonly Place[]): WireLine[] | undefined {
  const left = [...lines]
  const placed = held.map((place) => {
    const at = left.findIndex((line) => isSamePlace(line, place))
    return (at < 0 ? undefined : left.splice(at, 1)[0]) ?? { ...place, field: '', text: ' ' }
  })
  return lines.length > 0 && left.length === 0 ? placed : undefined
}

export function isSamePlace(left: Place, right: Place): boolean {
  return left.font === right.font && left.x === right.x && left.y === right.y
}

function formatOf(lines: readonly WireLine[], form: 'classic' | 'template', lineDigits: string): CardFormat {
  if (form === 'template') return { form, template: 0, rows: lines.map(({ font, x, y }) => ({ font, x, y })) }
  const [first, second] = lines
  return {
    form,
    firstStart: first?.x ?? 0,
    ...(second !== undefined && second.x !== first?.x && { otherStart: second.x }),
    lines: lines.map(({ font, y }, index) => ({ line: Number.parseInt(lineDigits[index] ?? '', 16), font, y })),
  }
}

/** The classic form has one start for the first line and one for all others: whoever starts alone goes first. */
function startsFirst(lines: readonly WireLine[]): readonly WireLine[] {
  const starts = Map.groupBy(lines, ({ x }) => x)
  if (starts.size <= 1) return lines
  const [alone] = [...starts.values()].toSorted((left, right) => left.length - right.length)
  const [first] = alone ?? []
  if (starts.size > 2 || alone?.length !== 1 || first === undefined) {
    throw new CardwrightError(dataFault('device.too-many-starts', 'lines', { starts: starts.size }))
  }
  return [first, ...lines.filter((line) => line !== first)]
}

/** Micrometres to 1/1000 inch. */
function mil(micrometres: number): number {
  return Math.round(micrometres / 25.4)
}

function dataFault(code: string, place: string, values: Record<string, string | number>): Fault {
  return { code, class: 'data', place, values }
}
