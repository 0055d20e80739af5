/** Secure channel protocol 02 with three keys, explicit initiation, C-MAC on the modified command: i = 15 and i = 55, and without ICV encryption 05 and 45 (annex E). */
import { concatenate, numberToBytes, sameBytes } from '#shared/bytes.ts'
import { CardStatus } from '../application.ts'
import type { Answer, Command } from '../application.ts'
import { desDecryptCbc, desDecryptEcb, desEncryptCbc, fullMac, padded, retailMac, unpadded } from '../crypto.ts'
import { securityLevel } from './channel.ts'
import type { ChannelOpening, SecureChannel } from './channel.ts'

/** Bits of `i` (table E-1): the ICV is encrypted; the card challenge is pseudo-random and can be foreseen. */
const [encryptedVector, pseudoRandom] = [0x10, 0x40]
const macLength = 8

/** E.4.1: the static key in CBC over a constant and the sequence counter. */
function sessionKey(key: Uint8Array, constant: readonly [number, number], sequence: Uint8Array): Uint8Array {
  return desEncryptCbc(key, concatenate(constant, sequence, new Uint8Array(12)))
}

export class Scp02 implements SecureChannel {
  readonly protocol = 2
  readonly response: Uint8Array
  level: number | undefined
  readonly #opening: ChannelOpening
  readonly #mac: Uint8Array
  readonly #encryption: Uint8Array
  readonly #data: Uint8Array
  readonly #hostCryptogram: Uint8Array
  #icv: Uint8Array = new Uint8Array(macLength)

  constructor(opening: ChannelOpening) {
    const { keys, card, hostChallenge } = opening
    const sequence = numberToBytes(opening.sequence, 2)
    this.#opening = opening
    this.#mac = sessionKey(keys.mac, [0x01, 0x01], sequence)
    this.#encryption = sessionKey(keys.encryption, [0x01, 0x82], sequence)
    this.#data = sessionKey(keys.data, [0x01, 0x81], sequence)
    // E.4.2.3: a challenge that can be foreseen is the MAC over the selected application's identifier
    const challenge = (opening.parameter & pseudoRandom) !== 0 ? retailMac(this.#mac, padded(opening.identifier, 8)).slice(0, 6) : card.random(6)
    const cryptogram = (first: Uint8Array, second: Uint8Array) => fullMac(this.#encryption, padded(concatenate(first, second), 8))
    const cardChallenge = concatenate(sequence, challenge)
    this.#hostCryptogram = cryptogram(cardChallenge, hostChallenge)
    this.response = concatenate(opening.diversification, [opening.keyVersion, this.protocol], cardChallenge, cryptogram(hostChallenge, cardChallenge))
    card.compute({ kind: 'des3', blocks: 14 })
  }

  authenticate(command: Command): void {
    if (command.p1 !== securityLevel.none && command.p1 !== securityLevel.mac && command.p1 !== (securityLevel.mac | securityLevel.decryption)) throw new CardStatus(0x6a86)
    const { data } = this.#checked(command)
    if (!sameBytes(data, this.#hostCryptogram)) throw new CardStatus(0x6300)
    this.level = command.p1
  }

  unwrap(command: Command): Command {
    const level = this.level ?? 0
    if (level === securityLevel.none) return command
    // The MAC is over the plain data (E.4.4), so it is the last to be looked at.
    return this.#checked((level & securityLevel.decryption) !== 0 ? this.#decrypted(command) : command)
  }

  protect(answer: Answer): Answer {
    return answer
  }

  decryptData(data: Uint8Array): Uint8Array {
    if (data.length % 8 !== 0) throw new CardStatus(0x6a80)
    this.#opening.card.compute({ kind: 'des3', blocks: data.length / 8 })
    return desDecryptEcb(this.#data, data)
  }

  /** Takes the MAC off (E.4.4): over the header as modified, Lc of the plain data and the MAC, and the data. */
  #checked(command: Command): Command {
    if (command.data.length < macLength) throw new CardStatus(0x6982)
    const data = command.data.slice(0, -macLength)
    const message = concatenate([command.cla, command.ins, command.p1, command.p2, data.length + macLength], data)
    const mac = retailMac(this.#mac, padded(message, 8), this.#icv)
    this.#opening.card.compute({ kind: 'des', blocks: Math.ceil(message.length / 8) + 2 })
    if (!sameBytes(mac, command.data.subarray(-macLength))) throw new CardStatus(0x6982)
    // ICV encryption (E.3.4): single DES with the first half of the key
    this.#icv = (this.#opening.parameter & encryptedVector) === 0 ? mac : desEncryptCbc(this.#mac.subarray(0, 8), mac)
    return { ...command, data }
  }

  #decrypted(command: Command): Command {
    const encrypted = command.data.slice(0, -macLength)
    if (encrypted.length === 0) return command
    if (encrypted.length % 8 !== 0) throw new CardStatus(0x6982)
    const data = unpadded(desDecryptCbc(this.#encryption, encrypted))
    this.#opening.card.compute({ kind: 'des3', blocks: encrypted.length / 8 })
    if (data === undefined) throw new CardStatus(0x6982)
    return { ...command, data: concatenate(data, command.data.slice(-macLength)) }
  }
}
