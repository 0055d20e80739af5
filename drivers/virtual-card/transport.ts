/** The card's part of the transport: how a response gets out at T=0 and T=1 (ISO/IEC 7816-3, 12.2; 7816-4, 5.3.4). */
import type { Answer } from './application.ts'
import { toHex } from '#shared/bytes.ts'
import { parseCommand } from '#shared/chip/apdu.ts'

const getResponse = 0xc0

/** What waits to be fetched, and how: by GET RESPONSE, or by the same command once more with the length that `6Cxx` told. */
interface Waiting {
  answer: Answer
  by: 'get-response' | 'same-command'
  header: string
}

export class Transport {
  readonly #protocol: 'T=0' | 'T=1'
  #waiting: Waiting | undefined

  constructor(protocol: 'T=0' | 'T=1') {
    this.#protocol = protocol
  }

  reset(): void {
    this.#waiting = undefined
  }

  /** Whether this command fetches what waits, and is none of its own. */
  fetches(command: Uint8Array): boolean {
    if (this.#waiting === undefined || command.length !== 5) return false
    if (this.#waiting.by === 'same-command') return toHex(command.subarray(0, 4)) === this.#waiting.header
    return command[1] === getResponse && command[2] === 0 && command[3] === 0
  }

  fetch(command: Uint8Array): Uint8Array {
    const { answer, header } = this.#waiting!
    const length = lengthOf(command[4]!)
    const there = answer.data.length
    if (this.#protocol === 'T=0' && length > there) return statusBytes(0x6c00 | there)
    return this.#part(answer, Math.min(length, there), header)
  }

  /** The first that goes out for a command: data and status, or the status that says how to fetch them. */
  respond(command: Uint8Array, answer: Answer): Uint8Array {
    this.#waiting = undefined
    const there = answer.data.length
    if (there === 0) return statusBytes(answer.status)
    const header = toHex(command.subarray(0, 4))
    if (this.#protocol === 'T=1') return this.#part(answer, Math.min(there, askedOf(command)), header)
    if (command.length > 5) {
      this.#waiting = { answer, by: 'get-response', header }
      return statusBytes(0x6100 | (there > 255 ? 0 : there))
    }
    const length = lengthOf(command[4] ?? 0)
    if (length === there || there > 256) return this.#part(answer, length, header)
    this.#waiting = { answer, by: 'same-command', header }
    return statusBytes(0x6c00 | (there & 0xff))
  }

  /** The first bytes of an answer; what is left waits for GET RESPONSE. */
  #part(answer: Answer, length: number, header: string): Uint8Array {
    const rest = answer.data.subarray(length)
    this.#waiting = rest.length === 0 ? undefined : { answer: { data: rest, status: answer.status }, by: 'get-response', header }
    const end = rest.length === 0 ? answer.status : 0x6100 | (rest.length > 255 ? 0 : rest.length)
    return new Uint8Array(Buffer.concat([answer.data.subarray(0, length), statusBytes(end)]))
  }
}

const lengthOf = (le: number): number => (le === 0 ? 256 : le)

/** Ne at T=1. A command without Le field gets its data too, as most cards do: a host that expects none drops them. */
function askedOf(command: Uint8Array): number {
  return parseCommand(command).expected ?? 256
}

export function statusBytes(word: number): Uint8Array {
  return Uint8Array.of(word >> 8, word & 0xff)
}
