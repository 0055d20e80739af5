/**
 * Every fault that can strike in a history, by what was passed in it. Nothing is listed by hand but the kinds: which
 * writes, replies, stages and journal rows there are is what a dry run has passed.
 */
import type { Moment, Stage } from '#shared/device/simulator.ts'
import { chipFaults } from './station.ts'
import { crashMoments, replyFaults, writeFaults } from './plan.ts'
import type { MechanicalFault, Point, Strike } from './plan.ts'
import type { History } from './world.ts'

/** Stages in which there is a middle. */
const long: ReadonlySet<Stage> = new Set(['encode', 'emboss', 'indent'])

/** At any stage and moment: the machine waits for a hand; it fails and the card sticks; power; line. */
const anywhere: readonly MechanicalFault[] = ['wait M', 'jam D', 'power', 'line']

/** What belongs to one stage alone, and each thing that may become of a card. */
const special: readonly (readonly [Stage, Moment, MechanicalFault])[] = [
  ['pick', 'before', 'wait Z'],
  ['pick', 'before', 'wait G'],
  ['feed', 'after', 'lose P'],
  ['encode', 'before', 'park H'],
  ['encode', 'halfway', 'park H'],
  ['encode', 'after', 'park H'],
  ['encode', 'after', 'jam W'],
  ['emboss', 'before', 'reject N'],
  ['emboss', 'halfway', 'reject N'],
  ['emboss', 'halfway', 'output O'],
  ['emboss', 'halfway', 'lose P'],
  ['topper', 'before', 'wait E'],
  ['indent', 'before', 'wait Q'],
  ['deliver', 'before', 'wait K'],
  ['deliver', 'after', 'jam O'],
]

/** The same thing said over and over, such as busy: its first and its last time stand for all. */
function distinct(points: readonly Point[]): Point[] {
  const runs: Point[][] = []
  for (const point of points) {
    const run = runs.findLast(([first]) => first?.on === point.on)
    if (run?.[0]?.name === point.name && point.on !== 'append' && point.on !== 'apdu') run.push(point)
    else runs.push([point])
  }
  return runs.flatMap((run) => (run.length === 1 ? run : [run[0]!, run.at(-1)!]))
}

/** Every fault at every point of these. */
export function everyFault(points: readonly Point[]): Strike[] {
  const seen = new Set<Stage>()
  return distinct(points).flatMap((point): Strike[] => {
    if (point.on !== 'stage') return faultsAt(point, points)
    if (seen.has(point.name)) return [{ on: 'begin', index: point.index, fault: 'crash' }]
    seen.add(point.name)
    return [{ on: 'begin', index: point.index, fault: 'crash' }, ...mechanical(point.name)]
  })
}

function faultsAt(point: Exclude<Point, { on: 'stage' }>, points: readonly Point[]): Strike[] {
  const { index } = point
  if (point.on === 'apdu') return chipFaults.map((fault): Strike => ({ on: 'apdu', index, fault }))
  if (point.on === 'append') return crashMoments.map((fault) => ({ on: 'append', index, fault }))
  if (point.on === 'write') return writeFaults.map((fault) => ({ on: 'write', index, fault }))
  const faults = replyFaults.map((fault): Strike => ({ on: 'reply', index, fault }))
  return beforeData(point, points) ? [...faults, { on: 'reply', index, fault: 'refusal' }] : faults
}

/** A ready machine may just as well have said that it is in trouble, as long as it has been given nothing. */
function beforeData(point: Point, points: readonly Point[]): boolean {
  const next = points.slice(points.indexOf(point) + 1).find(({ on }) => on === 'write')
  return point.name === 'A' && (next?.name === '#DCL#' || next?.name === '#DCC#')
}

function mechanical(stage: Stage): Strike[] {
  const moments: Moment[] = long.has(stage) ? ['before', 'halfway', 'after'] : ['before', 'after']
  const common = moments.flatMap((moment) => anywhere.map((fault): Strike => ({ on: 'stage', stage, moment, fault })))
  return [...common, ...special.filter(([at]) => at === stage).map(([, moment, fault]): Strike => ({ on: 'stage', stage, moment, fault }))]
}

/** What may still strike after the last strike of this history. */
export function furtherFaults({ points, after }: History): Strike[] {
  return everyFault(points.slice(after))
}

/** Strikes that stand for the seven endings of a command, one for each, and every crash: for pairs. */
export function isTypical(strike: Strike): boolean {
  switch (strike.on) {
    case 'append':
      return true
    case 'begin':
      return false
    case 'write':
      return strike.fault !== 'cut-before'
    case 'reply':
      return strike.fault !== 'twice'
    case 'apdu':
      return strike.fault === 'mute-done' || strike.fault === 'removed-during' || strike.fault === 'crash-sent'
    case 'stage':
      return typicalStages.has(`${strike.stage} ${strike.moment} ${strike.fault}`)
  }
}

const typicalStages = new Set([
  'pick before wait Z',
  'feed before jam D',
  'encode halfway park H',
  'encode after jam W',
  'encode halfway power',
  'emboss halfway jam D',
  'emboss halfway wait M',
  'emboss halfway reject N',
  'emboss halfway output O',
  'emboss halfway line',
  'deliver after line',
  'deliver after jam O',
])
