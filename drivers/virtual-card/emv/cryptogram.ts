/**
 * Session keys, application cryptograms, issuer authentication and secure messaging, as the card computes them: EMV 4.3 Book 2, 8 and 9 and
 * annex A1, and what the payment systems have of their own. Pure: keys come in, bytes go out.
 */
import { concatenate, numberToBytes } from '#shared/bytes.ts'
import { desDecryptCbc, desDecryptEcb, desEncryptEcb, oddParity, padded, retailMac, sha1 } from '../crypto.ts'

/** How one cryptogram version number has its keys and data. */
export interface CryptogramVersion {
  /** `none`: the card's key itself; `common`: Book 2, A1.3; `mchip`: the same from ATC and unpredictable number; `tree`: the EMV 2000 tree. */
  sessionKey: 'none' | 'common' | 'mchip' | 'tree'
  /** `zeros` up to a whole block (ISO/IEC 9797-1 method 1), or `iso`: 80 and zeros (method 2). */
  padding: 'zeros' | 'iso'
  /** What follows amount to ATC: card verification results alone, with the offline counters, or the whole issuer application data. */
  ending: 'verification-results' | 'verification-results-and-counters' | 'issuer-application-data'
  /** Book 2, 8.2: method 1 (response code) or 2 (card status update), and the key for it. */
  issuerAuthentication: { method: 1 | 2; key: 'master' | 'session' }
  /** Keys of scripts: Visa's from the ATC, or the common derivation from the cryptogram (Book 2, A1.3 and 9.2.2). */
  script: 'visa' | 'common'
}

/** Book 2, A1.3.1: r with F0 and 0F in its third byte, encrypted under the master key. */
export function commonSessionKey(master: Uint8Array, r: Uint8Array): Uint8Array {
  const half = (mark: number) => desEncryptEcb(master, r.map((byte, index) => (index === 2 ? mark : byte)))
  return oddParity(concatenate(half(0xf0), half(0x0f)))
}

/** Visa: the ATC, and its complement, over the last two bytes of each half. */
export function visaScriptKey(master: Uint8Array, atc: number): Uint8Array {
  const mask = concatenate(new Uint8Array(6), numberToBytes(atc, 2), new Uint8Array(6), numberToBytes(atc ^ 0xffff, 2))
  return oddParity(exclusiveOr(master, mask))
}

/** The session key derivation of EMV 2000 (Book 2, A1.3 of version 4.0): a tree of keys, the leaf by the ATC. */
export function treeSessionKey(master: Uint8Array, atc: number, height = 8, branches = 4, iv: Uint8Array = new Uint8Array(16)): Uint8Array {
  const derive = (parent: Uint8Array, grandparent: Uint8Array, branch: number): Uint8Array => {
    const mask = numberToBytes(branch % branches, 8)
    const right = exclusiveOr(exclusiveOr(grandparent.subarray(8), mask), concatenate(new Uint8Array(7), [0xf0]))
    return concatenate(desEncryptEcb(parent, exclusiveOr(grandparent.subarray(0, 8), mask)), desEncryptEcb(parent, right))
  }
  const line = [iv, master]
  for (let level = height - 1; level >= 0; level -= 1) line.push(derive(line.at(-1)!, line.at(-2)!, Math.floor(atc / branches ** level)))
  return oddParity(exclusiveOr(line.at(-1)!, line.at(-3)!))
}

/** Key of the application cryptogram. `unpredictable`: 9F37 of the first GENERATE AC. */
export function cryptogramKey(version: CryptogramVersion, master: Uint8Array, atc: number, unpredictable: Uint8Array): Uint8Array {
  switch (version.sessionKey) {
    case 'none':
      return master
    case 'common':
      return commonSessionKey(master, concatenate(numberToBytes(atc, 2), new Uint8Array(6)))
    case 'mchip':
      return commonSessionKey(master, concatenate(numberToBytes(atc, 2), new Uint8Array(2), unpredictable))
    case 'tree':
      return treeSessionKey(master, atc)
  }
}

/** Book 2, 8.1.2. 8 bytes. */
export function applicationCryptogram(version: CryptogramVersion, key: Uint8Array, data: Uint8Array): Uint8Array {
  return retailMac(key, version.padding === 'iso' ? padded(data, 8) : withZeros(data))
}

/** Book 2, 8.2.1: 8 bytes. `code`: authorisation response code, two bytes. */
export function responseCryptogram(key: Uint8Array, requestCryptogram: Uint8Array, code: Uint8Array): Uint8Array {
  return desEncryptEcb(key, exclusiveOr(requestCryptogram, concatenate(code, new Uint8Array(6))))
}

/** Book 2, 8.2.2: 4 bytes. `update`: card status update, and proprietary authentication data of up to 8 bytes. */
export function responseCryptogramOfUpdate(key: Uint8Array, requestCryptogram: Uint8Array, update: Uint8Array): Uint8Array {
  return retailMac(key, padded(concatenate(requestCryptogram, update), 8)).slice(0, 4)
}

/** Key of a script's secure messaging. `cryptogram`: of the first GENERATE AC, one more for each command of the script (M/Chip). */
export function scriptKey(version: CryptogramVersion, master: Uint8Array, atc: number, cryptogram: Uint8Array): Uint8Array {
  return version.script === 'visa' ? visaScriptKey(master, atc) : commonSessionKey(master, cryptogram)
}

/** Book 2, 9.2.3: MAC over a command, format 2. All 8 bytes; the script may bring the first 4 to 8. */
export function scriptMac(key: Uint8Array, data: Uint8Array): Uint8Array {
  return retailMac(key, padded(data, 8))
}

/** Visa: a length byte, the data, padding; ECB. Undefined where what comes out has not that form. */
export function visaPlain(key: Uint8Array, data: Uint8Array): Uint8Array | undefined {
  const plain = desDecryptEcb(key, data)
  const length = plain[0] ?? 0
  const rest = plain.subarray(1 + length)
  const filled = rest.length === 0 || (rest[0] === 0x80 && rest.subarray(1).every((byte) => byte === 0)) || rest.every((byte) => byte === 0)
  return length < plain.length && filled ? plain.slice(1, 1 + length) : undefined
}

/** M/Chip: CBC from zeros; padded (method 2) only where the data are no whole blocks. */
export const mchipPlain = (key: Uint8Array, data: Uint8Array): Uint8Array => desDecryptCbc(key, data)

/**
 * Visa's block that changes a PIN: the new PIN, its length before it, over the middle of the card's key; and over the old PIN where
 * the command says so (P2 01).
 */
export function visaPinChangeMask(applicationCryptogramKey: Uint8Array, oldPin: string | undefined): Uint8Array {
  const mask = concatenate(new Uint8Array(4), applicationCryptogramKey.subarray(4, 8))
  if (oldPin === undefined) return mask
  const digits = oldPin.padEnd(16, '0').match(/../g)!.map((pair) => Number.parseInt(pair, 16))
  return exclusiveOr(mask, Uint8Array.from(digits))
}

/** Check value of a DES key: the first three bytes of zeros under it (EMV CPS 1.1, 3.3.4). */
export const keyCheckValue = (key: Uint8Array): Uint8Array => desEncryptEcb(key, new Uint8Array(8)).slice(0, 3)

/** Card key from an issuer's key, Book 2, A1.4.1 (option A) and A1.4.2 (option B, for numbers longer than 16 digits). Cards don't need it; tests of them do. */
export function cardKey(issuerKey: Uint8Array, number: string, sequence: string, option: 'A' | 'B' = 'A'): Uint8Array {
  const digits = number + sequence
  const block = option === 'B' && number.length > 16 ? decimalized(digits) : digits.slice(-16).padStart(16, '0')
  const y = Uint8Array.from(block.match(/../g)!, (pair) => Number.parseInt(pair, 16))
  return oddParity(concatenate(desEncryptEcb(issuerKey, y), desEncryptEcb(issuerKey, y.map((byte) => byte ^ 0xff))))
}

function decimalized(digits: string): string {
  const even = digits.length % 2 === 1 ? `0${digits}` : digits
  const hash = [...Buffer.from(sha1(Uint8Array.from(even.match(/../g)!, (pair) => Number.parseInt(pair, 16)))).toString('hex')]
  const decimal = hash.filter((digit) => digit <= '9')
  const letters = hash.filter((digit) => digit > '9').map((digit) => String(Number.parseInt(digit, 16) - 10))
  return [...decimal, ...letters].slice(0, 16).join('')
}

export function exclusiveOr(one: Uint8Array, other: Uint8Array): Uint8Array {
  return one.map((byte, index) => byte ^ (other[index] ?? 0))
}

function withZeros(data: Uint8Array): Uint8Array {
  const whole = new Uint8Array(Math.ceil(data.length / 8) * 8)
  whole.set(data)
  return whole
}
