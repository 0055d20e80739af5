/**
 * The payment system environments, 1PAY.SYS.DDF01 (EMV 4.3 Book 1, 12.2.2) and 2PAY.SYS.DDF01: small applications that tell which
 * others there are. Personalized like any: 9102 for SELECT, records of the directory file.
 */
import { CardStatus } from '../application.ts'
import type { Answer, CardApplication, CardServices, Command, PersonalizationServices } from '../application.ts'
import { GroupingStream, storeData } from './personalization.ts'
import { profileOf } from './profile.ts'
import { fileControlInformation, readRecord } from './reading.ts'
import { EmvState, life } from './state.ts'

export class DirectoryApplication implements CardApplication {
  readonly #identifier: Uint8Array
  #stream = new GroupingStream()

  constructor(identifier: Uint8Array) {
    this.#identifier = identifier
  }

  install(_parameters: Uint8Array, card: CardServices): void {
    new EmvState(card.memory).life = life.fresh
  }

  reset(): void {
    this.#stream = new GroupingStream()
  }

  select(_command: Command, card: CardServices): Answer {
    this.reset()
    return fileControlInformation(this.#identifier, new EmvState(card.memory))
  }

  deselect(): void {
    this.reset()
  }

  process(command: Command, card: CardServices): Answer {
    const state = new EmvState(card.memory)
    if (state.life !== life.personalized) throw new CardStatus(0x6985)
    if (command.ins !== 0xb2) throw new CardStatus(0x6d00)
    if (command.cla !== 0x00) throw new CardStatus(0x6e00)
    return readRecord({ state }, command)
  }

  personalize(command: Command, card: PersonalizationServices): Answer & { personalized?: boolean } {
    const state = new EmvState(card.memory)
    const personalized = storeData(this.#stream, state, profileOf(this.#identifier), command, card)
    if (personalized) state.life = life.personalized
    return { data: new Uint8Array(0), status: 0x9000, personalized }
  }

  spendRetryCounters(): void {}
}
