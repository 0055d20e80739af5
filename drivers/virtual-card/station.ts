/**
 * A chip station with practice cards, in process: what a reader and its service are, over `VirtualCard`. Commands cost what the card's
 * timing model says, waited for on the clock; deadlines, removal and the loss of the reader end them as the port says.
 */
import { exchange } from '#drivers/iso7816/exchange.ts'
import type { RawAnswer } from '#drivers/iso7816/exchange.ts'
import type { ChipAnswer, ChipConnection, ChipLoss, ChipStation, StationState, TransmitOptions } from '#main/ports/chip-station.ts'
import type { Clock } from '#main/ports/clock.ts'
import { parseAtr } from '#shared/chip/atr.ts'
import { CardwrightError } from '#shared/cardwright-error.ts'
import type { Reason } from '#shared/device/device.ts'
import { totalCost } from './timing.ts'
import type { VirtualCard } from './virtual-card.ts'

export interface PracticeStationOptions {
  name: string
  clock: Clock
  /** Milliseconds for a command without a deadline of its own. */
  deadline?: number
}

export interface PracticeStation extends ChipStation {
  /** Puts a card in; it is powered at once, as a reader does. Throws RangeError where one lies there. */
  insert(card: VirtualCard): void
  /** Pulls the card out, also from under a command. Answers which it was. */
  remove(): VirtualCard | undefined
  /** The reader is unplugged, or plugged in again. */
  loseReader(): void
  returnReader(): void
}

const usualDeadline = 30_000
/** How long a reader waits for a card that says nothing: the work waiting time of ISO/IEC 7816-3, 10.2, at its usual values. */
const waitingTime = 1_000
/** Switching on and reading an answer to reset at 9600 bit/s (8.1, 8.2). */
const resetTime = (atr: Uint8Array): number => 50 + (atr.length * 12 * 1000) / 9600

export function createPracticeStation(options: PracticeStationOptions): PracticeStation {
  return new Station(options)
}

class Station implements PracticeStation {
  readonly name: string
  readonly #clock: Clock
  readonly #deadline: number
  readonly #listeners = new Set<() => void>()
  #state: StationState = 'empty'
  #card: VirtualCard | undefined
  #connection: Connection | undefined
  #closed = false

  constructor({ name, clock, deadline = usualDeadline }: PracticeStationOptions) {
    this.name = name
    this.#clock = clock
    this.#deadline = deadline
  }

  state(): { state: StationState; reasons: readonly Reason[] } {
    return { state: this.#state, reasons: reasonsOf(this.#state) }
  }

  onState(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  waitFor(states: readonly StationState[], signal?: AbortSignal): Promise<StationState> {
    return new Promise((resolve, reject) => {
      const abort = () => {
        stop()
        reject(signal?.reason as Error)
      }
      const look = () => {
        if (!states.includes(this.#state)) return
        stop()
        signal?.removeEventListener('abort', abort)
        resolve(this.#state)
      }
      const stop = this.onState(look)
      if (signal?.aborted === true) return abort()
      signal?.addEventListener('abort', abort, { once: true })
      look()
    })
  }

  async connect(): Promise<ChipConnection> {
    if (this.#connection !== undefined) throw this.#fault('chip.in-use')
    const card = this.#presentCard()
    const answerToReset = card.powerOn()
    if (answerToReset === undefined) {
      this.#become('mute')
      throw this.#fault('chip.mute')
    }
    const connection = new Connection(this.#clock, this.#deadline, card, answerToReset, {
      lost: (loss) => this.#lost(card, loss),
      mute: () => this.#become('mute'),
      released: () => {
        this.#connection = undefined
      },
    })
    this.#connection = connection
    this.#become('card')
    await this.#clock.sleep(resetTime(answerToReset))
    return connection
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#drop('reader-lost', 'no-reader')
  }

  insert(card: VirtualCard): void {
    if (this.#card !== undefined) throw new RangeError(`a card lies in ${this.name}`)
    this.#card = card
    if (this.#state !== 'no-reader') this.#become(card.powerOn() === undefined ? 'mute' : 'card')
  }

  remove(): VirtualCard | undefined {
    const card = this.#card
    this.#card = undefined
    this.#drop('card-removed', this.#state === 'no-reader' ? 'no-reader' : 'empty')
    card?.powerOff()
    return card
  }

  loseReader(): void {
    this.#card?.powerOff()
    this.#drop('reader-lost', 'no-reader')
  }

  returnReader(): void {
    if (this.#closed || this.#state !== 'no-reader') return
    if (this.#card === undefined) this.#become('empty')
    else this.#become(this.#card.powerOn() === undefined ? 'mute' : 'card')
  }

  #presentCard(): VirtualCard {
    if (this.#state === 'no-reader') throw this.#fault('chip.no-reader')
    if (this.#card === undefined) throw this.#fault('chip.no-card')
    return this.#card
  }

  /** A fault of the card itself: it was pulled out, or took the reader with it. */
  #lost(card: VirtualCard, loss: 'card-removed' | 'reader-lost'): void {
    if (this.#card !== card) return
    if (loss === 'card-removed') this.remove()
    else this.loseReader()
  }

  #drop(loss: ChipLoss, state: StationState): void {
    this.#connection?.gone(loss)
    this.#connection = undefined
    this.#become(state)
  }

  #become(state: StationState): void {
    if (this.#state === state) return
    this.#state = state
    for (const listener of [...this.#listeners]) listener()
  }

  #fault(code: 'chip.no-reader' | 'chip.no-card' | 'chip.mute' | 'chip.in-use'): CardwrightError {
    return new CardwrightError({ code, class: 'device', place: this.name, values: { reader: this.name } })
  }
}

/** What a connection tells the station that it belongs to. */
interface Reader {
  lost(loss: 'card-removed' | 'reader-lost'): void
  mute(): void
  released(): void
}

class Connection implements ChipConnection {
  atr: Uint8Array
  readonly protocol: 'T=0' | 'T=1'
  readonly #clock: Clock
  readonly #deadline: number
  readonly #card: VirtualCard
  readonly #reader: Reader
  readonly #extendedLength: boolean
  #loss: ChipLoss | undefined
  /** Card or reader have gone: no reset brings this connection back. */
  #final = false
  /** Ends the waiting for a response that is on its way. */
  #interrupt: ((loss: ChipLoss) => void) | undefined

  constructor(clock: Clock, deadline: number, card: VirtualCard, atr: Uint8Array, reader: Reader) {
    this.#clock = clock
    this.#deadline = deadline
    this.#card = card
    this.#reader = reader
    this.protocol = card.protocol
    this.atr = atr
    this.#extendedLength = parseAtr(atr).capabilities.extendedLength
  }

  async transmit(command: Uint8Array, { deadline = this.#deadline, signal }: TransmitOptions = {}): Promise<ChipAnswer> {
    if (this.#loss !== undefined) return { kind: 'lost', loss: this.#loss, sent: false }
    const end = this.#clock.elapsed() + deadline
    const transport = { protocol: this.protocol, extendedLength: this.#extendedLength, send: (bytes: Uint8Array) => this.#send(bytes, end, signal) }
    const answer = await exchange(transport, command)
    if (answer.kind === 'lost') this.#loss ??= answer.loss
    return answer
  }

  async reset(): Promise<{ kind: 'ready'; atr: Uint8Array } | { kind: 'lost'; loss: ChipLoss }> {
    if (this.#final) return { kind: 'lost', loss: this.#loss! }
    this.#interrupt?.('reset')
    const atr = this.#card.powerOn()
    if (atr === undefined) {
      this.#loss = 'mute'
      this.#reader.mute()
      return { kind: 'lost', loss: 'mute' }
    }
    this.atr = atr
    this.#loss = undefined
    await this.#clock.sleep(resetTime(atr))
    // it may have been pulled out meanwhile
    return this.#loss === undefined ? { kind: 'ready', atr } : { kind: 'lost', loss: this.#loss }
  }

  async release(how: 'unpower' | 'leave'): Promise<void> {
    if (this.#final) return
    if (how === 'unpower') this.#card.powerOff()
    this.gone(this.#loss ?? 'cancelled')
    this.#reader.released()
  }

  gone(loss: ChipLoss): void {
    this.#loss = loss
    this.#final = true
    this.#interrupt?.(loss)
  }

  /** One command over the contacts: the card has done it at once, and its time passes afterwards. */
  async #send(bytes: Uint8Array, end: number, signal: AbortSignal | undefined): Promise<RawAnswer> {
    if (this.#loss !== undefined) return { kind: 'lost', loss: this.#loss, sent: false }
    if (signal?.aborted === true) return { kind: 'lost', loss: 'cancelled', sent: false }
    const left = end - this.#clock.elapsed()
    if (left <= 0) return this.#off('deadline', false)
    const response = this.#card.transmit(bytes)
    const time = totalCost(response.cost) + (response.kind === 'none' && response.why === 'mute' ? waitingTime : 0)
    const interrupted = await this.#pass(Math.min(time, left), signal)
    if (interrupted !== undefined) return interrupted === 'cancelled' ? this.#off('cancelled', true) : { kind: 'lost', loss: interrupted, sent: true }
    if (time > left) return this.#off('deadline', true)
    if (response.kind === 'response') return { kind: 'response', bytes: response.bytes }
    if (response.why === 'mute') return { kind: 'lost', loss: 'mute', sent: true }
    const loss = response.why === 'removed' ? 'card-removed' : 'reader-lost'
    this.#reader.lost(loss)
    return { kind: 'lost', loss, sent: true }
  }

  #off(loss: 'deadline' | 'cancelled', sent: boolean): RawAnswer {
    this.#card.powerOff()
    this.#loss = loss
    return { kind: 'lost', loss, sent }
  }

  /** Lets time pass; answers what ended it early. */
  async #pass(milliseconds: number, signal: AbortSignal | undefined): Promise<ChipLoss | undefined> {
    const ended = new AbortController()
    let loss: ChipLoss | undefined
    const end = (why: ChipLoss) => {
      loss ??= why
      ended.abort()
    }
    const cancel = () => end('cancelled')
    this.#interrupt = end
    signal?.addEventListener('abort', cancel, { once: true })
    try {
      await this.#clock.sleep(milliseconds, ended.signal)
    } catch (thrown) {
      if (loss === undefined) throw thrown
    } finally {
      this.#interrupt = undefined
      signal?.removeEventListener('abort', cancel)
    }
    return loss
  }
}

function reasonsOf(state: StationState): readonly Reason[] {
  switch (state) {
    case 'no-reader':
      return [{ code: 'reader-absent', severity: 'error', action: 'check-line' }]
    case 'mute':
      return [{ code: 'reader-card-mute', severity: 'operator', action: 'none' }]
    default:
      return []
  }
}
