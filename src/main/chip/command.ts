/** Command APDUs as a host builds them (ISO/IEC 7816-3, 12.1). */
import { concat } from './hex.ts'

export interface PlainCommand {
  cla: number
  ins: number
  p1: number
  p2: number
  data: Uint8Array
  /** Bytes expected: 0 for as many as there are; absent: none. */
  le?: number | undefined
}

export interface CardResponse {
  data: Uint8Array
  status: number
}

/** Short where everything fits into a short command, else extended. */
export function encodeCommand({ cla, ins, p1, p2, data, le }: PlainCommand): Uint8Array {
  const header = new Uint8Array([cla, ins, p1, p2])
  const extended = data.length > 255 || (le !== undefined && le > 256)
  return concat(header, lengthField(data.length, extended), data, expectedField(le, extended, data.length > 0))
}

function lengthField(length: number, extended: boolean): Uint8Array {
  if (length === 0) return new Uint8Array()
  return new Uint8Array(extended ? [0, length >> 8, length & 255] : [length])
}

function expectedField(le: number | undefined, extended: boolean, hasData: boolean): Uint8Array {
  if (le === undefined) return new Uint8Array()
  if (!extended) return new Uint8Array([le & 255])
  return new Uint8Array([...(hasData ? [] : [0]), (le >> 8) & 255, le & 255])
}
