/** Opens a channel to a GlobalPlatform card: INITIALIZE UPDATE, the card's proof, EXTERNAL AUTHENTICATE (Card Specification E.5, amendment D 7.1). */
import { timingSafeEqual } from 'node:crypto'
import { concatenate } from '#shared/bytes.ts'
import { buildCommand, statusHex } from '#shared/chip/apdu.ts'
import { ScriptError } from '../endings.ts'
import { answeredWell, wrongKey } from './channel.ts'
import type { ChannelOrder, ChannelParts, SecureChannel } from './channel.ts'
import { cardKeySet } from './diversification.ts'
import { scp02Channel, scp02Cryptograms, scp02SessionKeys } from './scp02.ts'
import { scp03Channel, scp03Cryptograms, scp03SessionKeys } from './scp03.ts'

/** What INITIALIZE UPDATE tells (E.5.1.4, amendment D 7.1.1.6). */
export interface InitializeUpdate {
  keyData: Uint8Array
  keyVersion: Uint8Array
  protocol: 'scp02' | 'scp03'
  /** SCP02: its sequence counter. */
  sequence: Uint8Array
  cardChallenge: Uint8Array
  cardCryptogram: Uint8Array
}

export function initializeUpdateCommand(hostChallenge: Uint8Array, keyVersion = 0): Uint8Array {
  return buildCommand({ cla: 0x80, ins: 0x50, p1: keyVersion, p2: 0, data: hostChallenge, expected: 256 })
}

/** Undefined where it is none that this program knows. */
export function parseInitializeUpdate(data: Uint8Array): InitializeUpdate | undefined {
  const keyData = data.subarray(0, 10)
  const keyVersion = data.subarray(10, 11)
  if (data[11] === 2 && data.length === 28) {
    return { keyData, keyVersion, protocol: 'scp02', sequence: data.subarray(12, 14), cardChallenge: data.subarray(14, 20), cardCryptogram: data.subarray(20, 28) }
  }
  // The byte behind says the options; a pseudo-random challenge comes with its sequence counter.
  if (data[11] === 3 && (data.length === 29 || data.length === 32)) {
    return { keyData, keyVersion, protocol: 'scp03', sequence: data.subarray(29), cardChallenge: data.subarray(13, 21), cardCryptogram: data.subarray(21, 29) }
  }
  return undefined
}

export async function openGlobalPlatform(parts: ChannelParts, order: ChannelOrder): Promise<SecureChannel> {
  const hostChallenge = parts.random.bytes(8)
  const answer = await parts.exchange(initializeUpdateCommand(hostChallenge, order.keyVersion))
  if (answer.status !== answeredWell) throw refused('INITIALIZE UPDATE', answer.status)
  const start = parseInitializeUpdate(answer.data)
  if (start === undefined) throw new ScriptError('the card speaks a secure channel protocol that is not known here')
  if (order.protocol !== 'auto' && order.protocol !== start.protocol) throw new ScriptError(`the card speaks ${start.protocol}, not ${order.protocol}`)
  const { channel, cryptograms } = await (start.protocol === 'scp02' ? begin02 : begin03)(parts, order, hostChallenge, start)
  if (!timingSafeEqual(cryptograms.card, start.cardCryptogram)) {
    channel.close()
    throw wrongKey()
  }
  const accepted = await parts.exchange(await channel.externalAuthenticate(cryptograms.host))
  if (accepted.status === answeredWell) return channel
  channel.close()
  throw refused('EXTERNAL AUTHENTICATE', accepted.status)
}

async function begin02({ keys, serial }: ChannelParts, order: ChannelOrder, hostChallenge: Uint8Array, start: InitializeUpdate) {
  if (order.level.includes('response')) throw new ScriptError('SCP02 with i=15 or i=55 has no response MAC')
  const card = await cardKeySet(keys, order.key, order.diversification, order.diversification === 'serial' && serial ? serial : start.keyData)
  const session = await scp02SessionKeys(keys, card, start.sequence)
  for (const key of [card.encryption, card.mac, card.data]) keys.release(key)
  const cryptograms = await scp02Cryptograms(keys, session, { hostChallenge, sequence: start.sequence, cardChallenge: start.cardChallenge })
  return { channel: scp02Channel({ keys, session, level: order.level, initialVector: order.initialVector, keyData: start.keyData, keyVersion: start.keyVersion }), cryptograms }
}

async function begin03({ keys, serial }: ChannelParts, order: ChannelOrder, hostChallenge: Uint8Array, start: InitializeUpdate) {
  const card = await cardKeySet(keys, order.key, order.diversification, order.diversification === 'serial' && serial ? serial : start.keyData)
  const context = concatenate(hostChallenge, start.cardChallenge)
  const session = await scp03SessionKeys(keys, card, context)
  for (const key of [card.encryption, card.mac]) keys.release(key)
  const cryptograms = await scp03Cryptograms(keys, session, context)
  return { channel: scp03Channel({ keys, session, level: order.level, keyData: start.keyData, keyVersion: start.keyVersion }), cryptograms }
}

function refused(command: string, status: number): ScriptError {
  const wrong = status === 0x6300
  return new ScriptError(`${command} answered ${statusHex(status)}`, { status: statusHex(status), ...(wrong ? { code: 'wrong-key' } : {}) }, wrong ? 'chip-wrong-key' : 'chip-script-failed')
}
