/**
 * The line between a program and a simulated machine that outlives it: a pipe in memory with a hand on it. Everything
 * that passes is counted and named, and a fault can be laid on any one thing that passes.
 */
import type { ByteLink, LinkOpener } from '#main/ports/byte-link.ts'
import type { Clock } from '#main/ports/clock.ts'
import { CardwrightError } from '#shared/faults.ts'
import { statusName } from '#drivers/cpx/simulator/line.ts'

/** Thrown wherever a dead program tries to go on. */
export class Killed extends Error {}

/** What may happen to one write of the host. `cut-before`: the machine hears nothing of it; `cut-after`: all of it. */
export type WriteFault = 'unheard' | 'cut-before' | 'cut-after'

/**
 * What may happen to one reply of the machine. `late`: after the wait for an answer, but before the silence that ends a
 * command; `too-late`: after that too; whatever follows waits behind it. `refusal`: the machine reports trouble (`P`) instead.
 */
export type ReplyFault = 'lost' | 'late' | 'too-late' | 'cut' | 'twice' | 'refusal'

export interface Passing {
  /** Counts on from connection to connection, from 0. */
  index: number
  /** `ENQ`, `#DCC#`; `C`, `13h`. */
  name: string
}

export interface LineHand {
  write(passing: Passing): WriteFault | undefined
  reply(passing: Passing): ReplyFault | undefined
}

/** Milliseconds. The wait for an answer is 2 s, the silence that ends a command 30 s (profile, `timings`). */
const lateness = { late: 5000, 'too-late': 40_000 }

export interface MachineSide {
  attach(link: ByteLink): () => void
}

interface End {
  link: ByteLink
  receive(bytes: Uint8Array): void
  closed(): void
}

function createEnd(name: string, write: (bytes: Uint8Array) => Promise<void>, close: () => void): End {
  const data = new Set<(bytes: Uint8Array) => void>()
  const ends = new Set<() => void>()
  return {
    link: {
      name,
      write,
      onData(listener) {
        data.add(listener)
        return () => data.delete(listener)
      },
      onClose(listener) {
        ends.add(listener)
        return () => ends.delete(listener)
      },
      async close() {
        close()
      },
    },
    receive: (bytes) => [...data].forEach((listener) => mortally(() => listener(bytes))),
    closed() {
      const listeners = [...ends]
      ends.clear()
      listeners.forEach((listener) => mortally(listener))
    },
  }
}

export class WatchedLine {
  readonly #clock: Clock
  readonly #machine: MachineSide
  readonly #hand: LineHand
  #writes = 0
  #replies = 0
  #cut: (() => void) | undefined
  /** Something of the line is broken: it can't be opened until somebody puts the plug back. */
  broken = false

  constructor(clock: Clock, machine: MachineSide, hand: LineHand) {
    this.#clock = clock
    this.#machine = machine
    this.#hand = hand
  }

  /** Opens a connection for a program; `alive` tells whether that program still runs. */
  opener(alive: () => boolean): LinkOpener {
    return { open: async () => this.#open(alive) }
  }

  /** Pulls the plug. */
  cut(): void {
    this.#cut?.()
  }

  #open(alive: () => boolean): ByteLink {
    if (this.broken) throw new CardwrightError({ code: 'device.link-lost', class: 'device', values: { link: 'line' } })
    this.#cut?.()
    let open = true
    let spoken = Promise.resolve()
    const cut = () => {
      if (!open) return
      open = false
      machineEnd.closed()
      if (alive()) hostEnd.closed()
    }
    const hostEnd = createEnd('line', async (bytes) => {
      if (!alive()) return
      if (!open) throw new CardwrightError({ code: 'device.link-lost', class: 'device', values: { link: 'line' } })
      const fault = this.#hand.write({ index: this.#writes++, name: nameOfWrite(bytes) })
      if (fault === 'cut-before') this.#break(cut)
      if (!open) throw new CardwrightError({ code: 'device.link-lost', class: 'device', values: { link: 'line' } })
      if (fault !== 'unheard') machineEnd.receive(Uint8Array.from(bytes))
      if (fault === 'cut-after') this.#break(cut)
    }, cut)
    const machineEnd = createEnd('machine', async (bytes) => {
      const reply = Uint8Array.from(bytes)
      const fault = this.#hand.reply({ index: this.#replies++, name: reply.length === 1 ? statusName(reply[0]!) : 'text' })
      if (fault === 'lost') return
      if (fault === 'cut') return this.#break(cut)
      if (fault === 'late' || fault === 'too-late') spoken = spoken.then(() => this.#clock.sleep(lateness[fault]))
      spoken = spoken.then(() => {
        if (!open || !alive()) return
        hostEnd.receive(fault === 'refusal' ? Uint8Array.of(0x50) : reply)
        if (fault === 'twice') hostEnd.receive(reply)
      })
    }, cut)
    this.#cut = cut
    this.#machine.attach(machineEnd.link)
    return hostEnd.link
  }

  #break(cut: () => void): void {
    this.broken = true
    cut()
  }
}

/** A program may be killed while it listens: that is no matter of the line. */
function mortally(listen: () => void): void {
  try {
    listen()
  } catch (thrown) {
    if (!(thrown instanceof Killed)) throw thrown
  }
}

function nameOfWrite(bytes: Uint8Array): string {
  if (bytes.length === 1 && bytes[0] === 0x05) return 'ENQ'
  return /#DC[LC]#/.exec(Buffer.from(bytes).toString('latin1'))?.[0] ?? `${bytes.length} bytes`
}
