/**
 * A card of a page: a memory that reads and writes, by ISO/IEC 7816-4 and with nothing of the practice cards in it. What a station's
 * suite needs to know of a card (how often it did a thing, what it had in its hands when the power went) can be asked of it.
 */
import type { CardResponse, VirtualCard } from '#drivers/virtual-card/virtual-card.ts'
import { concatenate, numberToBytes } from '#shared/bytes.ts'
import { buildAtr, historicalBytes } from '#shared/chip/atr.ts'
import { parseCommand } from '#shared/chip/apdu.ts'

export interface PlainCardOptions {
  protocol?: 'T=0' | 'T=1'
  extendedLength?: boolean
  /** Does not answer to reset. */
  dead?: boolean
  /** Called when a command arrives, before it is done. */
  onCommand?: (command: Uint8Array) => void
}

type Next = 'mute' | 'removed' | { milliseconds: number }

export class PlainCard implements VirtualCard {
  readonly type = 'native-id' as const
  readonly protocol: 'T=0' | 'T=1'
  readonly memory = new Uint8Array(1024)
  /** How often UPDATE BINARY was done, and how often the card was switched on. */
  updates = 0
  starts = 0
  readonly #options: PlainCardOptions
  #next: Next | undefined
  #waiting: Uint8Array = new Uint8Array(0)
  #chain: Uint8Array = new Uint8Array(0)
  /** One byte of volatile memory. */
  #scratch = 0

  constructor(options: PlainCardOptions = {}) {
    this.protocol = options.protocol ?? 'T=1'
    this.#options = options
  }

  powerOn(): Uint8Array | undefined {
    this.powerOff()
    if (this.#options.dead) return undefined
    this.starts += 1
    return buildAtr({ protocol: this.protocol, historical: historicalBytes({ extendedLength: this.#options.extendedLength ?? false, commandChaining: true }) })
  }

  powerOff(): void {
    this.#scratch = 0
    this.#waiting = new Uint8Array(0)
    this.#chain = new Uint8Array(0)
  }

  /** What becomes of the next command after it was done. */
  afterNext(next: Next): void {
    this.#next = next
  }

  transmit(bytes: Uint8Array): CardResponse {
    this.#options.onCommand?.(bytes)
    const response = this.#do(bytes)
    const next = this.#next
    this.#next = undefined
    const cost = { line: 0, memory: typeof next === 'object' ? next.milliseconds : 0, computing: 0 }
    return typeof next === 'string' ? { kind: 'none', why: next, cost } : { kind: 'response', bytes: response, cost }
  }

  #do(bytes: Uint8Array): Uint8Array {
    const { cla, ins, p1, p2, data, expected } = parseCommand(bytes)
    const offset = p1 * 256 + p2
    switch (ins) {
      case 0xb0: // READ BINARY
        return this.#answer(bytes, this.memory.subarray(offset, offset + (expected ?? 0)), expected)
      case 0xd6: // UPDATE BINARY, also as a chain
        this.#chain = concatenate(this.#chain, data)
        if ((cla & 0x10) !== 0) return status(0x9000)
        this.updates += 1
        this.memory.set(this.#chain, offset)
        this.#chain = new Uint8Array(0)
        return status(0x9000)
      case 0xcb: // GET DATA: so many bytes as P1 P2 say, each its own place
        return this.#answer(bytes, Uint8Array.from({ length: offset }, (_, index) => index % 256), expected)
      case 0x10: // adds to the volatile byte and tells it
        this.#scratch = (this.#scratch + p2) % 256
        return this.#answer(bytes, Uint8Array.of(this.#scratch), expected)
      case 0xc0: // GET RESPONSE
        return this.#piece(expected ?? 0)
      default:
        return status(0x6d00)
    }
  }

  #answer(bytes: Uint8Array, data: Uint8Array, expected = 0): Uint8Array {
    if (this.protocol === 'T=1') {
      this.#waiting = data
      return this.#piece(expected)
    }
    if (bytes.length > 5) {
      this.#waiting = data
      return status(0x6100 + (data.length > 255 ? 0 : data.length))
    }
    if (data.length <= 256 && data.length !== expected) return status(0x6c00 + (data.length % 256))
    this.#waiting = data
    return this.#piece(expected)
  }

  #piece(length: number): Uint8Array {
    const data = this.#waiting.subarray(0, length)
    this.#waiting = this.#waiting.subarray(length)
    const rest = this.#waiting.length
    return concatenate(data, status(rest === 0 ? 0x9000 : 0x6100 + (rest > 255 ? 0 : rest)))
  }

  arm(): void {
    throw new Error('a plain card has its own way of failing')
  }

  armed(): [] {
    return []
  }

  disarm(): void {
    this.#next = undefined
  }

  save(): unknown {
    return {}
  }
}

const status = (word: number) => numberToBytes(word, 2)
