/** One card whose order has been given to the line, until its end is known. */
import type { Outcome } from '#main/ports/embosser-driver.ts'
import type { Reason } from '#shared/device/device.ts'
import type { WaitsFor } from '../messages.ts'

export class Flight {
  readonly number: number
  readonly completed: Promise<Outcome>
  readonly statuses: string[] = []
  /** Why the line holds this card up. */
  waits: WaitsFor | undefined
  /** Aborted when it goes on. */
  over = new AbortController()
  /** The order has gone to the line. */
  sent = false
  outcome: Outcome | undefined
  #settle: (outcome: Outcome) => void = () => {}

  constructor(number: number) {
    this.number = number
    this.completed = new Promise((resolve) => (this.#settle = resolve))
  }

  /** It moves again, or has come to its end. */
  goesOn(): void {
    if (this.waits === undefined) return
    this.waits = undefined
    this.over.abort(new Error('the reason has gone'))
    this.over = new AbortController()
  }

  end(outcome: Outcome): void {
    if (this.outcome !== undefined) return
    this.outcome = outcome
    this.goesOn()
    this.#settle(outcome)
  }

  done(): void {
    this.end({ kind: 'done', evidence: { statuses: this.statuses } })
  }

  /** Nothing happened to a blank while the order had not gone out; after that nobody knows. */
  breakOff(reason: Reason): void {
    this.end(this.sent ? { kind: 'unknown', reason } : { kind: 'refused', reason })
  }
}
