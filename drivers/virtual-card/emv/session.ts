/** One transaction, in the card's RAM: from SELECT to the last command of a script. */
import type { CardServices } from '../application.ts'
import type { EmvProfile } from './profile.ts'
import type { EmvState } from './state.ts'

export type CryptogramKind = 'AAC' | 'TC' | 'ARQC'

export interface FirstCryptogram {
  kind: CryptogramKind
  cryptogram: Uint8Array
  /** What the terminal sent: values by tag, and the same as it came. */
  terminal: ReadonlyMap<string, Uint8Array>
  data: Uint8Array
  /** Combined with a dynamic signature. */
  combined: boolean
}

export interface Session {
  /** GET PROCESSING OPTIONS was answered. */
  initiated: boolean
  /** The values of the PDOL, as they came. */
  processingData: Uint8Array
  /** For the very next command (Book 3, 6.5.6). */
  challenge?: Uint8Array | undefined
  pin: { tried: boolean; correct: boolean; enciphered: boolean }
  /** ICC dynamic number of the last dynamic signature. */
  dynamicNumber?: Uint8Array | undefined
  first?: FirstCryptogram | undefined
  /** The second cryptogram was given: only a script may follow. */
  ended: boolean
  issuerAuthentication: 'none' | 'passed' | 'failed'
  /** Card status update or authorisation response code that an issuer was authenticated with. */
  issuerCode?: Uint8Array | undefined
  /** Commands of a script that were authentic. */
  scriptCommands: number
}

/** What the card does for a payment application beyond what it does for any. */
export interface EmvServices extends CardServices {
  /** CARD BLOCK (EMV 4.3 Book 3, 6.5.3): no application of the card answers from now on. Where the card can't, this one alone is blocked. */
  blockCard?(): void
}

/** All that a command of the payment application works with. */
export interface Context {
  /** AID. */
  identifier: Uint8Array
  profile: EmvProfile
  state: EmvState
  session: Session
  services: EmvServices
}

export function newSession(): Session {
  return {
    initiated: false,
    processingData: new Uint8Array(0),
    pin: { tried: false, correct: false, enciphered: false },
    ended: false,
    issuerAuthentication: 'none',
    scriptCommands: 0,
  }
}
