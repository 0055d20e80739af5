/** Secure channel protocol 03 with AES of 128, 192 or 256 bits: GlobalPlatform amendment D 1.1.2, i = 60 and i = 70. */
import { concatenate, numberToBytes, sameBytes } from '#shared/bytes.ts'
import { CardStatus } from '../application.ts'
import type { Answer, Command } from '../application.ts'
import { aesCmac, aesDecryptCbc, aesEncryptCbc, padded, unpadded } from '../crypto.ts'
import { securityLevel } from './channel.ts'
import type { ChannelOpening, SecureChannel } from './channel.ts'

/** Bits of `i` (table 5-1): the card challenge can be foreseen; there are response MAC, and response encryption too. */
const [pseudoRandom, responseMacs, responseEncryptions] = [0x10, 0x20, 0x40]

/** Derivation constants (table 4-1). */
const constant = { cardCryptogram: 0x00, hostCryptogram: 0x01, cardChallenge: 0x02, encryption: 0x04, mac: 0x06, responseMac: 0x07 } as const

const macLength = 8

/** 4.1.5: NIST SP 800-108 in counter mode with CMAC; `length` bytes come out. */
export function derive(key: Uint8Array, purpose: number, context: Uint8Array, length: number): Uint8Array {
  const rounds = Math.ceil(length / 16)
  const block = (round: number) => aesCmac(key, concatenate(new Uint8Array(11), [purpose, 0x00], numberToBytes(length * 8, 2), [round], context))
  return concatenate(...Array.from({ length: rounds }, (_, index) => block(index + 1))).slice(0, length)
}

export class Scp03 implements SecureChannel {
  readonly protocol = 3
  readonly response: Uint8Array
  level: number | undefined
  readonly #opening: ChannelOpening
  readonly #mac: Uint8Array
  readonly #responseMac: Uint8Array
  readonly #encryption: Uint8Array
  readonly #hostCryptogram: Uint8Array
  /** MAC chaining value (6.2.3): the whole of the last C-MAC. */
  #chaining: Uint8Array = new Uint8Array(16)
  /** Commands since the channel is open (6.2.6). */
  #counter = 0

  constructor(opening: ChannelOpening) {
    const { keys, card, hostChallenge, parameter } = opening
    const sequence = numberToBytes(opening.sequence, 3)
    const foreseen = (parameter & pseudoRandom) !== 0
    // 6.2.2.1: the challenge that can be foreseen follows from the sequence counter and the selected application's identifier
    const challenge = foreseen ? derive(keys.encryption, constant.cardChallenge, concatenate(sequence, opening.identifier), 8) : card.random(8)
    const context = concatenate(hostChallenge, challenge)
    const length = keys.encryption.length
    this.#opening = opening
    this.#encryption = derive(keys.encryption, constant.encryption, context, length)
    this.#mac = derive(keys.mac, constant.mac, context, length)
    this.#responseMac = derive(keys.mac, constant.responseMac, context, length)
    this.#hostCryptogram = derive(this.#mac, constant.hostCryptogram, context, 8)
    const cryptogram = derive(this.#mac, constant.cardCryptogram, context, 8)
    this.response = concatenate(opening.diversification, [opening.keyVersion, this.protocol, parameter], challenge, cryptogram, foreseen ? sequence : [])
    card.compute({ kind: 'aes', blocks: 30 })
  }

  authenticate(command: Command): void {
    if (!this.#keeps(command.p1)) throw new CardStatus(0x6a86)
    const { data } = this.#checked(command)
    if (!sameBytes(data, this.#hostCryptogram)) throw new CardStatus(0x6300)
    this.level = command.p1
  }

  unwrap(command: Command): Command {
    const level = this.level ?? 0
    if ((level & securityLevel.mac) === 0) return command
    const checked = this.#checked(command)
    // 6.2.6: it counts commands without data too
    this.#counter++
    return (level & securityLevel.decryption) === 0 || checked.data.length === 0 ? checked : { ...checked, data: this.#decrypted(checked.data) }
  }

  /** 6.2.4, 6.2.7: errors have neither. */
  protect(answer: Answer): Answer {
    const level = this.level ?? 0
    const kind = answer.status >> 8
    if ((level & securityLevel.responseMac) === 0 || (kind !== 0x90 && kind !== 0x62 && kind !== 0x63)) return answer
    const data = (level & securityLevel.responseEncryption) !== 0 && answer.data.length > 0 ? this.#encrypted(answer.data) : answer.data
    this.#compute(data.length)
    const mac = aesCmac(this.#responseMac, concatenate(this.#chaining, data, numberToBytes(answer.status, 2)))
    return { data: concatenate(data, mac.subarray(0, macLength)), status: answer.status }
  }

  decryptData(data: Uint8Array): Uint8Array {
    if (data.length % 16 !== 0) throw new CardStatus(0x6a80)
    this.#compute(data.length)
    return aesDecryptCbc(this.#opening.keys.data, data)
  }

  /** EXTERNAL AUTHENTICATE (7.1.2): each step needs those below it, and what `i` promises. */
  #keeps(level: number): boolean {
    const { mac, decryption, responseMac, responseEncryption } = securityLevel
    const parameter = this.#opening.parameter
    switch (level) {
      case securityLevel.none:
      case mac:
      case mac | decryption:
        return true
      case mac | responseMac:
      case mac | decryption | responseMac:
        return (parameter & responseMacs) !== 0
      case mac | decryption | responseMac | responseEncryption:
        return (parameter & responseEncryptions) !== 0
      default:
        return false
    }
  }

  #checked(command: Command): Command {
    if (command.data.length < macLength) throw new CardStatus(0x6982)
    const data = command.data.slice(0, -macLength)
    const length = command.data.length
    const lc = length > 255 ? concatenate([0], numberToBytes(length, 2)) : Uint8Array.of(length)
    this.#compute(length)
    const mac = aesCmac(this.#mac, concatenate(this.#chaining, [command.cla, command.ins, command.p1, command.p2], lc, data))
    if (!sameBytes(mac.subarray(0, macLength), command.data.subarray(-macLength))) throw new CardStatus(0x6982)
    this.#chaining = mac
    return { ...command, data }
  }

  #decrypted(data: Uint8Array): Uint8Array {
    if (data.length % 16 !== 0) throw new CardStatus(0x6982)
    this.#compute(data.length)
    const plain = unpadded(aesDecryptCbc(this.#encryption, data, this.#vector(0x00)))
    if (plain === undefined) throw new CardStatus(0x6982)
    return plain
  }

  #encrypted(data: Uint8Array): Uint8Array {
    this.#compute(data.length)
    return aesEncryptCbc(this.#encryption, padded(data, 16), this.#vector(0x80))
  }

  /** The counter under S-ENC; its first byte tells responses from commands. */
  #vector(first: 0x00 | 0x80): Uint8Array {
    return aesEncryptCbc(this.#encryption, concatenate([first], numberToBytes(this.#counter, 15)))
  }

  #compute(bytes: number): void {
    this.#opening.card.compute({ kind: 'aes', blocks: Math.ceil(bytes / 16) + 2 })
  }
}
