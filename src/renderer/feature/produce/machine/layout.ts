/** Where things stand in the drawing of the machine, and what of it is known. Pure; units of the drawing's own `viewBox`. */
import type { Operation } from '#shared/card/life.ts'
import type { DeviceView } from '#shared/contract/live.ts'
import type { Reason } from '#shared/device/device.ts'
import type { MachineModule } from '#shared/device/simulator.ts'
import type { RunView } from '#shared/job/job.ts'

export const drawing = { width: 1040, top: 8, height: 178 } as const

/** Height of the transport that cards lie on. */
export const trackLevel = 128

/** Something that a reason can point at: a module, or a part that is none. */
export type Place = MachineModule | 'cover' | 'line' | 'machine'

/** Middle of each place, from the left. */
export const middle: Readonly<Record<Place, number>> = {
  hopper: 82,
  feed: 186,
  encoder: 290,
  chip: 396,
  embosser: 520,
  indent: 644,
  topper: 756,
  'output-tray': 936,
  'reject-tray': 936,
  cover: 640,
  line: 186,
  machine: 470,
}

/** Where a sheet about this place points, as a share of the drawing's width. */
export function anchorOf(place: Place): number {
  return middle[place] / drawing.width
}

const placesByCode: Readonly<Record<string, Place>> = {
  'hopper-empty': 'hopper',
  'pick-error': 'feed',
  'stripe-module-error': 'encoder',
  'stripe-read-error': 'encoder',
  'stripe-mismatch': 'encoder',
  'stripe-incomplete': 'encoder',
  'stepper-fault': 'embosser',
  'emboss-wheel-fault': 'embosser',
  'emboss-limits-exceeded': 'embosser',
  'ribbon-positioning': 'indent',
  'foil-break': 'topper',
  'topper-fault': 'topper',
  'output-tray-full': 'output-tray',
  'output-stacker-fault': 'output-tray',
  'reject-tray-full': 'reject-tray',
  'cover-open': 'cover',
  'data-transfer-error': 'line',
  'data-format-error': 'line',
  'receive-buffer-error': 'line',
  'link-lost': 'line',
  'no-answer': 'line',
  'insert-card': 'chip',
  'take-card-out': 'chip',
  'reader-missing': 'chip',
  'stations-lost': 'chip',
  'not-connected': 'line',
}

const placesByAction: Readonly<Partial<Record<Reason['action'], Place>>> = {
  'refill-hopper': 'hopper',
  'empty-output-tray': 'output-tray',
  'empty-reject-tray': 'reject-tray',
  'close-cover': 'cover',
  'change-foil': 'topper',
  'change-ribbon': 'indent',
  'check-line': 'line',
  'insert-card': 'chip',
  'take-card-out': 'chip',
}

/** The place that a reason speaks of; the machine as a whole where neither its word nor its remedy tells. */
export function placeOfReason(reason: Pick<Reason, 'code' | 'action'>): Place {
  return placesByCode[reason.code] ?? (/^(chip|reader)-/.test(reason.code) ? 'chip' : undefined) ?? placesByAction[reason.action] ?? 'machine'
}

/** Where a question's sheet points: a spoiled card that lies in a tray or a machine is spoken of there. */
export function placeOfPrompt(prompt: { kind: string; reason: Pick<Reason, 'code' | 'action'> }): Place {
  return prompt.kind === 'void-delivered' ? 'output-tray' : placeOfReason(prompt.reason)
}

/** A card as drawn inside the machine. */
export type DrawnCard =
  /** At this module: `certain` because the machine tells it, otherwise by the clock alone. `x` is the card's middle. */
  | { at: 'module'; key: string; module: MachineModule; x: number; certain: boolean }
  /** In the machine, nobody knows where. */
  | { at: 'somewhere'; key: string; doubt: boolean }

/** How far a card moves while a module works on it. */
const stroke = 44

/** Where a card lies on the transport at a module. Picked and delivered cards are drawn at the casing's ends. */
function onTransport(module: MachineModule): number {
  if (module === 'hopper') return 132
  return module === 'output-tray' || module === 'reject-tray' ? 828 : middle[module]
}

/**
 * The cards inside, as far as they are known: seen in the practice machine, told or clocked by the driver, or only known
 * to have been sent in.
 */
export function cardsInside(device: Pick<DeviceView, 'picture' | 'progress'>, run: Pick<RunView, 'cards'> | undefined): DrawnCard[] {
  const { picture, progress } = device
  if (picture) {
    return picture.inside.map(({ blank, module, progress: share }) => ({
      at: 'module',
      key: blank,
      module,
      x: onTransport(module) + (share - 0.5) * stroke,
      certain: true,
    }))
  }
  const sentIn = run?.cards.filter((card) => card.state !== 'claimed') ?? []
  return sentIn.map((card, index) => {
    // A card whose chip is being made lies in its station for certain: it answers.
    if (card.chip !== undefined) return { at: 'module', key: card.attempt, module: 'chip', x: onTransport('chip'), certain: true }
    // Progress is of the card that the machine works on, which is the last that was sent in.
    if (progress === undefined || index < sentIn.length - 1 || card.state === 'in-doubt') return { at: 'somewhere', key: card.attempt, doubt: card.state === 'in-doubt' }
    return { at: 'module', key: card.attempt, module: progress.module, x: onTransport(progress.module), certain: progress.basis === 'machine' }
  })
}

/** The module that works now, if anybody knows. */
export function workingModule(device: Pick<DeviceView, 'picture' | 'progress' | 'state'>): MachineModule | undefined {
  if (device.picture) {
    if (device.picture.state !== 'working') return undefined
    return device.picture.inside.find((card) => !card.waiting)?.module
  }
  return device.state === 'processing' ? device.progress?.module : undefined
}

const moduleOperations: Readonly<Partial<Record<MachineModule, Operation>>> = {
  encoder: 'stripe',
  chip: 'chip',
  embosser: 'emboss',
  indent: 'indent',
  topper: 'topping',
}

/** Whether the machine in this mode uses the module at all; those it does not are drawn faintly. */
export function isUsed(module: MachineModule, { carries, chip }: Pick<DeviceView['capabilities'], 'carries' | 'chip'>): boolean {
  if (module === 'chip' && chip !== null) return true
  const operation = moduleOperations[module]
  return operation === undefined || carries.includes(operation)
}

/** Slabs to draw for a stack: none for none, at least one for one, and never more than fit. */
export function slabs(count: number, capacity: number, most: number): number {
  if (count <= 0) return 0
  return Math.max(1, Math.min(most, Math.round((count / Math.max(1, capacity)) * most)))
}
