/** What can be said of a design before any record is seen: does it fit the card, and the machine that will make it. */
import type { Area, DeviceLimits } from '../device/limits.ts'
import type { CardDesign, DesignLine } from './design.ts'
import { trackKeys } from './track-keys.ts'
import { fontMeasure, type FontMeasure } from './fonts.ts'
import { card, contactArea, lineBox, machineCardWidth, overlaps, stripeArea } from './geometry.ts'
import type { Mistake } from './mistake.ts'
import { designMistake } from './tell.ts'

/** What ends a line: the design's own limit, the card, the embosser's area, the chip, the stripe. */
export type RoomLimit = 'design' | 'card' | 'area' | 'contacts' | 'stripe'

/** Characters that fit, and what ends them. */
export interface LineRoom {
  readonly characters: number
  readonly by: RoomLimit
}

/**
 * Every mistake of a design on this machine; on no particular machine without `limits`.
 * Paths are those of the document, such as `lines[2].x`.
 */
export function checkDesign(design: CardDesign, limits: DeviceLimits | undefined): Mistake[] {
  return [
    ...design.lines.flatMap((line, index) => checkLine(design, line, `lines[${index}]`, limits)),
    ...checkOverlaps(design, limits),
    ...(limits === undefined ? [] : checkMachine(design, limits)),
  ]
}

function checkLine(design: CardDesign, line: DesignLine, path: string, limits: DeviceLimits | undefined): Mistake[] {
  const field = line.field
  const measure = fontMeasure(line.font, limits?.fonts)
  if (measure.kind !== line.kind || measure.side !== line.side) return [designMistake('design.font-kind', `${path}.font`, { field, font: line.font })]
  const fitted = limits?.fonts.some((font) => font.name === line.font) ?? true
  if (!fitted) {
    const fonts = limits?.fonts.map((font) => font.name).join(', ') ?? ''
    return [designMistake('design.font-not-fitted', `${path}.font`, { field, font: line.font, fonts })]
  }
  const first = hindrance(design, line, 1, measure, limits)
  if (first !== undefined) {
    const codes = { card: 'outside-card', area: 'outside-area', contacts: 'over-contacts', stripe: 'over-stripe', design: 'outside-card' } as const
    const values = { field, x: millimetres(line.x), y: millimetres(line.y), topping: design.topping ? 'yes' : 'no' }
    return [designMistake(`design.line-${codes[first]}`, path, values)]
  }
  const room = lineRoom(design, line, limits, true)
  if (line.maximumLength === undefined || room.characters >= line.maximumLength) return []
  return [designMistake('design.line-too-long', `${path}.maximumLength`, { field, maximum: line.maximumLength, characters: room.characters, by: room.by })]
}

function checkOverlaps(design: CardDesign, limits: DeviceLimits | undefined): Mistake[] {
  const mistakes: Mistake[] = []
  design.lines.forEach((line, index) => {
    for (const other of design.lines.slice(0, index)) {
      if (linesOverlap(line, line.maximumLength ?? 1, other, other.maximumLength ?? 1, limits)) {
        mistakes.push(designMistake('design.lines-overlap', `lines[${index}]`, { field: line.field, other: other.field }))
      }
    }
  })
  return mistakes
}

function checkMachine(design: CardDesign, limits: DeviceLimits): Mistake[] {
  const mistakes: Mistake[] = []
  const { lines } = design
  if (lines.length > limits.maximumLines) mistakes.push(designMistake('design.too-many-lines', 'lines', { count: lines.length, maximum: limits.maximumLines }))
  if (limits.horizontalStarts === 'first-and-others') mistakes.push(...checkStarts(lines, limits))
  trackKeys.forEach((key, index) => {
    if (design.tracks[key] !== undefined && !limits.tracks.some((track) => track === index + 1)) {
      mistakes.push(designMistake('design.track-unsupported', `tracks.${key}`, { track: index + 1 }))
    }
  })
  if (design.compareTrack2 !== undefined && !limits.tracks.includes(2)) mistakes.push(designMistake('design.track-unsupported', 'compareTrack2', { track: 2 }))
  return mistakes
}

/**
 * The classic form holds two horizontal starts: X1 for the first line, X2 for all the others. A mirrored line that starts at
 * its last character moves with its text: it can only be the first line, or the only other one.
 */
function checkStarts(lines: readonly DesignLine[], limits: DeviceLimits): Mistake[] {
  const others = lines.slice(1)
  if (others.length < 2) return []
  const starts = others.map((line) => machineStart(line, limits))
  const shared = starts.findIndex((start) => start !== undefined)
  return others.flatMap((line, index) => {
    const path = `lines[${index + 1}].x`
    const start = starts[index]
    if (start === undefined) return [designMistake('design.mirrored-not-first', path, { field: line.field })]
    const other = others[shared]
    if (other === undefined || start === starts[shared]) return []
    return [designMistake('design.too-many-starts', path, { field: line.field, x: millimetres(line.x), shared: millimetres(other.x), other: other.field })]
  })
}

/** Where the machine is told to start, in its own steps; undefined where that depends on the text. */
function machineStart(line: DesignLine, limits: DeviceLimits): number | undefined {
  const mirrored = limits.fonts.find((font) => font.name === line.font)?.mirrored === true
  if (mirrored && limits.mirrorStart !== 'first-character') return undefined
  return Math.round((mirrored ? machineCardWidth - line.x : line.x) / limits.unit)
}

/** How many characters a line has room for. `regardless` leaves the design's own maximum out. */
export function lineRoom(design: CardDesign, line: DesignLine, limits: DeviceLimits | undefined, regardless = false): LineRoom {
  const measure = fontMeasure(line.font, limits?.fonts)
  const own = regardless ? Infinity : (line.maximumLength ?? Infinity)
  for (let characters = 1; ; characters++) {
    if (characters > own) return { characters: own, by: 'design' }
    const by = hindrance(design, line, characters, measure, limits)
    if (by !== undefined) return { characters: characters - 1, by }
  }
}

/** Whether two lines of these lengths touch each other. */
export function linesOverlap(line: DesignLine, length: number, other: DesignLine, otherLength: number, limits: DeviceLimits | undefined): boolean {
  if (line.side !== other.side) return false
  const box = lineBox(line.x, line.y, length, fontMeasure(line.font, limits?.fonts))
  return overlaps(box, lineBox(other.x, other.y, otherLength, fontMeasure(other.font, limits?.fonts)))
}

/** What a line of this many characters runs into first. */
function hindrance(design: CardDesign, line: DesignLine, characters: number, font: FontMeasure, limits: DeviceLimits | undefined): RoomLimit | undefined {
  const box = lineBox(line.x, line.y, characters, font)
  if (box.left < 0 || box.bottom < 0 || box.right > card.width || box.top > card.height) return 'card'
  // Steel goes through the card: a line on the back presses on what lies behind it.
  const front = line.side === 'front' ? box : { ...box, left: card.width - box.right, right: card.width - box.left }
  if (design.contacts && overlaps(front, contactArea)) return 'contacts'
  const hasStripe = design.compareTrack2 !== undefined || trackKeys.some((key) => design.tracks[key] !== undefined)
  if (hasStripe && overlaps(box, stripeArea)) return 'stripe'
  if (limits === undefined) return undefined
  const area = design.topping && line.kind === 'emboss' ? limits.area.topping : limits.area.plain
  return holdsCentres(area, line.x, line.x + (characters - 1) * font.pitch, line.y) ? undefined : 'area'
}

function holdsCentres(area: Area, left: number, right: number, y: number): boolean {
  return left >= area.left && right <= area.right && y >= area.bottom && y <= area.top
}

function millimetres(micrometres: number): number {
  return Math.round(micrometres / 10) / 100
}
