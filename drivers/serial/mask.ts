/**
 * What may be shown of the bytes on a CPX line: its structure, status bytes, positions, first six and last four digits
 * of card numbers, and lengths. Everything else of a card becomes `•`, however the bytes were cut on their way.
 */
import { maskNumber } from '#shared/card/number.ts'

/** Words of the wire that may stand between `#` and `#`. Anything else there is treated as card data. */
const knownToken = /^(?:DCL|DCC|END|EMB|ENC|CMP|REP|GTW|GRD|TRK|FED|VER|ERR|FC\d{1,2})$/
/** Tokens whose text says nothing of a card: line locations, copies, versions. */
const plainAfter = /^(?:DCL|GTW|FC\d{1,2}|REP|VER|ERR)$/
const trackAfter = /^(?:ENC|CMP)$/

/** Statuses that one answer may bring; a longer run of letters is not an answer. */
const longestAnswer = 8

const dot = '•'

/** One direction of one line. Give it every chunk; it gives out whole readable entries. */
export class Masker {
  readonly #direction: 'sent' | 'received'
  /** Readable text of the entry that is being put together. */
  #text = ''
  /** Characters since the last `#`, `"` or line end, not yet masked. */
  #segment = ''
  #inFrame = false
  /** Between `#` and `#`. */
  #inToken = false
  #token = ''
  /** Characters outside frames since the other side spoke; and whether something came that no status is. */
  #outside = 0
  #suspicious = false

  constructor(direction: 'sent' | 'received') {
    this.#direction = direction
  }

  /** The other side spoke: here a new answer may begin. */
  turn(): void {
    this.#outside = 0
    this.#suspicious = false
  }

  /** Returns an entry, unless the chunk ended in the middle of a frame. */
  push(bytes: Uint8Array): string | undefined {
    for (const byte of bytes) this.#take(byte)
    return this.#inFrame ? undefined : this.#entry()
  }

  /** What there is of a frame that never ended. */
  flush(): string | undefined {
    if (this.#inFrame) this.#text += dot.repeat(this.#segment.length)
    else this.#endDigits()
    this.#segment = ''
    this.#inFrame = false
    this.#inToken = false
    return this.#entry()
  }

  #entry(): string | undefined {
    this.#endDigits()
    const text = this.#text.replace(/@{2,}/g, (run) => `@×${run.length}`).trim()
    this.#text = ''
    return text === '' ? undefined : text
  }

  #take(byte: number): void {
    const character = String.fromCharCode(byte)
    if (this.#inFrame) this.#takeInside(character)
    else this.#takeOutside(byte, character)
  }

  #takeOutside(byte: number, character: string): void {
    if (character === '#') {
      // Six digits before a frame are its record number.
      this.#text += /^\d{6}$/.test(this.#segment) ? this.#segment : dot.repeat(this.#segment.length)
      this.#segment = ''
      this.#inFrame = true
      this.#inToken = true
      this.#token = ''
      this.#text += '#'
      return
    }
    if (this.#direction === 'sent' && /\d/.test(character)) {
      this.#segment += character
      return
    }
    this.#endDigits()
    this.#text += this.#outsideText(byte, character)
  }

  #endDigits(): void {
    if (this.#inFrame) return
    this.#text += dot.repeat(this.#segment.length)
    this.#segment = ''
  }

  #outsideText(byte: number, character: string): string {
    if (byte === 0x05) return 'ENQ '
    if (character === '@') return '@'
    if (character === '\r' || character === '\n') return '⏎'
    if (byte < 0x20) return `${byte.toString(16).toUpperCase().padStart(2, '0')}h `
    this.#outside++
    if (this.#direction === 'sent' || !/[A-Za-z]/.test(character)) this.#suspicious = true
    return this.#suspicious || this.#outside > longestAnswer ? dot : `${character} `
  }

  #takeInside(character: string): void {
    switch (character) {
      case '#':
        // A word that the wire does not know may be data that lost its own `#`: what follows may be a word again.
        this.#inToken = this.#inToken ? !this.#endToken() : this.#endData()
        this.#text += '#'
        return
      case '@':
        this.#endPart()
        this.#text += '@'
        this.#inFrame = false
        return
      case '"':
      case '\n':
      case '\r':
        if (this.#inToken) break
        this.#endData()
        this.#text += character === '"' ? '"' : '⏎'
        return
    }
    this.#segment += character
  }

  #endPart(): void {
    if (this.#inToken) this.#endToken()
    else this.#endData()
  }

  /** Whether the word is one of the wire's. */
  #endToken(): boolean {
    const known = knownToken.test(this.#segment)
    this.#token = known ? this.#segment : ''
    this.#text += known ? this.#segment : dot.repeat(this.#segment.length)
    this.#segment = ''
    return known
  }

  #endData(): true {
    this.#text += maskData(this.#segment, this.#token)
    this.#segment = ''
    return true
  }
}

function maskData(text: string, token: string): string {
  if (plainAfter.test(token)) return maskLongNumber(text)
  if (trackAfter.test(token)) return maskTracks(text)
  // What a stripe reader answers may have lost bytes on the line: then the first six digits would be other ones.
  return token === 'TRK' ? text.replace(/[^%;?_^=]/g, dot) : maskLine(text)
}

/** Positions and versions are plain; a number as long as a card's has no business there. */
function maskLongNumber(text: string): string {
  return /\d{12}/.test(text.replace(/[ -]/g, '')) ? dot.repeat(text.length) : text
}

/** A line that is a number and nothing else keeps its first six and last four digits, and its grouping. */
function maskLine(text: string): string {
  if (!/^ *\d(?:[ -]?\d){11,18} *$/.test(text)) return dot.repeat(text.length)
  const masked = maskNumber(text)
  let at = 0
  return text.replace(/\d/g, () => masked[at++] ?? dot)
}

/** Sentinels and separators are structure; of the number the ends stay, of everything else the length. */
function maskTracks(text: string): string {
  return text.replace(/[^%;?_^=]+/g, (part, index: number) => {
    const before = text[index - 1]
    if (before === '%' && /^B\d{12,19}$/.test(part)) return `B${maskNumber(part)}`
    if (before === ';' && /^\d{12,19}$/.test(part)) return maskNumber(part)
    return dot.repeat(part.length)
  })
}
