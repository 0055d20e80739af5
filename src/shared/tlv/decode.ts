/** Bytes of a card taken apart for people: data objects and data groupings with their names and what can be read of their values. */
import { fromHex, toHex } from '../bytes.ts'
import { CardwrightError } from '../cardwright-error.ts'
import type { Words } from '../chip/status-words.ts'
import { parseTlvTree, type DataTree } from './ber.ts'
import { parseDol } from './dol.ts'
import { groupingName } from './grouping-names.ts'
import { parseGroupings } from './groupings.ts'
import { tagMeaning, type TagFormat } from './tags.ts'

export interface Decoded {
  kind: 'object' | 'grouping' | 'list-entry'
  /** Tag or data grouping identifier. */
  tag: string
  /** Undefined for one that no standard here knows. */
  name: Words | undefined
  /** Hex; of a list entry, the length that it asks for in decimal. */
  value: string
  /** The value read by its format: text, digits, files and records. */
  reading?: string
  offset: number
  children?: Decoded[]
}

/**
 * Decides by the bytes: data objects or data groupings, those whose names are known before the others; undefined where they are
 * neither. `hex` may hold blanks. Throws `hex.malformed`.
 */
export function decode(hex: string): Decoded[] | undefined {
  const bytes = fromHex(hex)
  const objects = attempt(() => decodeObjects(bytes))
  const groupings = attempt(() => decodeGroupings(bytes))
  const known = (list: Decoded[] | undefined) => (list ?? []).filter(({ name }) => name !== undefined).length / Math.max(1, list?.length ?? 0)
  return known(groupings) > known(objects) ? groupings : (objects ?? groupings)
}

/** Undefined where the bytes are not of this form. */
function attempt<Result>(read: () => Result): Result | undefined {
  try {
    return read()
  } catch (error) {
    if (error instanceof CardwrightError) return undefined
    throw error
  }
}

/** Throws as `parseTlvTree`. */
export function decodeObjects(bytes: Uint8Array): Decoded[] {
  return parseTlvTree(bytes).map(fromTree)
}

function fromTree(object: DataTree): Decoded {
  const meaning = tagMeaning(object.tag)
  const decoded: Decoded = { kind: 'object', tag: object.tag, name: meaning?.name, value: toHex(object.value), offset: object.offset }
  if (object.children) return { ...decoded, children: object.children.map(fromTree) }
  if (meaning?.format === 'dol') {
    const children = attempt(() => listEntries(object.value, object.valueOffset))
    return children ? { ...decoded, children } : decoded
  }
  const reading = object.tag === '94' ? fileLocator(object.value) : readable(object.value, meaning?.format)
  return reading === undefined ? decoded : { ...decoded, reading }
}

function listEntries(bytes: Uint8Array, base: number): Decoded[] {
  let offset = base
  return parseDol(bytes).map(({ tag, length }) => {
    const entry: Decoded = { kind: 'list-entry', tag, name: tagMeaning(tag)?.name, value: String(length), offset }
    offset += tag.length / 2 + 1
    return entry
  })
}

/** AFL (EMV Book 3, 10.2): file 1: 1–3 (1), that is records 1 to 3, the first of them authenticated offline. */
function fileLocator(value: Uint8Array): string | undefined {
  if (value.length === 0 || value.length % 4 !== 0) return undefined
  const entries: string[] = []
  for (let offset = 0; offset < value.length; offset += 4) {
    const [file = 0, first, last, signed] = value.subarray(offset, offset + 4)
    entries.push(`${file >> 3}: ${first}–${last}${signed ? ` (${signed})` : ''}`)
  }
  return entries.join(', ')
}

const printable = (value: Uint8Array) => value.length > 0 && value.every((byte) => byte >= 0x20 && byte < 0x7f)

function readable(value: Uint8Array, format: TagFormat | undefined): string | undefined {
  switch (format) {
    case 'a':
    case 'an':
    case 'ans':
      return printable(value) ? String.fromCharCode(...value) : undefined
    case 'n':
      return toHex(value)
    case 'cn':
      return toHex(value).replace(/F+$/, '')
    case 'b':
    case 'dol':
    case 't':
    case undefined:
      // Names of applications are often letters (1PAY.SYS.DDF01).
      return value.length >= 4 && printable(value) ? String.fromCharCode(...value) : undefined
  }
}

/** Each grouping with its data objects, where it holds such. Throws as `parseGroupings`. */
export function decodeGroupings(bytes: Uint8Array): Decoded[] {
  return parseGroupings(bytes).map(({ dgi, value, offset, valueOffset }) => {
    const decoded: Decoded = { kind: 'grouping', tag: dgi, name: groupingName(dgi), value: toHex(value), offset }
    const children = holdsObjects(dgi) && value.length > 0 ? attempt(() => decodeObjects(value)) : undefined
    return children ? { ...decoded, children: children.map((child) => moved(child, valueOffset)) } : decoded
  })
}

/** Keys, PIN and counters (8xxx, 90xx) are bytes without tags. */
const holdsObjects = (dgi: string) => !dgi.startsWith('8') && !dgi.startsWith('90')

function moved(decoded: Decoded, by: number): Decoded {
  const shifted = { ...decoded, offset: decoded.offset + by }
  return decoded.children ? { ...shifted, children: decoded.children.map((child) => moved(child, by)) } : shifted
}

