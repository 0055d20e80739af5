/** Commands and responses as they cross the contacts: ISO/IEC 7816-3, 12.1 (cases 1 to 4, short and extended) and 7816-4, 5.3. */
import { bytesToNumber, concatenate, numberToBytes, toHex } from '../bytes.ts'
import { CardwrightError } from '../cardwright-error.ts'

export interface CommandApdu {
  cla: number
  ins: number
  p1: number
  p2: number
  /** Empty in the cases 1 and 2. */
  data: Uint8Array
  /** Ne: most bytes of data that the response may have, 1 to 65,536; absent in the cases 1 and 3. 256 is the `00` of a short Le. */
  expected?: number
  /** Lengths in the extended form. Absent: short where that is enough. */
  extended?: boolean
}

export interface ResponseApdu {
  data: Uint8Array
  /** SW1 SW2 as one number, such as 0x9000. */
  status: number
}

function malformed(code: 'apdu.malformed' | 'apdu.field', offset: number, values: Record<string, string | number> = {}): CardwrightError {
  return new CardwrightError({ code, class: 'data', place: `offset ${offset}`, values: { offset, ...values } })
}

/** Throws `apdu.malformed` (class data) where the lengths do not agree with the bytes; the place is the offset where they part. */
export function parseCommand(bytes: Uint8Array): CommandApdu {
  if (bytes.length < 4) throw malformed('apdu.malformed', bytes.length)
  const [cla, ins, p1, p2, first] = bytes as unknown as [number, number, number, number, number | undefined]
  const header = { cla, ins, p1, p2 }
  const none = bytes.subarray(bytes.length)
  if (first === undefined) return { ...header, data: none }
  if (bytes.length === 5) return { ...header, data: none, expected: first === 0 ? 256 : first, extended: false }
  if (first !== 0) return withData(bytes, header, 5, first, 1)
  if (bytes.length < 7) throw malformed('apdu.malformed', bytes.length)
  const length = bytesToNumber(bytes.subarray(5, 7))
  if (bytes.length === 7) return { ...header, data: none, expected: length === 0 ? 65_536 : length, extended: true }
  if (length === 0) throw malformed('apdu.malformed', 5)
  return withData(bytes, header, 7, length, 2)
}

/** Cases 3 and 4: `length` bytes of data from `begin`, then nothing or Le in `size` bytes. */
function withData(bytes: Uint8Array, header: Pick<CommandApdu, 'cla' | 'ins' | 'p1' | 'p2'>, begin: number, length: number, size: 1 | 2): CommandApdu {
  const end = begin + length
  const command = { ...header, data: bytes.subarray(begin, end), extended: size === 2 }
  if (bytes.length === end) return command
  if (bytes.length !== end + size) throw malformed('apdu.malformed', Math.min(bytes.length, end))
  const le = bytesToNumber(bytes.subarray(end))
  return { ...command, expected: le === 0 ? 256 ** size : le }
}

const isByte = (value: number) => Number.isInteger(value) && value >= 0 && value <= 0xff

/** The bytes of a command. Throws `apdu.field` where a field does not hold its value, or `extended` is false and the short form too small. */
export function buildCommand(command: CommandApdu): Uint8Array {
  const { cla, ins, p1, p2, data, expected } = command
  const header = [cla, ins, p1, p2]
  const wrong = header.findIndex((byte) => !isByte(byte))
  if (wrong >= 0) throw malformed('apdu.field', wrong)
  if (data.length > 0xffff) throw malformed('apdu.field', 4, { length: data.length })
  if (expected !== undefined && !(Number.isInteger(expected) && expected >= 1 && expected <= 65_536)) throw malformed('apdu.field', 5 + data.length, { expected })
  const short = data.length <= 255 && (expected ?? 0) <= 256
  if (command.extended === false && !short) throw malformed('apdu.field', 4, { length: data.length })
  // A command without lengths (case 1) has no extended form.
  const extended = (command.extended === true || !short) && (data.length > 0 || expected !== undefined)
  const lc = data.length === 0 ? [] : extended ? [0, ...numberToBytes(data.length, 2)] : [data.length]
  const le = expected === undefined ? [] : extended ? numberToBytes(expected % 65_536, 2) : [expected % 256]
  return concatenate(header, lc, data, data.length === 0 && extended ? [0] : [], le)
}

/** Throws `apdu.response` (class card) where not even a status word is there. */
export function parseResponse(bytes: Uint8Array): ResponseApdu {
  if (bytes.length < 2) throw new CardwrightError({ code: 'apdu.response', class: 'card', place: `offset ${bytes.length}`, values: { length: bytes.length } })
  return { data: bytes.subarray(0, bytes.length - 2), status: bytesToNumber(bytes.subarray(bytes.length - 2)) }
}

export function buildResponse({ data, status }: ResponseApdu): Uint8Array {
  return concatenate(data, numberToBytes(status, 2))
}

/** Four digits, such as `6A82`. */
export function statusHex(status: number): string {
  return toHex(numberToBytes(status, 2))
}

/** Number of the logical channel (7816-4, 5.4.1): of an interindustry or, by GlobalPlatform 11.1.4, of a proprietary class byte. */
export function logicalChannel(cla: number): number {
  return (cla & 0x40) === 0 ? cla & 0x03 : 4 + (cla & 0x0f)
}

/** Bit 5 of the class byte (7816-4, 5.4.1): more of the same command follows. */
export const chainingBit = 0x10
