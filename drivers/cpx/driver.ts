/** The CPX driver: sequences, profile and wire behind the port that the controller knows. */
import type { ByteLink, LinkOpener } from '#main/ports/byte-link.ts'
import type { Clock } from '#main/ports/clock.ts'
import type { CommandOptions, CommandRun, EmbosserDriver, Outcome, PresentedCard } from '#main/ports/embosser-driver.ts'
import type { PreparedCard } from '#shared/card/prepared.ts'
import type { Capabilities, DeviceState, ModuleProgress, ProbeReport, Reason } from '#shared/device/device.ts'
import type { DeviceLimits } from '#shared/device/limits.ts'
import { CardwrightError, type Fault, faultsOf } from '#shared/faults.ts'
import { approach } from './driver/approach.ts'
import { Berth } from './driver/berth.ts'
import { layOut, layOutReject, layOutVoid, type Frames } from './driver/card-layout.ts'
import { untilComplete } from './driver/completion.ts'
import { Conversation, type HeardStatus } from './driver/conversation.ts'
import { Flight } from './driver/flight.ts'
import { attribute, loseAll, untilAccepted, untilFlights } from './driver/lagging.ts'
import { conclude, isComplete, isTrouble, reasonOf } from './driver/outcomes.ts'
import { Pace } from './driver/pace.ts'
import { enquireLost, probe, readStripe } from './driver/questions.ts'
import { Session, type Errand } from './driver/session.ts'
import { capabilitiesOf, limitsOf, modeOf, type Mode, type Profile } from './profile.ts'

export interface CpxDriverOptions {
  profile: Profile
  /** One of the profile's modes. */
  mode: string
  opener: LinkOpener
  clock: Clock
  /** Remarks on what was not heeded and why; never card data. */
  onTrace?(note: string): void
}

/** Throws `profile.no-such-mode` (class operator). */
export function createCpxDriver(options: CpxDriverOptions): EmbosserDriver {
  return new CpxDriver(options)
}

class CpxDriver implements EmbosserDriver {
  readonly capabilities: Capabilities
  readonly limits: DeviceLimits
  readonly #profile: Profile
  readonly #mode: Mode
  readonly #clock: Clock
  readonly #opener: LinkOpener
  readonly #note: (text: string) => void
  readonly #pace: Pace
  readonly #berth = new Berth()
  readonly #listeners = new Set<() => void>()
  #session: Session | undefined
  #connecting: Promise<void> | undefined
  #reasons: readonly Reason[] = []
  #told = ''
  /** A command from its beginning to the moment when the next may begin. */
  #underWay = false
  #record = 0
  /** Outlives the line: a completion lost on the old one may come on the new one. */
  #lateUntil: number | undefined
  #idleWatch: AbortController | undefined

  constructor({ profile, mode, opener, clock, onTrace }: CpxDriverOptions) {
    this.#profile = profile
    this.#mode = modeOf(profile, mode)
    this.#opener = opener
    this.#clock = clock
    this.#note = onTrace ?? (() => undefined)
    this.#pace = new Pace(profile)
    this.capabilities = capabilitiesOf(profile, this.#mode)
    this.limits = limitsOf(profile, this.#mode)
  }

  connect(): Promise<void> {
    this.#connecting ??= this.#connect().finally(() => {
      this.#connecting = undefined
    })
    return this.#connecting
  }

  async #connect(): Promise<void> {
    if (this.#session !== undefined) return
    const link = await this.#opener.open(this.#profile.line)
    const session = this.#openSession(link)
    if (!(await this.#signOfLife(session))) {
      await session.conversation.close()
      const code = session.lost.aborted ? 'device.link-lost' : 'device.no-answer'
      throw new CardwrightError({ code, class: 'device', place: link.name, values: { link: link.name } })
    }
    this.#session = session
    this.#changed()
    this.#watchIdly()
  }

  #openSession(link: ByteLink): Session {
    const lost = new AbortController()
    const conversation = new Conversation({
      link,
      statuses: this.#profile.statuses,
      clock: this.#clock,
      patience: this.#profile.timings.silence,
      onStatus: (heard) => this.#heard(session, heard),
      onLost: () => {
        lost.abort()
        this.#lost(session)
      },
      note: this.#note,
    })
    const session = new Session({
      profile: this.#profile, mode: this.#mode, clock: this.#clock, conversation, lost: lost.signal, note: this.#note,
    })
    session.lateUntil = this.#lateUntil
    conversation.listen()
    return session
  }

  /** Any status that the profile knows; in a mode where the machine is never asked it speaks by itself. */
  async #signOfLife({ conversation, mode, timings, clock, lost }: Session): Promise<boolean> {
    const deadline = clock.elapsed() + timings.silence
    while (clock.elapsed() < deadline && !lost.aborted) {
      if (!mode.readyUnasked) await conversation.enquire()
      const heard = await conversation.hear(timings.answer)
      if (heard.kind === 'status') return true
      if (heard.kind === 'lost') return false
    }
    return false
  }

  async close(): Promise<void> {
    const session = this.#session
    this.#session = undefined
    this.#stopIdleWatch()
    this.#reasons = []
    if (session !== undefined) {
      loseAll(session, 'link-lost')
      this.#lateUntil = session.lateUntil
      await session.conversation.close()
    }
    this.#changed()
  }

  #lost(session: Session): void {
    loseAll(session, 'link-lost')
    if (this.#session !== session) return
    this.#lateUntil = session.lateUntil
    this.#session = undefined
    this.#stopIdleWatch()
    this.#reasons = [conclude('link-lost')]
    this.#changed()
  }

  // State

  state(): { state: DeviceState; reasons: readonly Reason[]; connected: boolean } {
    const connected = this.#session !== undefined
    const busy = this.#underWay || (this.#session?.flights.length ?? 0) > 0
    const state = !connected || this.#reasons.length > 0 ? 'stopped' : busy ? 'processing' : 'idle'
    return { state, reasons: this.#reasons, connected }
  }

  onState(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  #changed(): void {
    const now = JSON.stringify(this.state())
    if (now === this.#told) return
    this.#told = now
    for (const listener of this.#listeners) listener()
  }

  /** A status arrived, whether anybody waits for it or not. */
  #heard(session: Session, heard: HeardStatus): void {
    this.#reasons = isTrouble(heard.status) ? [reasonOf(heard)] : []
    if (session.mode.readyUnasked) session.readyUnasked = heard.status.class === 'ok'
    if (isComplete(heard, session.mode)) {
      session.lateUntil = undefined
      session.earlyComplete = !session.cardOut
    }
    attribute(session, heard)
    this.#changed()
    this.#watchIdly()
  }

  /** While trouble stands and nobody works, asks now and then whether it is over. */
  #watchIdly(): void {
    const session = this.#session
    if (session === undefined || this.#idleWatch !== undefined || this.#underWay || this.#reasons.length === 0 || session.mode.readyUnasked) return
    const stop = new AbortController()
    this.#idleWatch = stop
    const watch = async () => {
      while (!stop.signal.aborted && this.#reasons.length > 0 && !this.#underWay) {
        await this.#clock.sleep(this.#profile.timings.idle, stop.signal)
        await session.conversation.enquire()
      }
    }
    watch()
      .catch(() => undefined)
      .finally(() => {
        if (this.#idleWatch === stop) this.#idleWatch = undefined
      })
  }

  #stopIdleWatch(): void {
    this.#idleWatch?.abort()
    this.#idleWatch = undefined
  }

  // Commands

  async present(options: CommandOptions): ReturnType<EmbosserDriver['present']> {
    const session = this.#session
    const { chip } = this.capabilities
    if (this.#underWay) return { kind: 'refused', reason: conclude('command-under-way') }
    if (session === undefined) return { kind: 'refused', reason: conclude('not-connected') }
    if (chip === null) return { kind: 'refused', reason: conclude('verb-missing') }
    return this.#occupied(() => this.#berth.bring(session, chip, session.errand(options)))
  }

  handBack(presented: PresentedCard): void {
    this.#berth.handBack(presented)
  }

  personalize(card: PreparedCard, options: CommandOptions, presented?: PresentedCard): CommandRun {
    const held = this.#mode.formatFrame === 'when-changed' ? this.#session?.format?.places : undefined
    return this.#command((record) => layOut(card, this.#profile, this.#mode, record, held), card, options, { lagging: this.#mode.lag > 0, presented })
  }

  spoil(card: PreparedCard, options: CommandOptions, presented?: PresentedCard): CommandRun {
    const way = this.capabilities.rejectWay
    const layOutSpoil = (record: number) =>
      way === 'reject-verb' ? layOutReject(this.#profile, this.#mode) : layOutVoid(card, this.#profile, this.#mode, record)
    if (way === 'operator-removal') return ended({ kind: 'refused', reason: conclude('verb-missing') })
    return this.#command(layOutSpoil, { ...card, lines: [], tracks: {} }, options, { lagging: false, presented })
  }

  #command(
    layOutFrames: (record: number) => Frames,
    card: PreparedCard,
    options: CommandOptions,
    { lagging, presented }: { lagging: boolean; presented: PresentedCard | undefined },
  ): CommandRun {
    const session = this.#session
    if (this.#underWay) return ended({ kind: 'refused', reason: conclude('command-under-way') })
    if (session === undefined) return ended({ kind: 'refused', reason: conclude('not-connected') })
    let frames: Frames
    try {
      frames = layOutFrames(++this.#record)
    } catch (thrown) {
      for (const fault of faultsOf(thrown)) this.#note(`${fault.code} at ${fault.place ?? '?'}`)
      return ended({ kind: 'refused', reason: conclude('card-not-encodable') })
    }
    const flight = new Flight()
    const errand = session.errand(options, presented !== undefined)
    const module = (elapsed: number) => this.#pace.module(card, elapsed)
    const occupied = this.#occupied(async () => {
      try {
        await this.#carryOut(session, frames, flight, errand, lagging, module)
      } catch (thrown) {
        this.#note(`unexpected: ${faultsOf(thrown)[0].code}`)
        const reason = conclude(session.conversation.lost ? 'link-lost' : 'cancelled')
        flight.end(flight.sentAt === undefined ? { kind: 'refused', reason } : { kind: 'unknown', reason })
      }
      this.#conclude(session, flight)
    })
    // Whoever hears of an end may begin the next command at once.
    return {
      accepted: occupied.then(() => (flight.outcome === undefined || flight.outcome.kind === 'done' ? 'accepted' : 'ended')),
      completed: occupied.then(() => flight.completed),
    }
  }

  /** Ends the flight; or, with a completion lag, hands it over to whoever hears the machine next. */
  async #carryOut(
    session: Session,
    frames: Frames,
    flight: Flight,
    errand: Errand,
    lagging: boolean,
    module: (elapsed: number) => ModuleProgress['module'],
  ): Promise<void> {
    const { conversation, clock, timings, mode } = session
    await untilFlights(session, lagging ? mode.lag : 0, errand)
    let hindrance = await approach(session, frames, errand)
    if (hindrance === undefined && mode.enquireAfter && session.flights.length > 0) {
      // Ready for more, and not a word about the card before: it was never taken, or its completion was lost. The next
      // completion would be counted for it.
      loseAll(session, 'ready-without-complete')
      hindrance = await approach(session, frames, errand)
    }
    if (hindrance === undefined && !errand.stillThere()) hindrance = conclude('card-not-presented')
    if (hindrance !== undefined) return flight.end({ kind: 'refused', reason: hindrance })
    conversation.discard()
    session.cardOut = true
    session.earlyComplete = false
    session.readyUnasked = false
    session.standing = 'good'
    flight.enquiriesBefore = conversation.enquiries
    flight.sentAt = clock.elapsed()
    if (lagging) session.flights.push(flight)
    errand.progress({ module: module(0), basis: 'timing' })
    if (!(await conversation.send(frames.card))) return flight.end({ kind: 'unknown', reason: conclude('link-lost') })
    if (!lagging) return untilComplete({ session, flight, errand, endsWith: frames.endsWith, pace: this.#pace, module })
    if (mode.acceptAfterCard) await untilAccepted(session, flight, errand)
    else await session.pause(timings.afterCard, errand)
  }

  #conclude(session: Session, { outcome, sentAt }: Flight): void {
    session.cardOut = session.flights.length > 0
    if (outcome !== undefined && outcome.kind !== 'done') session.standing = 'failed'
    else if (sentAt !== undefined && session.format !== undefined) session.format.usedAt = this.#clock.elapsed()
  }

  async settle(options: CommandOptions): Promise<void> {
    const session = this.#session
    if (session === undefined || this.#underWay) return
    const errand = session.errand(options)
    await this.#occupied(() => untilFlights(session, 0, errand))
    if (session.flights.length > 0) loseAll(session, 'cancelled')
  }

  // Questions

  async probe(): Promise<ProbeReport> {
    const session = this.#session
    if (session === undefined) throw new CardwrightError(operatorFault('device.not-connected'))
    if (this.#underWay || session.flights.length > 0) throw new CardwrightError(operatorFault('device.command-under-way'))
    return this.#occupied(() => probe(session))
  }

  async enquireLost(): ReturnType<EmbosserDriver['enquireLost']> {
    const session = this.#session
    if (session === undefined || this.#underWay) return { answer: 'no-answer', evidence: { statuses: [] } }
    return this.#occupied(() => enquireLost(session))
  }

  async readStripe(options: CommandOptions): ReturnType<EmbosserDriver['readStripe']> {
    const session = this.#session
    const refused = (reason: Reason) => ({ outcome: { kind: 'refused' as const, reason }, tracks: {} })
    if (this.#underWay) return refused(conclude('command-under-way'))
    if (session === undefined) return refused(conclude('not-connected'))
    return this.#occupied(async () => {
      const errand = session.errand(options)
      await untilFlights(session, 0, errand)
      return readStripe(session, errand)
    })
  }

  /** Nobody else may speak to the machine meanwhile. */
  async #occupied<Value>(work: () => Promise<Value>): Promise<Value> {
    this.#underWay = true
    this.#stopIdleWatch()
    this.#changed()
    try {
      return await work()
    } finally {
      this.#underWay = false
      this.#changed()
      this.#watchIdly()
    }
  }
}

function ended(outcome: Outcome): CommandRun {
  return { accepted: Promise.resolve('ended'), completed: Promise.resolve(outcome) }
}

function operatorFault(code: string): Fault {
  return { code, class: 'operator' }
}
