/** The payment application on a card: which command may come, and where it goes. */
import { CardStatus } from '../application.ts'
import type { Answer, CardApplication, CardServices, Command, PersonalizationServices } from '../application.ts'
import { internalAuthenticate } from './dynamic.ts'
import { generateCryptogram, versionOf } from './generate.ts'
import { externalAuthenticate } from './issuer.ts'
import { GroupingStream, storeData } from './personalization.ts'
import { getChallenge, verify } from './pin.ts'
import { profileOf } from './profile.ts'
import type { EmvProfile } from './profile.ts'
import { fileControlInformation, getData, processingOptions, readRecord } from './reading.ts'
import { isScriptCommand, scriptCommand } from './scripts.ts'
import { newSession } from './session.ts'
import type { Context, EmvServices, Session } from './session.ts'
import { EmvState, life } from './state.ts'
import type { EmvCells } from './state.ts'

/** One command of a personalized payment application. Its cells may lie in any card. Throws CardStatus. */
export function paymentCommand(context: Context, command: Command): Answer {
  const { session, state } = context
  if (state.life === life.cardBlocked) throw new CardStatus(0x6985)
  if (state.life !== life.personalized && state.life !== life.blocked) throw new CardStatus(0x6985)
  const challenge = session.challenge
  session.challenge = undefined
  if (isScriptCommand(command)) return scriptOf(context, command)
  const known = commands.find(({ ins }) => ins === command.ins)
  if (known === undefined) throw new CardStatus(0x6d00)
  if (known.cla !== command.cla) throw new CardStatus(0x6e00)
  return known.run(context, command, challenge)
}

interface Known { ins: number; cla: number; run(context: Context, command: Command, challenge: Uint8Array | undefined): Answer }

/** EMV 4.3 Book 3, table 4. */
const commands: readonly Known[] = [
  { ins: 0xa8, cla: 0x80, run: processingOptions },
  { ins: 0xb2, cla: 0x00, run: readRecord },
  { ins: 0xca, cla: 0x80, run: getData },
  { ins: 0x84, cla: 0x00, run: getChallenge },
  { ins: 0x20, cla: 0x00, run: verify },
  { ins: 0x88, cla: 0x00, run: internalAuthenticate },
  { ins: 0xae, cla: 0x80, run: generateCryptogram },
  { ins: 0x82, cla: 0x00, run: (context, command) => externalAuthenticate(context, command, versionOf(context)) },
]

/** Secure messaging of format 2 alone: 84, and 04 as PUT DATA and UPDATE RECORD are written too (Book 2, 9.1). */
function scriptOf(context: Context, command: Command): Answer {
  if (command.cla === 0x8c || command.cla === 0x0c) throw new CardStatus(0x6882)
  if (command.cla !== 0x84 && command.cla !== 0x04) throw new CardStatus(0x6e00)
  return scriptCommand(context, command, versionOf(context))
}

/** A payment application that a GlobalPlatform card makes, personalizes and selects. */
export class PaymentApplication implements CardApplication {
  readonly #identifier: Uint8Array
  readonly #profile: EmvProfile
  #session: Session = newSession()
  #stream = new GroupingStream()

  constructor(identifier: Uint8Array) {
    this.#identifier = identifier
    this.#profile = profileOf(identifier)
  }

  install(_parameters: Uint8Array, card: CardServices): void {
    new EmvState(card.memory).life = life.fresh
  }

  reset(): void {
    this.#session = newSession()
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
    const context = { identifier: this.#identifier, profile: this.#profile, state: new EmvState(card.memory), session: this.#session, services: card }
    return paymentCommand(context, command)
  }

  personalize(command: Command, card: PersonalizationServices): Answer & { personalized?: boolean } {
    const state = new EmvState(card.memory)
    const personalized = storeData(this.#stream, state, this.#profile, command, card)
    if (personalized) beginLife(state)
    return { data: new Uint8Array(0), status: 0x9000, personalized }
  }

  spendRetryCounters(card: CardServices): void {
    const state = new EmvState(card.memory)
    if (state.tag('9F17')) state.setNumber('9F17', 0, 1)
  }
}

/** From now on it is a payment card. Counters that were not brought begin at zero. */
export function beginLife(state: EmvState): void {
  state.cells.transaction(() => {
    for (const counter of ['9F36', '9F13']) if (!state.tag(counter)) state.setNumber(counter, 0, 2)
    state.life = life.personalized
  })
}

/** For cards that keep the data in files of their own: the same behaviour on other cells. */
export function contextOn(identifier: Uint8Array, cells: EmvCells, session: Session, services: EmvServices): Context {
  return { identifier, profile: profileOf(identifier), state: new EmvState(cells), session, services }
}
