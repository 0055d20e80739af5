/**
 * SCP02 (GlobalPlatform Card Specification 2.3, appendix E), options i=15 and i=55: three base keys, explicit initiation, C-MAC over the
 * modified command, its chaining value encrypted. The two differ in how the card draws its challenge alone, which is its own matter. i=05 and i=45
 * are the same with the chaining value as it stands.
 */
import { concatenate } from '#shared/bytes.ts'
import { buildCommand } from '#shared/chip/apdu.ts'
import type { CommandApdu } from '#shared/chip/apdu.ts'
import type { CardKeys, KeyHandle } from '../../ports/card-keys.ts'
import { securityLevels } from './channel.ts'
import type { ChannelOrder, SecureChannel, SecurityLevel } from './channel.ts'
import type { CardKeySet } from './diversification.ts'
import { pad } from './padding.ts'

/** Derivation constants of E.4.1. */
const constants = { mac: [0x01, 0x01], data: [0x01, 0x81], encryption: [0x01, 0x82] } as const

const macLength = 8

/** What the card answered to INITIALIZE UPDATE. */
export interface Scp02Start {
  hostChallenge: Uint8Array
  sequence: Uint8Array
  cardChallenge: Uint8Array
}

export interface Scp02Keys {
  encryption: KeyHandle
  mac: KeyHandle
  data: KeyHandle
}

/** Session keys of E.4.1: the base key encrypts constant, sequence counter and zeros, CBC. */
export async function scp02SessionKeys(keys: CardKeys, card: CardKeySet, sequence: Uint8Array): Promise<Scp02Keys> {
  const derive = (from: KeyHandle, constant: readonly number[]): Promise<KeyHandle> =>
    keys.derive(from, { kind: 'encrypted', mode: 'cbc', data: concatenate(constant, sequence, new Uint8Array(12)), algorithm: 'des2', purpose: 'session', parity: 'as-is' })
  const [encryption, mac, data] = await Promise.all([derive(card.encryption, constants.encryption), derive(card.mac, constants.mac), derive(card.data, constants.data)])
  return { encryption, mac, data }
}

/** E.4.2.1 and E.4.2.2. */
export async function scp02Cryptograms(keys: CardKeys, session: Scp02Keys, { hostChallenge, sequence, cardChallenge }: Scp02Start): Promise<{ card: Uint8Array; host: Uint8Array }> {
  const [card, host] = await Promise.all([
    keys.mac(session.encryption, 'full-des3', pad(concatenate(hostChallenge, sequence, cardChallenge), 8)),
    keys.mac(session.encryption, 'full-des3', pad(concatenate(sequence, cardChallenge, hostChallenge), 8)),
  ])
  return { card, host }
}

export function scp02Channel(parts: { keys: CardKeys; session: Scp02Keys; level: SecurityLevel; initialVector?: ChannelOrder['initialVector']; keyData: Uint8Array; keyVersion: Uint8Array }): SecureChannel & {
  externalAuthenticate(hostCryptogram: Uint8Array): Promise<Uint8Array>
} {
  const { keys, session, level } = parts
  const encrypts = (securityLevels[level] & 0x02) !== 0
  /** The last C-MAC; none before EXTERNAL AUTHENTICATE. */
  let last: Uint8Array | undefined

  /**
   * E.4.4. Encrypting the chaining value with the key's first half (E.4.4.3) is what the first step of a retail MAC does to a block in front; as it
   * stands it goes into the first block.
   */
  const mac = async (text: Uint8Array): Promise<Uint8Array> => {
    const blocks = pad(text, 8)
    const chained = last === undefined ? blocks : parts.initialVector === 'plain' ? blocks.map((byte, at) => byte ^ (last![at] ?? 0)) : concatenate(last, blocks)
    last = await keys.mac(session.mac, 'retail', chained)
    return last
  }
  const protect = async (command: CommandApdu, encrypting: boolean): Promise<Uint8Array> => {
    const cla = securedClass(command.cla)
    const { ins, p1, p2, data } = command
    const code = await mac(concatenate([macClass(cla), ins, p1, p2, data.length + macLength], data))
    const sent = encrypting && data.length > 0 ? await keys.encrypt(session.encryption, pad(data, 8), { mode: 'cbc' }) : data
    return buildCommand({ ...command, cla, data: concatenate(sent, code), extended: false })
  }
  return {
    protocol: 'scp02',
    keyData: parts.keyData,
    keyVersion: parts.keyVersion,
    block: 8,
    // 255 less the C-MAC; encrypted, whole blocks with at least one byte of padding in them.
    room: encrypts ? 239 : 247,
    sealing: { key: session.data, mode: 'ecb' },
    wrap: (command) => protect(command, encrypts),
    unwrap: (response) => Promise.resolve(response),
    externalAuthenticate: (cryptogram) => protect({ cla: 0x84, ins: 0x82, p1: securityLevels[level], p2: 0, data: cryptogram }, false),
    close() {
      for (const key of Object.values(session) as KeyHandle[]) keys.release(key)
    },
  }
}

/** The class byte that says secure messaging (11.1.4): of the first class format, or of the further ones. */
export const securedClass = (cla: number): number => ((cla & 0x40) === 0 ? cla | 0x04 : cla | 0x20)

/** The number of the logical channel is no part of what is authenticated (E.4.4, amendment D 6.2.4). */
export const macClass = (cla: number): number => ((cla & 0x40) === 0 ? cla & 0xfc : cla & 0xf0)
