/** Card data that has gone out: until its end is known, nothing may be concluded from anything but the machine's word. */
import type { Outcome } from '#main/ports/embosser-driver.ts'

export class Flight {
  /** Clock's `elapsed` when the data went out; undefined before. */
  sentAt: number | undefined
  /** Enquiries that had been sent before the data: an answer to one of them says nothing of this card. */
  enquiriesBefore = 0
  /** Statuses heard since the data went out, repetitions in a row left out. */
  readonly statuses: string[] = []
  readonly completed: Promise<Outcome>
  #outcome: Outcome | undefined
  readonly #resolve: (outcome: Outcome) => void

  constructor() {
    const { promise, resolve } = Promise.withResolvers<Outcome>()
    this.completed = promise
    this.#resolve = resolve
  }

  get outcome(): Outcome | undefined {
    return this.#outcome
  }

  heard(name: string): void {
    if (this.statuses.at(-1) !== name) this.statuses.push(name)
  }

  done(): void {
    this.end({ kind: 'done', evidence: { statuses: [...this.statuses] } })
  }

  /** The first end is the end. */
  end(outcome: Outcome): void {
    if (this.#outcome !== undefined) return
    this.#outcome = outcome
    this.#resolve(outcome)
  }
}
