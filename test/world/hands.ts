/**
 * The operator's hands and eyes at one machine. She believes what lies before her: she puts right what stands in the
 * machine's way, waits until it rests, and says of a card what is true of the plastic.
 */
import type { Machine } from '#drivers/cpx/simulator/machine.ts'
import type { Blank } from '#drivers/cpx/simulator/plastic.ts'
import type { Clock } from '#main/ports/clock.ts'
import type { PracticeCardType } from '#shared/chip/practice-card.ts'
import type { SimulatorAction } from '#shared/device/simulator.ts'
import type { Prompt, PromptChoice } from '#shared/job/job.ts'
import { compare, isConsumed, isReleased } from './plastic-reading.ts'
import type { ExpectedCard } from './plastic-reading.ts'
import type { WatchedLine } from './line.ts'

/** How long a person takes to stand up and look, milliseconds. */
const aWhile = 4000

export interface HandsOptions {
  machine: Machine
  line: WatchedLine
  clock: Clock
  /** Lets the machine be asked about a card in doubt before she looks for herself. */
  asksMachine: boolean
  /** What the blanks carry that she puts into the hopper. */
  chip?: PracticeCardType
}

export class Hands {
  readonly #machine: Machine
  readonly #line: WatchedLine
  readonly #clock: Clock
  readonly #asksMachine: boolean
  /** Blanks that she has answered for already, and the attempt that each was for. She may be asked again. */
  readonly #answered = new Map<string, string>()
  /** How often she has had the machine asked: nobody does so for ever. */
  readonly #asked = new Map<string, number>()
  readonly #refused = new Map<string, number>()

  readonly #blanks: Extract<SimulatorAction, { do: 'refill' }>

  constructor({ machine, line, clock, asksMachine, chip }: HandsOptions) {
    this.#blanks = { do: 'refill', blanks: 6, ...(chip && { chip }) }
    this.#machine = machine
    this.#line = line
    this.#clock = clock
    this.#asksMachine = asksMachine
  }

  /** A card is begun: what was used for it before has its end, and is not looked at again. */
  noteClaim(card: ExpectedCard): void {
    for (const blank of this.#unanswered(card, '')) if (blank.place.kind !== 'inside') this.#answered.set(blank.id, 'before')
  }

  /** Puts the plug back and does whatever the standing alarms ask for. Answers whether a card was taken out. */
  putRight(): boolean {
    this.#line.broken = false
    const inside = this.#inside().length
    for (let turn = 0; turn < 20; turn++) {
      const picture = this.#machine.picture()
      if (picture.state === 'off') this.#machine.act({ do: 'power', on: true })
      else if (picture.cover === 'open') this.#machine.act({ do: 'cover', open: false })
      else if (picture.alarms.length > 0) this.#answerAlarm(picture.alarms[0]!.clearedBy)
      else break
    }
    const { hopper } = this.#machine.picture()
    if (this.#machine.station?.state().state === 'no-reader') this.#machine.act({ do: 'clear-jam' })
    if (hopper.count === 0) this.#machine.act(this.#blanks)
    return this.#inside().length < inside
  }

  /** Waits until the machine has done all that it will do by itself, helping it where it waits for a hand. */
  async untilRest(): Promise<void> {
    for (let turn = 0; turn < 200; turn++) {
      this.putRight()
      await this.#clock.sleep(aWhile)
      const { state, buffered } = this.#machine.picture()
      if (state === 'idle' && buffered === 0) return
    }
    throw new Error('the machine never comes to rest')
  }

  /** Opens the machine and takes out whatever is inside. */
  takeOut(): void {
    if (this.#inside().length > 0) this.#machine.act({ do: 'clear-jam' })
  }

  /** A truthful answer to a prompt. `card`: the record that the prompt is about. */
  async answer(prompt: Prompt, card: ExpectedCard | undefined): Promise<PromptChoice> {
    await this.#clock.sleep(aWhile)
    const attempt = prompt.attempt ?? ''
    const offered = (id: PromptChoice) => prompt.choices.some((choice) => choice.id === id)
    switch (prompt.kind) {
      case 'attention':
        // A card that she had to take out will never come: there is nothing to go on with.
        return this.putRight() ? 'give-up' : 'continue'
      case 'refused':
        await this.#tryAgain(attempt)
        return 'retry'
      case 'half-made':
        await this.#tryAgain(attempt)
        return offered('retry') ? 'retry' : 'reconnect'
      case 'link-lost':
        await this.untilRest()
        return 'reconnect'
      case 'void-delivered':
        return 'removed'
      case 'remove-card':
        await this.untilRest()
        this.takeOut()
        this.#note(this.#unanswered(card, attempt)[0], attempt)
        return 'removed'
      case 'in-doubt':
        await this.untilRest()
        if (this.#asksMachine && offered('ask-machine') && this.#asked.get(attempt) !== 2) {
          this.#asked.set(attempt, (this.#asked.get(attempt) ?? 0) + 1)
          return 'ask-machine'
        }
        return this.#lookAt(card, attempt)
    }
  }

  /** A machine that refuses over and over is switched off and on: what it would say by itself it then says again. */
  async #tryAgain(attempt: string): Promise<void> {
    const times = (this.#refused.get(attempt) ?? 0) + 1
    this.#refused.set(attempt, times)
    if (times % 3 === 0) {
      this.#machine.act({ do: 'power', on: false })
      this.#machine.act({ do: 'power', on: true })
    }
    await this.untilRest()
  }

  /** Which of these is it? */
  #lookAt(card: ExpectedCard | undefined, attempt: string): PromptChoice {
    const found = this.#unanswered(card, attempt)
    const good = found.find((blank) => card !== undefined && isReleased(blank) && compare(blank, card).complete)
    if (good !== undefined) {
      this.#note(good, attempt)
      return 'card-good'
    }
    this.takeOut()
    const [spoiled] = this.#unanswered(card, attempt)
    this.#note(spoiled, attempt)
    return spoiled === undefined ? 'no-card' : 'card-spoiled'
  }

  #note(blank: Blank | undefined, attempt: string): void {
    if (blank !== undefined) this.#answered.set(blank.id, attempt)
  }

  /** Blanks that may be the one in question: used, not answered for by another attempt, and nobody else's card. */
  #unanswered(card: ExpectedCard | undefined, attempt: string): Blank[] {
    const free = ({ id }: Blank) => (this.#answered.get(id) ?? attempt) === attempt
    return this.#machine.ledger().filter((blank) => isConsumed(blank) && free(blank) && card !== undefined && compare(blank, card).explains)
  }

  #inside(): Blank[] {
    return this.#machine.ledger().filter(({ place }) => place.kind === 'inside')
  }

  #answerAlarm(clearedBy: ReturnType<Machine['picture']>['alarms'][number]['clearedBy']): void {
    switch (clearedBy) {
      case 'refill':
        return this.#machine.act(this.#blanks)
      case 'empty-output-tray':
        return this.#machine.act({ do: 'empty-tray', tray: 'output' })
      case 'empty-reject-tray':
        return this.#machine.act({ do: 'empty-tray', tray: 'reject' })
      case 'close-cover':
        return this.#machine.act({ do: 'cover', open: false })
      case 'change-foil':
        return this.#machine.act({ do: 'change-foil' })
      case 'change-ribbon':
        return this.#machine.act({ do: 'change-ribbon' })
      case 'power-cycle':
        this.#machine.act({ do: 'power', on: false })
        return this.#machine.act({ do: 'power', on: true })
      case 'clear-jam':
      case 'told':
        return this.#machine.act({ do: 'clear-jam' })
    }
  }
}
