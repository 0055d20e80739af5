/**
 * The operating system of a native card: files, access, the transport key, and the program of the application that is current. The protocol
 * is docs/native-card.md; nothing of the host's side is used here.
 */
import { concatenate } from '#shared/bytes.ts'
import { answer, CardStatus, done } from '../application.ts'
import type { Answer, CardServices, CardSystem, Command } from '../application.ts'
import { padded, retailMac } from '../crypto.ts'
import { permits } from './access.ts'
import type { Access } from './access.ts'
import { authenticate, keyPair, transportKeys } from './authentication.ts'
import type { KeyPair } from './authentication.ts'
import { parseFileControl } from './file-control.ts'
import type { ApplicationKind } from './file-control.ts'
import { fileLife, Files, masterFile } from './files.ts'
import { readBinary, readRecord, updateBinary, writeRecord } from './reading-and-writing.ts'
import type { Desk } from './reading-and-writing.ts'
import { findKey, findPin, keyUses, spendTries, tryOnce, verifies } from './secret-files.ts'
import type { KeyUse } from './secret-files.ts'
import { roomInResponse } from './secure-messaging.ts'
import { meant, told } from './selection.ts'
import { Session } from './session.ts'
import { TransportKey } from './transport-key.ts'

/** What the mask does with an application once the card is activated. */
export interface NativeProgram {
  /** The card goes into operation. */
  activate?(place: ProgramPlace): void
  /** Answer to SELECT by name; undefined: the file system's. */
  select?(command: Command, place: ProgramPlace): Answer
  deselect?(place: ProgramPlace): void
  /** Undefined: it is a command for the file system. */
  process(command: Command, place: ProgramPlace): Answer | undefined
}

export interface ProgramPlace {
  card: CardServices
  files: Files
  directory: string
  /** PINs that were verified, by number. */
  pins: ReadonlySet<number>
}

export interface Mask {
  /** In the answer to reset and the serial number. */
  number: number
  /** Issuer's master key of the practice cards. */
  master: Uint8Array
  programs: Partial<Record<ApplicationKind, () => NativeProgram>>
}

export class NativeSystem implements CardSystem {
  readonly #mask: Mask
  #session = new Session()
  /** Of the application that was selected by name. One that is reached by identifier or path is files and no more. */
  #program: { directory: string; program: NativeProgram } | undefined

  constructor(mask: Mask) {
    this.#mask = mask
  }

  format(card: CardServices): void {
    new Files(card.memory).format()
    new TransportKey(card.memory).format(transportKeys(this.#mask.master, this.#serial(card)))
  }

  reset(): void {
    this.#session = new Session()
    this.#program = undefined
  }

  spendRetryCounters(card: CardServices): void {
    const files = new Files(card.memory)
    const transport = new TransportKey(card.memory)
    if (transport.version !== 0) transport.triesLeft = 0
    for (const directory of [masterFile, ...files.within(masterFile)]) spendTries(files, directory)
  }

  process(command: Command, card: CardServices): Answer {
    const session = this.#session
    const plain = session.receive(command)
    if (!session.protected) return this.#execute(plain, card)
    card.compute({ kind: 'des3', blocks: Math.ceil(command.data.length / 4) })
    const { channel } = session
    const response = this.#inChannel(plain, card)
    return channel === undefined ? response : channel.wrap(response)
  }

  /** Errors of a protected command are answered protected as well. */
  #inChannel(command: Command, card: CardServices): Answer {
    try {
      const response = this.#execute({ ...command, ...(command.expected !== undefined && { expected: Math.min(command.expected, roomInResponse) }) }, card)
      return response.data.length > roomInResponse ? answer(new Uint8Array(0), 0x6700) : response
    } catch (thrown) {
      if (thrown instanceof CardStatus) return answer(new Uint8Array(0), thrown.status)
      throw thrown
    }
  }

  #execute(command: Command, card: CardServices): Answer {
    const desk: Desk = { files: new Files(card.memory), session: this.#session, allow: (path, access) => this.#allow(card, path, access) }
    if (command.cla === 0x00 && command.ins === 0xa4) return this.#select(command, card, desk.files)
    if (command.cla === 0x00 && command.ins === 0xca && command.p1 === 0x01) return this.#cardData(command, card, desk.files)
    const answered = this.#program?.program.process(command, this.#place(card, desk.files))
    if (answered !== undefined) return answered
    if (command.cla !== 0x00) throw new CardStatus(0x6e00)
    return this.#interindustry(command, card, desk)
  }

  #interindustry(command: Command, card: CardServices, desk: Desk): Answer {
    switch (command.ins) {
      case 0x84:
        return this.#challenge(command, card)
      case 0x82:
        return this.#authenticate(command, card, desk.files)
      case 0x88:
        return this.#internalAuthenticate(command, card, desk.files)
      case 0x20:
        return this.#verify(command, desk.files)
      case 0xe0:
        return this.#create(command, desk)
      case 0xe4:
        return this.#delete(command, desk)
      case 0x44:
        return this.#activate(command, card, desk)
      case 0xb0:
        return readBinary(command, desk)
      case 0xd6:
        return updateBinary(command, desk)
      case 0xb2:
        return readRecord(command, desk)
      case 0xdc:
      case 0xe2:
        return writeRecord(command, desk)
      default:
        throw new CardStatus(0x6d00)
    }
  }

  // Where the card stands

  #select(command: Command, card: CardServices, files: Files): Answer {
    const path = meant(files, this.#session, command)
    const isDirectory = files.get(path).kind === 'df'
    const directory = isDirectory ? path : path.slice(0, -4)
    files.get(directory)
    this.#program?.program.deselect?.(this.#place(card, files))
    this.#session.enter(directory)
    if (!isDirectory) this.#session.file = path
    const program = command.p1 === 0x04 && files.life(directory) === fileLife.operational ? this.#programOf(files, directory) : undefined
    this.#program = program && { directory, program }
    return program?.select?.(command, this.#place(card, files)) ?? told(files, path, command.p2)
  }

  #programOf(files: Files, directory: string): NativeProgram | undefined {
    const { application } = files.get(directory)
    return application && this.#mask.programs[application]?.()
  }

  #place(card: CardServices, files: Files): ProgramPlace {
    return { card, files, directory: this.#program?.directory ?? this.#session.directory, pins: this.#session.shown.pins }
  }

  #serial(card: CardServices): Uint8Array {
    return concatenate([0x43, 0x57, this.#mask.number, 0x01], card.serial)
  }

  #cardData({ p2 }: Command, card: CardServices, files: Files): Answer {
    if (p2 === 0x01) return answer(this.#serial(card))
    if (p2 !== 0x02) throw new CardStatus(0x6a88)
    const transport = new TransportKey(card.memory)
    return answer(Uint8Array.of(transport.version, 0x01, transport.triesLeft, files.life(masterFile)))
  }

  // Who speaks

  #challenge({ p1, p2, expected }: Command, card: CardServices): Answer {
    if (p1 !== 0 || p2 !== 0) throw new CardStatus(0x6a86)
    if (expected === undefined) throw new CardStatus(0x6700)
    if (expected !== 8 && expected !== 256) throw new CardStatus(0x6c08)
    this.#session.challenge = card.random(8)
    return answer(this.#session.challenge)
  }

  /** MUTUAL AUTHENTICATE. P2 00: the transport key; on an activated card, key 1 of the current directory, as passports have it. */
  #authenticate(command: Command, card: CardServices, files: Files): Answer {
    const { p1, p2, data } = command
    if (p1 !== 0 || p2 > 0x1f) throw new CardStatus(0x6a86)
    if (data.length !== 40) throw new CardStatus(0x6700)
    const operational = files.life(masterFile) === fileLife.operational
    const transport = p2 === 0x00 && !(operational && findKey(files, this.#session.directory, { number: 1, use: keyUses.mutual }))
    const result = transport ? this.#byTransportKey(data, card) : this.#byOwnKey(p2 || 1, data, card, files)
    this.#session.open(result.session, transport ? 'transport' : p2 || 1)
    return answer(result.token)
  }

  #byTransportKey(token: Uint8Array, card: CardServices) {
    const key = new TransportKey(card.memory)
    const keys = key.keys()
    if (key.triesLeft === 0) throw new CardStatus(0x6983)
    const challenge = this.#session.takeChallenge()
    key.triesLeft -= 1 // counted before the try, so that pulling the card wins nothing
    const result = this.#check({ encryption: card.ownKey(keys.encryption), mac: card.ownKey(keys.mac) }, challenge, token, card)
    if (result === undefined) throw new CardStatus(0x63c0 | key.triesLeft)
    key.triesLeft = TransportKey.tries
    return result
  }

  #byOwnKey(number: number, token: Uint8Array, card: CardServices, files: Files) {
    const entry = findKey(files, this.#session.directory, { number, use: keyUses.mutual })
    if (entry === undefined) throw new CardStatus(0x6a88)
    const challenge = this.#session.takeChallenge()
    return tryOnce(files, entry, () => this.#check(keyPair(entry.value), challenge, token, card))
  }

  #check(keys: KeyPair, challenge: Uint8Array, token: Uint8Array, card: CardServices) {
    card.compute({ kind: 'des3', blocks: 16 })
    return authenticate(keys, challenge, card.random(16), token)
  }

  /** A retail MAC of the host's challenge under a key for that (docs/native-card.md). */
  #internalAuthenticate({ p2, data }: Command, card: CardServices, files: Files): Answer {
    const wanted: { number?: number; use: KeyUse } = { ...(p2 !== 0 && { number: p2 }), use: keyUses.internal }
    const entry = findKey(files, this.#session.directory, wanted)
    if (entry === undefined) throw new CardStatus(0x6a88)
    if (data.length < 8) throw new CardStatus(0x6700)
    if (files.life(this.#session.directory) !== fileLife.operational) throw new CardStatus(0x6985)
    card.compute({ kind: 'des3', blocks: Math.ceil(data.length / 8) + 1 })
    return answer(retailMac(entry.value, padded(data, 8)))
  }

  /** Without data: is it needed, and how many tries are left (7816-4, 7.5.6). */
  #verify({ p2, data }: Command, files: Files): Answer {
    const number = p2 & 0x1f
    const entry = findPin(files, this.#session.directory, number)
    if (entry === undefined) throw new CardStatus(0x6a88)
    if (data.length === 0) {
      if (this.#session.shown.pins.has(number)) return done
      throw new CardStatus(entry.left === 0 ? 0x6983 : 0x63c0 | entry.left)
    }
    this.#session.forget(number)
    tryOnce(files, entry, () => verifies(entry, data))
    this.#session.verified(number)
    return done
  }

  // What may be done

  /** Throws CardStatus 6982, 6A82. The personalizer may do everything to a file that is not in operation yet. */
  #allow(card: CardServices, path: string, access: Access): void {
    const files = new Files(card.memory)
    const control = files.get(path)
    const opened = this.#session.personalizer && files.life(masterFile) === fileLife.initialisation && files.life(path) === fileLife.initialisation
    if (!opened && !permits(control, access, this.#session.shown)) throw new CardStatus(0x6982)
  }

  #create({ p1, p2, data }: Command, { files, session, allow }: Desk): Answer {
    if (p1 !== 0 || p2 !== 0) throw new CardStatus(0x6a86)
    const control = parseFileControl(data)
    if (control.application !== undefined && this.#mask.programs[control.application] === undefined) throw new CardStatus(0x6a81)
    allow(session.directory, control.kind === 'df' ? 'append' : 'update') // 7816-4, table 43: bits 3 and 2 of a DF
    const path = files.create(session.directory, data)
    if (control.kind === 'df') session.enter(path)
    else session.file = path
    return done
  }

  #delete({ data }: Command, { files, session, allow }: Desk): Answer {
    const path = data.length === 0 ? (session.file ?? session.directory) : meant(files, session, { cla: 0, ins: 0xa4, p1: 0, p2: 0, data })
    if (path === masterFile) throw new CardStatus(0x6985)
    allow(path, 'delete')
    files.delete(path)
    session.enter(session.directory.startsWith(path) ? path.slice(0, -4) : session.directory)
    return done
  }

  /** Of the MF: the card goes into operation, and its transport key is gone. */
  #activate({ p1, p2, data }: Command, card: CardServices, { files, session, allow }: Desk): Answer {
    if (p1 !== 0 || p2 !== 0) throw new CardStatus(0x6a86)
    const path = data.length === 0 ? (session.file ?? session.directory) : meant(files, session, { cla: 0, ins: 0xa4, p1: 0, p2: 0, data })
    allow(path, 'activate')
    card.memory.transaction(() => {
      files.setLife(path, fileLife.operational)
      if (path !== masterFile) return
      new TransportKey(card.memory).kill()
      for (const directory of files.within(masterFile)) this.#programOf(files, directory)?.activate?.({ card, files, directory, pins: new Set() })
    })
    if (path === masterFile) session.close()
    return done
  }
}
