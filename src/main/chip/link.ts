/** The connection to one card, as everything in the server uses it: each command counted, traced and, on the workbench, held. */
import type { ChipTraceEntry } from '#shared/chip/trace.ts'
import type { ChipConnection } from '../ports/chip-station.ts'
import type { Clock } from '../ports/clock.ts'
import { toHex } from '#shared/bytes.ts'
import { statusHex } from '#shared/chip/apdu.ts'
import type { ResponseApdu as CardResponse } from '#shared/chip/apdu.ts'
import { ChipLost } from './endings.ts'
import type { Mask } from './masks.ts'
import type { ChipOrder } from './personalization.ts'

/** One command on its way. */
export interface Sending {
  by: 'script' | 'server'
  application?: string | undefined
  step?: string | undefined
  line?: number | undefined
  /** As it goes over the contacts. */
  bytes: Uint8Array
  /** Its plain form for people, secrets as `..`; only where it is not `bytes` itself. */
  plain?: string | undefined
  /** The bytes on the contacts hold something that nobody may see, such as a typed password: the plain form alone is shown. */
  conceal?: boolean | undefined
  /** Takes the channel off the response. Throws where it is not the card's. */
  unwrap?: ((response: CardResponse) => Promise<CardResponse>) | undefined
}

type ApduEntry = Extract<ChipTraceEntry, { kind: 'apdu' }>

export class CardLink {
  readonly connection: ChipConnection
  /** Of the present card: changes when it is switched on again. */
  atr: Uint8Array
  apdus = 0
  lastStatus: string | undefined
  private entries = 0
  private readonly order: Pick<ChipOrder, 'onTrace' | 'beforeCommand' | 'signal'>
  private readonly clock: Clock
  mask: Mask

  constructor(connection: ChipConnection, order: Pick<ChipOrder, 'onTrace' | 'beforeCommand' | 'signal'>, clock: Clock, mask: Mask) {
    this.connection = connection
    this.atr = connection.atr
    this.order = order
    this.clock = clock
    this.mask = mask
  }

  /** The card's answer. Throws `ChipLost`, and what `unwrap` throws. */
  async exchange(sending: Sending): Promise<CardResponse> {
    const entry = this.entryOf(sending)
    this.trace(entry)
    await this.order.beforeCommand?.(entry)
    this.apdus += 1
    const began = this.clock.elapsed()
    const signal = this.order.signal
    const answer = await this.connection.transmit(sending.bytes, signal === undefined ? {} : { signal })
    const milliseconds = this.clock.elapsed() - began
    if (answer.kind === 'lost') {
      this.trace({ ...entry, lost: answer.loss, milliseconds })
      throw new ChipLost(answer.loss)
    }
    this.lastStatus = statusHex(answer.status)
    const wire = this.mask(toHex(answer.data) + this.lastStatus)
    if (sending.unwrap === undefined) {
      this.trace({ ...entry, response: wire, milliseconds })
      return answer
    }
    try {
      const plain = await sending.unwrap(answer)
      this.trace({ ...entry, response: this.mask(toHex(plain.data) + statusHex(plain.status)), wrappedResponse: wire, milliseconds })
      return plain
    } catch (thrown) {
      this.trace({ ...entry, wrappedResponse: wire, milliseconds })
      throw thrown
    }
  }

  /** Switches the card off and on. Throws `ChipLost`. */
  async reset(): Promise<void> {
    const answer = await this.connection.reset()
    if (answer.kind === 'lost') throw new ChipLost(answer.loss)
    this.atr = answer.atr
    this.channel(`reset ${toHex(answer.atr)}`)
  }

  log(application: string | undefined, text: string): void {
    this.trace({ kind: 'log', number: this.next(), text, ...(application === undefined ? {} : { application }) })
  }

  channel(text: string): void {
    this.trace({ kind: 'channel', number: this.next(), text })
  }

  end(good: boolean, fault: string | undefined): void {
    this.trace({ kind: 'end', number: this.next(), good, ...(fault === undefined ? {} : { fault }) })
  }

  private entryOf({ by, application, step, line, bytes, plain, conceal }: Sending): ApduEntry {
    const wire = this.mask(toHex(bytes))
    return {
      kind: 'apdu',
      number: this.next(),
      by,
      command: plain === undefined ? wire : this.mask(plain),
      ...(plain === undefined || conceal === true ? {} : { wrapped: wire }),
      ...(application === undefined ? {} : { application }),
      ...(step === undefined ? {} : { step }),
      ...(line === undefined ? {} : { line }),
    }
  }

  private next(): number {
    this.entries += 1
    return this.entries
  }

  private trace(entry: ChipTraceEntry): void {
    this.order.onTrace?.(entry)
  }
}
