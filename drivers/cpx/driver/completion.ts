/**
 * Everything after card data went out. Nothing but ENQ is sent for this card any more, and only the machine's own
 * completion, heard after the data and not contradicted, makes it done.
 */
import type { ModuleProgress } from '#shared/device/device.ts'
import type { Outcome } from '#main/ports/embosser-driver.ts'
import type { HeardStatus } from './conversation.ts'
import type { Flight } from './flight.ts'
import { conclude, isComplete, isTrouble, troubleEnds, type ConcludedReason } from './outcomes.ts'
import type { Pace } from './pace.ts'
import type { Errand, Session } from './session.ts'

/** Ready twice running without a completion is no accident of the line. */
const readyLimit = 2

export interface Watch {
  session: Session
  flight: Flight
  errand: Errand
  endsWith: 'complete' | 'ready'
  pace: Pace
  module(elapsed: number): ModuleProgress['module']
}

/** Asks until the end of the one card under way is known. Ends the flight. */
export async function untilComplete(watch: Watch): Promise<void> {
  const waiting = new CompletionWait(watch)
  while (watch.flight.outcome === undefined) await waiting.step()
}

class CompletionWait {
  readonly #watch: Watch
  readonly #session: Session
  readonly #sentAt: number
  #lastHeard: number
  #deadline: number
  #nextEnquiry: number
  /** When the machine last said busy, after the data. */
  #busyAt = 0
  #ready = 0
  /** When it said complete, after the data. */
  #claimedAt: number | undefined
  /** A completion was heard and is not yet confirmed by what the machine says next. */
  #claimed = false

  constructor(watch: Watch) {
    const { session, flight } = watch
    this.#watch = watch
    this.#session = session
    this.#sentAt = flight.sentAt ?? session.clock.elapsed()
    this.#lastHeard = this.#sentAt
    this.#deadline = this.#sentAt + session.mode.cardLimit
    this.#nextEnquiry = this.#sentAt + session.timings.afterCard
  }

  /** Hears one thing, or asks when it is time. */
  async step(): Promise<void> {
    const { conversation, clock } = this.#session
    const wait = Math.max(0, this.#nextEnquiry - clock.elapsed())
    const heard = await conversation.hear(wait, this.#watch.errand.signal)
    switch (heard.kind) {
      case 'status':
        this.#watch.flight.heard(heard.name)
        this.#lastHeard = clock.elapsed()
        return this.#heed(heard)
      case 'silence':
        return this.#ask()
      case 'reply':
        return
      default:
        return this.#claimedOr(this.#session.conversation.lost ? 'link-lost' : 'cancelled')
    }
  }

  async #ask(): Promise<void> {
    const { conversation, clock, timings, mode } = this.#session
    const now = clock.elapsed()
    this.#watch.errand.progress({ module: this.#watch.module(now - this.#sentAt), basis: 'timing' })
    if (now >= this.#deadline) return this.#claimedOr('completion-overdue')
    if (mode.readyUnasked) {
      this.#nextEnquiry = Math.min(now + timings.busy, this.#deadline)
      return
    }
    if (now - this.#lastHeard >= timings.silence) return this.#claimedOr('no-answer')
    this.#nextEnquiry = now + timings.answer
    if (!(await conversation.enquire())) this.#claimedOr('link-lost')
  }

  async #heed(heard: HeardStatus): Promise<void> {
    if (isComplete(heard, this.#session.mode)) return this.#complete(heard)
    if (heard.status.class === 'retry') return this.#busy()
    if (isTrouble(heard.status)) return this.#trouble(heard)
    if (heard.status.class === 'ok') this.#isReady(heard)
  }

  /** Whether the machine was asked, or speaks unasked, since the data went out: else this is about an earlier card. */
  get #isAboutThisCard(): boolean {
    const { conversation, mode } = this.#session
    return mode.readyUnasked || conversation.enquiries > this.#watch.flight.enquiriesBefore
  }

  #complete({ name }: HeardStatus): void {
    if (!this.#isAboutThisCard) return this.#session.note(`${name} before this card was asked about: not this card's`)
    if (!this.#session.mode.confirm) return this.#done()
    this.#claimed = true
    this.#nextEnquiry = this.#session.clock.elapsed()
    this.#claimedAt = this.#nextEnquiry - this.#sentAt
  }

  #busy(): void {
    if (this.#claimed) this.#session.note('busy after a completion: the completion was not this card\'s')
    this.#claimed = false
    this.#ready = 0
    const now = this.#session.clock.elapsed()
    this.#busyAt = now - this.#sentAt
    this.#nextEnquiry = now + this.#watch.pace.pause(this.#busyAt)
  }

  #isReady({ name }: HeardStatus): void {
    if (this.#claimed) return this.#done()
    if (!this.#isAboutThisCard) return this.#session.note(`${name} before this card was asked about`)
    if (this.#watch.endsWith === 'ready') return this.#done()
    const { readyUnasked } = this.#session.mode
    const within = this.#session.clock.elapsed() - this.#sentAt < this.#session.timings.afterCard
    if (readyUnasked && within) return this.#session.note(`${name} too soon to be about this card`)
    this.#ready++
    if (this.#ready >= (readyUnasked ? 1 : readyLimit)) return this.#unknown('ready-without-complete')
    this.#nextEnquiry = this.#session.clock.elapsed() + this.#session.timings.busy
  }

  async #trouble(heard: HeardStatus): Promise<void> {
    // The next card's trouble, such as an empty hopper, doesn't undo a completion; unless the completion may be late.
    if (this.#claimed && this.#session.lateUntil === undefined) return this.#done()
    this.#claimed = false
    this.#ready = 0
    if (!heard.status.waits) return this.#end(troubleEnds(heard))
    const before = this.#session.clock.elapsed()
    const given = await this.#session.attend(heard, true, this.#watch.errand)
    const now = this.#session.clock.elapsed()
    this.#deadline += now - before
    this.#lastHeard = now
    this.#nextEnquiry = now
    if (given === undefined) return
    this.#end(given.status === undefined ? { kind: 'unknown', reason: given } : troubleEnds(heard))
  }

  /** The machine said complete and was then cut off: that is enough where no other card's completion can be meant. */
  #claimedOr(code: ConcludedReason): void {
    if (this.#claimed && this.#session.lateUntil === undefined) this.#done()
    else this.#unknown(code)
  }

  #done(): void {
    const { session, flight, pace, errand } = this.#watch
    pace.learn(this.#busyAt, this.#claimedAt ?? session.clock.elapsed() - this.#sentAt)
    errand.progress({ module: 'output-tray', basis: 'machine' })
    flight.done()
  }

  #unknown(code: ConcludedReason): void {
    const { session } = this.#watch
    if (code !== 'link-lost' && code !== 'cancelled') session.lateUntil = session.clock.elapsed() + session.timings.late
    this.#end({ kind: 'unknown', reason: conclude(code) })
  }

  #end(outcome: Outcome): void {
    this.#watch.flight.end(outcome)
  }
}
