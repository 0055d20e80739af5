/** One alarm for all commands of a connection: a timer for each of thousands would cost more than what it guards. */
import type { Clock } from '#main/ports/clock.ts'

const calledOff = new Error('no alarm is wanted any more')

export class Deadline {
  readonly #clock: Clock
  /** When the command under way has to be over, and whom to tell; undefined between commands. */
  #due: { at: number; late: () => void } | undefined
  /** The sleep that will look next. */
  #sleep: { until: number; stop: AbortController } | undefined

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Calls `late` in so many milliseconds, unless `over` comes first. */
  begin(milliseconds: number, late: () => void): void {
    const at = this.#clock.elapsed() + milliseconds
    this.#due = { at, late }
    if (this.#sleep !== undefined && this.#sleep.until <= at) return
    this.#sleep?.stop.abort(calledOff)
    this.#sleepUntil(at)
  }

  over(): void {
    this.#due = undefined
  }

  /** No timer is left behind. */
  end(): void {
    this.#due = undefined
    this.#sleep?.stop.abort(calledOff)
    this.#sleep = undefined
  }

  #sleepUntil(until: number): void {
    const sleep = { until, stop: new AbortController() }
    this.#sleep = sleep
    this.#clock.sleep(Math.max(0, until - this.#clock.elapsed()), sleep.stop.signal).then(
      () => this.#look(sleep),
      () => undefined,
    )
  }

  #look(sleep: object): void {
    if (this.#sleep !== sleep) return
    this.#sleep = undefined
    const due = this.#due
    if (due === undefined) return
    if (due.at > this.#clock.elapsed()) return this.#sleepUntil(due.at)
    this.#due = undefined
    due.late()
  }
}
