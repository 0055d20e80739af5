/**
 * A card to practise on, as the contacts see it. Pure state: no clock, no threads; time is what a command costs by the
 * timing model, and whoever drives the card waits for it (or doesn't).
 */
import type { ChipFault, PracticeCardType } from '#shared/chip/practice-card.ts'

/** What a command cost: bytes over the line by the baud rate, and EEPROM by the bytes written and erased. Milliseconds. */
export interface CommandCost {
  line: number
  memory: number
  computing: number
}

export type CardResponse =
  /** Response APDU as on the wire: data, SW1, SW2 (a T=0 card answers 61xx/6Cxx itself). */
  | { kind: 'response'; bytes: Uint8Array; cost: CommandCost }
  /** Nothing came; `removed`: it is no longer in the station, `reader-lost`: neither is the station. */
  | { kind: 'none'; why: 'mute' | 'removed' | 'reader-lost'; cost: CommandCost }

export interface VirtualCard {
  readonly type: PracticeCardType
  readonly protocol: 'T=0' | 'T=1'
  /** Cold reset: the answer to reset, or undefined from a dead card. Volatile state is gone. */
  powerOn(): Uint8Array | undefined
  powerOff(): void
  transmit(command: Uint8Array): CardResponse
  arm(fault: ChipFault): void
  armed(): readonly ChipFault[]
  disarm(): void
  /** All that the card is, as JSON: it outlives the program. Restored by `restoreCard`. */
  save(): unknown
}

export interface CardOptions {
  /** Chip serial number and everything that the card draws at random follow from it: the same seed is the same card. */
  seed: number
  /** Line speed of the timing model. 9600 or 115200, or another. */
  baudRate: number
  /**
   * Of GlobalPlatform cards: `diversified` (where absent) blanks have keys of their own, version 01, as a bank gets them; `plain` ones
   * the master key as it stands, version FF, as makers of test cards deliver them and other hosts expect them.
   */
  keys?: 'diversified' | 'plain' | undefined
}
