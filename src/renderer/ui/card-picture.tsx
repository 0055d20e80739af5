/**
 * The card as it will look, to scale: ISO/IEC 7810 ID-1, 85.60 × 53.98 mm with corners of 3.18 mm. One unit is 0.1 mm.
 * The blank's own artwork is not known and so not drawn: plain plastic, on which the machine's marks stand out.
 */
import { useId } from 'react'
import type { CardPreview } from '#shared/job/job.ts'
import { useWords } from '../i18n/provider.tsx'

type Line = CardPreview['lines'][number]

const width = 856
const height = 539.8
/** Capital height ÷ font size of the fonts below. */
const capital = 0.72

export interface CardPictureProps {
  preview: CardPreview
  side?: 'front' | 'back'
  /** Draw the contacts of an integrated circuit: only where the blank is known to have one. */
  chip?: boolean
}

export function CardPicture({ preview, side = 'front', chip = false }: CardPictureProps) {
  const { say } = useWords()
  const id = useId()
  const lines = preview.lines.filter((line) => line.side === side)
  const tracks = preview.tracks.map((track) => track.track).join(', ')
  const stripe = tracks === '' ? say('card.picture.no-stripe') : say('card.picture.stripe', { tracks })
  const spoken = [...lines.map((line) => line.text), ...(side === 'back' ? [stripe] : [])].join('; ')
  return (
    <svg
      className="card-picture"
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-label={say(side === 'front' ? 'card.picture.front' : 'card.picture.back', { lines: spoken || say('card.picture.empty') })}
    >
      <defs>
        <linearGradient id={`${id}-plastic`} x1="0" y1="0" x2="1" y2="1">
          <stop offset="0" stopColor="#3d5c66" />
          <stop offset="0.55" stopColor="#2c464f" />
          <stop offset="1" stopColor="#22373f" />
        </linearGradient>
        <linearGradient id={`${id}-foil`} x1="0" y1="0" x2="0" y2="1">
          <stop offset="0" stopColor="#ffffff" />
          <stop offset="0.5" stopColor="#d7dcdd" />
          <stop offset="1" stopColor="#f4f6f6" />
        </linearGradient>
      </defs>
      <rect width={width} height={height} rx="31.8" fill={`url(#${id}-plastic)`} />
      <rect x="1.5" y="1.5" width={width - 3} height={height - 3} rx="30.3" fill="none" stroke="#ffffff2e" strokeWidth="3" />
      {side === 'back' && <Stripe encoded={tracks !== ''} />}
      {side === 'back' && <Panel lines={lines} />}
      {side === 'front' && chip && <Contacts />}
      {lines.map((line) => (
        <Characters key={line.field} line={line} foil={preview.topping ? `url(#${id}-foil)` : undefined} />
      ))}
    </svg>
  )
}

/** Magnetic material: ISO/IEC 7811-2 and -6, area of tracks 1 to 3, at most 5.54 mm and at least 15.82 mm from the top edge. */
function Stripe({ encoded }: { encoded: boolean }) {
  return (
    <g>
      <rect x="0" y="50" width={width} height="113" fill="#171313" />
      {encoded &&
        [0, 1, 2].map((track) => <rect key={track} x="74" y={57 + track * 34} width="708" height="27" fill="#ffffff12" />)}
    </g>
  )
}

/** The panel that indented characters are printed on, drawn around them. */
function Panel({ lines }: { lines: readonly Line[] }) {
  if (!lines.some((line) => line.kind === 'indent')) return null
  const tops = lines.map((line) => height - line.y / 100 - line.height / 100)
  const bottoms = lines.map((line) => height - line.y / 100 + line.height / 100)
  const top = Math.max(175, Math.min(...tops) - 14)
  return <rect x="30" y={top} width={width - 60} height={Math.max(...bottoms) + 14 - top} rx="4" fill="#eceeea" />
}

/** Contacts C1 to C8 at the places of ISO/IEC 7816-2, on a plate that leaves them clear. */
function Contacts() {
  const rows = [192.3, 217.7, 243.1, 268.5]
  return (
    <g>
      <rect x="95.5" y="186.3" width="110" height="105.2" rx="13" fill="#c9ad68" stroke="#8f7638" strokeWidth="2" />
      <rect x="134" y="214" width="33" height="49" rx="8" fill="#b99b52" />
      {rows.flatMap((y) => [102.5, 178.7].map((x) => <rect key={`${x} ${y}`} x={x} y={y} width="20" height="17" rx="3" fill="#e3cc8d" stroke="#8f7638" strokeWidth="1.5" />))}
    </g>
  )
}

/** One line: its first character is centred on `x`, its middle stands `y` above the bottom edge. */
function Characters({ line, foil }: { line: Line; foil: string | undefined }) {
  const size = line.height / 100 / capital
  const baseline = height - line.y / 100 + line.height / 200
  // One place for every character: each is centred on its own, as the wheel strikes it.
  const places = Array.from(line.text, (_, index) => (line.x + index * line.pitch) / 100)
  const font = { fontFamily: "'OCR B', 'OCRB', 'Cascadia Mono', 'SF Mono', ui-monospace, 'DejaVu Sans Mono', monospace", fontWeight: line.kind === 'emboss' ? 600 : 400 }
  const draw = (dx: number, dy: number, fill: string) => (
    <text x={places.map((place) => place + dx).join(' ')} y={baseline + dy} fill={fill} fontSize={size} textAnchor="middle" style={font} xmlSpace="preserve">
      {line.text}
    </text>
  )
  if (line.kind === 'indent') return draw(0, 0, line.side === 'back' ? '#23282a' : '#e8ecec')
  const step = line.height / 1600
  return (
    <g>
      {draw(step * 1.4, step * 1.8, '#0a1418b3')}
      {draw(-step, -step, '#ffffff59')}
      {draw(0, 0, foil ?? '#8aa4ac')}
    </g>
  )
}
