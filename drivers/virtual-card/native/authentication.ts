/**
 * The card's half of the native card's mutual authentication (docs/native-card.md): ICAO Doc 9303 part 11, 4.3.2 and 9.7.1, over
 * transport keys that follow from the issuer's master key by the serial number, or over a key of an application.
 */
import { concatenate, sameBytes } from '#shared/bytes.ts'
import { desDecryptCbc, desEncryptCbc, desEncryptEcb, oddParity, padded, retailMac, sha1 } from '../crypto.ts'

/** Two-key triple DES, 16 bytes each. */
export interface KeyPair {
  encryption: Uint8Array
  mac: Uint8Array
}

/** `data`: for secrets within the channel. `counter`: the send sequence counter to begin with. */
export interface SessionKeys extends KeyPair {
  data: Uint8Array
  counter: Uint8Array
}

/** KDC: option A of EMV Book 2, A1.4.1, with a use and seven bytes of the serial number in place of the account number. */
export function transportKeys(master: Uint8Array, serial: Uint8Array): KeyPair {
  const number = concatenate(new Uint8Array(7), serial).slice(-7)
  const key = (use: number) => {
    const block = concatenate([use], number)
    return oddParity(desEncryptEcb(master, concatenate(block, block.map((byte) => byte ^ 0xff))))
  }
  return { encryption: key(1), mac: key(2) }
}

/** Doc 9303-11, 9.7.1.1: of a seed, by a counter of four bytes. */
export function derivedKey(seed: Uint8Array, counter: number): Uint8Array {
  return oddParity(sha1(concatenate(seed, [0, 0, 0, counter])).slice(0, 16))
}

/** The two keys of a key of an application. */
export const keyPair = (key: Uint8Array): KeyPair => ({ encryption: derivedKey(key, 1), mac: derivedKey(key, 2) })

/**
 * Checks E.IFD ‖ M.IFD (40 bytes) against the challenge that went out, and answers E.IC ‖ M.IC and the session's keys; undefined
 * where the other side does not know the keys. `half`: the card's half of the session's seed, 16 random bytes.
 */
export function authenticate(keys: KeyPair, challenge: Uint8Array, half: Uint8Array, token: Uint8Array): { token: Uint8Array; session: SessionKeys } | undefined {
  const cryptogram = token.subarray(0, 32)
  if (!sameBytes(retailMac(keys.mac, padded(cryptogram, 8)), token.subarray(32))) return undefined
  const plain = desDecryptCbc(keys.encryption, cryptogram)
  if (!sameBytes(plain.subarray(8, 16), challenge)) return undefined
  const terminal = plain.subarray(0, 8)
  const seed = plain.subarray(16).map((byte, index) => byte ^ half[index]!)
  const answered = desEncryptCbc(keys.encryption, concatenate(challenge, terminal, half))
  return {
    token: concatenate(answered, retailMac(keys.mac, padded(answered, 8))),
    session: {
      encryption: derivedKey(seed, 1),
      mac: derivedKey(seed, 2),
      data: derivedKey(seed, 3),
      counter: concatenate(challenge.subarray(4), terminal.subarray(4)),
    },
  }
}
