/**
 * The port behind which every chip station stands: a PC/SC reader, a reader inside an embosser, a station of a conveyor, a
 * practice card in a pretended one. It knows commands and responses, nothing of scripts, channels or jobs.
 *
 * A command is sent at most once. What became of it when no response came is said by type, never by a second try.
 */
import type { Reason } from '#shared/device/device.ts'

export type StationState =
  | 'no-reader' // the reader is not there, or the service of readers is not
  | 'empty' //     no card
  | 'card' //      a card lies in it and answers to reset
  | 'mute' //      something lies in it that does not answer to reset

/** Why no response came. */
export type ChipLoss =
  | 'card-removed'
  | 'reader-lost'
  | 'mute' //           the card no longer answers
  | 'deadline' //       no response in time; the card was switched off
  | 'protocol-error' // the reader or the card broke the transmission protocol
  | 'reset' //          somebody else has reset the card: what it held for us is gone
  | 'cancelled' //      by the signal

export type ChipAnswer =
  /** `status`: SW1 SW2 as one number, such as 0x9000. */
  | { kind: 'response'; data: Uint8Array; status: number }
  /** `sent` false: it is certain that the card has seen nothing of this command. */
  | { kind: 'lost'; loss: ChipLoss; sent: boolean }

export interface TransmitOptions {
  /** Milliseconds for this command with everything that its transport needs; the station's own limit where absent. */
  deadline?: number
  signal?: AbortSignal
}

/** A card that is powered and ours alone, until `release`. */
export interface ChipConnection {
  /** Answer to reset (ISO/IEC 7816-3, 8.2). */
  readonly atr: Uint8Array
  readonly protocol: 'T=0' | 'T=1'
  /**
   * One command APDU of ISO/IEC 7816-3, 12.1 (cases 1 to 4, short or extended), and its whole response. The station sees to what
   * its transport needs: the case 4 of T=0, `61xx` and GET RESPONSE, `6Cxx` and the right length, command chaining (7816-4, 5.3.3) for
   * what a card without extended length can't take at once. None of these makes a card do a thing twice.
   * Once an answer was `lost`, so are all that follow until `reset`.
   */
  transmit(command: Uint8Array, options?: TransmitOptions): Promise<ChipAnswer>
  /** Power off and on again. Answers the new answer to reset, or why there is none. */
  reset(): Promise<{ kind: 'ready'; atr: Uint8Array } | { kind: 'lost'; loss: ChipLoss }>
  /** Ends the exclusive use. `unpower` is the rule; `leave` keeps the card as it is. Never rejects. */
  release(how: 'unpower' | 'leave'): Promise<void>
}

export interface ChipStation {
  /** As the operating system or the machine calls it. Readers are found by name, never by their place in a list. */
  readonly name: string
  state(): { state: StationState; reasons: readonly Reason[] }
  /** Any change of `state()`. Returns the function that stops listening. */
  onState(listener: () => void): () => void
  /** Resolves as soon as `state()` is one of these; rejects with the signal's reason when it is aborted first. */
  waitFor(states: readonly StationState[], signal?: AbortSignal): Promise<StationState>
  /**
   * Powers the card and takes it for this program alone.
   * Throws `chip.no-reader`, `chip.no-card`, `chip.mute`, `chip.in-use`, `chip.no-service` (class device).
   */
  connect(): Promise<ChipConnection>
  close(): Promise<void>
}

export interface ReaderView {
  name: string
  state: StationState
  /** Hex, where a card is in it. */
  atr?: string | undefined
}

/** The readers of this computer. */
export interface ChipReaders {
  /** Throws `chip.no-service` where no PC/SC service runs, `chip.unavailable` where its library does not load (class device). */
  list(): Promise<ReaderView[]>
  /** A station for the reader of this name, whether it is plugged in yet or not. */
  station(reader: string): ChipStation
}
