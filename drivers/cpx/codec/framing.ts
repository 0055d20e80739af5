/** How frames are cut: every choice in which the known sources differ. The values are the profile's, never the code's. */
import { CardwrightError } from '#shared/faults.ts'

/** What stands before and after the data of one track. ISO/IEC 7811-6 sentinels, plus the wire's own `_` on track 3. */
export interface Sentinels {
  track1: { start: string; end: string }
  track2: { start: string; end: string }
  track3: { start: string; end: string }
}

export interface Framing {
  /** How line positions travel: `08…#FCn#…` or the rows of a template (`#GTW#`, `#GRD#`). */
  form: 'classic' | 'template'
  /** Six digits before the first `#`: the record number on data, `000000` on commands. */
  recordNumber: boolean
  /** Number of `@` after `#END#`, by kind of frame: card format, card data, commands that move a card, and questions. */
  terminators: { format: number; card: number; motion: number; question: number }
  /** CR LF after command frames. */
  commandLineEnd: boolean
  /** The line end inside the template form. */
  lineEnd: 'lf' | 'cr-lf'
  /** `#EMB#` is written; otherwise the lines follow `#DCC#` at once, as its default function. */
  embossToken: boolean
  /** The two digits before the first horizontal start; their meaning is unknown. */
  formatConstant: string
  /** The digit that names each line location, in the order of use. */
  lineDigits: string
  /** First column of a template row, and how many zero columns end it. */
  templateRow: { operation: number; zeros: number }
  sentinels: Sentinels
}

/** What two or more sources agree on, and the simplest choice where they differ. */
export const plainFraming: Framing = {
  form: 'classic',
  recordNumber: false,
  terminators: { format: 6, card: 6, motion: 6, question: 1 },
  commandLineEnd: false,
  lineEnd: 'lf',
  embossToken: false,
  formatConstant: '08',
  lineDigits: '123456789AB',
  templateRow: { operation: 4, zeros: 5 },
  sentinels: {
    track1: { start: '%', end: '?' },
    track2: { start: ';', end: '?' },
    track3: { start: '_;', end: '?' },
  },
}

/** The status poll: a bare byte between frames. */
export const enquiryByte = 0x05

/** Tracks of a stripe, without sentinels and LRC. */
export interface Tracks {
  track1?: string
  track2?: string
  track3?: string
}

/** The wire is 8-bit: a character is a byte (ISO/IEC 8859-1); other alphabets are mapped to wheel positions before. */
export function toBytes(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0))
}

export function fromBytes(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return text
}

/**
 * Refuses what would break a frame: control characters, `"`, `#`, `@`, whatever is not one byte, and `alsoForbidden`.
 * Throws `frame.character-not-allowed` (class data) with the place; the fault holds the character's code, never the text.
 */
export function requirePlainText(text: string, place: string, alsoForbidden = ''): void {
  for (const [index, character] of Array.from(text).entries()) {
    const code = character.codePointAt(0) ?? 0
    const breaks = code < 0x20 || (code >= 0x7f && code <= 0x9f) || code > 0xff
    if (breaks || '"#@'.includes(character) || alsoForbidden.includes(character)) {
      throw new CardwrightError({
        code: 'frame.character-not-allowed',
        class: 'data',
        place,
        values: { character: `U+${code.toString(16).toUpperCase().padStart(4, '0')}`, column: index + 1 },
      })
    }
  }
}

/** A whole number as `digits` decimal digits. Throws `frame.number-out-of-range` (class data). */
export function fixedDigits(value: number, digits: number, place: string): string {
  if (!Number.isInteger(value) || value < 0 || value >= 10 ** digits) {
    throw new CardwrightError({ code: 'frame.number-out-of-range', class: 'data', place, values: { value, digits } })
  }
  return String(value).padStart(digits, '0')
}
