/** Follows the readers of this computer: which there are and what lies in them, through the service's coming and going. */
import type { Clock } from '#main/ports/clock.ts'
import type { ReaderView, StationState } from '#main/ports/chip-station.ts'
import { CardwrightError } from '#shared/cardwright-error.ts'
import { toHex } from '#shared/bytes.ts'
import { hold, letGo, loadLibrary, type Client, type Library, type Reader } from './library.ts'

/** `starting`: nothing is known yet. */
export type ServiceState = 'starting' | 'running' | 'no-service' | 'no-library'

export interface SeenReader {
  reader: Reader
  state: StationState
  /** Of the card in it, once somebody has connected to that; `pcsc-mini` 0.1.3 tells of it only the length before. */
  answerToReset?: Uint8Array
}

/** Milliseconds between looks for a service that does not run. */
const lookAgain = 1_000
/** Milliseconds that a service which has just answered takes at most to name its readers. */
const settling = 300
/**
 * Milliseconds without a change before a watch is ended. `pcsc-mini` 0.1.3 ends it by `SCardCancel`, which counts only while its thread
 * waits for the service; between two waits it is lost, and `stop()` never returns.
 */
const quiet = 300

export class ReaderWatch {
  readonly #clock: Clock
  readonly #load: () => Promise<Library>
  readonly #readers = new Map<string, SeenReader>()
  readonly #listeners = new Set<() => void>()
  #service: ServiceState = 'starting'
  #client: Client | undefined
  /** One that could not be started, for the next try. */
  #spare: Client | undefined
  #users = 0
  /** Ends the present watching; there is one exactly while somebody uses it. */
  #stop: AbortController | undefined
  #settled: Promise<void> = Promise.resolve()
  /** Nobody uses the present watching any more; it ends when it is quiet, unless somebody comes before. */
  #retiring: AbortController | undefined
  #lastChange = 0

  constructor(clock: Clock, load = loadLibrary) {
    this.#clock = clock
    this.#load = load
  }

  get service(): ServiceState {
    return this.#service
  }

  reader(name: string): SeenReader | undefined {
    return this.#readers.get(name)
  }

  /** The answer to reset of the card that lies in this reader now. */
  remember(name: string, answerToReset: Uint8Array): void {
    const seen = this.#readers.get(name)
    if (seen?.state === 'card') this.#readers.set(name, { ...seen, answerToReset })
  }

  /** Throws `chip.no-service`, `chip.unavailable` (class device). */
  async list(): Promise<ReaderView[]> {
    const leave = this.use()
    try {
      await this.#settled
      if (this.#service === 'no-library') throw new CardwrightError({ code: 'chip.unavailable', class: 'device' })
      if (this.#service !== 'running') throw new CardwrightError({ code: 'chip.no-service', class: 'device' })
      return [...this.#readers].map(([name, { state, answerToReset }]) => ({ name, state, ...(answerToReset && { atr: toHex(answerToReset) }) }))
    } finally {
      leave()
    }
  }

  /** Resolves when what the service has to say first is known. */
  settled(): Promise<void> {
    return this.#settled
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Watches until the function that it returns is called, once for each user. */
  use(): () => void {
    this.#users += 1
    this.#retiring?.abort(new Error('somebody watches the readers again'))
    this.#retiring = undefined
    if (this.#stop === undefined) this.#begin()
    let using = true
    return () => {
      if (!using) return
      using = false
      this.#users -= 1
      if (this.#users === 0) this.#retire()
    }
  }

  #begin(): void {
    const stop = new AbortController()
    this.#stop = stop
    this.#service = 'starting'
    this.#settled = this.#follow(stop.signal)
  }

  #retire(): void {
    const retiring = new AbortController()
    this.#retiring = retiring
    const end = () => {
      if (this.#retiring === retiring) this.#end()
    }
    this.#untilQuiet(retiring.signal).then(end, () => undefined)
  }

  async #untilQuiet(signal: AbortSignal): Promise<void> {
    if (this.#client === undefined) return
    for (let rest = quiet; rest > 0; rest = this.#lastChange + quiet - this.#clock.elapsed()) await this.#clock.sleep(rest, signal)
  }

  #end(): void {
    this.#retiring = undefined
    this.#stop?.abort(new Error('nobody watches the readers'))
    this.#stop = undefined
    const client = this.#client
    if (this.#drop() && client) letGo(client)
    this.#service = 'starting'
  }

  /** Resolves when the first look is done, and goes on looking. */
  async #follow(signal: AbortSignal): Promise<void> {
    const library = await this.#load().catch(() => undefined)
    if (signal.aborted) return
    if (library === undefined) return this.#become('no-library')
    this.#start(library, signal)
    if (this.#service === 'running') await this.#clock.sleep(settling, signal).catch(() => undefined)
  }

  #start(library: Library, signal: AbortSignal): void {
    const client = this.#spare ?? new library.Client()
    this.#spare = undefined
    hold(client)
    try {
      client.start()
    } catch {
      this.#spare = client
      return this.#lost(library, signal)
    }
    client.on('reader', (reader) => this.#plugged(library, reader, signal))
    // The service has gone: the thread that watched it has ended with this.
    client.on('error', () => {
      if (!signal.aborted && this.#client === client) this.#lost(library, signal)
    })
    this.#client = client
    this.#become('running')
  }

  #plugged(library: Library, reader: Reader, signal: AbortSignal): void {
    const { ReaderStatus } = library
    reader.on('change', (status, answerToReset) => {
      if (signal.aborted) return
      // Less than TS and T0 is no answer to reset, but what a reader makes of silence (ISO/IEC 7816-3, 8.2).
      const mute = status.has(ReaderStatus.MUTE) || answerToReset.length === 1
      const state = !status.has(ReaderStatus.PRESENT) ? 'empty' : mute ? 'mute' : 'card'
      const before = this.#readers.get(reader.name())
      const known = before?.reader === reader && before.state === state ? before.answerToReset : undefined
      this.#readers.set(reader.name(), { reader, state, ...(known && { answerToReset: known }) })
      this.#changed()
    })
    reader.on('disconnect', () => {
      if (this.#readers.get(reader.name())?.reader !== reader) return
      this.#readers.delete(reader.name())
      this.#changed()
    })
  }

  #lost(library: Library, signal: AbortSignal): void {
    this.#drop()
    this.#become('no-service')
    void this.#clock.sleep(lookAgain, signal).then(
      () => this.#start(library, signal),
      () => undefined,
    )
  }

  /** Whether the watching was ended in good order. */
  #drop(): boolean {
    const client = this.#client
    this.#client = undefined
    this.#readers.clear()
    try {
      client?.stop()
      return true
    } catch {
      // The service took the connection with it: there is nothing left to stop.
      return false
    }
  }

  #become(service: ServiceState): void {
    this.#service = service
    this.#changed()
  }

  #changed(): void {
    this.#lastChange = this.#clock.elapsed()
    for (const listener of [...this.#listeners]) listener()
  }
}
