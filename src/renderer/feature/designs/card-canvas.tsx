/**
 * The card to scale with everything that can be taken hold of: each line a button that arrows and the mouse move. Drawn
 * over the card's picture; one unit is 0.1 mm, and y grows upwards in the design and downwards in the drawing.
 */
import { useId, useRef, useState } from 'react'
import type { KeyboardEvent, PointerEvent } from 'react'
import type { Area } from '#shared/device/limits.ts'
import { card, contactArea, lineBox } from '#shared/design/geometry.ts'
import { useWords } from '../../i18n/provider.tsx'
import { CardPicture } from '../../ui/index.ts'
import { millimetres } from './millimetres.ts'
import { moved, placed } from './document.ts'
import { guidesFor, snapped } from './snap.ts'
import type { Guide } from './snap.ts'
import type { Designer } from './use-designer.ts'

/** Room for the rulers, and a little air; in units. */
const margin = { left: 40, top: 6, right: 6, bottom: 34 }
const width = card.width / 100
const height = card.height / 100

interface Drag {
  readonly line: number
  readonly gesture: string
  /** From the pointer to the line's start, micrometres. */
  readonly offset: { x: number; y: number }
}

export function CardCanvas({ designer }: { designer: Designer }) {
  const { say } = useWords()
  const { design, judgement, selected, side, mayEdit } = designer
  const drawing = useRef<SVGSVGElement>(null)
  const drag = useRef<Drag>(undefined)
  const [resting, setResting] = useState<readonly Guide[]>([])

  const take = (event: PointerEvent, line: number) => {
    designer.select(line)
    const at = pointIn(drawing.current, event)
    const held = design.lines[line]
    if (!mayEdit || at === undefined || held === undefined || event.button !== 0) return
    drag.current = { line, gesture: `drag ${line} ${event.timeStamp}`, offset: { x: held.x - at.x, y: held.y - at.y } }
    event.currentTarget.setPointerCapture(event.pointerId)
  }
  const pull = (event: PointerEvent) => {
    const at = pointIn(drawing.current, event)
    if (drag.current === undefined || at === undefined) return
    const { line, gesture, offset } = drag.current
    const to = snapped(at.x + offset.x, at.y + offset.y, event.altKey ? [] : guidesFor(design, line))
    setResting(to.on)
    designer.edit(placed(design, line, to.x, to.y), gesture)
  }
  const letGo = () => {
    drag.current = undefined
    setResting([])
  }
  const onKeyDown = (event: KeyboardEvent, line: number) => {
    if (event.key === 'Enter' || event.key === ' ') designer.select(line)
    const direction = arrows[event.key]
    if (direction === undefined && event.key !== 'Enter' && event.key !== ' ') return
    event.preventDefault()
    if (direction === undefined) return
    const step = event.shiftKey ? 1000 : 100
    designer.edit(moved(design, line, direction[0] * step, direction[1] * step), `arrows ${line}`)
  }

  return (
    <div className="design-canvas">
      <div className="design-picture">
        <CardPicture preview={judgement.preview} side={side} chip={design.contacts} />
      </div>
      <svg
        ref={drawing}
        viewBox={`${-margin.left} ${-margin.top} ${width + margin.left + margin.right} ${height + margin.top + margin.bottom}`}
        role="group"
        aria-label={say('design.canvas', { side: say(`design.side.${side}`) })}
        onPointerDown={(event) => event.target === drawing.current && designer.select(undefined)}
      >
        <Rulers mark={selected === undefined ? undefined : design.lines[selected]} />
        <Bounds designer={designer} />
        {resting.map((guide) => (
          <GuideLine key={`${guide.axis} ${guide.at}`} guide={guide} />
        ))}
        {design.lines.map((line, index) =>
          line.side === side ? (
            <Handle
              key={index}
              designer={designer}
              index={index}
              onPointerDown={(event) => take(event, index)}
              onPointerMove={pull}
              onPointerUp={letGo}
              onKeyDown={(event) => onKeyDown(event, index)}
            />
          ) : null,
        )}
      </svg>
    </div>
  )
}

const arrows: Record<string, readonly [number, number]> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }

/** Where the pointer is on the card, micrometres from the left and bottom edges. */
function pointIn(drawing: SVGSVGElement | null, event: PointerEvent): { x: number; y: number } | undefined {
  const matrix = drawing?.getScreenCTM()?.inverse()
  if (matrix === undefined) return undefined
  const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix)
  return { x: x * 100, y: card.height - y * 100 }
}

function rectOf(area: Area) {
  return { x: area.left / 100, y: (card.height - area.top) / 100, width: (area.right - area.left) / 100, height: (area.top - area.bottom) / 100 }
}

interface HandleProps {
  designer: Designer
  index: number
  onPointerDown(event: PointerEvent): void
  onPointerMove(event: PointerEvent): void
  onPointerUp(): void
  onKeyDown(event: KeyboardEvent): void
}

/** One line as a thing to take hold of; chosen, it shows how far its text may grow. */
function Handle({ designer, index, onPointerDown, onPointerMove, onPointerUp, onKeyDown }: HandleProps) {
  const words = useWords()
  const line = designer.design.lines[index]
  const judged = designer.judgement.lines[index]
  if (line === undefined || judged === undefined) return null
  const chosen = designer.selected === index
  const wrong = judged.mistakes.length > 0
  const text = rectOf(lineBox(line.x, line.y, Math.max(1, judged.text.length), judged.font))
  const room = rectOf(lineBox(line.x, line.y, Math.max(1, judged.room.characters), judged.font))
  const label = line.label[words.language]
  return (
    <g
      className="design-line"
      role="button"
      tabIndex={0}
      aria-pressed={chosen}
      aria-label={
        words.say('design.line', { label, text: judged.text, x: millimetres(words.language, line.x), y: millimetres(words.language, line.y) }) +
        (wrong ? `. ${words.say('design.line.wrong', { label })}` : '')
      }
      data-chosen={chosen || undefined}
      data-wrong={wrong || undefined}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={onPointerUp}
      onPointerCancel={onPointerUp}
      onKeyDown={onKeyDown}
      onFocus={() => designer.select(index)}
      onBlur={designer.settle}
    >
      {chosen && <rect className="design-line-room" {...room} rx="4" />}
      <rect className="design-line-box" {...text} rx="4" />
      {chosen && <circle className="design-line-start" cx={line.x / 100} cy={(card.height - line.y) / 100} r="5" />}
    </g>
  )
}

/** Where the machine can emboss, and where the contacts are in the way. */
function Bounds({ designer }: { designer: Designer }) {
  const { say } = useWords()
  const hatch = useId()
  const { design, profile, side } = designer
  const area = profile && (design.topping ? profile.limits.area.topping : profile.limits.area.plain)
  // Steel goes through the card: on the back the contacts are in the way as well, mirrored.
  const contacts = side === 'front' ? contactArea : { ...contactArea, left: card.width - contactArea.right, right: card.width - contactArea.left }
  return (
    <g className="design-bounds" aria-hidden>
      <defs>
        <pattern id={hatch} width="10" height="10" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <line x1="0" y1="0" x2="0" y2="10" />
        </pattern>
      </defs>
      {area && (
        <>
          <rect className="design-area" {...rectOf(area)} />
          <text x={rectOf(area).x + rectOf(area).width} y={Math.min(height - 8, rectOf(area).y + rectOf(area).height + 21)} textAnchor="end">
            {say('design.area')}
          </text>
        </>
      )}
      {design.contacts && <rect className="design-contacts" {...rectOf(contacts)} fill={`url(#${hatch})`} />}
    </g>
  )
}

function GuideLine({ guide }: { guide: Guide }) {
  const at = guide.axis === 'x' ? guide.at / 100 : (card.height - guide.at) / 100
  const ends = guide.axis === 'x' ? { x1: at, x2: at, y1: 0, y2: height } : { x1: 0, x2: width, y1: at, y2: at }
  return <line className="design-guide" data-from={guide.from} {...ends} />
}

/** Millimetres from the left edge along the bottom, and from the bottom edge along the left: as designs are measured. */
function Rulers({ mark }: { mark: { x: number; y: number } | undefined }) {
  const ticks = (length: number) => Array.from({ length: Math.floor(length) + 1 }, (_, millimetre) => millimetre)
  const size = (millimetre: number) => (millimetre % 10 === 0 ? 12 : millimetre % 5 === 0 ? 8 : 5)
  return (
    <g className="design-rulers" aria-hidden>
      {ticks(card.width / 1000).map((millimetre) => (
        <g key={`x${millimetre}`}>
          <line x1={millimetre * 10} x2={millimetre * 10} y1={height + 2} y2={height + 2 + size(millimetre)} />
          {millimetre % 10 === 0 && (
            <text x={millimetre * 10} y={height + 32} textAnchor="middle">
              {millimetre}
            </text>
          )}
        </g>
      ))}
      {ticks(card.height / 1000).map((millimetre) => (
        <g key={`y${millimetre}`}>
          <line x1={-2} x2={-2 - size(millimetre)} y1={height - millimetre * 10} y2={height - millimetre * 10} />
          {millimetre % 10 === 0 && (
            <text x={-17} y={height - millimetre * 10 + 6} textAnchor="end">
              {millimetre}
            </text>
          )}
        </g>
      ))}
      {mark && (
        <>
          <path className="design-mark" d={`M${mark.x / 100} ${height + 1}l7 12h-14z`} />
          <path className="design-mark" d={`M-1 ${(card.height - mark.y) / 100}l-12 7v-14z`} />
        </>
      )}
    </g>
  )
}
