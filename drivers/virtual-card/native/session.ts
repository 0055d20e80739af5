/** What a native card keeps in its RAM: where it stands, whom it talks to, what was shown. */
import type { Command } from '../application.ts'
import { CardStatus } from '../application.ts'
import type { Shown } from './access.ts'
import { masterFile } from './files.ts'
import { isProtected, SecureChannel } from './secure-messaging.ts'
import type { SessionKeys } from './authentication.ts'

export class Session {
  /** Path of the current directory, and of the current elementary file in it. */
  directory = masterFile
  file: string | undefined
  /** Of GET CHALLENGE, good for one try. */
  challenge: Uint8Array | undefined
  channel: SecureChannel | undefined
  /** The command at work came through the channel. */
  protected = false
  #transport = false
  #keys = new Set<number>()
  #pins = new Set<number>()

  get shown(): Shown {
    return { protected: this.protected, keys: this.#keys, pins: this.#pins }
  }

  /** The personalizer speaks: he knows the transport key, and this command is his. */
  get personalizer(): boolean {
    return this.#transport && this.protected
  }

  open(keys: SessionKeys, by: 'transport' | number): void {
    this.channel = new SecureChannel(keys)
    this.#transport = by === 'transport'
    if (by !== 'transport') this.#keys.add(by)
  }

  close(): void {
    this.channel = undefined
    this.#transport = false
    this.#keys.clear()
  }

  verified(pin: number): void {
    this.#pins.add(pin)
  }

  forget(pin: number): void {
    this.#pins.delete(pin)
  }

  /** What was shown to one directory is nothing to another; the transport key is the whole card's. */
  enter(directory: string): void {
    if (directory !== this.directory) {
      this.#keys.clear()
      this.#pins.clear()
    }
    this.directory = directory
    this.file = undefined
  }

  takeChallenge(): Uint8Array {
    const { challenge } = this
    this.challenge = undefined
    if (challenge === undefined) throw new CardStatus(0x6984)
    return challenge
  }

  /** The plain command. One in clear, or one that is not right, ends the channel (Doc 9303-11, 9.8.1). */
  receive(command: Command): Command {
    this.protected = isProtected(command)
    if (!this.protected) {
      this.close()
      return command
    }
    if (this.channel === undefined) throw new CardStatus(0x6982)
    try {
      return this.channel.unwrap(command)
    } catch (thrown) {
      this.close()
      throw thrown
    }
  }
}
