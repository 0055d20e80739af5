/** The transport key of a native card: it opens the blank to its personalizer, and dies when the card is activated (docs/native-card.md). */
import type { CardMemory } from '../application.ts'
import { CardStatus } from '../application.ts'
import type { KeyPair } from './authentication.ts'

/** `transport/enc`, `transport/mac`: the keys; `transport/state`: version, tries left. */
export class TransportKey {
  static readonly tries = 10
  readonly #memory: CardMemory

  constructor(memory: CardMemory) {
    this.#memory = memory.within('transport/')
  }

  format({ encryption, mac }: KeyPair): void {
    this.#memory.write('enc', encryption)
    this.#memory.write('mac', mac)
    this.#memory.write('state', Uint8Array.of(0x01, TransportKey.tries))
  }

  /** 00: there is none any more. */
  get version(): number {
    return this.#memory.read('state')?.[0] ?? 0
  }

  get triesLeft(): number {
    return this.#memory.read('state')?.[1] ?? 0
  }

  set triesLeft(left: number) {
    this.#memory.write('state', Uint8Array.of(this.version, left))
  }

  /** Throws CardStatus 6985 once it is gone. */
  keys(): KeyPair {
    const [encryption, mac] = [this.#memory.read('enc'), this.#memory.read('mac')]
    if (encryption === undefined || mac === undefined) throw new CardStatus(0x6985)
    return { encryption, mac }
  }

  kill(): void {
    this.#memory.erase('enc')
    this.#memory.erase('mac')
    this.#memory.write('state', Uint8Array.of(0x00, 0x00))
  }
}
