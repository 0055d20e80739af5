/** The secure channel that is open, and the two commands that open it: INITIALIZE UPDATE and EXTERNAL AUTHENTICATE (GlobalPlatform 2.3, annex E; amendment D 7.1). */
import { numberToBytes } from '#shared/bytes.ts'
import { answer, CardStatus, done } from '../application.ts'
import type { Answer, CardServices, Command } from '../application.ts'
import type { CardState } from './card-state.ts'
import { securityLevel } from './channel.ts'
import type { SecureChannel } from './channel.ts'
import type { IssuerData } from './data.ts'
import { life } from './registry.ts'
import type { Application } from './registry.ts'
import { Scp02 } from './scp02.ts'
import { Scp03 } from './scp03.ts'

export interface ChannelProfile {
  protocol: 2 | 3
  /** `i`. */
  parameter: number
}

export const instruction = { initializeUpdate: 0x50, externalAuthenticate: 0x82, getData: 0xca, storeData: 0xe2 } as const

/** Wrong cryptograms in a row after which the card opens no channel any more: its velocity check (10.2.1). */
const mostFailures = 15
const triesCell = 'data/tries'

export class Channels {
  readonly #profile: ChannelProfile
  readonly #state: CardState
  readonly #data: IssuerData
  #channel: SecureChannel | undefined
  #version = 0

  constructor(profile: ChannelProfile, state: CardState, data: IssuerData) {
    this.#profile = profile
    this.#state = state
    this.#data = data
  }

  /** The fault `retry-counter-spent`. */
  static spend(card: CardServices): void {
    card.memory.write(triesCell, Uint8Array.of(0))
  }

  close(): void {
    this.#channel = undefined
  }

  /** The host has proved that it knows the keys. */
  get authenticated(): boolean {
    return this.#channel?.level !== undefined
  }

  /** Version of the keys of the channel, or of those that a channel would have. */
  get version(): number {
    return this.#channel === undefined ? (this.#state.keySets.versions()[0] ?? 0) : this.#version
  }

  /** Of the keys of `version`, as long as the protocol has it: two bytes (E.4.1), three (amendment D 6.2.2.1). */
  get sequence(): Uint8Array {
    return numberToBytes(this.#state.keySets.sequence(this.version), this.#profile.protocol === 2 ? 2 : 3)
  }

  /** The channel, once the host is authenticated. Throws CardStatus 6982. */
  get channel(): SecureChannel {
    if (this.#channel?.level === undefined) throw new CardStatus(0x6982)
    return this.#channel
  }

  opens({ cla, ins }: Command): boolean {
    return (cla === 0x80 && ins === instruction.initializeUpdate) || ((cla === 0x84 || cla === 0x80) && ins === instruction.externalAuthenticate)
  }

  /** INITIALIZE UPDATE or EXTERNAL AUTHENTICATE. `identifier`: of what is selected. Throws CardStatus. */
  open(command: Command, identifier: Uint8Array, card: CardServices): Answer {
    return command.ins === instruction.initializeUpdate ? this.#begin(command, identifier, card) : this.#authenticate(command, card)
  }

  /** A command through the channel as it is: without its secure messaging to `work`, and the answer with it. Throws CardStatus. */
  carry(command: Command, work: (plain: Command) => Answer): Answer {
    const channel = this.#channel
    const secured = (command.cla & 0x04) !== 0
    const macs = ((channel?.level ?? 0) & securityLevel.mac) !== 0
    if (secured !== macs) throw new CardStatus(0x6982)
    if (channel?.level === undefined) return work(command)
    let plain: Command
    try {
      plain = channel.unwrap(command)
    } catch (thrown) {
      this.close() // 10.2.3: what is wrong with the messaging ends the channel
      throw thrown
    }
    try {
      return channel.protect(work({ ...plain, cla: plain.cla & ~0x04 }))
    } catch (thrown) {
      if (thrown instanceof CardStatus) return channel.protect(answer(new Uint8Array(0), thrown.status))
      throw thrown
    }
  }

  /** STORE DATA for an application (7.3.3). Throws CardStatus 6982 without a channel. */
  personalize(entry: Application, command: Command): Answer {
    const channel = this.channel
    const state = this.#state
    const services = { ...state.servicesOf(entry.aid), decrypt: (data: Uint8Array) => channel.decryptData(data) }
    const { personalized, ...response } = state.instance(entry).personalize(command, services)
    if (personalized === true) state.registry.put({ ...entry, life: life.personalized })
    return response
  }

  #begin(command: Command, identifier: Uint8Array, card: CardServices): Answer {
    this.close()
    if (command.data.length !== 8) throw new CardStatus(0x6700)
    if (command.p2 !== 0) throw new CardStatus(0x6a86)
    if (this.#tries(card) === 0) throw new CardStatus(0x6983)
    const { keySets } = this.#state
    const version = command.p1 === 0 ? keySets.versions().find((candidate) => keySets.channelKeys(candidate, card) !== undefined) : command.p1
    const keys = version === undefined ? undefined : keySets.channelKeys(version, card)
    if (version === undefined || keys === undefined) throw new CardStatus(0x6a88)
    const opening = {
      card,
      keys,
      keyVersion: version,
      diversification: this.#data.diversification,
      sequence: keySets.sequence(version),
      parameter: this.#profile.parameter,
      hostChallenge: command.data,
      identifier,
    }
    this.#channel = this.#profile.protocol === 2 ? new Scp02(opening) : new Scp03(opening)
    this.#version = version
    return answer(this.#channel.response)
  }

  #authenticate(command: Command, card: CardServices): Answer {
    const channel = this.#channel
    if (channel === undefined || channel.level !== undefined) throw new CardStatus(0x6985)
    if (command.p2 !== 0 || command.cla !== 0x84) throw new CardStatus(command.cla === 0x84 ? 0x6a86 : 0x6982)
    try {
      if (command.data.length !== 16) throw new CardStatus(0x6700)
      channel.authenticate(command)
    } catch (thrown) {
      this.close()
      card.memory.write(triesCell, Uint8Array.of(this.#tries(card) - 1))
      throw thrown
    }
    if (this.#tries(card) !== mostFailures) card.memory.write(triesCell, Uint8Array.of(mostFailures))
    this.#state.keySets.setSequence(this.#version, this.#state.keySets.sequence(this.#version) + 1)
    return done
  }

  #tries(card: CardServices): number {
    return card.memory.read(triesCell)?.[0] ?? mostFailures
  }
}
