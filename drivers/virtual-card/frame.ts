/**
 * What all practice cards have in common: power, answer to reset, memory, randomness, time, faults, and the transport's part of a
 * command: `61xx`, `6Cxx`, GET RESPONSE, chaining (ISO/IEC 7816-4, 5.3.3). The system inside sees whole commands.
 */
import type { ChipFault, PracticeCardType } from '#shared/chip/practice-card.ts'
import { chainingBit, parseCommand } from '#shared/chip/apdu.ts'
import { concatenate, fromHex, toHex } from '#shared/bytes.ts'
import { CardwrightError } from '#shared/cardwright-error.ts'
import { answer, CardStatus, done } from './application.ts'
import type { Answer, CardServices, CardSystem, Command } from './application.ts'
import { FaultList } from './faults.ts'
import { Eeprom } from './memory.ts'
import { CardRandom, chipSerial } from './random.ts'
import { savedVersion } from './saved.ts'
import type { SavedCard } from './saved.ts'
import { computingTime, lineTime, memoryTime, timing } from './timing.ts'
import { Transport } from './transport.ts'
import type { CardOptions, CardResponse, VirtualCard } from './virtual-card.ts'

export interface FrameParts {
  type: PracticeCardType
  protocol: 'T=0' | 'T=1'
  answerToReset: Uint8Array
  options: CardOptions
  /** Bytes of EEPROM. */
  memory: number
  system: CardSystem
  /** As it was saved; a card fresh from the factory where absent. */
  saved?: SavedCard | undefined
}

type Loss = 'mute' | 'removed' | 'reader-lost'
type Power = 'off' | 'on' | Loss

/** Longest command that a card gathers from a chain. */
const longestChain = 4096

export function createFrame(parts: FrameParts): VirtualCard {
  return new Frame(parts)
}

class Frame implements VirtualCard {
  readonly type: PracticeCardType
  readonly protocol: 'T=0' | 'T=1'
  readonly #parts: FrameParts
  readonly #eeprom: Eeprom
  readonly #random: CardRandom
  readonly #faults: FaultList
  readonly #transport: Transport
  readonly #services: CardServices
  #power: Power = 'off'
  #commands = 0
  #computing = 0
  #chain: { header: string; data: Uint8Array } | undefined

  constructor(parts: FrameParts) {
    const { saved, options } = parts
    this.type = parts.type
    this.protocol = parts.protocol
    this.#parts = parts
    this.#eeprom = new Eeprom(saved?.room ?? parts.memory, Object.entries(saved?.memory ?? {}).map(([name, value]) => [name, fromHex(value)] as const))
    this.#random = new CardRandom(options.seed, saved?.drawn ?? 0)
    this.#faults = new FaultList(saved?.faults ?? [])
    this.#transport = new Transport(parts.protocol)
    this.#services = {
      memory: this.#eeprom.memory,
      serial: chipSerial(options.seed),
      random: (length) => this.#random.bytes(length),
      compute: (work) => {
        this.#computing += computingTime(work)
      },
      ownKey: (key) => (this.#faults.stands('wrong-key') ? key.map((byte) => byte ^ 0xff) : key),
    }
    if (saved === undefined) parts.system.format(this.#services)
  }

  powerOn(): Uint8Array | undefined {
    this.powerOff()
    if (this.#faults.stands('dead')) return undefined
    this.#power = 'on'
    this.#eeprom.begin()
    this.#parts.system.reset(this.#services)
    return this.#parts.answerToReset.slice()
  }

  powerOff(): void {
    this.#power = 'off'
    this.#commands = 0
    this.#chain = undefined
    this.#transport.reset()
  }

  transmit(command: Uint8Array): CardResponse {
    if (this.#power !== 'on') return { kind: 'none', why: this.#power === 'off' ? 'mute' : this.#power, cost: { line: 0, memory: 0, computing: 0 } }
    this.#computing = 0
    this.#eeprom.begin()
    // Fetching a response is the transport's doing: it is no command that a fault counts.
    if (this.#transport.fetches(command)) return this.#responded(command, this.#transport.fetch(command))
    this.#commands++
    const at = { command: this.#commands, ins: command[1] ?? 0 }
    const fault = this.#faults.strike(at, 'before')
    if (fault === undefined) return this.#executed(command, at)
    if (fault.kind === 'status') return this.#responded(command, this.#transport.respond(command, answer(new Uint8Array(0), fault.status)))
    return this.#gone(fault.kind, command)
  }

  arm(fault: ChipFault): void {
    this.#faults.arm(fault)
    if (fault.kind === 'full-memory') this.#eeprom.room = Math.min(this.#eeprom.room, fault.bytes)
    if (fault.kind === 'retry-counter-spent') this.#parts.system.spendRetryCounters(this.#services)
  }

  armed(): readonly ChipFault[] {
    return this.#faults.list()
  }

  disarm(): void {
    if (this.#faults.stands('full-memory')) this.#eeprom.room = this.#parts.memory - this.#eeprom.used()
    this.#faults.clear()
  }

  save(): SavedCard {
    return {
      cardwright: 'practice-card',
      version: savedVersion,
      type: this.type,
      options: this.#parts.options,
      memory: Object.fromEntries([...this.#eeprom.cells()].map(([name, value]) => [name, toHex(value)])),
      room: this.#eeprom.room,
      drawn: this.#random.drawn,
      faults: [...this.#faults.list()],
    }
  }

  /** The command is done to its end; what a fault would have left of it is made afterwards. */
  #executed(command: Uint8Array, at: { command: number; ins: number }): CardResponse {
    const response = this.#transport.respond(command, this.#run(command))
    const total = this.#eeprom.written().reduce((sum, bytes) => sum + bytes, 0)
    const fault = this.#faults.strike(at, total > 0 ? 'after-write' : 'after')
    if (fault === undefined) return this.#responded(command, response)
    switch (fault.kind) {
      case 'silent-loss':
        this.#eeprom.cut(0)
        return this.#responded(command, response)
      case 'slow':
        this.#computing += fault.milliseconds
        return this.#responded(command, response)
      case 'torn-write':
        this.#eeprom.cut(fault.byte)
        return this.#gone('mute', command)
      case 'mute':
        return this.#gone('mute', command)
      default:
        if (fault.moment === 'during') this.#eeprom.cut(Math.floor(total / 2))
        return this.#gone(fault.kind, command)
    }
  }

  #run(bytes: Uint8Array): Answer {
    try {
      const command = this.#whole(parseCommand(bytes))
      return command === undefined ? done : this.#parts.system.process(command, this.#services)
    } catch (thrown) {
      if (thrown instanceof CardStatus) return answer(new Uint8Array(0), thrown.status)
      if (thrown instanceof CardwrightError && thrown.faults[0].code === 'apdu.malformed') return answer(new Uint8Array(0), 0x6700)
      throw thrown
    }
  }

  /** Gathers a chain of interindustry commands. Undefined while more is to come. */
  #whole(command: Command): Command | undefined {
    if (this.protocol === 'T=0' && command.extended === true) throw new CardStatus(0x6700)
    const header = `${command.cla & ~chainingBit} ${command.ins} ${command.p1} ${command.p2}`
    const begun = this.#chain
    this.#chain = undefined
    if (begun !== undefined && begun.header !== header) throw new CardStatus(0x6883) // last command of the chain expected
    const data = concatenate(begun?.data ?? [], command.data)
    if (data.length > longestChain) throw new CardStatus(0x6700)
    const more = command.cla < 0x80 && (command.cla & chainingBit) !== 0
    if (more) this.#chain = { header, data }
    return more ? undefined : { ...command, data }
  }

  #gone(why: Loss, command: Uint8Array): CardResponse {
    const response: CardResponse = { kind: 'none', why, cost: this.#cost(command.length, 0) }
    this.powerOff()
    this.#power = why
    return response
  }

  #responded(command: Uint8Array, bytes: Uint8Array): CardResponse {
    return { kind: 'response', bytes, cost: this.#cost(command.length, bytes.length) }
  }

  #cost(length: number, answered: number): CardResponse['cost'] {
    return {
      line: lineTime(this.protocol, this.#parts.options.baudRate, length, answered),
      memory: memoryTime(this.#eeprom.written()),
      computing: timing.command + this.#computing,
    }
  }
}
