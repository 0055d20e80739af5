/** The machine's parts as drawn: casing with its cover, modules above the transport, stacks of blanks. */
import type { ReactNode } from 'react'
import { middle, slabs, trackLevel } from './layout.ts'
import type { Place } from './layout.ts'

export interface Stock {
  count: number
  capacity: number
}

const casing = { left: 138, right: 840, top: 34, bottom: 182 } as const
/** The lid opens over the embosser and all that follows it; its hinge is at the casing's right end. */
const lidFrom = 470

export function Casing({ open }: { open: boolean }) {
  const width = casing.right - casing.left
  return (
    <g>
      <rect className="machine-casing" x={casing.left} y={casing.top} width={width} height={casing.bottom - casing.top} rx={10} />
      <path className="machine-cover" d={`M${casing.left + 8} ${casing.top} H${lidFrom - 8}`} />
      <path className="machine-cover machine-lid" data-open={open || undefined} d={`M${lidFrom + 4} ${casing.top} H${casing.right - 8}`} />
      <line className="machine-track" x1={114} x2={868} y1={trackLevel} y2={trackLevel} />
      {[160, 238, 342, 450, 590, 700, 812].map((x) => (
        <circle key={x} className="machine-roller" cx={x} cy={trackLevel + 6} r={5} />
      ))}
    </g>
  )
}

export function Hopper({ label, stock, working }: { label: string; stock: Stock | undefined; working: boolean }) {
  const x = middle.hopper
  return (
    <g data-working={working || undefined} className="machine-module">
      <text className="machine-label" x={x} y={22} textAnchor="middle">
        {label}
      </text>
      <path className="machine-box" d={`M${x - 40} 34 V${trackLevel + 2} H${x + 40} V34`} />
      {stock && <Stack x={x} bottom={trackLevel} most={18} stock={stock} tone="blank" />}
      {stock && (
        <text className="machine-count" x={x} y={164} textAnchor="middle">
          {stock.count}
        </text>
      )}
    </g>
  )
}

export interface TrayProps {
  kind: 'output' | 'reject'
  label: string
  /** Cards of the run that ended here; undefined while nothing runs. */
  made: number | undefined
  /** What lies in the tray, where it can be seen. */
  stock: Stock | undefined
}

export function Tray({ kind, label, made, stock }: TrayProps) {
  const bottom = kind === 'output' ? 84 : 176
  const left = 872
  const [depth, most] = [46, 9]
  return (
    <g className="machine-tray" data-kind={kind}>
      <text className="machine-label" x={left} y={bottom - depth - 6}>
        {label}
      </text>
      <path className="machine-box" d={`M${left} ${bottom - depth} V${bottom + 2} H${left + 80} V${bottom - depth}`} />
      {stock && <Stack x={left + 40} bottom={bottom} most={most} stock={stock} tone={kind === 'output' ? 'good' : 'rejected'} />}
      {made !== undefined && (
        <text className="machine-made" x={left + 94} y={stock ? bottom - 16 : bottom - 8}>
          {made}
        </text>
      )}
      {stock && (
        <text className="machine-note" x={left + 94} y={bottom + 2}>
          {stock.count}/{stock.capacity}
        </text>
      )}
    </g>
  )
}

function Stack({ x, bottom, most, stock, tone }: { x: number; bottom: number; most: number; stock: Stock; tone: 'blank' | 'good' | 'rejected' }) {
  return (
    <g className="machine-stack" data-tone={tone}>
      {Array.from({ length: slabs(stock.count, stock.capacity, most) }, (_, index) => (
        <rect key={index} x={x - 34} y={bottom - 5 - index * 5} width={68} height={4} rx={1.5} />
      ))}
    </g>
  )
}

type DrawnModule = 'encoder' | 'chip' | 'embosser' | 'indent' | 'topper'

export function Module({ module, label, used, working }: { module: DrawnModule; label: string; used: boolean; working: boolean }) {
  const x = middle[module]
  return (
    <g className="machine-module" data-used={used || undefined} data-working={working || undefined} data-module={module}>
      <text className="machine-label" x={x} y={54} textAnchor="middle">
        {label}
      </text>
      <g style={{ transform: `translate(${x}px, 0px)` }}>{heads[module]}</g>
    </g>
  )
}

/** Each module's working part, drawn around x = 0 above the transport. */
const heads: Record<DrawnModule, ReactNode> = {
  encoder: (
    <g className="head-encoder">
      <rect className="part" x={-22} y={68} width={44} height={32} rx={4} />
      <path className="part-active" d="M-9 100 h18 l-5 15 h-8 z" />
    </g>
  ),
  chip: (
    <g className="head-chip">
      <rect className="part" x={-24} y={68} width={48} height={22} rx={4} />
      {[-15, -5, 5, 15].map((x) => (
        <path key={x} className="part-line" d={`M${x} 90 v18 q0 6 4 6`} />
      ))}
    </g>
  ),
  embosser: (
    <g>
      <g className="head-wheel">
        <circle className="part" cx={0} cy={92} r={25} />
        {Array.from({ length: 12 }, (_, index) => (
          <line key={index} className="part-line" x1={0} x2={0} y1={69} y2={75} transform={`rotate(${index * 30} 0 92)`} />
        ))}
        <circle className="part-hub" cx={0} cy={92} r={8} />
      </g>
      <rect className="part-active" x={-7} y={trackLevel + 3} width={14} height={16} rx={2} />
    </g>
  ),
  indent: (
    <g>
      <g className="head-wheel">
        <circle className="part" cx={0} cy={99} r={17} />
        {Array.from({ length: 8 }, (_, index) => (
          <line key={index} className="part-line" x1={0} x2={0} y1={84} y2={89} transform={`rotate(${index * 45} 0 99)`} />
        ))}
        <circle className="part-hub" cx={0} cy={99} r={5} />
      </g>
    </g>
  ),
  topper: (
    <g className="head-topper">
      <circle className="part reel" cx={-24} cy={80} r={14} />
      <circle className="part reel" cx={24} cy={80} r={14} />
      <circle className="part-hub" cx={-24} cy={80} r={4} />
      <circle className="part-hub" cx={24} cy={80} r={4} />
      <path className="part-line" d="M-30 92 L-14 114 H14 L30 92" />
      <rect className="part-active" x={-14} y={100} width={28} height={12} rx={2} />
    </g>
  ),
}

const badgeLevels: Partial<Record<Place, number>> = { 'output-tray': 62, 'reject-tray': 154, cover: 34, line: 158, machine: 158, hopper: 52, feed: 108 }

/** A warning at the place itself: a shape, besides its colour. */
export function FaultBadge({ place, tone }: { place: Place; tone: 'doubt' | 'bad' }) {
  const x = place === 'output-tray' || place === 'reject-tray' ? 912 : middle[place] + (place === 'hopper' ? 0 : isModule(place) ? 30 : 0)
  const y = badgeLevels[place] ?? 72
  return (
    <g className="machine-badge" data-tone={tone} style={{ transform: `translate(${x}px, ${y}px)` }}>
      <path d="M0 -15 L16 13 H-16 Z" />
      <text x={0} y={9} textAnchor="middle">
        !
      </text>
    </g>
  )
}

function isModule(place: Place): boolean {
  return place in heads
}
