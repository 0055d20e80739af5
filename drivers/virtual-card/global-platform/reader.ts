/** Reads the data field of a command from its beginning. What is cut short is status 6A80. */
import { CardStatus } from '../application.ts'

export class Reader {
  readonly #bytes: Uint8Array
  #offset = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  get atEnd(): boolean {
    return this.#offset >= this.#bytes.length
  }

  byte(): number {
    return this.take(1)[0]!
  }

  take(length: number): Uint8Array {
    const taken = this.#bytes.slice(this.#offset, this.#offset + length)
    if (taken.length < length) throw new CardStatus(0x6a80)
    this.#offset += length
    return taken
  }

  /** Length in one byte, or in 81 and one, 82 and two, as data objects have it. */
  lengthAndValue(): Uint8Array {
    const first = this.byte()
    if (first < 0x80) return this.take(first)
    if (first === 0x81) return this.take(this.byte())
    if (first === 0x82) return this.take(this.byte() * 256 + this.byte())
    throw new CardStatus(0x6a80)
  }

  rest(): Uint8Array {
    return this.take(this.#bytes.length - this.#offset)
  }
}
