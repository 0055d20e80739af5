/**
 * A practice card behind a real PC/SC service: the card's side of the protocol of vsmartcard's `vpcd`, whose reader driver waits for it
 * on a port. Every message is a length of two bytes and so many bytes: one byte is an order to the card's power, more are a command
 * APDU, and only those, and the question for the answer to reset, are answered.
 */
import { connect, type Socket } from 'node:net'
import type { Clock } from '#main/ports/clock.ts'
import { concatenate, numberToBytes } from '#shared/bytes.ts'
import { CardwrightError } from '#shared/cardwright-error.ts'
import type { VirtualCard } from './virtual-card.ts'

/** Where `vpcd` waits; `path` is a Unix socket that leads there. */
export type VpcdPlace = { port: number; host?: string } | { path: string }

export interface VpcdOptions {
  place: VpcdPlace
  card: VirtualCard
  /** Lets every command take the time that it costs by the timing model; at once where absent. */
  clock?: Clock
  /** After every command, before its response leaves: the moment to keep what the card is. */
  afterCommand?: () => void
}

export interface InsertedCard {
  /** Resolves when the card is out: pulled out by `remove` or by a fault, or the reader is gone. */
  readonly ended: Promise<void>
  remove(): Promise<void>
}

/**
 * What a card that does not answer leaves behind when its reader gives up waiting: too little to be a response or an answer to reset.
 * Nothing at all can't be said: `vpcd` 3.3 frees its buffer twice over a message without a byte.
 */
const silence = Uint8Array.of(0)

const order = { powerOff: 0, powerOn: 1, reset: 2, answerToReset: 4 } as const

/** Puts the card into the reader. Throws `virtual-card.no-vpcd` (class device) where nobody waits there. */
export function insertIntoVpcd(options: VpcdOptions): Promise<InsertedCard> {
  const { place } = options
  return new Promise((resolve, reject) => {
    const socket = connect({ ...('path' in place ? { path: place.path } : { port: place.port, host: place.host ?? '127.0.0.1', noDelay: true }) })
    const fail = (cause: Error) => reject(noReader(place, cause))
    socket.once('error', fail)
    socket.once('connect', () => {
      socket.off('error', fail)
      resolve(new Contacts(socket, options))
    })
  })
}

function noReader(place: VpcdPlace, cause: Error): CardwrightError {
  const name = 'path' in place ? place.path : `${place.host ?? '127.0.0.1'}:${place.port}`
  return new CardwrightError({ code: 'virtual-card.no-vpcd', class: 'device', place: name, values: { place: name } }, { cause })
}

/** The eight contacts of one card, as far as `vpcd` has them. */
class Contacts implements InsertedCard {
  readonly ended: Promise<void>
  readonly #socket: Socket
  readonly #options: VpcdOptions
  #received: Uint8Array = new Uint8Array(0)
  /** Messages are handled one by one, in their order. */
  #work: Promise<void> = Promise.resolve()
  /** Of the last power-up; asked for again and again by the service to see whether the card is still there. */
  #answerToReset: Uint8Array | undefined
  #powered = false

  constructor(socket: Socket, options: VpcdOptions) {
    this.#socket = socket
    this.#options = options
    this.ended = new Promise((resolve) => socket.once('close', () => resolve()))
    // A reset ends in `close` like any other end.
    socket.on('error', () => undefined)
    socket.on('data', (bytes: Uint8Array) => this.#receive(bytes))
  }

  async remove(): Promise<void> {
    this.#socket.destroy()
    this.#powerOff()
    await this.ended
  }

  #receive(bytes: Uint8Array): void {
    this.#received = concatenate(this.#received, bytes)
    for (let message = this.#next(); message !== undefined; message = this.#next()) {
      const whole = message
      this.#work = this.#work.then(() => this.#handle(whole))
    }
  }

  /** The next message that is there whole. */
  #next(): Uint8Array | undefined {
    const [high, low] = this.#received
    if (high === undefined || low === undefined) return undefined
    const end = 2 + high * 256 + low
    if (this.#received.length < end) return undefined
    const message = this.#received.subarray(2, end)
    this.#received = this.#received.subarray(end)
    return message
  }

  async #handle(message: Uint8Array): Promise<void> {
    if (this.#socket.destroyed || message.length === 0) return
    if (message.length > 1) return this.#transmit(message)
    switch (message[0]) {
      case order.powerOff:
        return this.#powerOff()
      case order.powerOn:
      case order.reset:
        return this.#powerOn()
      case order.answerToReset:
        return this.#tellAnswerToReset()
      default:
        // Orders of a later vpcd ask for no answer.
        return undefined
    }
  }

  #powerOn(): void {
    this.#answerToReset = this.#options.card.powerOn()
    this.#powered = true
  }

  #powerOff(): void {
    this.#options.card.powerOff()
    this.#powered = false
  }

  #tellAnswerToReset(): void {
    if (!this.#powered && this.#answerToReset === undefined) {
      this.#powerOn()
      this.#powerOff()
    }
    this.#send(this.#answerToReset ?? silence)
  }

  async #transmit(command: Uint8Array): Promise<void> {
    const { card, clock, afterCommand } = this.#options
    const response = card.transmit(command)
    afterCommand?.()
    const { line, memory, computing } = response.cost
    if (clock) await clock.sleep(line + memory + computing)
    if (this.#socket.destroyed) return
    if (response.kind === 'response') this.#send(response.bytes)
    else if (response.why === 'mute') this.#send(silence)
    else this.#socket.destroy()
  }

  /** In one piece: `vpcd` reads the length apart, and a second packet would wait for the acknowledgement of the first. */
  #send(bytes: Uint8Array): void {
    this.#socket.write(concatenate(numberToBytes(bytes.length, 2), bytes))
  }
}
