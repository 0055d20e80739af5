/** What the modules of the line have in common: the cards they hand on, and a way to wait for one another. */
import type { Blank } from '#drivers/cpx/simulator/plastic.ts'
import type { VirtualCard } from '#drivers/virtual-card/virtual-card.ts'
import type { LineData, LineModule, WaitsFor } from '../messages.ts'

/** A blank under way, its chip, and what is to be done to it. */
export interface Carried {
  blank: Blank
  chip: VirtualCard
  /** Absent while nobody has given an order for it. */
  task?: { do: 'make'; number: number; data: LineData } | { do: 'discard'; number?: number }
}

/** Where a card lies outside the carousel and the modules. */
export interface Stacks {
  hopper: Carried[]
  output: Carried[]
  reject: Carried[]
  hand: Carried[]
}

/** One module behind the carousel. */
export interface Bay {
  readonly module: LineModule
  /** `undefined` and `reserved`: a card is on its way here. */
  carried: Carried | undefined
  reserved: boolean
  waits: WaitsFor | undefined
  /** Milliseconds of work done of the present card's, for pictures. */
  progress: number
}

/** Tells everybody who waits that something has changed; each looks for himself whether it is what he waits for. */
export class Changes {
  #wake = new Set<() => void>()
  #listeners = new Set<() => void>()

  tell(): void {
    const woken = [...this.#wake]
    this.#wake.clear()
    for (const wake of woken) wake()
    for (const listener of this.#listeners) listener()
  }

  listen(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  async until(there: () => boolean): Promise<void> {
    while (!there()) await new Promise<void>((resolve) => this.#wake.add(resolve))
  }
}
