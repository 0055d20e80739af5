/** Offline PIN: VERIFY in clear and enciphered, GET CHALLENGE (EMV 4.3 Book 3, 6.5.6 and 6.5.12; Book 2, 7). */
import { concatenate, sameBytes } from '#shared/bytes.ts'
import { answer, CardStatus, done } from '../application.ts'
import type { Answer, Command } from '../application.ts'
import { cardKeyPair } from './rsa.ts'
import type { Context } from './session.ts'

const plain = 0x80
const enciphered = 0x88

/** Eight bytes, good for the next command alone. */
export function getChallenge({ session, services }: Context, command: Command): Answer {
  if (command.p1 !== 0 || command.p2 !== 0) throw new CardStatus(0x6a86)
  if (command.data.length > 0) throw new CardStatus(0x6700)
  session.challenge = services.random(8)
  return answer(session.challenge)
}

/** `challenge`: what the command before this one drew. */
export function verify(context: Context, command: Command, challenge: Uint8Array | undefined): Answer {
  const { state, session } = context
  if (command.p1 !== 0 || (command.p2 !== plain && command.p2 !== enciphered)) throw new CardStatus(0x6a86)
  if (state.pin === undefined || state.tag('9F17') === undefined) throw new CardStatus(0x6984)
  const tries = state.number('9F17')
  if (tries === 0) {
    session.pin = { tried: true, correct: false, enciphered: command.p2 === enciphered }
    throw new CardStatus(0x6983)
  }
  const block = command.p2 === plain ? plainBlock(command.data) : decipheredBlock(context, command.data, challenge)
  session.pin = { tried: true, correct: false, enciphered: command.p2 === enciphered }
  // The try is counted before the PIN is looked at: pulling the card in between wins nothing.
  state.setNumber('9F17', tries - 1, 1)
  if (block === undefined || !sameBytes(block, state.pin)) throw new CardStatus(0x63c0 | (tries - 1))
  state.setNumber('9F17', state.number('C6') || tries, 1)
  session.pin.correct = true
  return done
}

function plainBlock(data: Uint8Array): Uint8Array {
  if (data.length !== 8) throw new CardStatus(0x6700)
  return data
}

/**
 * Book 2, 7.2: header 7F, PIN block, the challenge, random padding. Undefined where what comes out is not that: it counts as a wrong PIN, or
 * a guesser could tell the two apart.
 */
function decipheredBlock(context: Context, data: Uint8Array, challenge: Uint8Array | undefined): Uint8Array | undefined {
  const key = cardKeyPair(context.state, 'pin', context.services) ?? cardKeyPair(context.state, 'icc', context.services)
  if (key === undefined) throw new CardStatus(0x6a86)
  if (data.length !== key.length) throw new CardStatus(0x6700)
  if (challenge === undefined) throw new CardStatus(0x6985)
  const clear = key.apply(data)
  const whole = clear[0] === 0x7f && sameBytes(clear.subarray(9, 17), challenge)
  return whole ? concatenate(clear.subarray(1, 9)) : undefined
}
