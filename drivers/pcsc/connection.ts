/** A card in a reader, powered and ours alone. */
import { exchange, type RawAnswer } from '#drivers/iso7816/exchange.ts'
import type { ChipAnswer, ChipConnection, ChipLoss, TransmitOptions } from '#main/ports/chip-station.ts'
import type { Clock } from '#main/ports/clock.ts'
import { capabilitiesOfAtr } from '#shared/chip/atr.ts'
import { Deadline } from './deadline.ts'
import { codeOf, letGo, type Card, type Library } from './library.ts'
import { lossOf } from './losses.ts'

/** Milliseconds for a command with all that it needs, where its caller names none. */
const usualDeadline = 30_000
/** Milliseconds that a reader gets to come back from a command that was given up. */
const patience = 5_000
/** The service looks at a reader's contacts every 400 ms: so long, and a little, a removal may stay unknown to it. */
const untilRemovalShows = 1_000
const betweenLooks = 50
/** Longest response of the extended form with its status word. A smaller buffer would be refused before the command is sent. */
const responseRoom = 65_538

export interface ConnectionParts {
  library: Library
  clock: Clock
  card: Card
  atr: Uint8Array
  /** Whether the reader is still there, as the watch sees it. */
  readerIsThere(): boolean
  /** Called once, with a promise for the end of what still occupies the card. */
  released(gone: Promise<void>): void
}

type Lost = Extract<ChipAnswer, { kind: 'lost' }>

export class PcscConnection implements ChipConnection {
  readonly #parts: ConnectionParts
  readonly #buffer = new ArrayBuffer(responseRoom)
  #atr: Uint8Array
  #extendedLength: boolean
  readonly #protocol: 'T=0' | 'T=1'
  readonly #deadline: Deadline
  #lost: ChipLoss | undefined
  #released = false
  /** One command after the other. */
  #queue: Promise<unknown> = Promise.resolve()
  /** The native call that is under way; PC/SC can't take it back. */
  #underWay: Promise<unknown> = Promise.resolve()

  constructor(parts: ConnectionParts) {
    this.#parts = parts
    this.#atr = parts.atr
    this.#extendedLength = capabilitiesOfAtr(parts.atr).extendedLength
    this.#protocol = parts.card.protocol() === parts.library.Protocol.T0 ? 'T=0' : 'T=1'
    this.#deadline = new Deadline(parts.clock)
  }

  get atr(): Uint8Array {
    return this.#atr
  }

  get protocol(): 'T=0' | 'T=1' {
    return this.#protocol
  }

  transmit(command: Uint8Array, options: TransmitOptions = {}): Promise<ChipAnswer> {
    const turn = this.#queue.then(() => this.#transmit(command, options))
    this.#queue = turn.catch(() => undefined)
    return turn
  }

  async #transmit(command: Uint8Array, { deadline = usualDeadline, signal }: TransmitOptions): Promise<ChipAnswer> {
    const lost = this.#lost
    if (lost !== undefined) return { kind: 'lost', loss: lost, sent: false }
    if (signal?.aborted) return this.#lose({ kind: 'lost', loss: 'cancelled', sent: false })
    const { givenUp, stop } = this.#guard(deadline, signal)
    const answer = await exchange(
      { protocol: this.#protocol, extendedLength: this.#extendedLength, send: (bytes) => Promise.race([this.#send(bytes), givenUp]) },
      command,
    ).finally(stop)
    return answer.kind === 'lost' ? this.#lose(answer) : answer
  }

  /** What ends a command without its response: the alarm, or the caller. */
  #guard(deadline: number, signal: AbortSignal | undefined): { givenUp: Promise<Lost>; stop: () => void } {
    let cancel = (): void => undefined
    const givenUp = new Promise<Lost>((resolve) => {
      cancel = () => resolve({ kind: 'lost', loss: 'cancelled', sent: true })
      this.#deadline.begin(deadline, () => resolve({ kind: 'lost', loss: 'deadline', sent: true }))
    })
    signal?.addEventListener('abort', cancel, { once: true })
    const stop = () => {
      this.#deadline.over()
      signal?.removeEventListener('abort', cancel)
    }
    return { givenUp, stop }
  }

  async #send(bytes: Uint8Array): Promise<RawAnswer> {
    const sending = this.#parts.card.transmit(bytes, this.#buffer)
    this.#underWay = sending.catch(() => undefined)
    try {
      const response = await sending
      if (response.length >= 2) return { kind: 'response', bytes: response.slice() }
      // A reader that gave up waiting hands over a piece that is no response; one whose card was pulled out, nothing.
      return response.length === 1 ? { kind: 'lost', loss: 'mute', sent: true } : await this.#noResponse()
    } catch (error) {
      const loss = lossOf(codeOf(error))
      return loss === undefined ? await this.#noResponse() : { kind: 'lost', loss, sent: true }
    }
  }

  /** No response, and no reason: asks until the service would know of a removal, else the card is mute. */
  async #noResponse(): Promise<Lost> {
    const { card, clock, readerIsThere } = this.#parts
    for (let waited = 0; waited < untilRemovalShows; waited += betweenLooks) {
      if (!readerIsThere()) return { kind: 'lost', loss: 'reader-lost', sent: true }
      const loss = await card.state().then(
        () => undefined,
        (error: unknown) => lossOf(codeOf(error)),
      )
      if (loss !== undefined) return { kind: 'lost', loss, sent: true }
      await clock.sleep(betweenLooks)
    }
    return { kind: 'lost', loss: 'mute', sent: true }
  }

  /** Nothing more is sent until `reset`. A card that was given up is switched off as soon as its reader lets go of it. */
  #lose(answer: Lost): Lost {
    this.#lost = answer.loss
    if (answer.loss === 'deadline' || (answer.loss === 'cancelled' && answer.sent)) this.#reconnect().catch(() => undefined)
    return answer
  }

  /** Power off, and on, after whatever is under way; the connection stays ours. */
  #reconnect(): Promise<unknown> {
    const { card, library } = this.#parts
    const reconnecting = this.#underWay.then(() => (this.#released ? undefined : card.reconnect(library.CardMode.EXCLUSIVE, library.CardDisposition.UNPOWER)))
    this.#underWay = reconnecting.catch(() => undefined)
    return reconnecting
  }

  reset(): Promise<{ kind: 'ready'; atr: Uint8Array } | { kind: 'lost'; loss: ChipLoss }> {
    const turn = this.#queue.then(() => this.#reset())
    this.#queue = turn.catch(() => undefined)
    return turn
  }

  async #reset(): Promise<{ kind: 'ready'; atr: Uint8Array } | { kind: 'lost'; loss: ChipLoss }> {
    const lose = (loss: ChipLoss) => {
      this.#lost = loss
      return { kind: 'lost', loss } as const
    }
    if (this.#released) return lose('reader-lost')
    if (!(await this.#free())) return lose('mute')
    try {
      await this.#reconnect()
      this.#atr = (await this.#parts.card.state()).atr.slice()
      this.#extendedLength = capabilitiesOfAtr(this.#atr).extendedLength
      this.#lost = undefined
      return { kind: 'ready', atr: this.#atr }
    } catch (error) {
      if (!this.#parts.readerIsThere()) return lose('reader-lost')
      return lose(lossOf(codeOf(error)) ?? 'mute')
    }
  }

  /** Whether the reader has let go of what was under way, within our patience. */
  async #free(): Promise<boolean> {
    const limit = new AbortController()
    const late = this.#parts.clock.sleep(patience, limit.signal).then(
      () => false,
      () => true,
    )
    const free = await Promise.race([this.#underWay.then(() => true), late])
    limit.abort(new Error('no need to wait any longer'))
    return free
  }

  async release(how: 'unpower' | 'leave'): Promise<void> {
    if (this.#released) return
    this.#released = true
    this.#deadline.end()
    this.#lost ??= 'reader-lost'
    const { card, library, released } = this.#parts
    const disposition = how === 'unpower' ? library.CardDisposition.UNPOWER : library.CardDisposition.LEAVE
    const closed = this.#underWay.then(() => card.disconnect(disposition))
    const gone = closed.then(() => letGo(card)).catch(() => undefined)
    released(gone)
    this.#underWay = gone
    await this.#free()
  }
}
