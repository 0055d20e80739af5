/** One open line to the machine: bytes out, statuses and replies in, one at a time and with a limit on every wait. */
import type { ByteLink } from '#main/ports/byte-link.ts'
import type { Clock } from '#main/ports/clock.ts'
import { enquiryByte, ReplyReader, type Reply } from '../codec.ts'
import type { Status } from '../profile.ts'

/** A status byte that the profile knows. */
export interface HeardStatus {
  kind: 'status'
  /** As the profile names it: `C`, `13h`. */
  name: string
  status: Status
}

export type Heard =
  | HeardStatus
  | { kind: 'reply'; reply: Reply; complete: boolean }
  /** Nothing came in the given time. */
  | { kind: 'silence' }
  | { kind: 'lost' }
  | { kind: 'cancelled' }

export interface ConversationOptions {
  link: ByteLink
  statuses: ReadonlyMap<string, Status>
  clock: Clock
  /** Milliseconds after which a write that does not come to its end is a lost line: nothing empties the buffer. */
  patience: number
  /** Called as each known status arrives, before anybody who waits sees it. */
  onStatus(heard: HeardStatus): void
  /** The line went away; at most once, and not after `close`. */
  onLost(): void
  note(text: string): void
}

/** A byte as profiles and people write it: `C`, `13h`. */
export function statusName(byte: number): string {
  const character = String.fromCharCode(byte)
  return /[A-Za-z]/.test(character) ? character : `${byte.toString(16).toUpperCase().padStart(2, '0')}h`
}

export class Conversation {
  readonly #options: ConversationOptions
  readonly #reader = new ReplyReader()
  #stops: (() => void)[] = []
  #inbox: Heard[] = []
  #waiting: ((heard: Heard) => void) | undefined
  #lost = false
  #enquiries = 0
  #unanswered = 0
  #lastByte = 0

  constructor(options: ConversationOptions) {
    this.#options = options
  }

  /** Begins to listen; what the line kept until now arrives at once. */
  listen(): void {
    const { link } = this.#options
    this.#stops = [link.onClose(() => this.#lose())]
    this.#stops.push(link.onData((bytes) => this.#arrive(bytes)))
  }

  /** Enquiries sent since the line was opened. */
  get enquiries(): number {
    return this.#enquiries
  }

  /** Enquiries whose answer may still come. */
  get unanswered(): number {
    return this.#unanswered
  }

  get lost(): boolean {
    return this.#lost
  }

  /** Hands bytes to the line. False where the line is gone, in which case part of them may have gone out. */
  async send(bytes: Uint8Array): Promise<boolean> {
    if (this.#lost) return false
    const { link, clock, patience } = this.#options
    const timer = new AbortController()
    const stuck = clock.sleep(patience, timer.signal).then(
      () => {
        this.#lose()
        return link.close().catch(() => undefined)
      },
      () => undefined,
    )
    try {
      await Promise.race([link.write(bytes), stuck])
    } catch {
      this.#lose()
    }
    timer.abort()
    return !this.#lost
  }

  async enquire(): Promise<boolean> {
    this.#enquiries++
    this.#unanswered++
    return this.send(Uint8Array.of(enquiryByte))
  }

  /** A reply to a question is due: `#` opens it. */
  awaitReply(): void {
    this.#reader.awaitReply()
  }

  /** Milliseconds since the last byte arrived. */
  get quiet(): number {
    return this.#options.clock.elapsed() - this.#lastByte
  }

  /** Gives out a reply that was begun and not ended, and waits for none any more. */
  brokenReply(): Reply | undefined {
    const [event] = this.#reader.flush()
    return event?.kind === 'reply' ? event.reply : undefined
  }

  /** What arrives next, or arrived already, within `milliseconds`. One caller at a time. */
  async hear(milliseconds: number, signal?: AbortSignal): Promise<Heard> {
    if (signal?.aborted) return { kind: 'cancelled' }
    const waiting = this.#inbox.shift()
    if (waiting !== undefined) return waiting
    if (this.#lost) return { kind: 'lost' }
    return new Promise<Heard>((resolve) => {
      const timer = new AbortController()
      const cancel = () => settle({ kind: 'cancelled' })
      const settle = (heard: Heard) => {
        if (this.#waiting === settle) this.#waiting = undefined
        signal?.removeEventListener('abort', cancel)
        resolve(heard)
        timer.abort()
      }
      this.#waiting = settle
      signal?.addEventListener('abort', cancel, { once: true })
      this.#options.clock.sleep(milliseconds, timer.signal).then(
        () => settle({ kind: 'silence' }),
        () => undefined,
      )
    })
  }

  /** Forgets what arrived and nobody took. */
  discard(): void {
    for (const heard of this.#inbox) if (heard.kind === 'status') this.#options.note(`not heeded: ${heard.name}`)
    this.#inbox = []
  }

  /** Answers that did not come in their time are not waited for any more. */
  forgetUnanswered(): void {
    this.#unanswered = 0
  }

  async close(): Promise<void> {
    this.#lost = true
    for (const stop of this.#stops) stop()
    this.#give({ kind: 'lost' })
    await this.#options.link.close()
  }

  #arrive(bytes: Uint8Array): void {
    this.#lastByte = this.#options.clock.elapsed()
    for (const event of this.#reader.push(bytes)) {
      if (event.kind === 'reply') {
        this.#give(event)
        continue
      }
      const name = statusName(event.byte)
      const status = this.#options.statuses.get(name)
      if (status === undefined) {
        this.#options.note(`not a status of this profile: ${name}`)
        continue
      }
      this.#unanswered = Math.max(0, this.#unanswered - 1)
      const heard: HeardStatus = { kind: 'status', name, status }
      this.#options.onStatus(heard)
      this.#give(heard)
    }
  }

  #give(heard: Heard): void {
    if (this.#waiting) this.#waiting(heard)
    else this.#inbox.push(heard)
  }

  #lose(): void {
    if (this.#lost) return
    this.#lost = true
    for (const stop of this.#stops) stop()
    this.#give({ kind: 'lost' })
    this.#options.onLost()
  }
}
