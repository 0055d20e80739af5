/** Where a line comes to rest when it is dragged: on tenths of a millimetre, and on the guides near by. Micrometres. */
import type { CardDesign } from '#shared/design/design.ts'

export interface Guide {
  readonly axis: 'x' | 'y'
  readonly at: number
  /** `standard`: a place of ISO/IEC 7811-1. `line`: another line of the design stands there. */
  readonly from: 'standard' | 'line'
}

/** ISO/IEC 7811-1: the number line's middle, 21.42 mm above the bottom edge; and the usual start, 401 mil from the left. */
const standardGuides: readonly Guide[] = [
  { axis: 'y', at: 21_420, from: 'standard' },
  { axis: 'x', at: 10_185, from: 'standard' },
]

const step = 100
const reach = 400

/** Guides for a line of the design: the standard's (on the front) and the other lines of its side. */
export function guidesFor(design: CardDesign, index: number): Guide[] {
  const line = design.lines[index]
  if (line === undefined) return []
  const others = design.lines.flatMap((other, at): Guide[] => {
    if (at === index || other.side !== line.side) return []
    return [
      { axis: 'x', at: other.x, from: 'line' },
      { axis: 'y', at: other.y, from: 'line' },
    ]
  })
  return [...(line.side === 'front' && line.kind === 'emboss' ? standardGuides : []), ...others]
}

export interface Snapped {
  readonly x: number
  readonly y: number
  /** The guides that it rests on. */
  readonly on: readonly Guide[]
}

export function snapped(x: number, y: number, guides: readonly Guide[]): Snapped {
  const [alongX, alongY] = [nearest('x', x, guides), nearest('y', y, guides)]
  return {
    x: alongX?.at ?? Math.round(x / step) * step,
    y: alongY?.at ?? Math.round(y / step) * step,
    on: [alongX, alongY].filter((guide) => guide !== undefined),
  }
}

function nearest(axis: 'x' | 'y', position: number, guides: readonly Guide[]): Guide | undefined {
  const near = guides.filter((guide) => guide.axis === axis && Math.abs(guide.at - position) <= reach)
  return near.toSorted((a, b) => Math.abs(a.at - position) - Math.abs(b.at - position))[0]
}
