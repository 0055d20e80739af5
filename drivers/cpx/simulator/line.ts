/** The machine's end of the serial line: bytes take their time at the baud rate, and replies meet the armed line faults. */
import type { ByteLink } from '#main/ports/byte-link.ts'
import type { Clock } from '#main/ports/clock.ts'
import type { FaultBoard } from './fault-board.ts'
import { Noise } from './noise.ts'

export interface LineOptions {
  clock: Clock
  /** Milliseconds that one byte takes. */
  byteTime: number
  board: FaultBoard
  hear: (bytes: Uint8Array) => void
  /** A host has come on the line. */
  attached: () => void
}

/** A byte as people write it: `C`, `13h`. */
export function statusName(byte: number): string {
  return byte >= 0x21 && byte <= 0x7e ? String.fromCharCode(byte) : `${byte.toString(16).toUpperCase().padStart(2, '0')}h`
}

export class MachineLine {
  readonly #options: LineOptions
  readonly #noise = new Noise()
  #link: ByteLink | undefined
  #heard = Promise.resolve()
  #said = Promise.resolve()
  /** Replies held back to arrive together. */
  #held: { bytes: number[] } | undefined
  /** Rises when whatever is still on its way is lost. */
  #epoch = 0

  constructor(options: LineOptions) {
    this.#options = options
  }

  /** Puts a host on the line in the place of the one before. Returns the function that takes it off again. */
  attach(link: ByteLink): () => void {
    this.#link = link
    const stopData = link.onData((bytes) => this.#arrive(bytes))
    const detach = () => {
      stopData()
      stopClose()
      if (this.#link === link) this.#link = undefined
    }
    const stopClose = link.onClose(detach)
    this.#options.attached()
    return detach
  }

  /** Loses what is on its way, in both directions: the machine has no power. */
  lose(): void {
    this.#epoch++
    this.#held = undefined
  }

  /** Cuts the line. */
  drop(): void {
    const link = this.#link
    this.#link = undefined
    void link?.close().catch(() => undefined)
  }

  /** Sends a reply after `delay` milliseconds, unless an armed fault has it otherwise. */
  send(bytes: Uint8Array, delay: number): void {
    const { board } = this.#options
    const status = bytes.length === 1 ? statusName(bytes[0] ?? 0) : undefined
    if (board.standing('silence').length > 0) return
    if (board.strikeReply('reply-lost', status)) return
    const late = board.strikeReply('reply-late', status)?.milliseconds ?? 0
    const said = board.strikeReply('reply-twice', status) ? [...bytes, ...bytes] : [...bytes]
    if (this.#held !== undefined) return void this.#held.bytes.push(...said)
    const joined = board.strikeReply('replies-joined', status)
    if (joined) return this.#hold(said, joined.milliseconds)
    const split = board.strikeReply('replies-split', status)
    if (split) for (const byte of said) this.#transmit([byte], split.milliseconds)
    else this.#transmit(said, delay + late)
  }

  #hold(bytes: number[], milliseconds: number): void {
    const held = { bytes }
    this.#held = held
    const release = async () => {
      await this.#options.clock.sleep(milliseconds)
      if (this.#held !== held) return
      this.#held = undefined
      this.#transmit(held.bytes, 0)
    }
    void release()
  }

  /** One write, after all that was sent before. */
  #transmit(bytes: number[], delay: number): void {
    const { clock, byteTime, board } = this.#options
    const epoch = this.#epoch
    const before = this.#said
    const say = async () => {
      await before
      if (epoch !== this.#epoch) return
      await clock.sleep(delay + bytes.length * byteTime)
      if (epoch !== this.#epoch) return
      const disturbed = this.#noise.disturb(Uint8Array.from(bytes), 'to-host', board.standing('noise'))
      // A host that is gone hears nothing; the machine can't know.
      if (disturbed.length > 0) await this.#link?.write(disturbed).catch(() => undefined)
    }
    this.#said = say()
  }

  #arrive(bytes: Uint8Array): void {
    const { clock, byteTime, board, hear } = this.#options
    const epoch = this.#epoch
    const copy = Uint8Array.from(bytes)
    const before = this.#heard
    const listen = async () => {
      await before
      if (epoch !== this.#epoch) return
      await clock.sleep(copy.length * byteTime)
      if (epoch !== this.#epoch || board.standing('silence').some(({ fault }) => !fault.hears)) return
      hear(this.#noise.disturb(copy, 'to-machine', board.standing('noise')))
    }
    this.#heard = listen()
  }
}
