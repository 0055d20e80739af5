import type { Clock } from '#main/ports/clock.ts'

interface Sleeper {
  at: number
  order: number
  wake(): void
}

/**
 * Simulated time: it stands still while anything can still run, and jumps to the next sleeper when nothing can.
 * Everything awaited must come from this clock, from promises, or from synchronous work: real input and output would
 * be overtaken. Two sleepers due together wake in the order in which they lay down, so that a run repeats exactly.
 */
export class VirtualClock implements Clock {
  #time = 0
  #order = 0
  #sleepers: Sleeper[] = []
  readonly #start: number

  /** @param start wall time at elapsed zero, milliseconds since 1970 */
  constructor(start = Date.UTC(2026, 6, 1, 9)) {
    this.#start = start
  }

  now(): number {
    return this.#start + this.#time
  }

  elapsed(): number {
    return this.#time
  }

  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason as Error)
      const sleeper: Sleeper = { at: this.#time + Math.max(0, milliseconds), order: this.#order++, wake: () => settle(resolve) }
      const settle = (end: () => void) => {
        signal?.removeEventListener('abort', abort)
        end()
      }
      const abort = () => {
        this.#remove(sleeper)
        settle(() => reject(signal?.reason as Error))
      }
      signal?.addEventListener('abort', abort, { once: true })
      this.#insert(sleeper)
    })
  }

  /**
   * Lets simulated time pass until `done` settles, and answers what it answered. Rejects when nothing is left that
   * could ever wake: whoever waits then would wait for ever, and a test should hear of it.
   */
  async run<Value>(done: Promise<Value>): Promise<Value> {
    let settled = false
    const finish = () => {
      settled = true
    }
    done.then(finish, finish)
    for (;;) {
      await drained()
      if (settled) return done
      if (!this.#wakeNext()) throw new Error('simulated time: nothing is left to wake, yet the end has not come')
    }
  }

  /** Lets `milliseconds` pass, waking whoever is due on the way. */
  async advance(milliseconds: number): Promise<void> {
    const end = this.#time + milliseconds
    for (;;) {
      await drained()
      const next = this.#sleepers[0]
      if (next === undefined || next.at > end) break
      this.#wakeNext()
    }
    this.#time = end
  }

  #wakeNext(): boolean {
    const next = this.#sleepers.shift()
    if (next === undefined) return false
    this.#time = Math.max(this.#time, next.at)
    next.wake()
    return true
  }

  #insert(sleeper: Sleeper): void {
    let index = this.#sleepers.length
    while (index > 0 && this.#sleepers[index - 1]!.at > sleeper.at) index--
    this.#sleepers.splice(index, 0, sleeper)
  }

  #remove(sleeper: Sleeper): void {
    const index = this.#sleepers.indexOf(sleeper)
    if (index >= 0) this.#sleepers.splice(index, 1)
  }
}

/** Resolves when every promise that can settle without time passing has settled. */
function drained(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
