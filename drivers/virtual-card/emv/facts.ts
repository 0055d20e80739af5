/**
 * What the card knows about a transaction and the ones before, and how it says it to its issuer: card verification results and issuer
 * application data, by payment system (EMV 4.3 Book 3, 10.8 and annex C7; VIS and M/Chip each have their own).
 */
import { concatenate } from '#shared/bytes.ts'
import type { Context, CryptogramKind } from './session.ts'

export interface Facts {
  first: CryptogramKind
  second: CryptogramKind | 'none'
  combinedFirst: boolean
  combinedSecond: boolean
  dynamicDone: boolean
  pin: { tried: boolean; correct: boolean; enciphered: boolean }
  triesExceeded: boolean
  triesLeft: number
  issuerAuthentication: 'none' | 'passed' | 'failed'
  unableOnline: boolean
  newCard: boolean
  /** Limits of transactions and amounts since the last one online. */
  countLower: boolean
  countUpper: boolean
  amountLower: boolean
  amountUpper: boolean
  abroad: boolean
  /** Of the transactions before. */
  lastOnlineOpen: boolean
  lastIssuerFailed: boolean
  lastIssuerMissing: boolean
  lastStaticFailed: boolean
  lastDynamicFailed: boolean
  goOnline: boolean
  scripts: number
  scriptFailed: boolean
  /** The terminal takes the offline PIN for right (9F34), the card does not. */
  pinMisjudged: boolean
}

const bits = (...pairs: readonly (readonly [boolean, number])[]): number => pairs.reduce((sum, [set, bit]) => sum | (set ? bit : 0), 0)
const secondKind = { AAC: 0x00, TC: 0x40, ARQC: 0x80, none: 0x80 } as const
const firstKind = { AAC: 0x00, TC: 0x10, ARQC: 0x20 } as const

/** VIS: length 03 and three bytes. */
export function visaResults(facts: Facts): Uint8Array {
  const { pin } = facts
  return Uint8Array.of(
    0x03,
    secondKind[facts.second] |
      firstKind[facts.first] |
      bits([facts.issuerAuthentication === 'failed', 0x08], [pin.tried, 0x04], [pin.tried && !pin.correct, 0x02], [facts.unableOnline, 0x01]),
    bits(
      [facts.lastOnlineOpen, 0x80],
      [facts.triesExceeded, 0x40],
      [facts.countLower || facts.countUpper || facts.amountLower || facts.amountUpper, 0x20],
      [facts.newCard, 0x10],
      [facts.lastIssuerFailed, 0x08],
      [facts.lastIssuerMissing, 0x04],
      [facts.lastStaticFailed, 0x01],
    ),
    ((facts.scripts & 0x0f) << 4) |
      bits([facts.scriptFailed, 0x08], [facts.lastDynamicFailed, 0x04], [facts.dynamicDone || facts.combinedFirst || facts.combinedSecond, 0x02]),
  )
}

/** M/Chip 4 and Advance: six bytes. The last three stand against the card issuer action codes. */
export function mchipResults(facts: Facts): Uint8Array {
  const { pin } = facts
  return Uint8Array.of(
    secondKind[facts.second] | firstKind[facts.first] | bits([pin.tried, 0x04], [pin.tried && pin.enciphered, 0x02], [pin.correct, 0x01]),
    bits([facts.dynamicDone, 0x80], [facts.combinedFirst, 0x40], [facts.combinedSecond, 0x20], [facts.issuerAuthentication !== 'none', 0x10]),
    ((facts.scripts & 0x0f) << 4) | (facts.triesLeft & 0x0f),
    bits(
      [facts.lastOnlineOpen, 0x80],
      [facts.unableOnline, 0x40],
      [!pin.tried, 0x20],
      [pin.tried && !pin.correct, 0x10],
      [facts.triesExceeded, 0x08],
      [facts.abroad, 0x04],
      [!facts.abroad, 0x02],
      [facts.pinMisjudged, 0x01],
    ),
    bits(
      [facts.countLower, 0x80],
      [facts.countUpper, 0x40],
      [facts.amountLower, 0x20],
      [facts.amountUpper, 0x10],
      [facts.goOnline, 0x08],
      [facts.issuerAuthentication === 'failed' || facts.lastIssuerFailed, 0x04],
      [facts.scripts > 0, 0x02],
      [facts.scriptFailed, 0x01],
    ),
    0x00,
  )
}

/** What the card was given for 9F10, which says key index and cryptogram version; this where it was given nothing. */
const plainTemplates = { visa: Uint8Array.of(0x06, 0x01, 0x0a, 0x03, 0, 0, 0), mchip: concatenate([0x01, 0x10], new Uint8Array(16)) }

function template({ state, profile }: Context): Uint8Array {
  const given = state.tag('9F10')
  return given && given.length >= (profile.scheme === 'visa' ? 7 : 18) ? given : plainTemplates[profile.scheme]
}

/** Cryptogram version number: in Visa's third byte, in M/Chip's second. */
export const versionNumber = (context: Context): number => template(context)[context.profile.scheme === 'visa' ? 2 : 1]!

/** M/Chip: cumulative offline amount and number of offline transactions, one byte to spare. */
export function offlineCounters({ state }: Context): Uint8Array {
  const amount = Buffer.from(String(state.risk('amount')).padStart(12, '0'), 'hex')
  return concatenate(amount, [state.risk('offline') & 0xff, 0xff])
}

export function issuerApplicationData(context: Context, results: Uint8Array, terminal: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const given = template(context)
  if (context.profile.scheme === 'visa') return concatenate(given.subarray(0, 3), results, given.subarray(7))
  // Data authentication code of the static signature as the terminal found it (9F45), or two bytes of the dynamic number.
  const code = context.session.dynamicNumber?.subarray(0, 2) ?? terminal.get('9F45') ?? new Uint8Array(2)
  return concatenate(given.subarray(0, 2), results, code, offlineCounters(context), given.subarray(18))
}
