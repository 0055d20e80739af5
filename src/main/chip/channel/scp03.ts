/**
 * SCP03 (GlobalPlatform amendment D 1.1.2) with AES-128, -192 and -256 keys in S8 mode: C-MAC, C-DECRYPTION, R-MAC and R-ENCRYPTION, for
 * i=60 (random challenge of the card) and i=70 (pseudo-random).
 */
import { timingSafeEqual } from 'node:crypto'
import { concatenate, numberToBytes } from '#shared/bytes.ts'
import { buildCommand } from '#shared/chip/apdu.ts'
import type { CommandApdu } from '#shared/chip/apdu.ts'
import { keyLengths } from '#shared/chip/keys.ts'
import type { CardKeys, KeyHandle } from '../../ports/card-keys.ts'
import { ResponseAltered, securityLevels } from './channel.ts'
import type { SecureChannel, SecurityLevel } from './channel.ts'
import { counterMode } from './counter-mode.ts'
import type { CardKeySet } from './diversification.ts'
import { pad, unpad } from './padding.ts'
import { macClass, securedClass } from './scp02.ts'

/** Derivation constants of 4.1.5, table 4-1. */
const labels = { cardCryptogram: 0x00, hostCryptogram: 0x01, encryption: 0x04, mac: 0x06, responseMac: 0x07 } as const

const macLength = 8

export interface Scp03Keys {
  encryption: KeyHandle
  mac: KeyHandle
  responseMac: KeyHandle
  /** Static: SCP03 has no session key for secrets (6.2.8). */
  data: KeyHandle
}

/** 6.2.1. The context is both challenges, the host's first. */
export async function scp03SessionKeys(keys: CardKeys, card: CardKeySet, context: Uint8Array): Promise<Scp03Keys> {
  const derive = (from: KeyHandle, label: number): Promise<KeyHandle> =>
    keys.derive(from, { kind: 'cmac', inputs: counterMode({ label, context, bits: keyLengths[from.algorithm] * 8 }), algorithm: from.algorithm, purpose: 'session' })
  const [encryption, mac, responseMac] = await Promise.all([
    derive(card.encryption, labels.encryption),
    derive(card.mac, labels.mac),
    derive(card.mac, labels.responseMac),
  ])
  return { encryption, mac, responseMac, data: card.data }
}

/** 6.2.2: 64 bits derived under the session MAC key. */
export async function scp03Cryptograms(keys: CardKeys, session: Scp03Keys, context: Uint8Array): Promise<{ card: Uint8Array; host: Uint8Array }> {
  const cryptogram = async (label: number): Promise<Uint8Array> => (await keys.mac(session.mac, 'cmac', counterMode({ label, context, bits: 64 })[0]!)).subarray(0, 8)
  const [card, host] = await Promise.all([cryptogram(labels.cardCryptogram), cryptogram(labels.hostCryptogram)])
  return { card, host }
}

export function scp03Channel(parts: { keys: CardKeys; session: Scp03Keys; level: SecurityLevel; keyData: Uint8Array; keyVersion: Uint8Array }): SecureChannel & {
  externalAuthenticate(hostCryptogram: Uint8Array): Promise<Uint8Array>
} {
  const { keys, session, level } = parts
  const bits = securityLevels[level]
  const [encrypts, authenticatesResponses, encryptsResponses] = [(bits & 0x02) !== 0, (bits & 0x10) !== 0, (bits & 0x20) !== 0]
  let chaining: Uint8Array = new Uint8Array(16)
  /** Of commands after EXTERNAL AUTHENTICATE (6.2.6). */
  let counter = 0

  /** The counter encrypted: the ICV of the command, or with 80 in front that of its response (6.2.7). */
  const icv = (first: number): Promise<Uint8Array> => keys.encrypt(session.encryption, concatenate([first], new Uint8Array(9), numberToBytes(counter, 6)), { mode: 'ecb' })

  /** 6.2.4. */
  const authenticate = async (command: CommandApdu, data: Uint8Array): Promise<Uint8Array> => {
    const { ins, p1, p2 } = command
    const cla = securedClass(command.cla)
    const length = data.length + macLength
    const lc = length > 255 ? [0, ...numberToBytes(length, 2)] : [length]
    chaining = await keys.mac(session.mac, 'cmac', concatenate(chaining, [macClass(cla), ins, p1, p2], lc, data))
    return buildCommand({ ...command, cla, data: concatenate(data, chaining.subarray(0, macLength)), extended: length > 255 || command.extended === true })
  }
  return {
    protocol: 'scp03',
    keyData: parts.keyData,
    keyVersion: parts.keyVersion,
    block: 16,
    room: encrypts ? 239 : 247,
    sealing: { key: session.data, mode: 'cbc' },
    async wrap(command) {
      counter += 1
      const { data } = command
      const sent = encrypts && data.length > 0 ? await keys.encrypt(session.encryption, pad(data, 16), { mode: 'cbc', iv: await icv(0) }) : data
      // A response MAC is response data, which a card sends where it is asked for them (ISO/IEC 7816-3, 12.1.3): at T=0 nobody fetches it otherwise.
      return authenticate(authenticatesResponses ? { ...command, expected: command.expected ?? 256 } : command, sent)
    },
    async unwrap(response) {
      // Only success and warnings are authenticated (6.2.5).
      const covered = response.status === 0x9000 || [0x62, 0x63].includes(response.status >> 8)
      if (!authenticatesResponses || !covered) return response
      if (response.data.length < macLength) throw new ResponseAltered()
      const data = response.data.subarray(0, -macLength)
      const code = await keys.mac(session.responseMac, 'cmac', concatenate(chaining, data, numberToBytes(response.status, 2)))
      if (!timingSafeEqual(code.subarray(0, macLength), response.data.subarray(-macLength))) throw new ResponseAltered()
      if (!encryptsResponses || data.length === 0) return { ...response, data }
      if (data.length % 16 !== 0) throw new ResponseAltered()
      const plain = unpad(await keys.decrypt(session.encryption, data, { mode: 'cbc', iv: await icv(0x80) }))
      if (plain === undefined) throw new ResponseAltered()
      return { ...response, data: plain }
    },
    externalAuthenticate: (cryptogram) => authenticate({ cla: 0x84, ins: 0x82, p1: bits, p2: 0, data: cryptogram }, cryptogram),
    close() {
      for (const key of [session.encryption, session.mac, session.responseMac, session.data]) keys.release(key)
    },
  }
}
