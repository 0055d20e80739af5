/** Issuer authentication: EXTERNAL AUTHENTICATE, or data in the second GENERATE AC (EMV 4.3 Book 2, 8.2; Book 3, 6.5.4 and 10.9). */
import { bytesToNumber, sameBytes } from '#shared/bytes.ts'
import { CardStatus, done } from '../application.ts'
import type { Answer, Command } from '../application.ts'
import { cryptogramKey, responseCryptogram, responseCryptogramOfUpdate } from './cryptogram.ts'
import type { CryptogramVersion } from './cryptogram.ts'
import { counterBytes } from './reading.ts'
import type { Context } from './session.ts'
import { life } from './state.ts'

/** AIP byte 1, b3: this card authenticates its issuer by EXTERNAL AUTHENTICATE (Book 3, annex C1). */
const byCommand = 0x04

export function externalAuthenticate(context: Context, command: Command, version: CryptogramVersion): Answer {
  const { state, session } = context
  if (command.p1 !== 0 || command.p2 !== 0) throw new CardStatus(0x6a86)
  // Book 3, 10.9: at most once in a transaction, after an ARQC.
  const open = session.first?.kind === 'ARQC' && !session.ended && session.issuerAuthentication === 'none'
  if (!open || ((state.tag('82')?.[0] ?? 0) & byCommand) === 0) throw new CardStatus(0x6985)
  if (command.data.length < 8 || command.data.length > 16) throw new CardStatus(0x6700)
  authenticateIssuer(context, version, command.data)
  if (session.issuerAuthentication === 'failed') throw new CardStatus(0x6300)
  return done
}

/** `data`: tag 91. Method 1: eight bytes and the response code; method 2: four bytes, the card status update, proprietary data. */
export function authenticateIssuer(context: Context, version: CryptogramVersion, data: Uint8Array): void {
  const { state, session, services } = context
  const { method, key: kind } = version.issuerAuthentication
  const [master, before] = [state.key('ac')!, session.first!]
  const unpredictable = before.terminal.get('9F37') ?? new Uint8Array(4)
  const key = kind === 'master' ? master : cryptogramKey(version, master, bytesToNumber(counterBytes(state)), unpredictable)
  services.compute({ kind: 'des3', blocks: 4 })
  const code = method === 1 ? data.slice(8, 10) : data.slice(4)
  const expected = method === 1 ? responseCryptogram(key, before.cryptogram, code) : responseCryptogramOfUpdate(key, before.cryptogram, code)
  const whole = method === 1 ? data.length >= 10 : data.length >= 8
  if (!whole || !sameBytes(expected, data.slice(0, expected.length))) {
    session.issuerAuthentication = 'failed'
    state.setRisk('issuer-failed', 1)
    return
  }
  session.issuerAuthentication = 'passed'
  session.issuerCode = method === 1 ? code : code.slice(0, 4)
  obey(context, session.issuerCode)
}

/** Card status update (Book 3, annex C7.3): card block, application block, PIN try counter. M/Chip's response code has the last of them. */
function obey({ state, profile }: Context, code: Uint8Array): void {
  const update = code.length === 4
  const [first, second] = [code[0]!, code[1]!]
  if (update && (second & 0x40) !== 0) state.life = life.cardBlocked
  else if (update && (second & 0x20) !== 0) state.life = life.blocked
  const counter = (update && (second & 0x10) !== 0) || (profile.scheme === 'mchip' && (second & 0x08) !== 0)
  if (counter) state.setNumber('9F17', Math.min(first & 0x0f, state.number('C6') || 0x0f), 1)
}
