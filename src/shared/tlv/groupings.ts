/**
 * Data groupings of EMV CPS (1.1 and 2.0, table 2): an identifier of two bytes (DGI), a length in one byte or in `FF` and two, and
 * the data. A stream of them is what STORE DATA brings to a card, block by block.
 */
import { bytesToNumber, concatenate, fromHex, numberToBytes, toHex } from '../bytes.ts'
import { CardwrightError } from '../cardwright-error.ts'

export interface Grouping {
  /** Data grouping identifier: four upper-case hex digits, such as `0101`. */
  dgi: string
  value: Uint8Array
}

export interface PlacedGrouping extends Grouping {
  offset: number
  valueOffset: number
}

function fault(code: 'dgi.cut' | 'dgi.name' | 'dgi.length', offset: number, values: Record<string, string | number> = {}): CardwrightError {
  return new CardwrightError({ code, class: 'data', place: `offset ${offset}`, values: { offset, ...values } })
}

/** The identifier and length at `offset`, and the offset of the data; undefined where not all of them are there yet. */
export function readGroupingHeader(bytes: Uint8Array, offset: number): { dgi: string; length: number; next: number } | undefined {
  const first = bytes[offset + 2]
  if (first === undefined) return undefined
  const dgi = toHex(bytes.subarray(offset, offset + 2))
  if (first !== 0xff) return { dgi, length: first, next: offset + 3 }
  if (offset + 5 > bytes.length) return undefined
  return { dgi, length: bytesToNumber(bytes.subarray(offset + 3, offset + 5)), next: offset + 5 }
}

/** Throws `dgi.cut` (class data) where the stream ends inside a grouping; the place is where it should have gone on. */
export function parseGroupings(bytes: Uint8Array): PlacedGrouping[] {
  const groupings: PlacedGrouping[] = []
  let offset = 0
  while (offset < bytes.length) {
    const header = readGroupingHeader(bytes, offset)
    if (header === undefined || header.next + header.length > bytes.length) {
      throw fault('dgi.cut', bytes.length, header ? { dgi: header.dgi, length: header.length } : {})
    }
    const end = header.next + header.length
    groupings.push({ dgi: header.dgi, value: bytes.subarray(header.next, end), offset, valueOffset: header.next })
    offset = end
  }
  return groupings
}

/** Identifier and length, for data that comes apart from it. Throws `dgi.name`, `dgi.length`. */
export function groupingHeader(dgi: string, length: number): Uint8Array {
  if (!/^[0-9A-Fa-f]{4}$/.test(dgi)) throw fault('dgi.name', 0, { dgi })
  if (!Number.isInteger(length) || length < 0 || length > 0xffff) throw fault('dgi.length', 2, { dgi, length })
  const size = length < 0xff ? [length] : [0xff, ...numberToBytes(length, 2)]
  return concatenate(fromHex(dgi), size)
}

export function buildGrouping({ dgi, value }: Grouping): Uint8Array {
  return concatenate(groupingHeader(dgi, value.length), value)
}

export function buildGroupings(groupings: readonly Grouping[]): Uint8Array {
  return concatenate(...groupings.map(buildGrouping))
}
