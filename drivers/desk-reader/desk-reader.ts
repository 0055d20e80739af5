/**
 * A reader on the desk as a device: no machine, one chip station, and a person who puts cards in and takes them out.
 * It stands behind the same port as an embosser, so that a card made here is journaled and counted like any other.
 */
import type { ChipStation, StationState } from '#main/ports/chip-station.ts'
import type { Clock } from '#main/ports/clock.ts'
import type { CommandOptions, CommandRun, Decision, EmbosserDriver, Outcome, PresentedCard } from '#main/ports/embosser-driver.ts'
import type { PreparedCard } from '#shared/card/prepared.ts'
import type { Capabilities, DeviceState, ProbeReport, Reason } from '#shared/device/device.ts'
import type { DeviceLimits } from '#shared/device/limits.ts'
import { CardwrightError } from '#shared/faults.ts'

/** The name of its one station. */
export const deskStation = 'desk'

export const deskReaderLimits: DeviceLimits = {
  fonts: [],
  characterMap: {},
  maximumLines: 0,
  horizontalStarts: 'any',
  area: { plain: { left: 0, right: 0, bottom: 0, top: 0 }, topping: { left: 0, right: 0, bottom: 0, top: 0 } },
  unit: 1,
  tracks: [],
  maximumFrameBytes: null,
}

const reasons = {
  'insert-card': { severity: 'operator', action: 'insert-card' },
  'take-card-out': { severity: 'operator', action: 'take-card-out' },
  'reader-missing': { severity: 'error', action: 'check-line' },
  'not-connected': { severity: 'operator', action: 'check-line' },
  'command-under-way': { severity: 'error', action: 'wait' },
  'card-not-presented': { severity: 'error', action: 'insert-card' },
  'verb-missing': { severity: 'error', action: 'none' },
  cancelled: { severity: 'info', action: 'none' },
} as const satisfies Record<string, Omit<Reason, 'code'>>

function reason(code: keyof typeof reasons): Reason {
  return { code, ...reasons[code] }
}

export interface DeskReaderOptions {
  station: ChipStation
  clock: Clock
  /** How long `connect` waits for the reader to be found, milliseconds. */
  patience?: number
}

export function createDeskReaderDriver(options: DeskReaderOptions): EmbosserDriver {
  return new DeskReaderDriver(options)
}

class DeskReaderDriver implements EmbosserDriver {
  readonly capabilities: Capabilities = {
    carries: ['deliver'],
    completionLag: 0,
    rejectWay: 'operator-removal',
    canReadStripe: false,
    chip: { stations: [deskStation], feed: 'by-hand', holds: 1 },
    missingVerbs: [],
  }
  readonly limits = deskReaderLimits
  readonly #station: ChipStation
  readonly #clock: Clock
  readonly #patience: number
  readonly #listeners = new Set<() => void>()
  #stopListening: (() => void) | undefined
  #underWay = false
  #tickets = 0
  /** The card that lies in the reader was presented: whatever became of it, the next one is another. */
  #given: number | undefined

  constructor({ station, clock, patience = 3_000 }: DeskReaderOptions) {
    this.#station = station
    this.#clock = clock
    this.#patience = patience
  }

  /** Throws `chip.no-reader` (class device) where no reader of this name is found in time. */
  async connect(): Promise<void> {
    if (this.#stopListening !== undefined) return
    const waited = new AbortController()
    const found = this.#station.waitFor(['empty', 'card', 'mute'], waited.signal).then(() => true, () => false)
    const late = this.#clock.sleep(this.#patience, waited.signal).then(() => false, () => false)
    const there = await Promise.race([found, late])
    waited.abort(new Error('no longer waited for'))
    if (!there) throw new CardwrightError({ code: 'chip.no-reader', class: 'device', place: this.#station.name, values: { reader: this.#station.name } })
    this.#stopListening ??= this.#station.onState(() => this.#changed())
    this.#tell()
  }

  close(): Promise<void> {
    this.#stopListening?.()
    this.#stopListening = undefined
    this.#tell()
    return Promise.resolve()
  }

  state(): { state: DeviceState; reasons: readonly Reason[]; connected: boolean } {
    if (this.#stopListening === undefined) return { state: 'stopped', reasons: [], connected: false }
    if (this.#lies === 'no-reader') return { state: 'stopped', reasons: [reason('reader-missing')], connected: true }
    return { state: this.#underWay ? 'processing' : 'idle', reasons: [], connected: true }
  }

  onState(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  probe(): Promise<ProbeReport> {
    if (this.#stopListening === undefined) throw new CardwrightError({ code: 'device.not-connected', class: 'operator' })
    return Promise.resolve({ answered: this.#lies !== 'no-reader', status: this.#lies })
  }

  /** A card that was presented before is taken out first: a blank is never used for a second attempt because it still lay there. */
  async present(options: CommandOptions): ReturnType<EmbosserDriver['present']> {
    const hindrance = this.#hindrance()
    if (hindrance !== undefined) return { kind: 'refused', reason: hindrance }
    return this.#occupied(async () => {
      while (this.#given !== undefined || !isThere(this.#lies)) {
        const ended = this.#given === undefined ? await this.#until('insert-card', ['card', 'mute'], options) : await this.#untilTaken(options)
        if (typeof ended === 'object') return { kind: 'refused', reason: ended }
      }
      this.#given = ++this.#tickets
      return { kind: 'presented', card: { station: deskStation, ticket: this.#given } }
    })
  }

  personalize(_card: PreparedCard, options: CommandOptions, presented?: PresentedCard): CommandRun {
    const hindrance = this.#hindrance() ?? (presented?.ticket === this.#tickets ? undefined : reason('card-not-presented'))
    if (hindrance !== undefined) return ended({ kind: 'refused', reason: hindrance })
    // The chip is made and read back, and the card lies where a hand reaches it: nothing is left to wait for. It is taken out before
    // the next card is asked for (`present`).
    options.onProgress?.({ module: 'output-tray', basis: 'machine' })
    return { accepted: Promise.resolve('accepted'), completed: Promise.resolve({ kind: 'done', evidence: { statuses: [this.#lies] }, card: 'operator' }) }
  }

  /** Nothing here can mark a card: a person takes it out. */
  spoil(): CommandRun {
    return ended({ kind: 'refused', reason: reason('verb-missing') })
  }

  settle(): Promise<void> {
    return Promise.resolve()
  }

  enquireLost(): ReturnType<EmbosserDriver['enquireLost']> {
    return Promise.resolve({ answer: 'no-answer', evidence: { statuses: [] } })
  }

  readStripe(): ReturnType<EmbosserDriver['readStripe']> {
    return Promise.resolve({ outcome: { kind: 'refused', reason: reason('verb-missing') }, tracks: {} })
  }

  get #lies(): StationState {
    return this.#station.state().state
  }

  #hindrance(): Reason | undefined {
    if (this.#stopListening === undefined) return reason('not-connected')
    return this.#underWay ? reason('command-under-way') : undefined
  }

  async #untilTaken(options: CommandOptions): Promise<Reason | undefined> {
    while (this.#given !== undefined) {
      const ended = await this.#until('take-card-out', ['empty'], options)
      if (ended === 'changed') this.#given = undefined
      else if (ended !== 'asked') return ended
    }
    return undefined
  }

  /**
   * Waits for the station, and asks a person meanwhile. `changed`: it is as wanted; `asked`: the person says that it is;
   * otherwise the reason that ends the command.
   */
  async #until(
    code: 'insert-card' | 'take-card-out',
    states: readonly StationState[],
    options: CommandOptions,
  ): Promise<'changed' | 'asked' | Reason> {
    if (states.includes(this.#lies)) return 'changed'
    const asked = reason(this.#lies === 'no-reader' ? 'reader-missing' : code)
    const over = new AbortController()
    const stop = options.signal === undefined ? over.signal : AbortSignal.any([over.signal, options.signal])
    const changed = this.#station.waitFor(states, stop).then(() => 'changed' as const, () => 'cancelled' as const)
    const first = await Promise.race([changed, decided(options, asked, over.signal)])
    over.abort(new Error('the reason has gone'))
    if (first === 'changed') return first
    if (first === 'continue') return 'asked'
    return first === 'cancelled' ? reason('cancelled') : asked
  }

  #changed(): void {
    if (this.#lies === 'empty') this.#given = undefined
    this.#tell()
  }

  #tell(): void {
    for (const listener of this.#listeners) listener()
  }

  async #occupied<Value>(work: () => Promise<Value>): Promise<Value> {
    this.#underWay = true
    this.#tell()
    try {
      return await work()
    } finally {
      this.#underWay = false
      this.#tell()
    }
  }
}

/** A question that fails was not answered: give up. */
async function decided(options: CommandOptions, asked: Reason, over: AbortSignal): Promise<Decision> {
  try {
    return await options.onAttention(asked, false, over)
  } catch {
    return 'give-up'
  }
}

function isThere(state: StationState): boolean {
  return state === 'card' || state === 'mute'
}

function ended(outcome: Outcome): CommandRun {
  return { accepted: Promise.resolve('ended'), completed: Promise.resolve(outcome) }
}
