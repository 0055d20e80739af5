/**
 * An issuer's host, written from EMV 4.3 Book 2 apart from the practice card's own cryptography: derives card keys, checks
 * cryptograms, answers them, and writes scripts. Keys and data are hex.
 */
import { createCipheriv, createHash } from 'node:crypto'

export type IssuerScheme = 'visa-10' | 'visa-18' | 'mchip'
export interface CardKeys { ac: string; smi: string; smc: string }

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex').toUpperCase()
const bytes = (text: string): Buffer => Buffer.from(text, 'hex')
const xor = (one: string, other: string): string => hex(bytes(one).map((byte, index) => byte ^ (bytes(other)[index] ?? 0)))
const complement = (text: string): string => hex(bytes(text).map((byte) => ~byte & 0xff))

function cbc(key: string, data: string): string {
  const cipher = createCipheriv('des-ede3-cbc', bytes(key.length === 16 ? key.repeat(3) : key + key.slice(0, 16)), Buffer.alloc(8)).setAutoPadding(false)
  return hex(Buffer.concat([cipher.update(bytes(data)), cipher.final()]))
}

/** One block after the other, each on its own. */
export function ecb(key: string, data: string): string {
  return (data.match(/.{16}/g) ?? []).map((block) => cbc(key, block)).join('')
}

/** ISO/IEC 9797-1 algorithm 3 over whole blocks. */
export function mac(key: string, data: string): string {
  const last = data.slice(-16)
  const chained = data.length > 16 ? cbc(key.slice(0, 16), data.slice(0, -16)).slice(-16) : '0'.repeat(16)
  return cbc(key, xor(last, chained))
}

export function padded(data: string): string {
  const open = `${data}80`
  return open.padEnd(Math.ceil(open.length / 16) * 16, '0')
}

export function oddParity(key: string): string {
  return hex(bytes(key).map((byte) => {
    const odd = [...(byte & 0xfe).toString(2)].filter((bit) => bit === '1').length % 2 === 1
    return (byte & 0xfe) | (odd ? 0 : 1)
  }))
}

/** Annex A1.4.1, option A. `number` and `sequence`: digits. */
export function deriveCardKey(issuerKey: string, number: string, sequence: string): string {
  const y = `${number}${sequence}`.slice(-16).padStart(16, '0')
  return oddParity(ecb(issuerKey, y + complement(y)))
}

export function checkValue(key: string): string {
  return ecb(key, '0'.repeat(16)).slice(0, 6)
}

/** Annex A1.3.1. */
export function sessionKey(cardKey: string, r: string): string {
  return oddParity(ecb(cardKey, `${r.slice(0, 4)}F0${r.slice(6)}${r.slice(0, 4)}0F${r.slice(6)}`))
}

export interface TransactionData {
  /** 9F02 9F03 9F1A 95 5F2A 9A 9C 9F37, in this order, as the terminal sent them with the cryptogram that is checked. */
  terminal: Record<'9F02' | '9F03' | '9F1A' | '95' | '5F2A' | '9A' | '9C' | '9F37', string>
  interchangeProfile: string
  counter: string
  issuerApplicationData: string
}

const order = ['9F02', '9F03', '9F1A', '95', '5F2A', '9A', '9C', '9F37'] as const

function applicationKey(scheme: IssuerScheme, keys: CardKeys, counter: string, unpredictable: string): string {
  if (scheme === 'visa-10') return keys.ac
  return sessionKey(keys.ac, scheme === 'visa-18' ? counter.padEnd(16, '0') : `${counter}0000${unpredictable}`)
}

/** What the cryptogram of these data has to be. `first`: the unpredictable number of the first GENERATE AC, from which M/Chip has its key. */
export function expectedCryptogram(scheme: IssuerScheme, keys: CardKeys, data: TransactionData, first = data.terminal['9F37']): string {
  const iad = data.issuerApplicationData
  const ending = scheme === 'visa-10' ? iad.slice(6, 14) : scheme === 'visa-18' ? iad : iad.slice(4, 16)
  const whole = order.map((tag) => data.terminal[tag]).join('') + data.interchangeProfile + data.counter + ending
  const filled = scheme === 'visa-10' ? whole.padEnd(Math.ceil(whole.length / 16) * 16, '0') : padded(whole)
  return mac(applicationKey(scheme, keys, data.counter, first), filled)
}

/** Issuer authentication data (tag 91). `code`: authorisation response code in ASCII hex (visa-10, M/Chip), or a card status update of four bytes. */
export function authenticationData(scheme: IssuerScheme, keys: CardKeys, cryptogram: string, counter: string, code: string): string {
  if (scheme === 'visa-18') return mac(applicationKey(scheme, keys, counter, ''), padded(cryptogram + code)).slice(0, 8) + code
  return ecb(keys.ac, xor(cryptogram, code.padEnd(16, '0'))) + code
}

function scriptKey(scheme: IssuerScheme, key: string, counter: string, cryptogram: string): string {
  if (scheme === 'mchip') return sessionKey(key, cryptogram)
  return oddParity(xor(key, `000000000000${counter}000000000000${complement(counter)}`))
}

/**
 * A command of an issuer's script with its MAC (Book 2, 9.2): header of four bytes, then data in clear. `number`: which of the script it
 * is, from 0; M/Chip counts the cryptogram on. `macLength`: 4 to 8.
 */
export function scriptCommand(scheme: IssuerScheme, keys: CardKeys, cryptogram: string, counter: string, header: string, data: string, number = 0, macLength = 8): string {
  const random = scheme === 'mchip' ? (BigInt(`0x${cryptogram}`) + BigInt(number)).toString(16).toUpperCase().padStart(16, '0').slice(-16) : cryptogram
  const start = header + (data.length / 2 + macLength).toString(16).toUpperCase().padStart(2, '0')
  const value = mac(scriptKey(scheme, keys.smi, counter, random), padded(start + counter + random + data))
  return start + data + value.slice(0, macLength * 2)
}

/** The enciphered data of PIN CHANGE: a new PIN, P2 02. */
export function encipheredPin(scheme: IssuerScheme, keys: CardKeys, cryptogram: string, counter: string, pin: string): string {
  const block = `${scheme === 'mchip' ? '2' : '0'}${pin.length.toString(16)}${pin}`.padEnd(16, 'F').toUpperCase()
  const key = scriptKey(scheme, keys.smc, counter, cryptogram)
  if (scheme === 'mchip') return cbc(key, block)
  return ecb(key, padded(`08${xor(block, `00000000${keys.ac.slice(8, 16)}`)}`))
}

export const sha1 = (text: string): string => createHash('sha1').update(bytes(text)).digest('hex').toUpperCase()
