/** The chip module: brings blanks from the hopper into free places, and cards on to the track in the order in which they were asked for. */
import type { Clock } from '#main/ports/clock.ts'
import type { FaultBoard } from '#drivers/cpx/simulator/fault-board.ts'
import type { PracticeStation } from '#drivers/virtual-card/station.ts'
import type { VirtualCard } from '#drivers/virtual-card/virtual-card.ts'
import type { ConveyorReport } from '../messages.ts'
import { conveyorTiming } from './model.ts'
import type { Bay, Carried, Changes, Stacks } from './parts.ts'

export interface Place {
  readonly station: PracticeStation
  carried: Carried | undefined
  /** A card is on its way in or out. */
  moving: boolean
}

export interface CarouselParts {
  stations: readonly PracticeStation[]
  clock: Clock
  changes: Changes
  board: FaultBoard
  stacks: Stacks
  /** Where cards leave to. */
  next: Bay
  report(report: ConveyorReport): void
  /** The chip of a card that comes into its station now. */
  onChip(chip: VirtualCard): void
  /** A hand has pulled this card out of its station. */
  onPulled(carried: Carried): void
}

export class Carousel {
  readonly places: Place[]
  /** Blank that sticks between hopper and carousel. */
  jammed: Carried | undefined
  /** Blank that waits at the carousel's gate. */
  picked: Carried | undefined
  #feeds: number[] = []
  #leaving: { place: number; task: NonNullable<Carried['task']> }[] = []
  /** The carousel turns for one card at a time. */
  #turning = false
  readonly #parts: CarouselParts

  constructor(parts: CarouselParts) {
    this.#parts = parts
    this.places = parts.stations.map((station) => ({ station, carried: undefined, moving: false }))
    for (const [index, place] of this.places.entries()) place.station.onState(() => this.#look(index, place))
    void this.#feedAlways()
    void this.#leaveAlways()
  }

  /** A place whose station is empty though nobody moved its card has been robbed by a hand. */
  #look(index: number, place: Place): void {
    const { carried, moving, station } = place
    if (carried !== undefined && !moving && station.state().state === 'empty') {
      place.carried = undefined
      this.#parts.onPulled(carried)
      this.#parts.report({ says: 'gone', place: index })
    }
    this.#parts.changes.tell()
  }

  feed(number: number): void {
    this.#feeds.push(number)
    this.#parts.changes.tell()
  }

  leave(place: number, task: NonNullable<Carried['task']>): void {
    this.#leaving.push({ place, task })
    this.#parts.changes.tell()
  }

  /** Every card that lies here goes out by the reject way; orders that have not begun are forgotten. */
  purge(): void {
    this.#feeds = []
    this.#leaving = []
    for (const [place, { carried, moving }] of this.places.entries()) if (carried !== undefined && !moving) this.leave(place, { do: 'discard' })
    this.#parts.changes.tell()
  }

  get busy(): boolean {
    return this.#feeds.length > 0 || this.#leaving.length > 0 || this.places.some(({ carried, moving }) => carried !== undefined || moving)
  }

  get stationsLost(): boolean {
    return this.places.every(({ station }) => station.state().state === 'no-reader')
  }

  async #feedAlways(): Promise<never> {
    const { changes } = this.#parts
    for (;;) {
      await changes.until(() => this.#feeds.length > 0)
      const number = this.#feeds[0]!
      const fed = await this.#feedOne(number)
      if (this.#feeds[0] === number) this.#feeds.shift()
      if (fed !== undefined) this.#parts.report(fed)
      changes.tell()
    }
  }

  /** Undefined: the order was forgotten before it began. A blank that was picked by then waits for the next order. */
  async #feedOne(number: number): Promise<ConveyorReport | undefined> {
    const { changes } = this.#parts
    const given = () => this.#feeds[0] === number
    if (this.stationsLost) return { says: 'not-fed', number, why: 'stations-lost' }
    const obstacle = await this.#pick()
    if (obstacle !== undefined) return { says: 'not-fed', number, why: obstacle }
    await changes.until(() => !given() || this.stationsLost || this.#free() !== undefined)
    if (!given()) return undefined
    const place = this.#free()
    if (place === undefined) return { says: 'not-fed', number, why: 'stations-lost' }
    const target = this.places[place]!
    target.moving = true
    const carried = this.picked!
    this.picked = undefined
    await this.#turn()
    carried.blank.place = { kind: 'inside', module: 'chip' }
    this.#parts.onChip(carried.chip)
    target.station.insert(carried.chip)
    target.carried = carried
    target.moving = false
    if (given()) return { says: 'fed', number, place }
    // The controller that asked for it is gone.
    this.leave(place, { do: 'discard' })
    return undefined
  }

  /** The next blank from the hopper to the carousel's gate, while the carousel may still be turning. */
  async #pick(): Promise<'module-jam' | 'hopper-empty' | undefined> {
    const { clock, changes, board, stacks } = this.#parts
    if (this.jammed !== undefined) return 'module-jam'
    if (this.picked !== undefined) return undefined
    const carried = stacks.hopper.shift()
    if (carried === undefined) return 'hopper-empty'
    carried.blank.place = { kind: 'inside', module: 'feed' }
    changes.tell()
    await clock.sleep(conveyorTiming.pick)
    if (board.strike('pick', 'halfway', [])?.fault.kind === 'alarm') this.jammed = carried
    else this.picked = carried
    changes.tell()
    return this.jammed === undefined ? undefined : 'module-jam'
  }

  /** A free place whose station answers: one whose reader is lost waits for somebody to mend it. */
  #free(): number | undefined {
    const place = this.places.findIndex(({ carried, moving, station }) => carried === undefined && !moving && station.state().state !== 'no-reader')
    return place < 0 ? undefined : place
  }

  async #leaveAlways(): Promise<never> {
    const { changes, next } = this.#parts
    for (;;) {
      await changes.until(() => this.#leaving.length > 0 && next.carried === undefined && !next.reserved)
      const { place, task } = this.#leaving.shift()!
      const from = this.places[place]
      const carried = from?.carried
      if (from === undefined || carried === undefined || from.moving) {
        if (task.number !== undefined) this.#parts.report({ says: 'missing', number: task.number })
        continue
      }
      next.reserved = true
      from.moving = true
      from.carried = undefined
      from.station.remove()
      carried.task = task
      await this.#turn()
      from.moving = false
      next.reserved = false
      next.carried = carried
      changes.tell()
    }
  }

  async #turn(): Promise<void> {
    const { changes, clock } = this.#parts
    await changes.until(() => !this.#turning)
    this.#turning = true
    await clock.sleep(conveyorTiming.turn)
    this.#turning = false
    changes.tell()
  }
}
