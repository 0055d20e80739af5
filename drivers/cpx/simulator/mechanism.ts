/**
 * What each stage does to a card, step by step. A step is done whole or not at all, so that a card which is taken out
 * or loses its power in mid-stage carries exactly the steps that were done.
 */
import type { AlarmLetter, MachineModule, Stage } from '#shared/device/simulator.ts'
import type { MachineModel } from './model.ts'
import { magnetize, readableTracks, trackName, trackNumbers, type Blank, type Stamp, type Tracks } from './plastic.ts'
import { embossObstacle } from './reception.ts'
import type { ActiveJob, Job, MachineState } from './state.ts'

/** The head passes over a track in so many parts. */
const partsOfTrack = 4

const modules: Record<Stage, MachineModule | undefined> = {
  receive: undefined,
  pick: 'hopper',
  feed: 'feed',
  compare: 'encoder',
  read: 'encoder',
  encode: 'encoder',
  emboss: 'embosser',
  indent: 'indent',
  topper: 'topper',
  deliver: 'output-tray',
}

export function moduleOf(stage: Stage): MachineModule | undefined {
  return modules[stage]
}

/** The stages of one card of this job. A card that is already inside need not be picked. */
export function stagesOf(job: Job, topperOn: boolean, cardInside: boolean): Stage[] {
  const way: Stage[] = cardInside ? [] : ['pick', 'feed']
  if (job.kind === 'feed') return way
  if (job.kind === 'read') return [...way, 'read']
  if (job.compareTrack2 !== undefined) way.push('compare')
  if (trackNumbers.some((track) => job.tracks[trackName(track)] !== undefined)) way.push('encode')
  if (stampsOf(job, 'emboss').length > 0) way.push('emboss')
  if (stampsOf(job, 'indent').length > 0) way.push('indent')
  if (topperOn && stampsOf(job, 'emboss').length > 0) way.push('topper')
  return [...way, 'deliver']
}

export function currentStage(active: ActiveJob): Stage {
  return active.stages[active.stage] ?? 'deliver'
}

export function stepsOf(active: ActiveJob): number {
  switch (currentStage(active)) {
    case 'encode':
      return encodings(active.job).length * partsOfTrack
    case 'emboss':
      return stampsOf(active.job, 'emboss').length
    case 'indent':
      return stampsOf(active.job, 'indent').length
    default:
      return 1
  }
}

/** What keeps the present stage from starting. */
export function obstacle(active: ActiveJob, state: MachineState, model: MachineModel): AlarmLetter | undefined {
  switch (currentStage(active)) {
    case 'pick':
      return hopper(state).length === 0 ? 'Z' : undefined
    case 'emboss':
      return embossObstacle(stampsOf(active.job, 'emboss').concat(stampsOf(active.job, 'indent')), model)
    case 'topper':
      return model.topper !== null && state.foil < model.topper.perCard ? 'E' : undefined
    case 'deliver':
      return inTray(state, 'output-tray').length >= model.capacity.outputTray ? 'K' : undefined
    default:
      return undefined
  }
}

export interface StepResult {
  alarm?: AlarmLetter
  /** What the stripe reader read. */
  tracks?: Tracks
}

/** Brings the card to the module of the present stage. */
export function enterStage(active: ActiveJob, state: MachineState): void {
  const module = moduleOf(currentStage(active))
  const blank = blankOf(state, active.blank)
  if (module !== undefined && blank !== undefined) blank.place = { kind: 'inside', module }
}

/** Does the next step of the present stage to the plastic. */
export function performStep(active: ActiveJob, state: MachineState, model: MachineModel): StepResult {
  const stage = currentStage(active)
  if (stage === 'receive') return {}
  if (stage === 'pick') return pick(active, state)
  const blank = blankOf(state, active.blank)
  if (blank === undefined) return {}
  switch (stage) {
    case 'compare':
      return compare(active.job, blank)
    case 'read': {
      const tracks = readableTracks(blank)
      return Object.keys(tracks).length > 0 ? { tracks } : { alarm: 'W' }
    }
    case 'encode':
      return encode(active, blank)
    case 'emboss':
    case 'indent': {
      const stamp = stampsOf(active.job, stage)[active.step]
      if (stamp !== undefined) blank.stamps.push({ ...stamp })
      return {}
    }
    case 'topper':
      return top(blank, state, model)
    case 'deliver':
      blank.place = { kind: 'output-tray' }
      return {}
    default:
      return {}
  }
}

function pick(active: ActiveJob, state: MachineState): StepResult {
  const [next] = hopper(state)
  if (next === undefined) return { alarm: 'Z' }
  next.place = { kind: 'inside', module: 'feed' }
  active.blank = next.id
  return {}
}

function compare(job: Job, blank: Blank): StepResult {
  const { track2 } = readableTracks(blank)
  if (track2 === undefined) return { alarm: 'W' }
  return job.kind === 'card' && track2 === job.compareTrack2 ? {} : { alarm: 'X' }
}

/** Writes the next part of a track; after the last the head reads back what it wrote. */
function encode(active: ActiveJob, blank: Blank): StepResult {
  const writings = encodings(active.job)
  const writing = writings[Math.floor(active.step / partsOfTrack)]
  if (writing === undefined) return {}
  const part = active.step % partsOfTrack
  if (part === 0) blank.writes++
  const bits = magnetize(writing.track, writing.data)
  const reached = Math.ceil((bits.length * (part + 1)) / partsOfTrack)
  // Ahead of the head stands what stood there before.
  const written = blank.damagedStripe ? '0'.repeat(reached) : bits.slice(0, reached)
  blank.stripe[writing.track] = written + blank.stripe[writing.track].slice(reached)
  if (active.step < writings.length * partsOfTrack - 1) return {}
  const found = readableTracks(blank)
  return writings.every(({ track, data }) => found[trackName(track)] === data) ? {} : { alarm: 'W' }
}

/** Presses foil over the band that the topper reaches. */
function top(blank: Blank, state: MachineState, model: MachineModel): StepResult {
  if (model.topper === null) return {}
  const { bottom, top: upper, perCard } = model.topper
  state.foil -= perCard
  for (const stamp of blank.stamps) {
    if (stamp.kind === 'emboss' && stamp.side === 'front' && stamp.y >= bottom && stamp.y <= upper) stamp.topped = true
  }
  return {}
}

function encodings(job: Job) {
  if (job.kind !== 'card') return []
  return trackNumbers.flatMap((track) => {
    const data = job.tracks[trackName(track)]
    return data === undefined ? [] : [{ track, data }]
  })
}

function stampsOf(job: Job, kind: 'emboss' | 'indent'): Stamp[] {
  return job.kind === 'card' ? job.stamps.filter((stamp) => stamp.kind === kind) : []
}

export function blankOf(state: MachineState, id: string | null): Blank | undefined {
  return state.blanks.find((blank) => blank.id === id)
}

export function hopper(state: MachineState): Blank[] {
  return state.blanks.filter(({ place }) => place.kind === 'hopper')
}

export function insideOf(state: MachineState): Blank[] {
  return state.blanks.filter(({ place }) => place.kind === 'inside')
}

export function inTray(state: MachineState, tray: 'output-tray' | 'reject-tray'): Blank[] {
  return state.blanks.filter(({ place }) => place.kind === tray)
}
