/** What people may see of a card's bytes: never a whole card number, nor what stands on its track. */
import type { PreparedChip } from '#shared/chip/prepared-chip.ts'
import { maskedHex } from './workbench/mask.ts'

/** Hides what has to be hidden in hex digits; `..` pairs that are there already stay. */
export type Mask = (digits: string) => string

/** Application PAN and track 2 equivalent data (EMV 4.3 Book 3, annex A). */
const panTag = '5A'
const trackTags = ['57', '9F6B']

/** Masks the card numbers that stand in this data, wherever they turn up: packed, with an offset, as characters, in two commands; and whatever else looks like one. */
export function maskFor(chip: PreparedChip): Mask {
  const numbers = new Set<string>()
  const tracks = new Set<string>()
  for (const { groups } of chip.applications) {
    for (const group of groups) if (group.secret === undefined) collect(group.value, numbers, tracks, 0)
  }
  // The first six digits of a number and its last four may be seen; of a track its number's beginning alone.
  const hidden = [...Array.from(tracks, (digits) => ({ digits, end: 0 })), ...Array.from(numbers, (digits) => ({ digits, end: 4 }))].flatMap(bothForms)
  return (digits) => maskedHex(hidden.reduce(hideEnds, hidden.reduce(hide, digits)))
}

/** Card numbers in the elements of BER-TLV data, however deep; data that is no BER-TLV has none that could be known. */
function collect(value: string, numbers: Set<string>, tracks: Set<string>, depth: number): void {
  if (depth > 8) return
  for (const { tag, content, constructed } of elements(value)) {
    if (tag === panTag) addNumber(content.replace(/F+$/, ''), numbers)
    else if (trackTags.includes(tag)) {
      const track = content.replace(/F+$/, '')
      const end = track.indexOf('D')
      if (end > 0) addNumber(track.slice(0, end), numbers)
      if (track.length >= 12) tracks.add(track)
    } else if (constructed) collect(content, numbers, tracks, depth + 1)
  }
}

function addNumber(digits: string, numbers: Set<string>): void {
  if (/^[0-9]{12,19}$/.test(digits)) numbers.add(digits)
}

interface Hidden {
  /** Hex digits as they stand in data. */
  digits: string
  /** Of them, how many may be seen at the beginning and at the end. */
  begin: number
  end: number
}

/** Packed, two digits in a byte, and as characters. */
function bothForms({ digits, end }: { digits: string; end: number }): Hidden[] {
  const characters = Buffer.from(digits.replace('D', '='), 'latin1').toString('hex').toUpperCase()
  return [
    { digits, begin: 6, end },
    { digits: characters, begin: 12, end: end * 2 },
  ]
}

function hide(text: string, { digits, begin, end }: Hidden): string {
  let masked = text
  for (let at = masked.indexOf(digits); at >= 0; at = masked.indexOf(digits, at + 1)) masked = cover(masked, at + begin, at + digits.length - end)
  return masked
}

/** The bytes from one digit to another, whole. */
function cover(text: string, from: number, to: number): string {
  const [first, last] = [from - (from % 2), Math.min(text.length, to + (to % 2))]
  return first >= last ? text : text.slice(0, first) + '.'.repeat(last - first) + text.slice(last)
}

/**
 * A number that goes on in the next command stands here in part: its beginning before the end of the data, behind which a code and Le may
 * follow, or its end behind the header.
 */
function hideEnds(text: string, { digits, begin, end }: Hidden): string {
  const whole = digits.length - (digits.length % 2)
  let masked = text
  for (let length = whole - 2; length > begin; length -= 2) {
    const at = masked.lastIndexOf(digits.slice(0, length))
    if (at < 0 || masked.length - (at + length) > 20) continue
    masked = cover(masked, at + begin, at + length)
    break
  }
  for (let from = 2; from <= whole - Math.max(6, end + 2); from += 2) {
    const at = masked.indexOf(digits.slice(from))
    if (at >= 0 && at <= 14) return cover(masked, at, at + digits.length - from - end)
  }
  return masked
}

interface Element {
  tag: string
  content: string
  constructed: boolean
}

/** Elements from the beginning as far as they are well formed. */
export function elements(value: string): Element[] {
  const found: Element[] = []
  const byte = (at: number): number => Number.parseInt(value.slice(at, at + 2), 16)
  let at = 0
  while (at + 4 <= value.length) {
    const first = byte(at)
    let after = at + 2
    if ((first & 0x1f) === 0x1f) {
      while (after < value.length && (byte(after) & 0x80) !== 0) after += 2
      after += 2
    }
    const tag = value.slice(at, after)
    let length = byte(after)
    after += 2
    if (length > 0x80 && length < 0x84) {
      const more = (length - 0x80) * 2
      length = Number.parseInt(value.slice(after, after + more), 16)
      after += more
    } else if (length >= 0x80) return found
    if (!(after + length * 2 <= value.length)) return found
    found.push({ tag, content: value.slice(after, after + length * 2), constructed: (first & 0x20) !== 0 })
    at = after + length * 2
  }
  return found
}

/** What goes with a result into the log: a number of twelve digits and more is masked like a text of them. */
export function maskValue(value: string | number): string | number {
  if (typeof value === 'number' && /^\d{1,11}$/.test(String(Math.trunc(Math.abs(value))))) return value
  return maskText(String(value))
}

/** Words for people: a run of digits that may be a card number loses its middle. */
export function maskText(text: string): string {
  return text.replace(/\d(?:[ -]?\d){11,18}/g, (digits) => `${digits.slice(0, 6)}…${digits.slice(-4)}`)
}
