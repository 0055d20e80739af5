/** The machine's ear: bytes as the line cuts them → frames, enquiries, and what could not be understood. */
import { enquiryByte } from './framing.ts'

/** A whole frame. `body` is what stands between the head and `#END#`; `parseFormat` and `parseFunctions` read it. */
export interface HostFrame {
  head: 'DCL' | 'DCC'
  /** The six digits before the first `#`, where the host sends them. */
  record?: number
  body: string
}

export type HostMistake =
  | 'unknown-head' //          `#…#` where `#DCL#` or `#DCC#` should start a frame
  | 'unfinished-frame' //      a new head before `#END#`
  | 'enquiry-inside-frame' //  ENQ before `#END#`: the frame is dropped, the enquiry counts
  | 'missing-terminator' //    `#END#` without `@`
  | 'frame-too-long'

export type HostEvent = { kind: 'enquiry' } | { kind: 'frame'; frame: HostFrame } | { kind: 'mistake'; mistake: HostMistake }

const head = /^#(DCL|DCC)#/
const end = '#END#'

/**
 * Skips everything up to the first `#`; tolerates any number of `@` and line ends between frames. A frame counts at
 * the first `@` after `#END#`.
 */
export class HostFrameReader {
  readonly #longest: number
  /** The last six characters before the frame, for the record number. */
  #skipped = ''
  /** The frame so far, from its first `#`; empty between frames. */
  #text = ''

  /** @param longest bytes that the machine's receive buffer holds */
  constructor(longest = 8192) {
    this.#longest = longest
  }

  push(bytes: Uint8Array): HostEvent[] {
    const events: HostEvent[] = []
    for (const byte of bytes) this.#take(byte, events)
    return events
  }

  /** Forgets a frame that was begun: the machine lost its power. */
  reset(): void {
    this.#skipped = ''
    this.#text = ''
  }

  #take(byte: number, events: HostEvent[]): void {
    if (byte === enquiryByte) {
      if (this.#text !== '') this.#drop('enquiry-inside-frame', events)
      this.#skipped = ''
      events.push({ kind: 'enquiry' })
      return
    }
    const character = String.fromCharCode(byte)
    if (this.#text === '' && character !== '#') {
      this.#skipped = (this.#skipped + character).slice(-6)
      return
    }
    this.#text += character
    if (this.#text.endsWith(`${end}@`)) return this.#finish(events)
    if (this.#text.slice(0, -1).endsWith(end)) return this.#drop('missing-terminator', events, character)
    if (character === '#') return this.#checkHead(events)
    if (this.#text.length > this.#longest) this.#drop('frame-too-long', events)
  }

  /** A `#` arrived: the frame must begin with a head, and no second head may follow. */
  #checkHead(events: HostEvent[]): void {
    if (this.#text.length < 2) return
    const again = this.#text.length > 5 ? /#(?:DCL|DCC)#$/.exec(this.#text) : null
    if (again !== null && head.test(this.#text)) return this.#drop('unfinished-frame', events, again[0])
    if (head.test(this.#text)) return
    // A stray `#` may have swallowed the first one of a frame: what follows starts at the second.
    if (this.#text === '##') this.#text = '#'
    else this.#drop('unknown-head', events, '#')
  }

  #finish(events: HostEvent[]): void {
    const match = head.exec(this.#text)
    const record = /^\d{6}$/.test(this.#skipped) ? { record: Number(this.#skipped) } : {}
    const body = this.#text.slice(5, -(end.length + 1))
    if (match === null) this.#drop('unknown-head', events)
    else events.push({ kind: 'frame', frame: { head: match[1] as HostFrame['head'], ...record, body } })
    this.reset()
  }

  /** @param rest what may be the beginning of the next frame */
  #drop(mistake: HostMistake, events: HostEvent[], rest = ''): void {
    events.push({ kind: 'mistake', mistake })
    this.#skipped = ''
    this.#text = rest.startsWith('#') ? rest : ''
  }
}
