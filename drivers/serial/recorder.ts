/** Keeps a bounded, readable and masked trace of what passes over a line. */
import type { ByteLink, LinkOpener } from '#main/ports/byte-link.ts'
import type { Clock } from '#main/ports/clock.ts'
import type { TraceEntry } from '#main/ports/device-factory.ts'
import { Masker } from './mask.ts'

export interface RecorderOptions {
  clock: Clock
  /** Entries kept; the oldest go first. */
  limit?: number
}

export class Recorder {
  readonly #clock: Clock
  readonly #limit: number
  #entries: TraceEntry[] = []
  #number = 0

  constructor({ clock, limit = 2000 }: RecorderOptions) {
    this.#clock = clock
    this.#limit = limit
  }

  /** A remark of the driver's, which must not hold card data. */
  note(text: string): void {
    this.#add('note', text)
  }

  /** Entries after this number, oldest first. */
  entries(after = 0): TraceEntry[] {
    return this.#entries.filter(({ number }) => number > after)
  }

  /** Every line that this opens is recorded. */
  opener(opener: LinkOpener): LinkOpener {
    return {
      open: async (settings) => {
        const { baudRate, dataBits, parity, stopBits } = settings
        const link = await opener.open(settings)
        this.note(`opened ${link.name}, ${baudRate} ${dataBits}${parity[0]?.toUpperCase()}${stopBits}`)
        return this.wrap(link)
      },
    }
  }

  /** The same link, recorded. */
  wrap(link: ByteLink): ByteLink {
    const sent = new Masker('sent')
    const received = new Masker('received')
    const listeners = new Set<(bytes: Uint8Array) => void>()
    let listening = false
    const end = (how: string) => {
      this.#add('sent', sent.flush())
      this.#add('received', received.flush())
      this.note(`${how} ${link.name}`)
    }
    link.onClose(() => end('lost'))
    return {
      name: link.name,
      write: (bytes) => {
        received.turn()
        this.#add('sent', sent.push(bytes))
        return link.write(bytes)
      },
      onData: (listener) => {
        listeners.add(listener)
        // Not before somebody listens: a line may keep its first bytes for the first who does.
        if (!listening) {
          listening = true
          link.onData((bytes) => {
            this.#add('received', received.push(bytes))
            for (const heard of listeners) heard(bytes)
          })
        }
        return () => listeners.delete(listener)
      },
      onClose: (listener) => link.onClose(listener),
      close: async () => {
        end('closed')
        await link.close()
      },
    }
  }

  #add(direction: TraceEntry['direction'], text: string | undefined): void {
    if (text === undefined) return
    this.#entries.push({ number: ++this.#number, at: this.#clock.now(), direction, text })
    if (this.#entries.length > this.#limit) this.#entries.splice(0, this.#entries.length - this.#limit)
  }
}
