/** A secure channel as a security domain of the practice card keeps it (GlobalPlatform 2.3, 10; SCP02: annex E, SCP03: amendment D 1.1.2). */
import type { Answer, CardServices, Command } from '../application.ts'

/** Bits of the security level (GlobalPlatform 2.3, table 10-1), which P1 of EXTERNAL AUTHENTICATE asks for. */
export const securityLevel = { none: 0x00, mac: 0x01, decryption: 0x02, responseMac: 0x10, responseEncryption: 0x20 } as const

/** The three static keys of a key set: as long as one another, DES for SCP02, AES for SCP03. */
export interface StaticKeys {
  encryption: Uint8Array
  mac: Uint8Array
  data: Uint8Array
}

/** What INITIALIZE UPDATE begins with. */
export interface ChannelOpening {
  card: CardServices
  keys: StaticKeys
  keyVersion: number
  /** Ten bytes of key diversification data. */
  diversification: Uint8Array
  /** How many channels this key set has opened. */
  sequence: number
  /** The parameter `i`. */
  parameter: number
  hostChallenge: Uint8Array
  /** AID of the application that is selected: the pseudo-random challenge follows from it. */
  identifier: Uint8Array
}

export interface SecureChannel {
  /** Of `scp` 02 or 03. */
  readonly protocol: 2 | 3
  /** The response to INITIALIZE UPDATE. */
  readonly response: Uint8Array
  /** As authenticated; undefined before. */
  readonly level: number | undefined
  /** EXTERNAL AUTHENTICATE. Throws CardStatus: 6300 for a wrong cryptogram, 6982 for a wrong MAC, 6A86 for a level that it can't keep. */
  authenticate(command: Command): void
  /** The command without its secure messaging. Throws CardStatus 6982; the channel is of no use then. */
  unwrap(command: Command): Command
  /** The answer with response MAC and encryption, where the level has them. */
  protect(answer: Answer): Answer
  /** Under the data encryption key: of sensitive data and of keys. Whole blocks. Throws CardStatus 6A80 for others. */
  decryptData(data: Uint8Array): Uint8Array
}
