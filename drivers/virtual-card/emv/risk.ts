/**
 * Card risk management (EMV 4.3 Book 3, 10.8 leaves it to the issuer's card): a simple form of VIS's and of M/Chip's, by the limits and
 * indicators that the card was personalized with. `docs/virtual-cards.md` says which.
 */
import { bytesToNumber } from '#shared/bytes.ts'
import { mchipResults } from './facts.ts'
import type { Facts } from './facts.ts'
import type { Context, CryptogramKind } from './session.ts'
import { life } from './state.ts'

type Terminal = ReadonlyMap<string, Uint8Array>

const numeric = (value: Uint8Array | undefined): number => Number(Buffer.from(value ?? []).toString('hex') || '0')
const same = (one: Uint8Array | undefined, other: Uint8Array | undefined): boolean => one !== undefined && other !== undefined && Buffer.compare(one, other) === 0
const bit = (value: Uint8Array | undefined, byte: number, mask: number): boolean => ((value?.[byte] ?? 0) & mask) !== 0

/** Tags of the limits: transactions, amounts, home currency and country. */
const limits = {
  visa: { countLower: '9F58', countUpper: '9F59', amountLower: '9F54', amountUpper: '9F5C', currency: '9F51', country: '9F57' },
  mchip: { countLower: '9F14', countUpper: '9F23', amountLower: 'CA', amountUpper: 'CB', currency: 'C9', country: 'C8' },
} as const

/** Amount of this transaction where it counts: in the card's own currency. */
function ownAmount({ state, profile }: Context, terminal: Terminal): number {
  return same(terminal.get('5F2A'), state.tag(limits[profile.scheme].currency)) ? numeric(terminal.get('9F02')) : 0
}

export function collectFacts(context: Context, terminal: Terminal, dynamicDone: boolean): Facts {
  const { state, session, profile } = context
  const tags = limits[profile.scheme]
  // VIS counts by the ATC of the last transaction online, M/Chip the transactions themselves.
  const count = profile.scheme === 'visa' ? state.number('9F36') - state.number('9F13') : state.risk('offline') + 1
  const amount = state.risk('amount') + ownAmount(context, terminal)
  const beyond = (tag: string, value: number, read: (bytes: Uint8Array) => number) => state.tag(tag) !== undefined && value > read(state.tag(tag)!)
  const abroad = state.tag(tags.country) !== undefined && !same(terminal.get('9F1A'), state.tag(tags.country))
  const foreign = state.tag(tags.currency) !== undefined && !same(terminal.get('5F2A'), state.tag(tags.currency))
  const elsewhere = (foreign && beyond('9F53', state.risk('international') + 1, bytesToNumber)) || (abroad && beyond('9F72', state.risk('abroad') + 1, bytesToNumber))
  const tries = state.tag('9F17')
  return {
    first: session.first?.kind ?? 'AAC',
    second: 'none',
    combinedFirst: session.first?.combined ?? false,
    combinedSecond: false,
    dynamicDone,
    pin: session.pin,
    triesExceeded: tries?.[0] === 0,
    triesLeft: tries?.[0] ?? 0,
    issuerAuthentication: session.issuerAuthentication,
    unableOnline: false,
    newCard: state.number('9F13') === 0,
    countLower: beyond(tags.countLower, count, bytesToNumber) || elsewhere,
    countUpper: beyond(tags.countUpper, count, bytesToNumber),
    amountLower: beyond(tags.amountLower, amount, numeric),
    amountUpper: beyond(tags.amountUpper, amount, numeric),
    abroad,
    lastOnlineOpen: state.risk('online-open') === 1 && session.first?.kind !== 'ARQC',
    lastIssuerFailed: state.risk('issuer-failed') === 1,
    lastIssuerMissing: state.risk('issuer-missing') === 1,
    lastStaticFailed: state.risk('static-failed') === 1,
    lastDynamicFailed: state.risk('dynamic-failed') === 1,
    goOnline: state.risk('go-online') === 1,
    scripts: state.risk('scripts'),
    scriptFailed: state.risk('script-failed') === 1,
    pinMisjudged: !session.pin.correct && bit(terminal.get('9F34'), 2, 0x02) && [0x01, 0x03, 0x04, 0x05].includes((terminal.get('9F34')?.[0] ?? 0) & 0x3f),
  }
}

/** What the card answers to the first GENERATE AC. It may be stricter than the terminal, never less so (Book 3, 10.8.1). */
export function decideFirst(context: Context, facts: Facts, wish: CryptogramKind, terminal: Terminal): CryptogramKind {
  if (wish === 'AAC' || context.state.life === life.blocked) return 'AAC'
  return context.profile.scheme === 'visa' ? visaFirst(context, facts, wish) : mchipFirst(context, facts, wish, terminal)
}

/** VIS, application default action 9F52. */
function visaFirst({ state, session }: Context, facts: Facts, wish: CryptogramKind): CryptogramKind {
  const action = state.tag('9F52')
  const exceededBefore = facts.triesExceeded && !session.pin.tried
  if (facts.triesExceeded && session.pin.tried && bit(action, 1, 0x80)) {
    state.life = life.blocked
    return 'AAC'
  }
  if (exceededBefore && bit(action, 1, 0x40)) return 'AAC'
  const online =
    facts.lastOnlineOpen ||
    facts.countLower ||
    facts.amountLower ||
    facts.goOnline ||
    (facts.lastIssuerFailed && bit(action, 0, 0x80)) ||
    (facts.newCard && bit(action, 0, 0x02)) ||
    (exceededBefore && bit(action, 1, 0x20)) ||
    (facts.scriptFailed && bit(action, 1, 0x08))
  return wish === 'ARQC' || online ? 'ARQC' : 'TC'
}

/** M/Chip: the last bytes of the results against the card issuer action codes. */
function mchipFirst({ state }: Context, facts: Facts, wish: CryptogramKind, terminal: Terminal): CryptogramKind {
  const meets = (tag: string) => mchipMeets(facts, state.tag(tag))
  if (meets('C3')) return 'AAC'
  if (wish === 'ARQC') return 'ARQC'
  // Terminal types x3 and x6 can't go online (Book 4, annex A1).
  const offlineOnly = [3, 6].includes((terminal.get('9F35')?.[0] ?? 0) & 0x0f)
  if (offlineOnly) return meets('C4') ? 'AAC' : 'TC'
  return meets('C5') ? 'ARQC' : 'TC'
}

function mchipMeets(facts: Facts, code: Uint8Array | undefined): boolean {
  const results = mchipResults(facts).subarray(3)
  return code?.some((byte, index) => (byte & (results[index] ?? 0)) !== 0) ?? false
}

/** The second GENERATE AC: after the issuer's answer, or without one (response codes Y3 and Z3, Book 4, annex A6). */
export function decideSecond(context: Context, facts: Facts, wish: CryptogramKind): CryptogramKind {
  const { state, session, profile } = context
  if (wish === 'AAC' || state.life === life.blocked) return 'AAC'
  const action = state.tag('9F52')
  if (facts.unableOnline) {
    const against =
      profile.scheme === 'visa'
        ? facts.countUpper || facts.amountUpper || (facts.newCard && bit(action, 0, 0x01)) || (facts.triesExceeded && !session.pin.tried && bit(action, 1, 0x10))
        : mchipMeets(facts, state.tag('C4'))
    return against ? 'AAC' : 'TC'
  }
  if (facts.issuerAuthentication === 'passed') return approves(context) ? 'TC' : 'AAC'
  if (profile.scheme === 'mchip') return facts.issuerAuthentication === 'none' && bit(state.tag('D5'), 0, 0x80) && ((state.tag('D6')?.[1] ?? 0) & 0x10) !== 0 ? 'TC' : 'AAC'
  if (facts.issuerAuthentication === 'failed') return bit(action, 0, 0x40) ? 'AAC' : 'TC'
  return issuerIsMandatory(context) && bit(action, 0, 0x20) ? 'AAC' : 'TC'
}

const issuerIsMandatory = ({ state }: Context): boolean => bit(state.tag('9F56'), 0, 0x80)

/** A card status update approves by b8 of its second byte (Book 3, annex C7.3), M/Chip's response code by b5; other codes leave it to the terminal. */
function approves({ profile, session }: Context): boolean {
  const code = session.issuerCode
  if (code?.length === 4) return (code[1]! & 0x80) !== 0
  return profile.scheme === 'visa' || ((code?.[1] ?? 0) & 0x10) !== 0
}

/** Indicators that a cryptogram leaves behind for the transactions after it. */
export function remember(context: Context, facts: Facts, kind: CryptogramKind, terminal: Terminal, place: 'first' | 'second'): void {
  const { state } = context
  const verification = terminal.get('95')
  if (kind === 'ARQC') return state.setRisk('online-open', 1)
  if (place === 'second' && !facts.unableOnline) return rememberOnline(context, facts)
  if (kind === 'TC') return rememberOffline(context, terminal)
  if (place === 'first') {
    state.setRisk('static-failed', bit(verification, 0, 0x40) ? 1 : 0)
    state.setRisk('dynamic-failed', bit(verification, 0, 0x0c) ? 1 : 0)
  }
}

function rememberOffline(context: Context, terminal: Terminal): void {
  const { state, profile } = context
  const home = limits[profile.scheme]
  state.setRisk('offline', Math.min(255, state.risk('offline') + 1))
  const amount = ownAmount(context, terminal)
  if (amount > 0) state.setRisk('amount', Math.min(999_999_999_999, state.risk('amount') + amount), 6)
  if (state.tag(home.currency) && !same(terminal.get('5F2A'), state.tag(home.currency))) state.setRisk('international', Math.min(255, state.risk('international') + 1))
  if (state.tag(home.country) && !same(terminal.get('9F1A'), state.tag(home.country))) state.setRisk('abroad', Math.min(255, state.risk('abroad') + 1))
}

function rememberOnline(context: Context, facts: Facts): void {
  const { state, session, profile } = context
  const missing = facts.issuerAuthentication === 'none' && profile.scheme === 'visa' && issuerIsMandatory(context)
  state.setRisk('online-open', 0)
  state.setRisk('issuer-failed', facts.issuerAuthentication === 'failed' ? 1 : 0)
  state.setRisk('issuer-missing', missing ? 1 : 0)
  if (facts.issuerAuthentication === 'failed' || missing) return
  state.setTag('9F13', state.tag('9F36')!)
  const update = session.issuerCode?.length === 4 || profile.scheme === 'mchip' ? ((session.issuerCode ?? state.tag('D6'))?.[1] ?? 0) & 0x03 : 0x02
  for (const flag of ['static-failed', 'dynamic-failed', 'go-online', 'script-failed', 'scripts']) state.setRisk(flag, 0)
  if (update === 0x02) for (const counter of ['offline', 'international', 'abroad', 'amount']) state.setRisk(counter, 0, counter === 'amount' ? 6 : 1)
  if (update === 0x01) state.setRisk('offline', state.tag(limits[profile.scheme].countUpper)?.[0] ?? 0xff)
  if (session.issuerCode && goesOnlineNext(context, session.issuerCode)) state.setRisk('go-online', 1)
}

function goesOnlineNext({ profile }: Context, code: Uint8Array): boolean {
  if (code.length === 4) return (code[1]! & 0x08) !== 0
  return profile.scheme === 'mchip' && (code[1]! & 0x04) !== 0
}
