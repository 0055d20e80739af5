/**
 * What lives on a practice card, and what the card does for it. The frame (`frame.ts`) carries an operating system; an operating
 * system may carry applications. Both are pure: they answer a command, and touch the world through `CardServices` alone.
 *
 * Everything that has to outlive a reset lies in `memory`. Fields of objects are the card's RAM, and go with `reset`.
 */
import type { CommandApdu, ResponseApdu } from '#shared/chip/apdu.ts'

/** A command as it reaches the card's programs: transport and chaining are done with. `expected` is Ne, 256 for a short Le of 00. */
export type Command = CommandApdu
export type Answer = ResponseApdu

/** Thrown by a card's programs where a command ends with this status word and no data. */
export class CardStatus extends Error {
  readonly status: number

  constructor(status: number) {
    super(`status ${status.toString(16).toUpperCase().padStart(4, '0')}`)
    this.name = 'CardStatus'
    this.status = status
  }
}

/**
 * The EEPROM: cells of bytes by name, such as `dgi/0101`. A write that is cut leaves its first bytes, the others as they were (FF
 * where nothing was), unless it is part of a transaction: then the cell is as before.
 */
export interface CardMemory {
  /** A copy, or undefined where no such cell is. */
  read(name: string): Uint8Array | undefined
  /** The whole cell anew, longer or shorter than before. Throws CardStatus 6A84 when the memory is full. */
  write(name: string, value: Uint8Array): void
  /** A part of a cell that exists; it may not grow. Throws RangeError. */
  update(name: string, offset: number, bytes: Uint8Array): void
  erase(name: string): void
  /** Names of all cells here, in the order in which they were made. */
  names(): string[]
  /** The cells whose name begins so, without that beginning. */
  within(prefix: string): CardMemory
  /** All writes of `work` or none, whatever happens to the power; a throw undoes them. Transactions within a transaction are one with it. */
  transaction<Result>(work: () => Result): Result
}

/** What the processor and its coprocessors are given to do; `timing.ts` knows how long it takes. Blocks are of the cipher. */
export type Computation = { kind: 'des' | 'des3' | 'aes' | 'hash'; blocks: number } | { kind: 'rsa-private' | 'rsa-public'; bits: number }

export interface CardServices {
  readonly memory: CardMemory
  /** Four bytes that tell this chip from others: different for every seed below 2^32. */
  readonly serial: Uint8Array
  /** What the random number generator draws: the same for the same seed and history. */
  random(length: number): Uint8Array
  /** Counts the time of a computation. */
  compute(work: Computation): void
  /** A key of the card as this chip has it: another one under the fault `wrong-key`. Every use of a personalization key goes through here. */
  ownKey(key: Uint8Array): Uint8Array
}

/** The operating system of a card. */
export interface CardSystem {
  /** As it leaves the factory: called once in a card's life, before its first reset. */
  format(card: CardServices): void
  /** Power is back: RAM is empty. */
  reset(card: CardServices): void
  /** Answers or throws CardStatus. */
  process(command: Command, card: CardServices): Answer
  /** The fault `retry-counter-spent`: every counter of tries stands at zero from now on. */
  spendRetryCounters(card: CardServices): void
}

/** What an application that is being personalized has from its security domain (GlobalPlatform 2.3, 7.3.3). */
export interface PersonalizationServices extends CardServices {
  /** Decrypts under the data encryption key of the channel as it stands: SCP02 ECB, SCP03 CBC; whole blocks, padding stays. */
  decrypt(data: Uint8Array): Uint8Array
}

/**
 * An application on a card that can carry several. `memory` of its services holds its own cells alone.
 * `personalize` has STORE DATA (80 E2) with its data in clear but for what is encrypted under the data encryption key; P1 b8 marks
 * the last block. It answers `personalized` once that last block is taken: the system then sets its life cycle state.
 */
export interface CardApplication {
  /** Made: INSTALL [for install] with these application specific parameters (tag C9), or once with the file system. */
  install(parameters: Uint8Array, card: CardServices): void
  reset(card: CardServices): void
  /** Its answer to SELECT, usually the FCI template. */
  select(command: Command, card: CardServices): Answer
  deselect(card: CardServices): void
  process(command: Command, card: CardServices): Answer
  personalize(command: Command, card: PersonalizationServices): Answer & { personalized?: boolean }
  spendRetryCounters(card: CardServices): void
}

/** Where the program of an application comes from: a module of an executable load file. */
export interface ApplicationProgram {
  /** AID of the executable load file and of the module in it, hex. */
  loadFile: string
  module: string
  /** `identifier`: AID of the instance. */
  create(identifier: Uint8Array): CardApplication
}

export const answer = (data: Uint8Array, status = 0x9000): Answer => ({ data, status })
export const done: Answer = { data: new Uint8Array(0), status: 0x9000 }
