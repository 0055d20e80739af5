/**
 * The machine's chip module: whatever blank lies parked in it has its contacts in the station, and is out of it as soon as it
 * moves on or is taken out. What the card has become is written back to its blank.
 */
import { z } from 'zod'
import type { Clock } from '#main/ports/clock.ts'
import { createCard, restoreCard } from '#drivers/virtual-card/cards.ts'
import { createPracticeStation } from '#drivers/virtual-card/station.ts'
import type { PracticeStation } from '#drivers/virtual-card/station.ts'
import type { VirtualCard } from '#drivers/virtual-card/virtual-card.ts'
import { PracticeCardType } from '#shared/chip/practice-card.ts'
import type { ChipFault } from '#shared/chip/practice-card.ts'
import { blankOf } from './mechanism.ts'
import type { Blank } from './plastic.ts'
import type { MachineState } from './state.ts'

/** As the profile of the machine names its one chip station. */
export const chipStationName = 'chip'

/** A chip that no reader has seen yet: all that it holds follows from these. */
export const FreshChip = z.strictObject({ fresh: PracticeCardType, seed: z.number().int().min(0), baudRate: z.number().int().positive() })
export type FreshChip = z.infer<typeof FreshChip>

export function newChip(fresh: PracticeCardType, seed: number, baudRate: number): FreshChip {
  return { fresh, seed: seed % 2 ** 32, baudRate }
}

/** The card of a blank. Throws `virtual-card.unreadable` where what is kept with it is none. */
export function chipOf(kept: unknown): VirtualCard {
  const { success, data } = FreshChip.safeParse(kept)
  return success ? createCard(data.fresh, { seed: data.seed, baudRate: data.baudRate }) : restoreCard(kept)
}

export class ChipModule {
  readonly station: PracticeStation
  readonly #state: MachineState
  /** A hand, or a fault, pulled the card out of the station. */
  readonly #pulled: (blank: Blank) => void
  #lying: { blank: Blank; card: VirtualCard } | undefined

  constructor(state: MachineState, clock: Clock, pulled: (blank: Blank) => void) {
    this.#state = state
    this.#pulled = pulled
    this.station = createPracticeStation({ name: chipStationName, clock })
    this.station.onState(() => this.#heed())
  }

  /** Follows the transport: called after every change of the machine. */
  follow(): void {
    const blank = this.#parked()
    if (this.#lying !== undefined && this.#lying.blank !== blank) this.#takeOut()
    if (blank !== undefined && this.#lying === undefined) this.#putIn(blank)
  }

  /** What the card in the station is now stands on its blank. */
  note(): void {
    if (this.#lying !== undefined && this.#lying.blank.chip !== undefined) this.#lying.blank.chip = this.#lying.card.save()
  }

  /** For the card in the station, or the next that comes there. */
  arm(fault: ChipFault): void {
    if (this.#lying === undefined) this.#state.chipFaults.push(fault)
    else this.#lying.card.arm(fault)
  }

  /** The reader is put right, and nothing is armed any more. */
  disarm(): void {
    this.#state.chipFaults = []
    this.#lying?.card.disarm()
    this.station.returnReader()
  }

  #parked(): Blank | undefined {
    const { parked, power } = this.#state
    return power === 'on' && parked?.module === 'chip' ? blankOf(this.#state, parked.blank) : undefined
  }

  #putIn(blank: Blank): void {
    const card = blank.chip === undefined ? plainPlastic() : chipOf(blank.chip)
    for (const fault of this.#state.chipFaults.splice(0)) card.arm(fault)
    this.#lying = { blank, card }
    this.station.insert(card)
  }

  #takeOut(): void {
    this.note()
    this.#lying = undefined
    this.station.remove()
  }

  #heed(): void {
    if (this.station.state().state !== 'empty' || this.#lying === undefined) return
    const { blank } = this.#lying
    this.note()
    this.#lying = undefined
    this.#pulled(blank)
  }
}

/** Something lies in the station that answers nothing. */
function plainPlastic(): VirtualCard {
  const card = createCard('native-id', { seed: 0, baudRate: 9600 })
  card.arm({ kind: 'dead' })
  return card
}
