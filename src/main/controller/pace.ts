import type { RunView } from '#shared/job/job.ts'
import type { Clock } from '../ports/clock.ts'

const window = 20

/** Cards per hour over the last twenty ended cards, and the time that the rest will take at that pace. */
export function createPace(clock: Clock) {
  const ends = [clock.elapsed()]
  return {
    count() {
      ends.push(clock.elapsed())
      if (ends.length > window + 1) ends.shift()
    },
    view(remaining: number): Pick<RunView, 'remaining' | 'cardsPerHour' | 'millisecondsLeft'> {
      const spans = ends.length - 1
      const taken = ends.at(-1)! - ends[0]!
      if (spans < 2 || taken <= 0) return { remaining }
      return { remaining, cardsPerHour: (spans * 3_600_000) / taken, millisecondsLeft: (remaining * taken) / spans }
    },
  }
}
