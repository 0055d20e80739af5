import type { Clock } from '#main/ports/clock.ts'

/** The computer's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  sleep: (milliseconds, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason as Error)
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', abort)
        resolve()
      }, milliseconds)
      const abort = () => {
        clearTimeout(timer)
        reject(signal?.reason as Error)
      }
      signal?.addEventListener('abort', abort, { once: true })
    }),
}

/** The same clock running `speed` times as fast: for a practice machine on somebody's desk. */
export function scaledClock(clock: Clock, speed: () => number): Clock {
  return {
    now: () => clock.now(),
    elapsed: () => clock.elapsed(),
    sleep: (milliseconds, signal) => clock.sleep(milliseconds / speed(), signal),
  }
}
