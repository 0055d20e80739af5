/** A reader of this computer as a chip station, plugged in or not. */
import type { ChipConnection, ChipStation, StationState } from '#main/ports/chip-station.ts'
import type { Clock } from '#main/ports/clock.ts'
import type { Reason } from '#shared/device/device.ts'
import { PcscConnection } from './connection.ts'
import { codeOf, hold, loadLibrary, type Library } from './library.ts'
import { connectFault } from './losses.ts'
import type { ReaderWatch, SeenReader } from './watch.ts'

/** Milliseconds to wait for a card that is still busy with a command of ours that was given up. */
const patience = 5_000

export interface StationParts {
  reader: string
  clock: Clock
  watch: ReaderWatch
  load?: () => Promise<Library>
}

export class PcscStation implements ChipStation {
  readonly name: string
  readonly #parts: StationParts
  readonly #leave: () => void
  readonly #stopListening: () => void
  readonly #listeners = new Set<() => void>()
  #told: string
  #connection: PcscConnection | undefined
  /** Ends when the last connection has let go of the card. */
  #letGo: Promise<void> = Promise.resolve()

  constructor(parts: StationParts) {
    this.name = parts.reader
    this.#parts = parts
    this.#leave = parts.watch.use()
    this.#told = JSON.stringify(this.state())
    this.#stopListening = parts.watch.onChange(() => this.#tell())
  }

  state(): { state: StationState; reasons: readonly Reason[] } {
    const { watch } = this.#parts
    const seen = watch.reader(this.name)
    if (seen) return { state: seen.state, reasons: seen.state === 'mute' ? [{ code: 'reader-card-mute', severity: 'operator', action: 'none' }] : [] }
    switch (watch.service) {
      case 'no-library':
        return { state: 'no-reader', reasons: [{ code: 'reader-library-absent', severity: 'error', action: 'call-service' }] }
      case 'no-service':
        return { state: 'no-reader', reasons: [{ code: 'reader-service-absent', severity: 'error', action: 'call-service' }] }
      case 'starting':
      case 'running':
        return { state: 'no-reader', reasons: [{ code: 'reader-absent', severity: 'error', action: 'check-line' }] }
    }
  }

  onState(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  waitFor(states: readonly StationState[], signal?: AbortSignal): Promise<StationState> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason as Error)
      const end = () => {
        stop()
        signal?.removeEventListener('abort', abort)
      }
      const abort = () => {
        end()
        reject(signal?.reason as Error)
      }
      const look = () => {
        const { state } = this.state()
        if (!states.includes(state)) return
        end()
        resolve(state)
      }
      const stop = this.onState(look)
      signal?.addEventListener('abort', abort, { once: true })
      look()
    })
  }

  async connect(): Promise<ChipConnection> {
    const { clock, load = loadLibrary, watch } = this.#parts
    const library = await load()
    await watch.settled()
    if (this.#connection) throw connectFault(this.name, 'SharingViolation')
    const seen = watch.reader(this.name)
    if (seen === undefined) throw connectFault(this.name, watch.service === 'running' ? 'UnknownReader' : 'NoService')
    const limit = new AbortController()
    const late = clock.sleep(patience, limit.signal).then(() => true, () => false)
    if (await Promise.race([this.#letGo.then(() => false), late])) throw connectFault(this.name, 'UnresponsiveCard')
    limit.abort(new Error('the card is free'))
    const connection = await this.#take(library, seen)
    this.#connection = connection
    return connection
  }

  async #take(library: Library, { reader }: SeenReader): Promise<PcscConnection> {
    try {
      const card = await reader.connect(library.CardMode.EXCLUSIVE, library.Protocol.ANY)
      hold(card)
      const atr = (await card.state()).atr.slice()
      this.#parts.watch.remember(this.name, atr)
      return new PcscConnection({
        library,
        clock: this.#parts.clock,
        card,
        atr,
        readerIsThere: () => this.#parts.watch.reader(this.name)?.reader === reader,
        released: (gone) => {
          this.#connection = undefined
          this.#letGo = gone
        },
      })
    } catch (error) {
      throw connectFault(this.name, codeOf(error), error)
    }
  }

  async close(): Promise<void> {
    this.#stopListening()
    await this.#connection?.release('unpower')
    this.#leave()
  }

  #tell(): void {
    const now = JSON.stringify(this.state())
    if (now === this.#told) return
    this.#told = now
    for (const listener of [...this.#listeners]) listener()
  }
}
