/**
 * Data objects of BER-TLV, ISO/IEC 8825-1 as EMV 4.3 Book 3, annex B uses it: tags of up to four bytes, definite lengths of up to
 * four bytes, `00` without meaning before, between and after data objects.
 */
import { bytesToNumber, concatenate, fromHex, numberToBytes, toHex } from '../bytes.ts'
import { CardwrightError } from '../cardwright-error.ts'

export interface DataObject {
  /** Upper-case hex, such as `9F26`. */
  tag: string
  value: Uint8Array
}

/** A data object where it was found. */
export interface PlacedObject extends DataObject {
  /** Of its tag's first byte, counted from the beginning of what was parsed. */
  offset: number
  /** Of its value. */
  valueOffset: number
}

/** A data object with those that stand in it; a primitive one has no `children`. */
export interface DataTree extends PlacedObject {
  children?: DataTree[]
}

const longestTag = 4
/** No template of a card nests deeper; what does is no card's data. */
const deepest = 16

export function tlvFault(code: 'tlv.cut' | 'tlv.tag' | 'tlv.length' | 'tlv.depth', offset: number, values: Record<string, string | number> = {}): CardwrightError {
  return new CardwrightError({ code, class: 'data', place: `offset ${offset}`, values: { offset, ...values } })
}

/** Bit 6 of the first byte (annex B1). */
export function isConstructed(tag: string): boolean {
  return (Number.parseInt(tag.slice(0, 2), 16) & 0x20) !== 0
}

/**
 * The tag at `offset` and the offset behind it. Throws `tlv.cut` where it is not there whole, `tlv.tag` where none can begin so:
 * with `00`, with a first further byte `80` (ISO/IEC 8825-1, 8.1.2.4.2), or longer than four bytes.
 */
export function readTag(bytes: Uint8Array, offset: number): { tag: string; next: number } {
  const first = bytes[offset]
  if (first === undefined) throw tlvFault('tlv.cut', offset)
  if (first === 0) throw tlvFault('tlv.tag', offset)
  if ((first & 0x1f) !== 0x1f) return { tag: toHex(bytes.subarray(offset, offset + 1)), next: offset + 1 }
  for (let length = 2; length <= longestTag; length += 1) {
    const further = bytes[offset + length - 1]
    if (further === undefined) throw tlvFault('tlv.cut', bytes.length)
    if (length === 2 && further === 0x80) throw tlvFault('tlv.tag', offset)
    if (further < 0x80) return { tag: toHex(bytes.subarray(offset, offset + length)), next: offset + length }
  }
  throw tlvFault('tlv.tag', offset)
}

/** The length at `offset` and the offset behind it (annex B2). Throws `tlv.cut`, or `tlv.length` for an indefinite or reserved form. */
export function readLength(bytes: Uint8Array, offset: number): { length: number; next: number } {
  const first = bytes[offset]
  if (first === undefined) throw tlvFault('tlv.cut', offset)
  if (first < 0x80) return { length: first, next: offset + 1 }
  const further = first - 0x80
  if (further === 0 || further > 4) throw tlvFault('tlv.length', offset)
  if (offset + 1 + further > bytes.length) throw tlvFault('tlv.cut', bytes.length)
  return { length: bytesToNumber(bytes.subarray(offset + 1, offset + 1 + further)), next: offset + 1 + further }
}

/** The data objects of one level, in their order. Throws `tlv.cut`, `tlv.tag`, `tlv.length` (class data), the place an offset. */
export function parseTlv(bytes: Uint8Array): PlacedObject[] {
  return parseLevel(bytes, 0)
}

function parseLevel(bytes: Uint8Array, base: number): PlacedObject[] {
  const objects: PlacedObject[] = []
  let offset = 0
  while (offset < bytes.length) {
    if (bytes[offset] === 0) {
      offset += 1
      continue
    }
    const { tag, next } = readTag(bytes, offset)
    const { length, next: begin } = readLength(bytes, next)
    if (begin + length > bytes.length) throw tlvFault('tlv.cut', base + bytes.length, { tag, length })
    objects.push({ tag, value: bytes.subarray(begin, begin + length), offset: base + offset, valueOffset: base + begin })
    offset = begin + length
  }
  return objects
}

/** Data objects with all that stand in constructed ones. Throws as `parseTlv`, and `tlv.depth` beyond sixteen levels. */
export function parseTlvTree(bytes: Uint8Array): DataTree[] {
  return parseTree(bytes, 0, 1)
}

function parseTree(bytes: Uint8Array, base: number, depth: number): DataTree[] {
  if (depth > deepest) throw tlvFault('tlv.depth', base)
  return parseLevel(bytes, base).map((object) =>
    isConstructed(object.tag) ? { ...object, children: parseTree(object.value, object.valueOffset, depth + 1) } : object,
  )
}

/** The value of the first data object with this tag at any depth, outer ones first; undefined where there is none. Throws as `parseTlvTree`. */
export function findTlv(bytes: Uint8Array, tag: string): Uint8Array | undefined {
  let level: DataTree[] = parseTlvTree(bytes)
  while (level.length > 0) {
    const found = level.find((object) => object.tag === tag)
    if (found) return found.value
    level = level.flatMap((object) => object.children ?? [])
  }
  return undefined
}

/** Throws `tlv.tag` where these hex digits are not one tag, `hex.malformed` where they are none. */
export function tagBytes(tag: string): Uint8Array {
  const bytes = fromHex(tag)
  if (readTag(bytes, 0).next !== bytes.length) throw tlvFault('tlv.tag', 0, { tag })
  return bytes
}

/** In the fewest bytes (annex B2). */
export function lengthBytes(length: number): Uint8Array {
  if (length < 0x80) return Uint8Array.of(length)
  const size = length < 0x100 ? 1 : length < 0x1_0000 ? 2 : length < 0x100_0000 ? 3 : 4
  return concatenate([0x80 + size], numberToBytes(length, size))
}

export function buildTlv(tag: string, value: Uint8Array): Uint8Array {
  return concatenate(tagBytes(tag), lengthBytes(value.length), value)
}

export function buildTlvs(objects: readonly DataObject[]): Uint8Array {
  return concatenate(...objects.map(({ tag, value }) => buildTlv(tag, value)))
}
