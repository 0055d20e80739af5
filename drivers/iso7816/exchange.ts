/**
 * One logical command over a contact transport: what ISO/IEC 7816-3, 12.2 (T=0) and 7816-4, 5.3.3 and 5.3.4 (chaining, `61xx`, `6Cxx`)
 * ask of the terminal's side. It knows neither reader nor clock: raw bytes go out through a function.
 *
 * Nothing here makes a card do a thing twice: a command is repeated only where the card has told by `6Cxx` that it did not process it.
 */
import { concatenate } from '#shared/bytes.ts'
import { buildCommand, chainingBit, logicalChannel, parseCommand, parseResponse, type CommandApdu } from '#shared/chip/apdu.ts'
import { CardwrightError } from '#shared/cardwright-error.ts'
import type { ChipAnswer } from '#main/ports/chip-station.ts'

/** What crosses the contacts once: the response as it came, or why there is none. */
export type RawAnswer = { kind: 'response'; bytes: Uint8Array } | Extract<ChipAnswer, { kind: 'lost' }>

export interface Transport {
  protocol: 'T=0' | 'T=1'
  /** The card takes lengths in the extended form (7816-4, 8.1.1.2.7). Without effect at T=0, which can't carry them. */
  extendedLength: boolean
  send(command: Uint8Array): Promise<RawAnswer>
}

/** GET RESPONSE commands for one response at most: 65,536 bytes in the smallest pieces that cards send, and more than any needs. */
const mostPieces = 2048
/** Pieces without a byte that a card may send before it is taken for mad. */
const mostEmptyPieces = 4

interface Answered {
  data: Uint8Array
  status: number
}
type Step = Answered | Extract<ChipAnswer, { kind: 'lost' }>

/**
 * The card's answer to `bytes`, a command APDU. Rejects with `apdu.malformed` where it is none, with `apdu.too-long` (class data) where
 * it is too long for this card and its class byte allows no chain; nothing was sent then.
 */
export async function exchange(transport: Transport, bytes: Uint8Array): Promise<ChipAnswer> {
  const whole = parseCommand(bytes)
  const commands = commandsFor(transport, whole)
  const conversation = new Conversation(transport, wantedBy(whole))
  for (const command of commands) {
    const last = command === commands.at(-1)
    const answer = await conversation.carry(command)
    if ('kind' in answer) return answer
    // A link of the chain that was not taken ends it (7816-4, 5.3.3): what the card says of it is the answer.
    if (last || answer.status !== 0x9000) return { kind: 'response', ...answer }
  }
  throw new CardwrightError({ code: 'bug.unexpected', class: 'bug', values: { name: 'empty chain' } })
}

/** Bytes of response to fetch; a short `00` asks for all that there are (7816-4, 5.3.4). */
function wantedBy({ expected, extended }: CommandApdu): number {
  return expected === 256 && extended !== true ? 65_536 : (expected ?? 0)
}

/** The command in the form that card and protocol take: as it is, short, or as a chain. */
function commandsFor(transport: Transport, command: CommandApdu): CommandApdu[] {
  if (transport.extendedLength && transport.protocol === 'T=1') return [command]
  const { expected, ...rest } = command
  const short: CommandApdu = { ...rest, extended: false, ...(expected !== undefined && { expected: Math.min(expected, 256) }) }
  if (command.data.length <= 255) return [short]
  if ((command.cla & 0x80) !== 0 || (command.cla & 0xe0) === 0x20) {
    throw new CardwrightError({ code: 'apdu.too-long', class: 'data', place: 'offset 4', values: { length: command.data.length } })
  }
  const pieces = Array.from({ length: Math.ceil(command.data.length / 255) }, (_, index) => command.data.subarray(index * 255, index * 255 + 255))
  return pieces.map((data, index) =>
    index < pieces.length - 1 ? { cla: command.cla | chainingBit, ins: command.ins, p1: command.p1, p2: command.p2, data, extended: false } : { ...short, data },
  )
}

class Conversation {
  readonly #transport: Transport
  readonly #wanted: number
  /** Something of this logical command has reached the card. */
  #begun = false

  constructor(transport: Transport, wanted: number) {
    this.#transport = transport
    this.#wanted = wanted
  }

  async carry(command: CommandApdu): Promise<Step> {
    // T=0 has no place for Le beside data (7816-3, 12.2.5): the response is fetched afterwards.
    const bare = this.#transport.protocol === 'T=0' && command.data.length > 0
    const first = await this.#send(bare ? withoutExpected(command) : command)
    if ('kind' in first || command.expected === undefined) return first
    const right = bare ? first : await this.#withRightLength(command, first)
    return 'kind' in right ? right : this.#gather(command, right)
  }

  /** `6Cxx`: not processed, and so many bytes are there. Once more with that length, and no third time. */
  async #withRightLength(command: CommandApdu, answer: Answered): Promise<Step> {
    if (answer.status >> 8 !== 0x6c) return answer
    const there = answer.status & 0xff || 256
    const repeated = await this.#send({ ...command, expected: there, extended: false })
    if ('kind' in repeated) return repeated
    // More than was asked for is cut off (7816-3, 12.2.3).
    return { ...repeated, data: repeated.data.subarray(0, this.#wanted) }
  }

  /** `61xx`: so many bytes wait. Fetches until the card says another status, or as much as the command expects is there. */
  async #gather(command: CommandApdu, first: Answered): Promise<Step> {
    const parts = [first.data]
    let length = first.data.length
    let status = first.status
    let empty = 0
    for (let pieces = 0; status >> 8 === 0x61 && length < this.#wanted; pieces += 1) {
      if (pieces === mostPieces || empty === mostEmptyPieces) return { kind: 'lost', loss: 'protocol-error', sent: true }
      const fetch = getResponse(command.cla, Math.min(status & 0xff || 256, this.#wanted - length))
      const sent = await this.#send(fetch)
      const piece = 'kind' in sent ? sent : await this.#withRightLength(fetch, sent)
      if ('kind' in piece) return piece
      empty = piece.data.length === 0 ? empty + 1 : 0
      parts.push(piece.data)
      length += piece.data.length
      status = piece.status
    }
    return { data: concatenate(...parts).subarray(0, this.#wanted), status }
  }

  async #send(command: CommandApdu): Promise<Step> {
    const answer = await this.#transport.send(buildCommand(command))
    if (answer.kind === 'lost') return { ...answer, sent: answer.sent || this.#begun }
    this.#begun = true
    if (answer.bytes.length < 2) return { kind: 'lost', loss: 'protocol-error', sent: true }
    return parseResponse(answer.bytes)
  }
}

function withoutExpected({ expected: _, ...command }: CommandApdu): CommandApdu {
  return command
}

/** On the command's logical channel, in the interindustry class, outside of secure messaging and chains (7816-4, 7.6.1). */
function getResponse(cla: number, expected: number): CommandApdu {
  const channel = logicalChannel(cla)
  return { cla: channel < 4 ? channel : 0x40 + channel - 4, ins: 0xc0, p1: 0, p2: 0, data: new Uint8Array(0), expected, extended: false }
}
