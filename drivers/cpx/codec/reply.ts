/** The machine's answers: status bytes, and the replies to `#VER#`, `#ERR#` and `#TRK#`. */
import { toBytes } from './framing.ts'

/** `#VER#150i/CPX"@`: text between `#…#` echoes the command, text outside is payload, split on `"`; `@` ends it. */
export interface Reply {
  echoes: string[]
  payload: string[]
}

export type ReplyEvent =
  | { kind: 'status'; byte: number }
  /** `complete` is false where the line fell silent before `@`. */
  | { kind: 'reply'; reply: Reply; complete: boolean }

/** The machine's side: one reply as bytes. */
export function encodeReply(reply: Reply): Uint8Array {
  return toBytes(`${reply.echoes.map((echo) => `#${echo}#`).join('')}${reply.payload.map((part) => `${part}"`).join('')}@`)
}

/**
 * The host's ear. Every byte is a status of its own, except inside a reply, which opens with `#` while one is awaited:
 * a stray `#` at any other time is one unknown byte and swallows nothing.
 */
export class ReplyReader {
  readonly #longest: number
  #awaited = false
  #text = ''
  /** Right after a reply, padding may follow. */
  #padding = false

  /** @param longest characters after which an endless reply is given out as incomplete */
  constructor(longest = 2048) {
    this.#longest = longest
  }

  /** A reply is due, until it came or `flush` was called. */
  awaitReply(): void {
    this.#awaited = true
  }

  push(bytes: Uint8Array): ReplyEvent[] {
    const events: ReplyEvent[] = []
    for (const byte of bytes) this.#take(byte, events)
    return events
  }

  /** The line fell silent: gives out a reply that was begun, and stops waiting for one. */
  flush(): ReplyEvent[] {
    const events: ReplyEvent[] = []
    if (this.#text !== '') this.#finish(events, false)
    this.#awaited = false
    return events
  }

  #take(byte: number, events: ReplyEvent[]): void {
    const character = String.fromCharCode(byte)
    if (this.#text === '') {
      if (this.#padding && '@\r\n'.includes(character)) return
      this.#padding = false
      if (this.#awaited && character === '#') this.#text = character
      else events.push({ kind: 'status', byte })
      return
    }
    if (character === '@') return this.#finish(events, true)
    this.#text += character
    if (this.#text.length >= this.#longest) this.#finish(events, false)
  }

  #finish(events: ReplyEvent[], complete: boolean): void {
    events.push({ kind: 'reply', reply: parseReply(this.#text), complete })
    this.#text = ''
    this.#awaited = false
    this.#padding = complete
  }
}

function parseReply(text: string): Reply {
  const pieces = text.split('#')
  const echoes = pieces.filter((piece, index) => index % 2 === 1 && piece !== '')
  const payload = pieces.filter((_, index) => index % 2 === 0).join('').replace(/[\r\n]/g, '').split('"')
  if (payload.at(-1) === '') payload.pop()
  return { echoes, payload }
}
