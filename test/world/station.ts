/**
 * The chip station of a simulated machine as one program after the other sees it. Every command is counted and named, and a fault
 * can be laid on any one of them. The card lives on: a program that dies takes its contact with it, and nothing else.
 */
import type { Machine } from '#drivers/cpx/simulator/machine.ts'
import type { ChipConnection, ChipStation } from '#main/ports/chip-station.ts'
import type { ChipFault } from '#shared/chip/practice-card.ts'

/** Laid on one command: what a card, its contacts or its reader may do, or the program's death around it. */
export const chipFaults = [
  'mute', 'mute-done', 'removed-before', 'removed-during', 'removed-after', 'reader-before', 'reader-during', 'reader-after',
  'status', 'torn', 'silent', 'slow', 'crash-before', 'crash-sent', 'crash-after',
] as const
export type ApduFault = (typeof chipFaults)[number]

const cardFaults: Partial<Record<ApduFault, ChipFault>> = {
  mute: { kind: 'mute', executed: false },
  'mute-done': { kind: 'mute', executed: true },
  'removed-before': { kind: 'removed', moment: 'before' },
  'removed-during': { kind: 'removed', moment: 'during' },
  'removed-after': { kind: 'removed', moment: 'after' },
  'reader-before': { kind: 'reader-lost', moment: 'before' },
  'reader-during': { kind: 'reader-lost', moment: 'during' },
  'reader-after': { kind: 'reader-lost', moment: 'after' },
  status: { kind: 'status', status: 0x6985 },
  torn: { kind: 'torn-write', byte: 3 },
  silent: { kind: 'silent-loss' },
  slow: { kind: 'slow', milliseconds: 90_000 },
}

export interface StationHand {
  /** `name`: the instruction byte, hex. */
  apdu(passing: { index: number; name: string }): ApduFault | undefined
  kill(): void
}

export class WatchedStation {
  readonly #machine: Machine
  readonly #hand: StationHand
  #count = 0
  #connection: ChipConnection | undefined

  constructor(machine: Machine, hand: StationHand) {
    this.#machine = machine
    this.#hand = hand
  }

  /** The program has died: the service of readers takes the card out of its hands. */
  cut(): void {
    void this.#connection?.release('unpower')
    this.#connection = undefined
  }

  /** As a program sees it while it is alive. Undefined where the machine has none. */
  station(alive: () => boolean): ChipStation | undefined {
    const { station } = this.#machine
    if (station === undefined) return undefined
    const never = new Promise<never>(() => {})
    return {
      name: station.name,
      state: () => station.state(),
      onState: (listener) => station.onState(() => alive() && listener()),
      waitFor: (states, signal) =>
        station.waitFor(states, signal).then(
          (state) => (alive() ? state : never),
          (thrown: unknown) => (alive() ? Promise.reject(thrown as Error) : never),
        ),
      connect: async () => {
        if (!alive()) return never
        const connection = await station.connect()
        this.#connection = connection
        return alive() ? this.#watched(connection, alive, never) : never
      },
      close: () => Promise.resolve(),
    }
  }

  #watched(connection: ChipConnection, alive: () => boolean, never: Promise<never>): ChipConnection {
    return {
      get atr() {
        return connection.atr
      },
      protocol: connection.protocol,
      transmit: async (command, options) => {
        if (!alive()) return never
        const name = command[1]!.toString(16).toUpperCase().padStart(2, '0')
        const fault = this.#hand.apdu({ index: this.#count++, name })
        if (fault === 'crash-before') this.#hand.kill()
        if (!alive()) return never
        const card = fault && cardFaults[fault]
        if (card !== undefined) this.#machine.act({ do: 'arm-chip', fault: card })
        const answered = connection.transmit(command, options)
        if (fault === 'crash-sent') this.#hand.kill()
        const answer = await answered
        if (fault === 'crash-after' && alive()) this.#hand.kill()
        return alive() ? answer : never
      },
      reset: async () => {
        const ready = await connection.reset()
        return alive() ? ready : never
      },
      release: async (how) => {
        if (!alive()) return never
        this.#connection = undefined
        return connection.release(how)
      },
    }
  }
}
