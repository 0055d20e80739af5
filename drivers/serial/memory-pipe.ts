/** A line in memory: two ends, each a byte link. What one writes the other hears, in order and in the same pieces. */
import type { ByteLink, LinkOpener } from '#main/ports/byte-link.ts'
import type { Clock } from '#main/ports/clock.ts'
import { CardwrightError } from '#shared/faults.ts'

export interface MemoryPipeOptions {
  name?: string
  /** Lets every byte take its time; without it bytes arrive at once. */
  speed?: { clock: Clock; bytesPerSecond: number }
}

/** The two ends of a fresh line. */
export function memoryPipe(options: MemoryPipeOptions = {}): [ByteLink, ByteLink] {
  const near = new End(options)
  const far = new End(options)
  near.join(far)
  far.join(near)
  return [near, far]
}

/** Opens a fresh line at each call and hands its far end over, as to a machine that is always there. */
export function memoryOpener(attach: (far: ByteLink) => void, options: MemoryPipeOptions = {}): LinkOpener {
  return {
    open: () => {
      const [near, far] = memoryPipe(options)
      attach(far)
      return Promise.resolve(near)
    },
  }
}

class End implements ByteLink {
  readonly name: string
  readonly #speed: MemoryPipeOptions['speed']
  readonly #dataListeners = new Set<(bytes: Uint8Array) => void>()
  readonly #closeListeners = new Set<() => void>()
  /** What arrived before anybody listened. */
  #kept: Uint8Array[] = []
  #other: End | undefined
  #closed = false
  /** The line carries one piece after the other. */
  #busy = Promise.resolve()

  constructor({ name = 'memory', speed }: MemoryPipeOptions) {
    this.name = name
    this.#speed = speed
  }

  join(other: End): void {
    this.#other = other
  }

  write(bytes: Uint8Array): Promise<void> {
    if (this.#closed) return Promise.reject(new CardwrightError({ code: 'device.link-lost', class: 'device', place: this.name, values: { link: this.name } }))
    const copy = Uint8Array.from(bytes)
    this.#busy = this.#busy.then(async () => {
      if (this.#speed !== undefined) await this.#speed.clock.sleep((copy.length / this.#speed.bytesPerSecond) * 1000)
      if (!this.#closed) this.#other?.arrive(copy)
    })
    return Promise.resolve()
  }

  onData(listener: (bytes: Uint8Array) => void): () => void {
    this.#dataListeners.add(listener)
    for (const bytes of this.#kept.splice(0)) listener(bytes)
    return () => this.#dataListeners.delete(listener)
  }

  onClose(listener: () => void): () => void {
    this.#closeListeners.add(listener)
    return () => this.#closeListeners.delete(listener)
  }

  close(): Promise<void> {
    if (!this.#closed) {
      this.#closed = true
      this.#other?.end()
    }
    return Promise.resolve()
  }

  arrive(bytes: Uint8Array): void {
    if (this.#closed) return
    if (this.#dataListeners.size === 0) this.#kept.push(bytes)
    for (const listener of this.#dataListeners) listener(bytes)
  }

  /** The other side closed. */
  end(): void {
    if (this.#closed) return
    this.#closed = true
    for (const listener of this.#closeListeners) listener()
  }
}
