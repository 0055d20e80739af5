/** A host of GlobalPlatform for tests of cards: opens SCP02 and SCP03 with keys in clear, and wraps what it sends. */
import { aesCmac, aesDecryptCbc, aesEncryptCbc, desEncryptCbc, desEncryptEcb, fullMac, padded, retailMac, unpadded } from '#drivers/virtual-card/crypto.ts'
import type { StaticKeys } from '#drivers/virtual-card/global-platform/channel.ts'
import { derive } from '#drivers/virtual-card/global-platform/scp03.ts'
import type { VirtualCard } from '#drivers/virtual-card/virtual-card.ts'
import { concatenate, fromHex, numberToBytes, toHex } from '#shared/bytes.ts'
import { buildCommand, parseCommand, parseResponse } from '#shared/chip/apdu.ts'

export interface Exchanged {
  data: string
  status: string
}

/** Sends as a reader does: with GET RESPONSE and the right length where the card asks for them. */
export function send(card: VirtualCard, command: string | Uint8Array): Exchanged {
  const bytes = typeof command === 'string' ? fromHex(command) : command
  const { data, expected, ...header } = parseCommand(bytes)
  const bare = card.protocol === 'T=0' && data.length > 0 && expected !== undefined
  let answer = raw(card, bare ? buildCommand({ ...header, data }) : bytes)
  if (answer.status >> 8 === 0x6c) answer = raw(card, buildCommand({ ...header, data, expected: answer.status & 0xff || 256 }))
  let whole = answer.data
  while (answer.status >> 8 === 0x61) {
    answer = raw(card, Uint8Array.of(0x00, 0xc0, 0, 0, answer.status & 0xff))
    whole = concatenate(whole, answer.data)
  }
  return { data: toHex(whole), status: toHex(numberToBytes(answer.status, 2)) }
}

function raw(card: VirtualCard, command: Uint8Array): { data: Uint8Array; status: number } {
  const response = card.transmit(command)
  if (response.kind === 'none') throw new Error(`no response: ${response.why}`)
  return parseResponse(response.bytes)
}

export interface HostOptions {
  keys(diversification: Uint8Array): StaticKeys
  level: number
  keyVersion?: number
  hostChallenge?: Uint8Array
}

export class Host {
  readonly card: VirtualCard
  readonly keyVersion: number
  readonly #level: number
  readonly #keys: StaticKeys
  readonly #scp: 2 | 3
  readonly #session: StaticKeys
  #chaining: Uint8Array
  #counter = 0
  #responseMac: Uint8Array = new Uint8Array(0)

  /** INITIALIZE UPDATE and EXTERNAL AUTHENTICATE. Throws where the card does not open. */
  constructor(card: VirtualCard, { keys, level, keyVersion = 0, hostChallenge = fromHex('0102030405060708') }: HostOptions) {
    const begun = send(card, concatenate([0x80, 0x50, keyVersion, 0x00, 8], hostChallenge, [0]))
    if (begun.status !== '9000') throw new Error(`INITIALIZE UPDATE: ${begun.status}`)
    const response = fromHex(begun.data)
    this.card = card
    this.#level = level
    this.#keys = keys(response.slice(0, 10))
    this.keyVersion = response[10]!
    this.#scp = response[11] as 2 | 3
    let cryptogram: Uint8Array
    if (this.#scp === 2) {
      const sequence = response.slice(12, 14)
      const key = (from: Uint8Array, constant: number[]) => desEncryptCbc(from, concatenate(constant, sequence, new Uint8Array(12)))
      this.#session = { encryption: key(this.#keys.encryption, [1, 0x82]), mac: key(this.#keys.mac, [1, 1]), data: key(this.#keys.data, [1, 0x81]) }
      cryptogram = fullMac(this.#session.encryption, padded(concatenate(response.slice(12, 20), hostChallenge), 8))
      this.#chaining = new Uint8Array(8)
    } else {
      const context = concatenate(hostChallenge, response.slice(13, 21))
      const { length } = this.#keys.mac
      this.#session = { encryption: derive(this.#keys.encryption, 4, context, length), mac: derive(this.#keys.mac, 6, context, length), data: this.#keys.data }
      this.#responseMac = derive(this.#keys.mac, 7, context, length)
      cryptogram = derive(this.#session.mac, 1, context, 8)
      this.#chaining = new Uint8Array(16)
    }
    const authenticated = send(card, this.#signed(concatenate([0x84, 0x82, level, 0x00, 8], cryptogram)))
    if (authenticated.status !== '9000') throw new Error(`EXTERNAL AUTHENTICATE: ${authenticated.status}`)
  }

  /** A plain command, through the channel, and the plain answer. */
  send(plain: string): Exchanged {
    const answer = send(this.card, this.wrap(plain))
    if ((this.#level & 0x10) === 0 || answer.data === '') return answer
    const bytes = fromHex(answer.data)
    const body = bytes.slice(0, -8)
    const mac = aesCmac(this.#responseMac, concatenate(this.#chaining, body, fromHex(answer.status))).slice(0, 8)
    if (toHex(mac) !== toHex(bytes.slice(-8))) throw new Error('wrong response MAC')
    if ((this.#level & 0x20) === 0 || body.length === 0) return { ...answer, data: toHex(body) }
    return { ...answer, data: toHex(unpadded(aesDecryptCbc(this.#session.encryption, body, this.#vector(0x80)))!) }
  }

  wrap(plain: string): Uint8Array {
    if ((this.#level & 1) === 0) return fromHex(plain)
    this.#counter++
    const command = parseCommand(fromHex(plain))
    const secured = { ...command, cla: command.cla | 4 }
    if (this.#scp === 2) {
      const signed = parseCommand(this.#signed(buildCommand({ ...secured, extended: false })))
      if ((this.#level & 2) === 0 || command.data.length === 0) return buildCommand(signed)
      const encrypted = desEncryptCbc(this.#session.encryption, padded(command.data, 8))
      return buildCommand({ ...signed, data: concatenate(encrypted, signed.data.slice(-8)) })
    }
    const data = (this.#level & 2) !== 0 && command.data.length > 0 ? aesEncryptCbc(this.#session.encryption, padded(command.data, 16), this.#vector(0)) : command.data
    return this.#signed(buildCommand({ ...secured, data }))
  }

  /** Under the data encryption key: of sensitive data and keys. */
  encrypted(data: Uint8Array): Uint8Array {
    return this.#scp === 2 ? desEncryptEcb(this.#session.data, data) : aesEncryptCbc(this.#session.data, data)
  }

  #signed(bytes: Uint8Array): Uint8Array {
    const command = parseCommand(bytes)
    const header = [command.cla, command.ins, command.p1, command.p2, command.data.length + 8]
    let mac: Uint8Array
    if (this.#scp === 2) {
      mac = retailMac(this.#session.mac, padded(concatenate(header, command.data), 8), this.#chaining)
      this.#chaining = desEncryptCbc(this.#session.mac.subarray(0, 8), mac)
    } else {
      this.#chaining = aesCmac(this.#session.mac, concatenate(this.#chaining, header, command.data))
      mac = this.#chaining.slice(0, 8)
    }
    return buildCommand({ ...command, data: concatenate(command.data, mac) })
  }

  #vector(first: number): Uint8Array {
    return aesEncryptCbc(this.#session.encryption, concatenate([first], numberToBytes(this.#counter, 15)))
  }
}
