/** What a practice card draws at random: SHA-256 in counter mode over its seed, so that a card continues where it was saved. */
import { createHash } from 'node:crypto'
import { numberToBytes } from '#shared/bytes.ts'

const blockLength = 32

export class CardRandom {
  readonly #seed: number
  /** Bytes drawn so far in the card's life. */
  drawn: number

  constructor(seed: number, drawn: number) {
    this.#seed = seed
    this.drawn = drawn
  }

  bytes(length: number): Uint8Array {
    const drawn = new Uint8Array(length)
    for (let index = 0; index < length; index++) drawn[index] = this.#byte(this.drawn++)
    return drawn
  }

  #block: { number: number; bytes: Uint8Array } | undefined

  #byte(position: number): number {
    const number = Math.floor(position / blockLength)
    if (this.#block?.number !== number) {
      this.#block = { number, bytes: createHash('sha256').update(`practice card ${this.#seed}/${number}`).digest() }
    }
    return this.#block.bytes[position % blockLength]!
  }
}

/** Serial number of the chip. An odd factor maps the seeds below 2^32 onto one another, so that no two of them share a number. */
export function chipSerial(seed: number): Uint8Array {
  return numberToBytes((Math.imul(seed, 0x9e3779b1) ^ 0x2c1b3c6d) >>> 0, 4)
}
