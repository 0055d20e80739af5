/**
 * Keys for cards, by handle: what the personalization server needs of a key store. Nobody outside a provider holds the bytes
 * of a key; what leaves it is text encrypted for a card, a code, or a check value.
 * Operations answer with promises, since a provider may be a device on a network.
 * Names: `card-master-visa` for a named key; derived and session keys have a handle alone.
 */
import type { KeyAlgorithm, KeyPurpose, KeyView } from '#shared/chip/keys.ts'

/** Made by a provider, and worth something only there. */
export interface KeyHandle {
  readonly algorithm: KeyAlgorithm
  readonly purpose: KeyPurpose
}

/** How a key follows from another. Specifications differ only in these bytes: the caller builds them and cites its section. */
export type Derivation =
  /** The key is the encryption of `data` under its parent (EMV Book 2 A1.4.1, GlobalPlatform Card Specification E.4.1). */
  | { kind: 'encrypted'; mode: 'ecb' | 'cbc'; data: Uint8Array; algorithm: KeyAlgorithm; purpose: 'card' | 'session'; parity: 'odd' | 'as-is' }
  /** The key as it stands, for cards whose keys were not made different (GlobalPlatform Card Specification 11.1.8, initial keys). */
  | { kind: 'same'; purpose: 'card' }
  /** CMACs of these inputs one after another, cut to length (NIST SP 800-108 4.1 in counter mode, GlobalPlatform amendment D 4.1.5). */
  | { kind: 'cmac'; inputs: readonly Uint8Array[]; algorithm: KeyAlgorithm; purpose: 'card' | 'session' }

/** Padding is the caller's: data comes in whole blocks. An absent `iv` is zeros. DES means two- or three-key triple DES. */
export interface CipherMode {
  mode: 'ecb' | 'cbc'
  iv?: Uint8Array
}

export type MacAlgorithm =
  /** ISO/IEC 9797-1 algorithm 3 over whole blocks: single DES, last block triple; 8 bytes. */
  | 'retail'
  /** ISO/IEC 9797-1 algorithm 1 with triple DES over whole blocks; 8 bytes. */
  | 'full-des3'
  /** AES CMAC (NIST SP 800-38B) of any length; 16 bytes. */
  | 'cmac'

/** A secret as it stands in prepared data: encrypted under a transport key, never clear in this program. */
export interface WrappedSecret {
  data: Uint8Array
  /** Name of the transport key. */
  under: string
  mode: 'ecb' | 'cbc'
  /** What was added before encryption: `iso-9797-2` is 80 00…; after it is taken off, `clearLength` bytes remain. */
  padding: 'none' | 'iso-9797-2'
  clearLength: number
}

export interface CardKeys {
  list(): KeyView[]
  /**
   * Keeps a key sealed under the store's own; `value` is wiped. DES keys get odd parity.
   * Throws `key.locked`, `key.name-taken`, `key.wrong-length`, `key.weak` (class operator).
   */
  importKey(order: { name: string; algorithm: KeyAlgorithm; purpose: KeyPurpose; value: Uint8Array; demo?: boolean }): KeyView
  removeKey(name: string): void

  /** Throws `key.locked`, `key.no-such-key`, `key.wrong-purpose` (class operator). */
  open(name: string, purpose: KeyPurpose): Promise<KeyHandle>
  derive(from: KeyHandle, derivation: Derivation): Promise<KeyHandle>
  encrypt(key: KeyHandle, data: Uint8Array, mode: CipherMode): Promise<Uint8Array>
  /** Session keys alone: nobody may have a secret decrypted by asking. Throws `key.wrong-purpose` (class bug). */
  decrypt(key: KeyHandle, data: Uint8Array, mode: CipherMode): Promise<Uint8Array>
  /** `iv`: the chaining value to begin with, zeros where absent. */
  mac(key: KeyHandle, algorithm: MacAlgorithm, data: Uint8Array, iv?: Uint8Array): Promise<Uint8Array>
  /** The value of one key encrypted under another, for PUT KEY and its like. */
  wrap(key: KeyHandle, under: KeyHandle, mode: CipherMode): Promise<Uint8Array>
  /**
   * Takes a secret out of its transport key and encrypts it under a session key, or under the card's own where its channel has none for secrets
   * (SCP03: amendment D, 6.2.8), within the provider. `padding` is what the channel
   * wants before it encrypts. Throws `key.no-such-key`, `key.bad-padding`, `key.wrong-purpose`.
   */
  translate(secret: WrappedSecret, to: KeyHandle, mode: CipherMode & { padding: 'none' | 'iso-9797-2' }): Promise<Uint8Array>
  /** The first bytes of zeros (DES) or of 01…01 (AES: GlobalPlatform amendment D 4.1.3) encrypted; three unless told. */
  checkValue(key: KeyHandle, length?: number): Promise<Uint8Array>
  /** Of the DES key that a secret is, to compare with what a card tells of it. */
  secretCheckValue(secret: WrappedSecret, part: { offset: number; length: number }): Promise<Uint8Array>
  /**
   * The terminal's half of a mutual authentication with key establishment, both random numbers and the key's half drawn within the provider
   * (ICAO Doc 9303-11, 4.3.2 and 9.7.1; docs/native-card.md). `challenge`: eight bytes of the card.
   */
  authenticate(keys: { encryption: KeyHandle; mac: KeyHandle }, challenge: Uint8Array): Promise<MutualAuthentication>
  /** Wipes a derived or session key. */
  release(key: KeyHandle): void
}

export interface MutualAuthentication {
  /** E.IFD and M.IFD, 40 bytes. */
  readonly token: Uint8Array
  /**
   * Session keys from the card's 40 bytes; undefined where they do not prove that it knows the keys. `data`: for secrets within the channel.
   * `counter`: the send sequence counter to begin with.
   */
  complete(response: Uint8Array): Promise<{ encryption: KeyHandle; mac: KeyHandle; data: KeyHandle; counter: Uint8Array } | undefined>
}
