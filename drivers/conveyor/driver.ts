/** The conveyor behind the port that the controller knows: several chip stations, many cards at once, one order among them. */
import type { Clock } from '#main/ports/clock.ts'
import type { CommandOptions, CommandRun, Decision, EmbosserDriver, Outcome, PresentedCard } from '#main/ports/embosser-driver.ts'
import type { PreparedCard } from '#shared/card/prepared.ts'
import type { Capabilities, DeviceState, ModuleProgress, ProbeReport, Reason } from '#shared/device/device.ts'
import type { DeviceLimits } from '#shared/device/limits.ts'
import { CardwrightError } from '#shared/faults.ts'
import { Flight } from './driver/flight.ts'
import { reason } from './driver/reasons.ts'
import { Turns } from './driver/turns.ts'
import type { ConveyorLink, ConveyorOrder, ConveyorReport, LineModule } from './messages.ts'
import { conveyorCapabilities, conveyorLimits, stationNames } from './profile.ts'

export interface ConveyorDriverOptions {
  /** Chip stations, 1 to 7. */
  stations: number
  /** Opens the line to the machine. */
  open(): ConveyorLink
  clock: Clock
  onTrace?(note: string): void
}

/** How long the machine may take to answer at the beginning, milliseconds. */
const patience = 2_000

/** What was just attended to is not asked about again at once: a person needs a moment. */
const askAgain = 2_000

const progressOf: Readonly<Record<LineModule, ModuleProgress['module']>> = { stripe: 'encoder', embosser: 'embosser', topper: 'topper', marking: 'output-tray' }

type CardOrder = Pick<Extract<ConveyorOrder, { do: 'make' }>, 'do' | 'data'> | { do: 'discard' }
interface Waiting {
  order: CardOrder
  flight: Flight
}
type Fed = Extract<ConveyorReport, { says: 'fed' | 'not-fed' }>
type Stood = Extract<ConveyorReport, { says: 'stands' }>['why']

export function createConveyorDriver(options: ConveyorDriverOptions): EmbosserDriver {
  return new ConveyorDriver(options)
}

class ConveyorDriver implements EmbosserDriver {
  readonly capabilities: Capabilities
  readonly limits: DeviceLimits
  readonly #options: ConveyorDriverOptions
  readonly #names: readonly string[]
  readonly #listeners = new Set<() => void>()
  readonly #turns = new Turns<Waiting>()
  readonly #flights = new Map<number, { flight: Flight; options: CommandOptions }>()
  readonly #feeding = new Map<number, (fed: Fed | 'lost') => void>()
  #link: ConveyorLink | undefined
  #stands: Stood = []
  #numbers = 0
  /** One blank is fed at a time, in the order of asking. */
  #feedQueue: Promise<unknown> = Promise.resolve()
  #presenting = 0
  #lost = new AbortController()
  /** Tickets of cards that lay in the carousel when a line was lost: `connect` has sent them to the reject stacker. */
  readonly #purged = new Set<number>()

  constructor(options: ConveyorDriverOptions) {
    this.#options = options
    this.capabilities = conveyorCapabilities(options.stations)
    this.limits = conveyorLimits()
    this.#names = stationNames(options.stations)
  }

  /** Empties the carousel of what a former line left there: nobody knows any more whose it is. */
  async connect(): Promise<void> {
    if (this.#link !== undefined) return
    const link = this.#options.open()
    const answered = new Promise<void>((resolve) => link.onReport((report) => report.says === 'purged' && resolve()))
    const closed = new Promise<'closed'>((resolve) => link.onClose(() => resolve('closed')))
    link.send({ do: 'purge' })
    const waited = new AbortController()
    const late = this.#options.clock.sleep(patience, waited.signal).then(() => 'late' as const, () => 'late' as const)
    const first = await Promise.race([answered, closed, late])
    waited.abort(new Error('answered'))
    if (first !== undefined) {
      link.close()
      throw new CardwrightError({ code: 'device.no-answer', class: 'device', place: 'conveyor', values: { link: 'conveyor' } })
    }
    this.#lost = new AbortController()
    this.#link = link
    link.onReport((report) => this.#link === link && this.#hear(report))
    link.onClose(() => this.#link === link && this.#loseLine())
    this.#note('connected, carousel emptied')
    this.#changed()
  }

  close(): Promise<void> {
    const link = this.#link
    if (link !== undefined) {
      this.#loseLine()
      link.close()
      this.#stands = []
      this.#changed()
    }
    return Promise.resolve()
  }

  state(): { state: DeviceState; reasons: readonly Reason[]; connected: boolean } {
    const connected = this.#link !== undefined
    const reasons = this.#stands.map((why) => reason(why))
    const busy = this.#flights.size > 0 || this.#presenting > 0
    return { state: !connected || reasons.length > 0 ? 'stopped' : busy ? 'processing' : 'idle', reasons, connected }
  }

  onState(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  probe(): Promise<ProbeReport> {
    if (this.#link === undefined) throw new CardwrightError({ code: 'device.not-connected', class: 'operator' })
    return Promise.resolve({ answered: true, status: this.#stands.length === 0 ? 'ready' : this.#stands.join(', ') })
  }

  async present(options: CommandOptions): ReturnType<EmbosserDriver['present']> {
    const returned = this.#turns.takeUp()
    if (returned !== undefined) return { kind: 'presented', card: this.#presented(returned, options) }
    this.#presenting++
    const turn = this.#feedQueue.then(() => this.#feed(options))
    this.#feedQueue = turn.catch(() => undefined)
    try {
      return await turn
    } finally {
      this.#presenting--
      this.#changed()
    }
  }

  handBack({ ticket }: PresentedCard): void {
    this.#turns.giveBack(ticket)
    this.#sendDue()
  }

  personalize({ lines, tracks, topping }: PreparedCard, options: CommandOptions, presented?: PresentedCard): CommandRun {
    return this.#carry({ do: 'make', data: { lines, tracks, topping } }, options, presented)
  }

  spoil(_card: PreparedCard, options: CommandOptions, presented?: PresentedCard): CommandRun {
    return this.#carry({ do: 'discard' }, options, presented)
  }

  async settle({ signal }: CommandOptions): Promise<void> {
    const aborted = new Promise<void>((resolve) => signal?.addEventListener('abort', () => resolve(), { once: true }))
    const ended = Promise.all(Array.from(this.#flights.values(), ({ flight }) => flight.completed))
    await (signal === undefined ? ended : Promise.race([ended, aborted]))
  }

  enquireLost(): ReturnType<EmbosserDriver['enquireLost']> {
    return Promise.resolve({ answer: 'no-answer', evidence: { statuses: [] } })
  }

  readStripe(): ReturnType<EmbosserDriver['readStripe']> {
    return Promise.resolve({ outcome: { kind: 'refused', reason: reason('verb-missing') }, tracks: {} })
  }

  // Blanks

  async #feed(options: CommandOptions): ReturnType<EmbosserDriver['present']> {
    for (;;) {
      if (options.signal?.aborted) return { kind: 'refused', reason: reason('cancelled') }
      if (this.#link === undefined) return { kind: 'refused', reason: reason('not-connected') }
      const fed = await this.#fed(this.#link)
      if (fed === 'lost') return { kind: 'refused', reason: reason('link-lost') }
      if (fed.says === 'fed') {
        const turn = this.#turns.open(fed.place)
        this.#note(`blank ${turn.ticket} at ${this.#names[fed.place] ?? '?'}`)
        return { kind: 'presented', card: this.#presented(turn, options) }
      }
      const why = reason(fed.why)
      const decision = await decided(options, why, false, this.#lost.signal)
      if (decision !== 'continue') return { kind: 'refused', reason: decision === 'cancelled' ? reason('cancelled') : why }
      await this.#options.clock.sleep(askAgain, options.signal).catch(() => undefined)
    }
  }

  #fed(link: ConveyorLink): Promise<Fed | 'lost'> {
    const number = ++this.#numbers
    return new Promise((resolve) => {
      this.#feeding.set(number, resolve)
      link.send({ do: 'feed', number })
    })
  }

  #presented({ place, ticket }: { place: number; ticket: number }, { signal }: CommandOptions): PresentedCard {
    signal?.addEventListener('abort', () => this.#abandon(ticket), { once: true })
    return { station: this.#names[place] ?? '', ticket }
  }

  /** The run that the card was for has been given up: nobody will send it on, and it would hold up all that come after it. */
  #abandon(ticket: number): void {
    const turn = this.#turns.get(ticket)
    if (turn === undefined) return
    turn.order?.flight.breakOff(reason('cancelled'))
    this.#turns.close(ticket)
    this.#link?.send({ do: 'discard', number: ++this.#numbers, place: turn.place })
    // Other cards of the same run hear of its end in this very moment.
    queueMicrotask(() => this.#sendDue())
  }

  // Cards

  #carry(order: CardOrder, options: CommandOptions, presented: PresentedCard | undefined): CommandRun {
    if (this.#link === undefined) return ended({ kind: 'refused', reason: reason('not-connected') })
    if (presented !== undefined) return this.#takeOn(order, options, presented.ticket)
    const started = this.present(options).then((answer) => (answer.kind === 'presented' ? this.#takeOn(order, options, answer.card.ticket) : ended(answer)))
    return { accepted: started.then(({ accepted }) => accepted), completed: started.then(({ completed }) => completed) }
  }

  #takeOn(order: CardOrder, options: CommandOptions, ticket: number): CommandRun {
    const turn = this.#turns.get(ticket)
    if (options.signal?.aborted) return ended({ kind: 'refused', reason: reason('cancelled') })
    if (turn === undefined && this.#purged.has(ticket)) return ended({ kind: 'failed', effect: 'applied', card: 'reject-tray', reason: reason('line-purged') })
    if (turn === undefined) return ended({ kind: 'refused', reason: reason('card-not-presented') })
    if (turn.order !== undefined) return ended({ kind: 'refused', reason: reason('command-under-way') })
    const flight = new Flight(++this.#numbers)
    turn.order = { order, flight }
    this.#flights.set(flight.number, { flight, options })
    const cancel = () => flight.breakOff(reason('cancelled'))
    options.signal?.addEventListener('abort', cancel, { once: true })
    void flight.completed.then(() => {
      options.signal?.removeEventListener('abort', cancel)
      this.#flights.delete(flight.number)
      this.#changed()
    })
    this.#sendDue()
    this.#changed()
    return { accepted: Promise.resolve('accepted'), completed: flight.completed }
  }

  #sendDue(): void {
    const link = this.#link
    if (link === undefined) return
    for (const { place, order: waiting, ticket } of this.#turns.due()) {
      const { order, flight } = waiting
      flight.sent = true
      this.#note(`${order.do} ${ticket} from ${this.#names[place] ?? '?'}`)
      link.send({ ...order, number: flight.number, place })
    }
  }

  // What the machine says

  #hear(report: ConveyorReport): void {
    switch (report.says) {
      case 'purged':
        return
      case 'fed':
      case 'not-fed': {
        const fed = this.#feeding.get(report.number)
        this.#feeding.delete(report.number)
        return fed?.(report)
      }
      case 'gone':
        return this.#robbed(report.place)
      case 'stands':
        this.#stands = report.why
        this.#note(report.why.length === 0 ? 'goes on' : `stands: ${report.why.join(', ')}`)
        return this.#changed()
      default:
        return this.#hearOfCard(report)
    }
  }

  #hearOfCard(report: Extract<ConveyorReport, { says: 'at' | 'waits' | 'delivered' | 'rejected' | 'taken' | 'missing' }>): void {
    const found = this.#flights.get(report.number)
    if (found === undefined) return
    const { flight, options } = found
    flight.statuses.push(report.says === 'at' ? `at ${report.module}` : report.says === 'waits' ? report.why : report.says)
    switch (report.says) {
      case 'at':
        flight.goesOn()
        return tellProgress(options, { module: progressOf[report.module], basis: 'machine' })
      case 'waits':
        flight.waits = report.why
        return void this.#attend(flight, options)
      case 'delivered':
      case 'rejected':
        return flight.done()
      case 'missing':
        return flight.end({ kind: 'refused', reason: reason('card-not-presented') })
      case 'taken':
        // Which card a hand took the machine can tell; what has been done to it half way, it can not.
        return flight.end({ kind: 'unknown', reason: reason('module-jam') })
    }
  }

  /** A hand took a card out of the carousel: nothing waits for its turn any more. */
  #robbed(place: number): void {
    const turn = this.#turns.at(place)
    turn?.order?.flight.breakOff(reason('card-not-presented'))
    if (turn !== undefined) this.#turns.close(turn.ticket)
    this.#turns.forget(place)
    this.#sendDue()
  }

  /** Asks a person until the card goes on, is taken out, or is given up. */
  async #attend(flight: Flight, options: CommandOptions): Promise<void> {
    while (flight.waits !== undefined && flight.outcome === undefined) {
      const why = reason(flight.waits)
      const decision = await decided(options, why, true, flight.over.signal)
      if (decision === 'give-up') return flight.end({ kind: 'unknown', reason: why })
      if (decision === 'cancelled') return
      await this.#options.clock.sleep(askAgain, options.signal).catch(() => undefined)
    }
  }

  #loseLine(): void {
    this.#link = undefined
    this.#lost.abort(new Error('the line is lost'))
    this.#note('line lost')
    for (const fed of this.#feeding.values()) fed('lost')
    this.#feeding.clear()
    for (const ticket of this.#turns.clear()) this.#purged.add(ticket)
    for (const { flight } of this.#flights.values()) flight.breakOff(reason('link-lost'))
    this.#changed()
  }

  #note(text: string): void {
    this.#options.onTrace?.(text)
  }

  #changed(): void {
    for (const listener of this.#listeners) listener()
  }
}

/** A question that fails was not answered: give up. `cancelled`: the command was given up, or the reason has gone. */
async function decided(options: CommandOptions, why: Reason, sent: boolean, over: AbortSignal): Promise<Decision | 'cancelled'> {
  const stop = options.signal === undefined ? over : AbortSignal.any([over, options.signal])
  if (stop.aborted) return 'cancelled'
  return new Promise((resolve) => {
    stop.addEventListener('abort', () => resolve('cancelled'), { once: true })
    options.onAttention(why, sent, over).then(resolve, () => resolve('give-up'))
  })
}

function tellProgress(options: CommandOptions, progress: ModuleProgress): void {
  try {
    options.onProgress?.(progress)
  } catch {
    // Whoever watches must not be able to put a card in doubt.
  }
}

function ended(outcome: Outcome): CommandRun {
  return { accepted: Promise.resolve('ended'), completed: Promise.resolve(outcome) }
}
