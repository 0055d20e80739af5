/** Commands and responses of a trace in the words of the field. Covered bytes (`..`) stay covered in whatever is read from them. Pure. */
import { toHex } from '#shared/bytes.ts'
import { parseCommand } from '#shared/chip/apdu.ts'
import { instructionName } from '#shared/chip/instructions.ts'
import { isDone, statusWords } from '#shared/chip/status-words.ts'
import type { Words } from '#shared/chip/status-words.ts'
import type { ChipTraceEntry } from '#shared/chip/trace.ts'
import { CardwrightError } from '#shared/faults.ts'
import { decode } from '#shared/tlv/decode.ts'
import type { Decoded } from '#shared/tlv/decode.ts'

export type Apdu = Extract<ChipTraceEntry, { kind: 'apdu' }>

export interface CommandReading {
  /** Name by its standard; undefined for one that none here knows. */
  name: string | undefined
  /** `80 E2 00 00`. */
  header: string
  ins: number
  /** Hex with covered pairs; empty without data. */
  data: string
  /** Bytes expected. */
  expected: number | undefined
}

/** Reads a command in hex; undefined where its lengths do not agree. */
export function readCommand(command: string): CommandReading | undefined {
  const bytes = bytesOf(command)
  try {
    const { cla, ins, data, expected } = parseCommand(bytes)
    const begin = (data.byteOffset - bytes.byteOffset) * 2
    return {
      name: instructionName(cla, ins),
      header: grouped(command.slice(0, 8)),
      ins,
      data: data.length === 0 ? '' : command.slice(begin, begin + data.length * 2),
      expected,
    }
  } catch (thrown) {
    if (thrown instanceof CardwrightError) return undefined
    throw thrown
  }
}

export interface ResponseReading {
  data: string
  /** `9000`. */
  status: string
  words: Words
  good: boolean
}

export function readResponse(response: string, ins?: number): ResponseReading {
  const status = response.slice(-4)
  const number = Number.parseInt(status, 16)
  return { data: response.slice(0, -4), status, words: statusWords(number, ins), good: isDone(number) }
}

/** Bytes with blanks between. */
export function grouped(hex: string): string {
  return (hex.match(/../g) ?? []).join(' ')
}

/** Data objects and groupings of bytes, some of which may be covered; undefined where they are neither. */
export function decodeCovered(hex: string): Decoded[] | undefined {
  if (hex === '') return undefined
  try {
    return decode(toHex(bytesOf(hex)))?.map((part) => covered(part, hex))
  } catch (thrown) {
    if (thrown instanceof CardwrightError) return undefined
    throw thrown
  }
}

/** Objects that hold the card's number (EMV Book 3, annex A): wherever they are read, the number's middle stays covered. */
const numbers: ReadonlySet<string> = new Set(['5A', '57', '9F6B'])

function withoutNumber(value: string): string {
  const digits = /^[\d.]*/.exec(value)![0].length
  const [from, to] = [6, digits - (digits % 2 === 0 ? 4 : 3)]
  return to <= from ? value : value.slice(0, from) + '..'.repeat((to - from) / 2) + value.slice(to)
}

/** Puts the covered pairs back into what was read without them. */
function covered(part: Decoded, hex: string): Decoded {
  const children = part.children?.map((child) => covered(child, hex))
  if (part.kind === 'list-entry') return { ...part, ...(children && { children }) }
  const begin = (part.offset + headerLength(part)) * 2
  const value = hex.slice(begin, begin + part.value.length)
  const { reading, ...rest } = part
  if (numbers.has(part.tag)) return { ...rest, value: withoutNumber(value) }
  return { ...rest, value, ...(reading !== undefined && !value.includes('.') && { reading }), ...(children && { children }) }
}

/** Tag and length, as cards write them. */
function headerLength({ kind, tag, value }: Decoded): number {
  const length = value.length / 2
  if (kind === 'grouping') return length < 0xff ? 3 : 5
  return tag.length / 2 + (length < 0x80 ? 1 : length < 0x100 ? 2 : 3)
}

/** Covered pairs as zeros, so that lengths can be read. */
function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from({ length: hex.length / 2 }, (_, index) => Number.parseInt(hex.slice(index * 2, index * 2 + 2), 16) || 0)
}
