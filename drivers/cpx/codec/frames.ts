/** The host's side of the wire: card formats, card data and commands as bytes. */
import { CardwrightError } from '#shared/faults.ts'
import { fixedDigits, requirePlainText, toBytes, type Framing, type Tracks } from './framing.ts'

/** A line of the classic form. `y` in 1/1000 inch from the bottom edge to the middle of the line. */
export interface LineLocation {
  /** 1–15, a hexadecimal digit on the wire. */
  line: number
  font: number
  y: number
}

/** Line locations, 1/1000 inch. The classic form has two horizontal starts: for the first line, and for all others. */
export type CardFormat =
  | { form: 'classic'; firstStart: number; otherStart?: number; lines: readonly LineLocation[]; indentShift?: number }
  | { form: 'template'; template: number; rows: readonly TemplateRow[] }

export interface TemplateRow {
  font: number
  x: number
  y: number
}

/** What one card is to carry. `lines` in the order of the format's line locations. */
export interface CardData {
  lines: readonly string[]
  /** Field names of the lines, for faults alone. */
  names?: readonly string[]
  tracks?: Tracks
  /** Track 2 that the blank must already carry. */
  compareTrack2?: string
  copies?: number
}


/** The `#DCL#` frame. Throws `frame.*` faults (class data) that name the line. */
export function encodeFormat(format: CardFormat, framing: Framing, record = 0): Uint8Array {
  const body = format.form === 'classic' ? classicBody(format, framing) : templateBody(format, framing)
  return frame('DCL', body, framing, record, framing.terminators.format)
}

function classicBody(format: Extract<CardFormat, { form: 'classic' }>, framing: Framing): string {
  const starts = [format.firstStart, ...(format.otherStart === undefined ? [] : [format.otherStart])]
  const lines = format.lines.map(({ line, font, y }, index) => {
    const place = `lines[${index}]`
    if (!Number.isInteger(line) || line < 1 || line > 15) {
      throw new CardwrightError({ code: 'frame.number-out-of-range', class: 'data', place, values: { value: line, digits: 1 } })
    }
    return ` ${line.toString(16).toUpperCase()}#FC${font}#${fixedDigits(y, 4, `${place}.y`)}`
  })
  const shift = format.indentShift === undefined ? '' : `:P${fixedDigits(format.indentShift, 4, 'indentShift')}`
  return framing.formatConstant + starts.map((start, index) => fixedDigits(start, 4, `starts[${index}]`)).join('') + lines.join('') + shift
}

function templateBody(format: Extract<CardFormat, { form: 'template' }>, framing: Framing): string {
  const end = lineEnd(framing)
  const rows = format.rows.map(({ font, x, y }, index) => {
    const columns = [framing.templateRow.operation, font, x, y, ...Array.from({ length: framing.templateRow.zeros }, () => 0)]
    return `${columns.map((column) => fixedDigits(column, 4, `lines[${index}]`)).join(',')},"${end}`
  })
  return `#GTW#${format.template}"${end}${rows.join('')}`
}

/** The `#DCC#` frame of one card. Throws `frame.*` faults (class data) whose place is the field's name. */
export function encodeCard(card: CardData, framing: Framing, record = 0): Uint8Array {
  card.lines.forEach((line, index) => requirePlainText(line, card.names?.[index] ?? `lines[${index}]`))
  const compare = card.compareTrack2 === undefined ? '' : `#CMP#${track(card.compareTrack2, 'track2', framing, 'compareTrack2')}`
  const lines = linesPart(card.lines, framing)
  const tracks = tracksPart(card.tracks ?? {}, framing)
  const copies = card.copies === undefined ? '' : `#REP#${card.copies}`
  // Without a token the lines are the default function, which has to stand first.
  const startsAtOnce = framing.form === 'classic' && !framing.embossToken
  const body = startsAtOnce ? lines + compare + tracks + copies : compare + lines + tracks + copies
  return frame('DCC', body, framing, record, framing.terminators.card)
}

function linesPart(lines: readonly string[], framing: Framing): string {
  if (lines.length === 0) return ''
  const end = lineEnd(framing)
  if (framing.form === 'template') return `#GRD#0"${end}${lines.map((line) => `${line}"${end}`).join('')}`
  return (framing.embossToken ? '#EMB#' : '') + lines.map((line) => `${line}"`).join('')
}

function tracksPart(tracks: Tracks, framing: Framing): string {
  const parts = (['track1', 'track2', 'track3'] as const).flatMap((name) => {
    const data = tracks[name]
    return data === undefined ? [] : [track(data, name, framing, name)]
  })
  return parts.length === 0 ? '' : `#ENC#${parts.join('')}`
}

/** One track between its sentinels, which therefore can't occur inside it. */
function track(data: string, name: keyof Tracks, framing: Framing, place: string): string {
  const { start, end } = framing.sentinels[name]
  requirePlainText(data, place, start + end)
  return start + data + end
}

/** A frame that asks a question: `#VER#`, `#ERR#`. */
export function encodeQuestion(question: string, framing: Framing): Uint8Array {
  return command(question, framing, framing.terminators.question)
}

/** A frame that makes the machine move a card: `#TRK#`, `#FED#`, a reject verb. */
export function encodeMotion(token: string, framing: Framing): Uint8Array {
  return command(token, framing, framing.terminators.motion)
}

function command(token: string, framing: Framing, terminators: number): Uint8Array {
  const bytes = frame('DCC', `#${token}#`, framing, 0, terminators)
  return framing.commandLineEnd ? Uint8Array.of(...bytes, 0x0d, 0x0a) : bytes
}

function frame(head: 'DCL' | 'DCC', body: string, framing: Framing, record: number, terminators: number): Uint8Array {
  // The number is a label that the machine skips: it wraps rather than stop a long run.
  const number = framing.recordNumber ? String(record % 1_000_000).padStart(6, '0') : ''
  return toBytes(`${number}#${head}#${body}#END#${'@'.repeat(terminators)}`)
}

function lineEnd(framing: Framing): string {
  return framing.lineEnd === 'lf' ? '\n' : '\r\n'
}
