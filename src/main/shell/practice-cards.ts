/** The workbench's drawer of practice cards. Nobody waits for their lines: what a real card takes a minute for is over in a second here. */
import { scaledClock } from '#drivers/clock/system-clock.ts'
import { createCard } from '#drivers/virtual-card/cards.ts'
import { createPracticeStation } from '#drivers/virtual-card/station.ts'
import type { Clock } from '../ports/clock.ts'
import type { PracticeCards } from '../ports/practice-cards.ts'

const timesFaster = 50

export function createPracticeCards(clock: Clock): PracticeCards {
  return {
    make({ type, seed }) {
      const card = createCard(type, { seed, baudRate: 115_200 })
      const station = createPracticeStation({ name: type, clock: scaledClock(clock, () => timesFaster) })
      station.insert(card)
      return {
        station,
        arm: (fault) => card.arm(fault),
        armed: () => card.armed(),
        disarm: () => card.disarm(),
        putBack() {
          if (station.state().state === 'no-reader') station.returnReader()
          if (station.state().state === 'empty') station.insert(card)
        },
      }
    },
  }
}
