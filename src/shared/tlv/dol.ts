/** Data object lists (EMV 4.3 Book 3, 5.4): tags and lengths, and the data that a terminal puts together by them. */
import { concatenate } from '../bytes.ts'
import { CardwrightError } from '../cardwright-error.ts'
import { isConstructed, readTag, tagBytes } from './ber.ts'
import { tagMeaning } from './tags.ts'

export interface DolEntry {
  tag: string
  /** Bytes, 0 to 255. */
  length: number
}

/** Throws `tlv.cut` or `tlv.tag`, the place an offset. */
export function parseDol(bytes: Uint8Array): DolEntry[] {
  const entries: DolEntry[] = []
  let offset = 0
  while (offset < bytes.length) {
    const { tag, next } = readTag(bytes, offset)
    const length = bytes[next]
    if (length === undefined) throw dolFault('tlv.cut', next)
    entries.push({ tag, length })
    offset = next + 1
  }
  return entries
}

function dolFault(code: 'tlv.cut' | 'dol.length', offset: number, values: Record<string, string | number> = {}): CardwrightError {
  return new CardwrightError({ code, class: 'data', place: `offset ${offset}`, values: { offset, ...values } })
}

/** Throws `dol.length` for an entry longer than 255 bytes. */
export function buildDol(entries: readonly DolEntry[]): Uint8Array {
  const parts = entries.map(({ tag, length }, index) => {
    if (!Number.isInteger(length) || length < 0 || length > 255) throw dolFault('dol.length', index, { tag, length })
    return concatenate(tagBytes(tag), [length])
  })
  return concatenate(...parts)
}

/** Bytes of data that the list asks for. */
export function dolLength(entries: readonly DolEntry[]): number {
  return entries.reduce((sum, entry) => sum + entry.length, 0)
}

/** The data, cut as the list says. Throws `dol.length` where its length is another. */
export function splitByDol(entries: readonly DolEntry[], data: Uint8Array): { tag: string; value: Uint8Array }[] {
  const expected = dolLength(entries)
  if (data.length !== expected) throw dolFault('dol.length', Math.min(data.length, expected), { length: data.length, expected })
  let offset = 0
  return entries.map(({ tag, length }) => {
    offset += length
    return { tag, value: data.subarray(offset - length, offset) }
  })
}

/**
 * The data for a list, from the values that are known. An unknown tag, and a template, become zeros; a numeric value is cut or filled
 * with zeros on its left, a compressed numeric one filled with `FF`, any other with zeros, on its right.
 */
export function fillDol(entries: readonly DolEntry[], values: ReadonlyMap<string, Uint8Array>): Uint8Array {
  return concatenate(...entries.map(({ tag, length }) => fitted(tag, length, isConstructed(tag) ? undefined : values.get(tag))))
}

function fitted(tag: string, length: number, value: Uint8Array | undefined): Uint8Array {
  const place = new Uint8Array(length)
  if (value === undefined) return place
  const format = tagMeaning(tag)?.format
  if (format === 'n') {
    const kept = value.subarray(Math.max(0, value.length - length))
    place.set(kept, length - kept.length)
    return place
  }
  if (format === 'cn') place.fill(0xff)
  place.set(value.subarray(0, length))
  return place
}
