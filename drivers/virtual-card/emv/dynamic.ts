/** Dynamic data authentication: INTERNAL AUTHENTICATE, and the signature that goes with a cryptogram (EMV 4.3 Book 2, 6.5 and 6.6). */
import { concatenate } from '#shared/bytes.ts'
import { buildTlv } from '#shared/tlv/ber.ts'
import { dolLength } from '#shared/tlv/dol.ts'
import { answer, CardStatus } from '../application.ts'
import type { Answer, Command } from '../application.ts'
import { desEncryptEcb, sha1 } from '../crypto.ts'
import { counterBytes, listOf } from './reading.ts'
import { cardKeyPair, signDynamicData } from './rsa.ts'
import type { Context } from './session.ts'

export function internalAuthenticate(context: Context, command: Command): Answer {
  const { state, session, profile } = context
  if (command.p1 !== 0 || command.p2 !== 0) throw new CardStatus(0x6a86)
  if (!session.initiated || session.first) throw new CardStatus(0x6985)
  const key = cardKeyPair(state, 'icc', context.services)
  if (key === undefined) throw new CardStatus(0x6985)
  // Book 2, 6.5.2: by the card's DDOL; without one by the terminal's own, which has the unpredictable number at least (6.5.1).
  const list = listOf(state, '9F49')
  if (list ? command.data.length !== dolLength(list) : command.data.length < 4) throw new CardStatus(0x6700)
  const number = drawDynamicNumber(context)
  const signature = signDynamicData(key, concatenate([number.length], number), command.data)
  if (signature === undefined) throw new CardStatus(0x6985)
  return answer(profile.responseFormat === '80' ? buildTlv('80', signature) : buildTlv('77', buildTlv('9F4B', signature)))
}

/** A new 9F4C: with M/Chip from its own key and the ATC, else drawn. It stands for this transaction from now on. */
export function drawDynamicNumber({ state, services, profile, session }: Context): Uint8Array {
  const key = state.key('idn')
  if (key) services.compute({ kind: 'des3', blocks: 1 })
  const number = key ? desEncryptEcb(key, concatenate(counterBytes(state), services.random(6))) : services.random(8)
  session.dynamicNumber = number.slice(0, profile.dynamicNumber)
  return session.dynamicNumber
}

/**
 * The answer of GENERATE AC with a signature over the number that was drawn for it (Book 2, 6.6.1): the cryptogram is inside. `sent`: PDOL, CDOL1 and (second) CDOL2 values;
 * `objects`: what is answered beside the signature, in this order. Undefined where the card has no key for it.
 */
export function combinedAnswer(
  context: Context,
  parts: { information: number; cryptogram: Uint8Array; sent: Uint8Array; unpredictable: Uint8Array; counter: Uint8Array; issuerApplicationData: Uint8Array },
): Answer | undefined {
  const key = cardKeyPair(context.state, 'icc', context.services)
  if (key === undefined) return undefined
  const before = concatenate(buildTlv('9F27', Uint8Array.of(parts.information)), buildTlv('9F36', parts.counter))
  const after = buildTlv('9F10', parts.issuerApplicationData)
  const number = context.session.dynamicNumber ?? drawDynamicNumber(context)
  const hash = sha1(concatenate(parts.sent, before, after))
  context.services.compute({ kind: 'hash', blocks: Math.ceil(parts.sent.length / 64) + 1 })
  const dynamic = concatenate([number.length], number, [parts.information], parts.cryptogram, hash)
  const signature = signDynamicData(key, dynamic, parts.unpredictable)
  if (signature === undefined) return undefined
  return answer(buildTlv('77', concatenate(before, buildTlv('9F4B', signature), after)))
}
