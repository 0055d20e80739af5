/** GENERATE AC, first and second (EMV 4.3 Book 3, 6.5.5 and 9; Book 2, 6.6 and 8.1). */
import { bytesToNumber, concatenate } from '#shared/bytes.ts'
import { buildTlv } from '#shared/tlv/ber.ts'
import { dolLength, splitByDol } from '#shared/tlv/dol.ts'
import { answer, CardStatus } from '../application.ts'
import type { Answer, Command } from '../application.ts'
import { applicationCryptogram, cryptogramKey } from './cryptogram.ts'
import type { CryptogramVersion } from './cryptogram.ts'
import { combinedAnswer, drawDynamicNumber } from './dynamic.ts'
import { issuerApplicationData, mchipResults, offlineCounters, versionNumber, visaResults } from './facts.ts'
import type { Facts } from './facts.ts'
import { authenticateIssuer } from './issuer.ts'
import { logTransaction } from './log.ts'
import { cryptogramVersions } from './profile.ts'
import { counterBytes, listOf } from './reading.ts'
import { collectFacts, decideFirst, decideSecond, remember } from './risk.ts'
import type { Context, CryptogramKind } from './session.ts'

type Terminal = ReadonlyMap<string, Uint8Array>

const kinds: Readonly<Record<number, CryptogramKind>> = { 0x00: 'AAC', 0x40: 'TC', 0x80: 'ARQC' }
const informationOf = { AAC: 0x00, TC: 0x40, ARQC: 0x80 } as const

/** Terminal data of cryptograms, in their order (Book 2, table 26; VIS and M/Chip alike). */
const order = ['9F02', '9F03', '9F1A', '95', '5F2A', '9A', '9C', '9F37']

export function generateCryptogram(context: Context, command: Command): Answer {
  const { session } = context
  const wish = kinds[command.p1 & 0xc0]
  if (command.p2 !== 0 || wish === undefined || (command.p1 & 0x2f) !== 0) throw new CardStatus(0x6a86)
  if (!session.initiated || session.ended) throw new CardStatus(0x6985)
  const combined = (command.p1 & 0x10) !== 0
  return session.first === undefined ? first(context, wish, combined, command.data) : second(context, wish, combined, command.data)
}

/** Which way cryptograms of this card are computed. Throws CardStatus 6985 where it has no key or a version that is not known here. */
export function versionOf(context: Context): CryptogramVersion {
  const version = cryptogramVersions[context.profile.scheme][versionNumber(context)]
  if (version === undefined || context.state.key('ac') === undefined) throw new CardStatus(0x6985)
  return version
}

/** The terminal's data, cut by a CDOL of the records. */
function terminalData(context: Context, tag: '8C' | '8D', data: Uint8Array): Terminal {
  const list = listOf(context.state, tag)
  if (list === undefined) throw new CardStatus(0x6985)
  if (data.length !== dolLength(list)) throw new CardStatus(0x6700)
  return new Map(splitByDol(list, data).map(({ tag, value }) => [tag, value]))
}

function first(context: Context, wish: CryptogramKind, combined: boolean, data: Uint8Array): Answer {
  const { session } = context
  const version = versionOf(context)
  const terminal = terminalData(context, '8C', data)
  const facts = collectFacts(context, terminal, session.dynamicNumber !== undefined)
  facts.first = decideFirst(context, facts, wish, terminal)
  facts.combinedFirst = combined && signs(context, facts.first)
  // M/Chip tells of the dynamic number in its issuer data, so that it comes before the cryptogram.
  if (facts.combinedFirst) drawDynamicNumber(context)
  const made = cryptogramOf(context, version, facts, terminal, terminal)
  const sent = concatenate(session.processingData, data)
  const response = respond(context, facts, facts.first, facts.combinedFirst, made, sent, terminal)
  session.first = { kind: facts.first, cryptogram: made.cryptogram, terminal, data, combined: facts.combinedFirst }
  remember(context, facts, facts.first, terminal, 'first')
  if (facts.first !== 'ARQC') finish(context, facts.first, terminal, made)
  return response
}

/** Only an ARQC is followed by a second cryptogram, which is TC or AAC (Book 3, 9.3.2). */
function second(context: Context, wish: CryptogramKind, combined: boolean, data: Uint8Array): Answer {
  const { session } = context
  const before = session.first!
  if (before.kind !== 'ARQC' || wish === 'ARQC') throw new CardStatus(0x6985)
  const version = versionOf(context)
  // What the second list does not ask for again is as it was.
  const terminal: Terminal = new Map([...before.terminal, ...terminalData(context, '8D', data)])
  const code = Buffer.from(terminal.get('8A') ?? []).toString('latin1')
  const unableOnline = code === 'Y3' || code === 'Z3'
  const authentication = terminal.get('91')
  if (!unableOnline && session.issuerAuthentication === 'none' && authentication?.some((byte) => byte !== 0)) authenticateIssuer(context, version, authentication)
  const facts: Facts = { ...collectFacts(context, terminal, session.dynamicNumber !== undefined && !before.combined), unableOnline }
  facts.second = decideSecond(context, facts, wish)
  facts.combinedSecond = combined && signs(context, facts.second)
  if (facts.combinedSecond) drawDynamicNumber(context)
  const made = cryptogramOf(context, version, facts, terminal, before.terminal)
  const sent = concatenate(session.processingData, before.data, data)
  const response = respond(context, facts, facts.second, facts.combinedSecond, made, sent, terminal)
  remember(context, facts, facts.second, terminal, 'second')
  finish(context, facts.second, terminal, made)
  return response
}

/** A decline carries no signature (Book 2, 6.6.1), and a card without a key has none to give. */
const signs = (context: Context, kind: CryptogramKind): boolean => kind !== 'AAC' && context.state.rsaKey('icc') !== undefined

interface Made { cryptogram: Uint8Array; results: Uint8Array; issuerApplicationData: Uint8Array }

/** `keyed`: the terminal data of the first GENERATE AC, whose unpredictable number makes M/Chip's session key for both. */
function cryptogramOf(context: Context, version: CryptogramVersion, facts: Facts, terminal: Terminal, keyed: Terminal): Made {
  const { state, profile, services } = context
  const results = profile.scheme === 'visa' ? visaResults(facts) : mchipResults(facts)
  const issuerData = issuerApplicationData(context, results, terminal)
  const counter = counterBytes(state)
  const ending = { 'verification-results': results, 'verification-results-and-counters': concatenate(results, offlineCounters(context)), 'issuer-application-data': issuerData }[version.ending]
  const data = concatenate(...order.map((tag) => terminal.get(tag) ?? new Uint8Array(0)), state.tag('82')!, counter, ending)
  const key = cryptogramKey(version, state.key('ac')!, bytesToNumber(counter), keyed.get('9F37') ?? new Uint8Array(4))
  services.compute({ kind: 'des3', blocks: Math.ceil(data.length / 8) + 3 })
  return { cryptogram: applicationCryptogram(version, key, data), results, issuerApplicationData: issuerData }
}

/** Format 1 or 2 (Book 3, 6.5.5.4), or with a signature (Book 2, table 21). */
function respond(context: Context, facts: Facts, kind: CryptogramKind, combined: boolean, made: Made, sent: Uint8Array, terminal: Terminal): Answer {
  const information = informationOf[kind] | adviceOf(context, facts, kind)
  const counter = counterBytes(context.state)
  if (combined) {
    const unpredictable = terminal.get('9F37')
    const signed = unpredictable && combinedAnswer(context, { information, cryptogram: made.cryptogram, sent, unpredictable, counter, issuerApplicationData: made.issuerApplicationData })
    if (signed === undefined) throw new CardStatus(0x6985)
    return signed
  }
  if (context.profile.responseFormat === '80') return answer(buildTlv('80', concatenate([information], counter, made.cryptogram, made.issuerApplicationData)))
  const objects = [buildTlv('9F27', Uint8Array.of(information)), buildTlv('9F36', counter), buildTlv('9F26', made.cryptogram), buildTlv('9F10', made.issuerApplicationData)]
  return answer(buildTlv('77', concatenate(...objects)))
}

/** Book 3, table 14: an advice is wanted (b4), and why (b3 to b1). VIS says when, in its application default action. */
function adviceOf({ state, profile, session }: Context, facts: Facts, kind: CryptogramKind): number {
  if (profile.scheme !== 'visa' || kind !== 'AAC') return 0
  const action = state.tag('9F52')?.[0] ?? 0
  if (facts.triesExceeded && session.pin.tried && (action & 0x08) !== 0) return 0x0a
  if (facts.issuerAuthentication === 'failed' && (action & 0x04) !== 0) return 0x0b
  return session.first === undefined && (action & 0x10) !== 0 ? 0x08 : 0
}

/** The last cryptogram of a transaction was given. Book 3, annex D4 leaves to the card which transactions it logs: Visa the approved, M/Chip all. */
function finish(context: Context, kind: CryptogramKind, terminal: Terminal, made: Made): void {
  const { state, session, profile } = context
  session.ended = true
  if (kind === 'AAC' && profile.scheme === 'visa') return
  const own: [string, Uint8Array][] = [['9F27', Uint8Array.of(informationOf[kind])], ['9F36', counterBytes(state)], ['9F26', made.cryptogram], ['9F52', made.results]]
  logTransaction(state, new Map([...terminal, ...own]))
}
