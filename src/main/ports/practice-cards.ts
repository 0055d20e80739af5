/** Cards to practise on, each in a station of its own: what the workbench takes out of a drawer. The shells bind it to `drivers/virtual-card`. */
import type { ChipFault, PracticeCardType } from '#shared/chip/practice-card.ts'
import type { ChipStation } from './chip-station.ts'

export interface PracticeCard {
  /** The card lies in it. */
  readonly station: ChipStation
  arm(fault: ChipFault): void
  armed(): readonly ChipFault[]
  disarm(): void
  /** A card that was pulled out, or whose reader was lost, lies in its station again. */
  putBack(): void
}

export interface PracticeCards {
  /** A new blank. The same seed is the same card, to the last random byte. */
  make(order: { type: PracticeCardType; seed: number }): PracticeCard
}
