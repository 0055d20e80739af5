/** What people may see of a card's bytes: never a whole card number, nor what stands on its track. */
import type { PreparedChip } from '#shared/chip/prepared-chip.ts'

/** Hides what has to be hidden in hex digits; `..` pairs that are there already stay. */
export type Mask = (digits: string) => string

/** Application PAN and track 2 equivalent data (EMV 4.3 Book 3, annex A). */
const panTag = '5A'
const trackTags = ['57', '9F6B']

/** Masks the card numbers that stand in this data, wherever they turn up: packed, packed with an offset, or as characters. */
export function maskFor(chip: PreparedChip): Mask {
  const numbers = new Set<string>()
  const tracks = new Set<string>()
  for (const { groups } of chip.applications) {
    for (const group of groups) if (group.secret === undefined) collect(group.value, numbers, tracks, 0)
  }
  const hidden = [...tracks, ...numbers].flatMap((digits) => [digits, Buffer.from(digits.replace('D', '='), 'latin1').toString('hex').toUpperCase()])
  if (hidden.length === 0) return (digits) => digits
  return (digits) => hidden.reduce(hide, digits)
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

function hide(text: string, secret: string): string {
  let masked = text
  for (let at = masked.indexOf(secret); at >= 0; at = masked.indexOf(secret, at + 1)) {
    // The first six digits and the last four may be seen; as characters each takes two. A track shows its number's beginning alone.
    const scale = secret.length > 38 ? 2 : 1
    const from = at + 6 * scale
    const to = at + secret.length - (secret.includes('D') || secret.includes('3D') ? 0 : 4 * scale)
    masked = masked.slice(0, from & ~1) + '.'.repeat(((to + 1) & ~1) - (from & ~1)) + masked.slice((to + 1) & ~1)
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

/** Words for people: a run of digits that may be a card number loses its middle. */
export function maskText(text: string): string {
  return text.replace(/\d(?:[ -]?\d){11,18}/g, (digits) => `${digits.slice(0, 6)}…${digits.slice(-4)}`)
}
