/** What PC/SC's errors mean for a station: while a card is being taken, and while a command is under way. */
import type { ChipLoss } from '#main/ports/chip-station.ts'
import { CardwrightError } from '#shared/cardwright-error.ts'

const connecting: Readonly<Record<string, 'chip.no-reader' | 'chip.no-card' | 'chip.mute' | 'chip.in-use' | 'chip.no-service'>> = {
  NoService: 'chip.no-service',
  ServiceStopped: 'chip.no-service',
  BrokenPipe: 'chip.no-service',
  InvalidHandle: 'chip.no-service',
  UnknownReader: 'chip.no-reader',
  ReaderUnavailable: 'chip.no-reader',
  NoReadersAvailable: 'chip.no-reader',
  NoSmartCard: 'chip.no-card',
  RemovedCard: 'chip.no-card',
  SharingViolation: 'chip.in-use',
  UnresponsiveCard: 'chip.mute',
  UnpoweredCard: 'chip.mute',
  UnsupportedCard: 'chip.mute',
  ProtoMismatch: 'chip.mute',
  InvalidAtr: 'chip.mute',
}

/** The fault (class device) for an error of `SCardConnect`. */
export function connectFault(reader: string, code: string, cause?: unknown): CardwrightError {
  const known = connecting[code]
  const values = { reader, ...(known === undefined && { cause: code }) }
  return new CardwrightError({ code: known ?? 'chip.reader-failed', class: 'device', place: reader, values }, { cause })
}

const transmitting: Readonly<Record<string, ChipLoss>> = {
  RemovedCard: 'card-removed',
  NoSmartCard: 'card-removed',
  ResetCard: 'reset',
  UnpoweredCard: 'reset',
  UnresponsiveCard: 'mute',
  Timeout: 'mute',
  NoService: 'reader-lost',
  ServiceStopped: 'reader-lost',
  BrokenPipe: 'reader-lost',
  InvalidHandle: 'reader-lost',
  UnknownReader: 'reader-lost',
  ReaderUnavailable: 'reader-lost',
  NoReadersAvailable: 'reader-lost',
  ProtoMismatch: 'protocol-error',
}

/** Undefined where the error says only that there was no response (`NotTransacted`, `CommError`): the reader has to be asked what happened. */
export function lossOf(code: string): ChipLoss | undefined {
  return transmitting[code]
}
