/** Follows who lies in a chip station, so that no card is ever taken for another. */
import type { ChipStation } from '../ports/chip-station.ts'
import type { Clock } from '../ports/clock.ts'

/**
 * Where a card is that was known to lie in a station. `there`: it has lain in it ever since; `gone`: the station was empty since
 * then, whatever lies in it now; `unseen`: its reader was away meanwhile, and nobody knows.
 */
export type Whereabouts = 'there' | 'gone' | 'unseen'

/** One card's stay in a station, from the moment when it was known to be this card. */
export interface Stay {
  readonly whereabouts: () => Whereabouts
}

export class StationWatch {
  readonly station: ChipStation
  readonly #stop: () => void
  #departures = 0
  #absences = 0
  #last: Stay | undefined

  constructor(station: ChipStation) {
    this.station = station
    this.#stop = station.onState(() => {
      const { state } = station.state()
      if (state === 'empty') this.#departures++
      if (state === 'no-reader') this.#absences++
    })
  }

  /** The card in the station is known, and is to be worked on: whatever lies here later is asked whether it is still this one. */
  begin(): Stay {
    const [departures, absences] = [this.#departures, this.#absences]
    const stay: Stay = {
      whereabouts: () => {
        if (this.#departures > departures) return 'gone'
        return this.#absences > absences || this.station.state().state === 'no-reader' ? 'unseen' : 'there'
      },
    }
    this.#last = stay
    return stay
  }

  /** Waits until the card that was worked on before has left. False where it still lies there after so many milliseconds. */
  async cleared(clock: Clock, patience: number, signal: AbortSignal): Promise<boolean> {
    const last = this.#last
    if (last?.whereabouts() !== 'there') return true
    const over = new AbortController()
    const stop = AbortSignal.any([signal, over.signal])
    const left = this.station.waitFor(['empty', 'no-reader'], stop).then(() => undefined, () => undefined)
    const late = clock.sleep(patience, stop).then(() => undefined, () => undefined)
    await Promise.race([left, late])
    over.abort(new Error('no longer waited for'))
    return last.whereabouts() !== 'there'
  }

  /** Whether something lies in it. */
  get occupied(): boolean {
    const { state } = this.station.state()
    return state === 'card' || state === 'mute'
  }

  close(): void {
    this.#stop()
  }
}
