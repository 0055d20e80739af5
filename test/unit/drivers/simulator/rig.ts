/** A host of raw bytes before a simulated machine, in simulated time. Knows nothing of the driver. */
import { VirtualClock } from '#drivers/clock/virtual-clock.ts'
import { Machine } from '#drivers/cpx/simulator/machine.ts'
import type { Blank } from '#drivers/cpx/simulator/plastic.ts'
import type { ByteLink } from '#main/ports/byte-link.ts'
import type { AlarmLetter, MachineFault, SimulatorAction, SimulatorMode, SimulatorModel } from '#shared/device/simulator.ts'

/** One end of a line whose other end is the test. */
export class RawLine implements ByteLink {
  readonly name = 'raw line'
  /** Every chunk that the machine wrote, as Latin-1 text. */
  readonly chunks: string[] = []
  #data = new Set<(bytes: Uint8Array) => void>()
  #close = new Set<() => void>()
  closed = false

  write(bytes: Uint8Array): Promise<void> {
    if (this.closed) return Promise.reject(new Error('line closed'))
    this.chunks.push(Buffer.from(bytes).toString('latin1'))
    return Promise.resolve()
  }
  onData(listener: (bytes: Uint8Array) => void): () => void {
    this.#data.add(listener)
    return () => this.#data.delete(listener)
  }
  onClose(listener: () => void): () => void {
    this.#close.add(listener)
    return () => this.#close.delete(listener)
  }
  close(): Promise<void> {
    this.closed = true
    for (const listener of this.#close) listener()
    return Promise.resolve()
  }
  say(bytes: Uint8Array): void {
    for (const listener of this.#data) listener(bytes)
  }
}

export interface RigOptions {
  model?: SimulatorModel
  mode?: SimulatorMode
  blanks?: number
  state?: unknown
}

export class Rig {
  readonly clock: VirtualClock
  readonly machine: Machine
  line = new RawLine()
  #heard = 0

  constructor({ model = 'dc450', mode = 'standard', blanks = 10, state }: RigOptions = {}, clock = new VirtualClock()) {
    this.clock = clock
    this.machine = new Machine({ clock, start: state === undefined ? { model, mode, blanks } : { state } })
    this.machine.attach(this.line)
  }

  /** Puts text on the line, then lets `wait` milliseconds pass. Answers what the machine said meanwhile. */
  async say(text: string, wait = 1000): Promise<string> {
    this.line.say(Buffer.from(text, 'latin1'))
    return this.wait(wait)
  }

  async wait(milliseconds: number): Promise<string> {
    await this.clock.advance(milliseconds)
    const said = this.line.chunks.slice(this.#heard).join('')
    this.#heard = this.line.chunks.length
    return said
  }

  /** One enquiry and its answer. */
  enquire(): Promise<string> {
    return this.say('\x05', 50)
  }

  /** Enquires every 500 ms until the answer is not busy; at most `limit` times. */
  async untilSettled(limit = 200): Promise<string> {
    for (let count = 0; count < limit; count++) {
      const answer = await this.enquire()
      if (answer !== '\x13' && answer !== '\x15') return answer
      await this.wait(500)
    }
    return 'still busy'
  }

  act(action: SimulatorAction): void {
    this.machine.act(action)
  }

  arm(fault: MachineFault): number {
    return this.machine.arm(fault)
  }

  blank(number = 1): Blank {
    const blank = this.machine.ledger()[number - 1]
    if (blank === undefined) throw new Error(`no blank ${number}`)
    return blank
  }

  places(): Record<string, number> {
    const counts: Record<string, number> = {}
    for (const { place } of this.machine.ledger()) counts[place.kind] = (counts[place.kind] ?? 0) + 1
    return counts
  }
}

export const track1 = 'B4000001234567899^DOE/JOHN^29121010000000000'
export const track2 = '4000001234567899=29121010000000000'

/** The classic frames of one card: number, expiry and name, two tracks. */
export const format = '#DCL#0804010401 1#FC2#0843 2#FC1#0489 3#FC1#0332#END#@@@@@@'
export const lines = '4000 0012 3456 7899"    12/29"JOHN DOE"'
export const card = `#DCC##EMB#${lines}#ENC#%${track1}?;${track2}?#END#@@@@@@`

/** Letters that a hand clears by default are followed by that hand's action. */
export const hands: Partial<Record<AlarmLetter, SimulatorAction>> = {
  E: { do: 'change-foil' },
  G: { do: 'clear-jam' },
  J: { do: 'empty-tray', tray: 'reject' },
  K: { do: 'empty-tray', tray: 'output' },
  M: { do: 'cover', open: false },
  Q: { do: 'change-ribbon' },
  Z: { do: 'refill', blanks: 1 },
}
