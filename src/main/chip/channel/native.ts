/**
 * Mutual authentication and secure messaging of a native card (docs/native-card.md): ISO/IEC 7816-4, 10 in the way of ICAO Doc 9303-11,
 * 4.3 and 9.8, with triple DES.
 */
import { timingSafeEqual } from 'node:crypto'
import { concatenate, numberToBytes } from '#shared/bytes.ts'
import { buildCommand, statusHex } from '#shared/chip/apdu.ts'
import type { CommandApdu, ResponseApdu } from '#shared/chip/apdu.ts'
import { buildTlv, parseTlv } from '#shared/tlv/ber.ts'
import type { CardKeys, KeyHandle } from '../../ports/card-keys.ts'
import { ScriptError } from '../endings.ts'
import { ResponseAltered, answeredWell, wrongKey } from './channel.ts'
import type { ChannelOrder, ChannelParts, SecureChannel } from './channel.ts'
import { cardKey } from './diversification.ts'
import { pad, unpad } from './padding.ts'

/** 29 blocks, less one byte of padding: with the other objects, 255 bytes. */
const room = 231

const getSerial = Uint8Array.of(0x00, 0xca, 0x01, 0x01, 0x08)
const getKeyVersion = Uint8Array.of(0x00, 0xca, 0x01, 0x02, 0x04)
const getChallenge = Uint8Array.of(0x00, 0x84, 0x00, 0x00, 0x08)

export async function openNative(parts: ChannelParts, order: ChannelOrder): Promise<SecureChannel> {
  const { keys } = parts
  if (order.diversification !== 'none' && order.diversification !== 'serial') throw new ScriptError(`keys of a native card do not follow by ${order.diversification}`)
  const ask = async (command: Uint8Array, name: string): Promise<Uint8Array> => {
    const { data, status } = await parts.exchange(command)
    if (status !== answeredWell) throw refused(name, status)
    return data
  }
  const serial = await ask(getSerial, 'GET DATA of the serial number')
  const keyVersion = (await ask(getKeyVersion, 'GET DATA of the transport key')).subarray(0, 1)
  const challenge = await ask(getChallenge, 'GET CHALLENGE')
  const master = await keys.open(order.key, 'master')
  const card = {
    encryption: await cardKey(keys, master, order.diversification, serial, 'encryption'),
    mac: await cardKey(keys, master, order.diversification, serial, 'mac'),
  }
  try {
    const authentication = await keys.authenticate(card, challenge)
    const answer = await parts.exchange(buildCommand({ cla: 0, ins: 0x82, p1: 0, p2: 0, data: authentication.token, expected: 40 }))
    if (answer.status !== answeredWell) throw refused('MUTUAL AUTHENTICATE', answer.status)
    const session = await authentication.complete(answer.data)
    if (session === undefined) throw wrongKey()
    return nativeChannel({ keys, session, keyData: serial, keyVersion })
  } finally {
    keys.release(card.encryption)
    keys.release(card.mac)
  }
}

export interface NativeSession {
  encryption: KeyHandle
  mac: KeyHandle
  data: KeyHandle
  counter: Uint8Array
}

/** ICAO Doc 9303-11, 9.8. */
export function nativeChannel({ keys, session, keyData, keyVersion }: { keys: CardKeys; session: NativeSession; keyData: Uint8Array; keyVersion: Uint8Array }): SecureChannel {
  const counter = Uint8Array.from(session.counter)
  const mac = (text: Uint8Array): Promise<Uint8Array> => keys.mac(session.mac, 'retail', pad(text, 8))

  return {
    protocol: 'native',
    keyData,
    keyVersion,
    block: 8,
    room,
    sealing: { key: session.data, mode: 'cbc' },
    async wrap(command: CommandApdu) {
      increment(counter)
      const header = Uint8Array.of(0x0c, command.ins, command.p1, command.p2)
      const { data, expected } = command
      const cryptogram = data.length === 0 ? data : buildTlv('87', concatenate([0x01], await keys.encrypt(session.encryption, pad(data, 8), { mode: 'cbc' })))
      const le = expected === undefined ? new Uint8Array() : buildTlv('97', expected > 256 ? numberToBytes(expected % 65_536, 2) : numberToBytes(expected % 256, 1))
      const objects = concatenate(cryptogram, le)
      // Without objects the padded header is all: its block is whole, and is not padded once more.
      const text = concatenate(counter, pad(header, 8), objects)
      const code = objects.length === 0 ? await keys.mac(session.mac, 'retail', text) : await mac(text)
      return buildCommand({ cla: 0x0c, ins: command.ins, p1: command.p1, p2: command.p2, data: concatenate(objects, buildTlv('8E', code)), expected: 256 })
    },
    async unwrap(response: ResponseApdu) {
      // 6987 and 6988: the card could not read the command; it answers in clear and forgets the channel.
      if (response.data.length === 0) return response
      increment(counter)
      const { cryptogram, status, code, covered } = objectsOf(response.data)
      if (!timingSafeEqual(await mac(concatenate(counter, covered)), code)) throw new ResponseAltered()
      if (status !== response.status) throw new ResponseAltered()
      if (cryptogram === undefined) return { data: new Uint8Array(), status }
      const plain = unpad(await keys.decrypt(session.encryption, cryptogram, { mode: 'cbc' }))
      if (plain === undefined) throw new ResponseAltered()
      return { data: plain, status }
    },
    close() {
      for (const key of [session.encryption, session.mac, session.data]) keys.release(key)
    },
  }
}

/** The objects of a protected response: 87 where it has data, 99, 8E. */
function objectsOf(data: Uint8Array): { cryptogram: Uint8Array | undefined; status: number; code: Uint8Array; covered: Uint8Array } {
  try {
    const objects = parseTlv(data)
    const of = (tag: string): Uint8Array | undefined => objects.find((object) => object.tag === tag)?.value
    const [encrypted, status, mac] = [of('87'), of('99'), objects.at(-1)]
    if (status?.length !== 2 || mac?.tag !== '8E' || mac.value.length !== 8) throw new ResponseAltered()
    if (encrypted !== undefined && (encrypted[0] !== 1 || encrypted.length % 8 !== 1)) throw new ResponseAltered()
    return { cryptogram: encrypted?.subarray(1), status: (status[0]! << 8) | status[1]!, code: mac.value, covered: data.subarray(0, mac.offset) }
  } catch {
    throw new ResponseAltered()
  }
}

function increment(counter: Uint8Array): void {
  for (let at = counter.length - 1; at >= 0; at -= 1) {
    counter[at] = (counter[at]! + 1) & 0xff
    if (counter[at] !== 0) return
  }
}

function refused(command: string, status: number): ScriptError {
  const wrong = (status & 0xfff0) === 0x63c0
  return new ScriptError(`${command} answered ${statusHex(status)}`, { status: statusHex(status), ...(wrong ? { code: 'wrong-key' } : {}) }, wrong ? 'chip-wrong-key' : 'chip-script-failed')
}
