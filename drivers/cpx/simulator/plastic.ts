/**
 * The plastic: blanks with an identity, and what is physically on them.
 *
 * The reading functions look only at the plastic, as a stripe reader and a person's eye would. What a test believes of
 * a card it reads here, never from what the machine or the host says it did.
 */
import { z } from 'zod'
import { MachineModule } from '#shared/device/simulator.ts'
import { decodeTrack, encodeTrack, trackFormats, withSentinels, type TrackNumber, type TrackReading } from '#shared/card/track.ts'

/** Width of a card as the machines count it: 3.375 inches, in micrometres. */
export const cardWidth = 85_725

export const BlankPlace = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('hopper') }),
  z.object({ kind: z.literal('inside'), module: MachineModule }),
  z.object({ kind: z.literal('output-tray') }),
  z.object({ kind: z.literal('reject-tray') }),
  /** An operator took it: out of a tray, or out of the opened transport. */
  z.object({ kind: z.literal('hand'), from: z.enum(['inside', 'output-tray', 'reject-tray']) }),
  z.object({ kind: z.literal('lost') }),
])
export type BlankPlace = z.infer<typeof BlankPlace>

/** One character pressed into the card. Its centre counts from the left and bottom edges seen from the front, micrometres. */
export const Stamp = z.object({
  character: z.string(),
  x: z.number().int(),
  y: z.number().int(),
  font: z.number().int(),
  kind: z.enum(['emboss', 'indent']),
  side: z.enum(['front', 'back']),
  /** Distance to the next character of its line. */
  pitch: z.number().int(),
  /** Coloured by the topper's foil. */
  topped: z.boolean(),
})
export type Stamp = z.infer<typeof Stamp>

const Bits = z.string().regex(/^[01]*$/)

export const Blank = z.object({
  /** `blank-000123` */
  id: z.string(),
  place: BlankPlace,
  /** The magnetic stripe: the bits of each track over the card's whole width, empty where never written. */
  stripe: z.object({ 1: Bits, 2: Bits, 3: Bits }),
  /** Times that a head has begun to write a track. */
  writes: z.number().int(),
  /** The stripe does not hold what is written. */
  damagedStripe: z.boolean(),
  stamps: z.array(Stamp),
  /** The chip as it was saved last (`VirtualCard.save`); absent on plain plastic. */
  chip: z.unknown().optional(),
})
export type Blank = z.infer<typeof Blank>

export interface Tracks {
  track1?: string | undefined
  track2?: string | undefined
  track3?: string | undefined
}

export const trackNumbers: readonly TrackNumber[] = [1, 2, 3]

export function trackName(track: TrackNumber): 'track1' | 'track2' | 'track3' {
  return `track${track}`
}

export function newBlank(number: number, options: { tracks?: Tracks | undefined; damagedStripe?: boolean | undefined; chip?: unknown } = {}): Blank {
  const bits = (track: TrackNumber) => {
    const data = options.tracks?.[trackName(track)]
    return data === undefined ? '' : magnetize(track, data)
  }
  return {
    id: `blank-${String(number).padStart(6, '0')}`,
    place: { kind: 'hopper' },
    stripe: { 1: bits(1), 2: bits(2), 3: bits(3) },
    writes: 0,
    damagedStripe: options.damagedStripe ?? false,
    stamps: [],
    ...(options.chip !== undefined && { chip: options.chip }),
  }
}

/**
 * All bits of a track over the card's width: clocking zeros up to 7.44 mm from the edge, where the start sentinel
 * stands (ISO/IEC 7811-2, 9.3), the characters, and zeros to the other edge.
 * @param data without sentinels, as `checkTrack` allows it
 */
export function magnetize(track: TrackNumber, data: string): string {
  const { density } = trackFormats[track]
  const leading = '0'.repeat(Math.round((7.44 / 25.4) * density))
  return (leading + encodeTrack(track, withSentinels(track, data))).padEnd(Math.floor(3.375 * density), '0')
}

/** Whether the machine has done anything to this blank that can't be undone. */
export function isTouched(blank: Blank): boolean {
  return blank.writes > 0 || blank.stamps.length > 0
}

/** Each track as a reader finds it. */
export function readStripe(blank: Blank): Record<'track1' | 'track2' | 'track3', TrackReading> {
  return { track1: decodeTrack(1, blank.stripe[1]), track2: decodeTrack(2, blank.stripe[2]), track3: decodeTrack(3, blank.stripe[3]) }
}

/** The tracks that can be read without a mistake, without sentinels. */
export function readableTracks(blank: Blank): Tracks {
  const tracks: Tracks = {}
  for (const [name, reading] of Object.entries(readStripe(blank))) {
    if ('data' in reading) tracks[name as keyof Tracks] = reading.data
  }
  return tracks
}

export interface EmbossedLine {
  kind: 'emboss' | 'indent'
  side: 'front' | 'back'
  font: number
  /** Centre of the first visible character, seen from the line's own side; micrometres. */
  x: number
  y: number
  /** Spaces where characters stand further apart than their pitch; `█` where characters stand on one another. */
  text: string
  /** Every character is topped. */
  topped: boolean
  overstruck: boolean
}

/** Stands for a place where nobody can tell which character it is. */
export const overstrike = '█'

/** What can be read on the plastic: lines from the top down, the front first. */
export function readEmbossing(blank: Blank): EmbossedLine[] {
  const groups = new Map<string, Stamp[]>()
  for (const stamp of blank.stamps) {
    const key = [stamp.side, stamp.kind, stamp.y].join('/')
    groups.set(key, [...(groups.get(key) ?? []), stamp])
  }
  const sides = ['front', 'back']
  const lines = Array.from(groups.values(), readLine)
  return lines.toSorted((a, b) => sides.indexOf(a.side) - sides.indexOf(b.side) || b.y - a.y || a.x - b.x)
}

function readLine(stamps: Stamp[]): EmbossedLine {
  const [sample] = stamps as [Stamp, ...Stamp[]]
  const seen = (stamp: Stamp) => (stamp.side === 'front' ? stamp.x : cardWidth - stamp.x)
  const ordered = stamps.toSorted((a, b) => seen(a) - seen(b))
  let text = ''
  let last: Stamp | undefined
  for (const stamp of ordered) {
    const gap = last === undefined ? 1 : (seen(stamp) - seen(last)) / Math.max(stamp.pitch, last.pitch)
    if (gap < 0.5) text = text.slice(0, -1) + overstrike
    else text += ' '.repeat(Math.max(0, Math.round(gap) - 1)) + stamp.character
    last = stamp
  }
  return {
    kind: sample.kind,
    side: sample.side,
    font: sample.font,
    x: seen(ordered[0] as Stamp),
    y: sample.y,
    text,
    topped: stamps.every((stamp) => stamp.topped),
    overstruck: text.includes(overstrike),
  }
}
