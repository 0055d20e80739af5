/** What each module does to a card, in two halves: a card that sticks half way carries exactly the first. */
import { cardWidth, magnetize, trackName, trackNumbers, type Blank, type Stamp } from '#drivers/cpx/simulator/plastic.ts'
import type { PreparedLine } from '#shared/card/prepared.ts'
import type { DeviceLimits } from '#shared/device/limits.ts'
import type { Stage } from '#shared/device/simulator.ts'
import type { LineModule } from '../messages.ts'
import type { Carried } from './parts.ts'

/** What marks a card that is discarded, across its front. */
export const discardMark = 'VOID'

/** The stage at which armed faults strike in this module. */
export const stageOf: Readonly<Record<LineModule, Stage>> = { stripe: 'encode', embosser: 'emboss', topper: 'topper', marking: 'deliver' }

/** Whether the module has anything to do for this card. */
export function hasWork(module: LineModule, { task }: Carried): boolean {
  if (task === undefined || task.do === 'discard') return module === 'marking' && task !== undefined
  const { lines, tracks, topping } = task.data
  switch (module) {
    case 'stripe':
      return trackNumbers.some((track) => tracks[trackName(track)] !== undefined)
    case 'embosser':
      return lines.length > 0
    case 'topper':
      return topping && lines.some(({ kind }) => kind === 'emboss')
    case 'marking':
      return false
  }
}

/** Does one half of the module's work to the plastic. */
export function doHalf(module: LineModule, { blank, task }: Carried, half: 0 | 1, { fonts }: DeviceLimits): void {
  if (task === undefined) return
  if (task.do === 'discard') {
    if (module === 'marking' && half === 1) blank.stamps.push(...markStamps())
    return
  }
  const { lines, tracks } = task.data
  if (module === 'stripe') {
    const given = trackNumbers.filter((track) => tracks[trackName(track)] !== undefined)
    for (const track of halfOf(given, half)) {
      blank.writes++
      blank.stripe[track] = magnetize(track, tracks[trackName(track)] ?? '')
    }
  }
  if (module === 'embosser') blank.stamps.push(...halfOf(lines.flatMap((line) => stampsOf(line, fonts)), half))
  if (module === 'topper' && half === 1) blank.stamps = blank.stamps.map((stamp) => (stamp.kind === 'emboss' ? { ...stamp, topped: true } : stamp))
}

function halfOf<Value>(values: readonly Value[], half: 0 | 1): readonly Value[] {
  const middle = Math.ceil(values.length / 2)
  return half === 0 ? values.slice(0, middle) : values.slice(middle)
}

function stampsOf(line: PreparedLine, fonts: DeviceLimits['fonts']): Stamp[] {
  const font = fonts.find(({ name, kind }) => name === line.font && kind === line.kind)
  const pitch = font?.pitch ?? 2_540
  return Array.from(line.text).flatMap((character, index) => {
    const seen = line.x + index * pitch
    const x = line.side === 'front' ? seen : cardWidth - seen
    return character === ' ' ? [] : [{ character, x, y: line.y, font: font?.number ?? 0, kind: line.kind, side: line.side, pitch, topped: false }]
  })
}

function markStamps(): Stamp[] {
  return Array.from(discardMark, (character, index) => {
    return { character, x: 30_000 + index * 6_000, y: 40_000, font: 0, kind: 'indent' as const, side: 'front' as const, pitch: 6_000, topped: false }
  })
}

/** Whether the marking station has been over it. */
export function isMarked(blank: Blank): boolean {
  const [first] = markStamps()
  return blank.stamps.some(({ y, character, kind }) => kind === 'indent' && y === first?.y && discardMark.includes(character))
}
