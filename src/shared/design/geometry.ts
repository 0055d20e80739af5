/** The card's measures, in micrometres from the left and bottom edges of the side that is looked at. */
import type { Area } from '../device/limits.ts'

/** ID-1 (ISO/IEC 7810). */
export const card = { width: 85_600, height: 53_980 } as const

/** Width in which machines count positions, 3.375 inches: a mirrored line starts at this less x. */
export const machineCardWidth = 85_725

/**
 * The contacts C1 to C8 as ISO/IEC 7816-2 places them: 10.25 to 19.87 mm from the left, 19.23 to 28.55 mm from the top; and
 * around them 1 mm of the module that carries them.
 */
export const contactArea: Area = area(10_250, 19_870, card.height - 28_550, card.height - 19_230, 1000)

/** The magnetic stripe on the back: from 5.54 mm below the top edge down to 15.95 mm where there are three tracks (ISO/IEC 7811-2). */
export const stripeArea: Area = area(0, card.width, card.height - 15_950, card.height - 5540, 0)

function area(left: number, right: number, bottom: number, top: number, margin: number): Area {
  return { left: left - margin, right: right + margin, bottom: bottom - margin, top: top + margin }
}

/** The box that characters cover. Characters are taken as wide as their pitch less a fifth, the gap between them. */
export function lineBox(x: number, y: number, length: number, font: { pitch: number; height: number }): Area {
  const half = font.pitch * 0.4
  return { left: x - half, right: x + Math.max(0, length - 1) * font.pitch + half, bottom: y - font.height / 2, top: y + font.height / 2 }
}

export function overlaps(one: Area, other: Area): boolean {
  return one.left < other.right && other.left < one.right && one.bottom < other.top && other.bottom < one.top
}
