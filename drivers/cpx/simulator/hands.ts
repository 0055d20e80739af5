/** What a person's hands do to the machine: refilling, emptying, opening, taking out. */
import type { PracticeCardType } from '#shared/chip/practice-card.ts'
import type { ClearedBy, SimulatorAction } from '#shared/device/simulator.ts'
import { newChip } from './chip-module.ts'
import { blankOf, hopper, inTray, insideOf } from './mechanism.ts'
import type { MachineModel } from './model.ts'
import { newBlank, type Blank, type Tracks } from './plastic.ts'
import type { MachineState } from './state.ts'
import type { Works } from './works.ts'

export type HandAction = Exclude<SimulatorAction, { do: 'power' | 'mode' | 'speed' | 'arm' | 'disarm' | 'arm-chip' }>

export class Hands {
  readonly #state: MachineState
  readonly #model: MachineModel
  readonly #works: Works
  /** Alarms were cleared: the machine may have something to say by itself. */
  readonly #cleared: () => void

  constructor(state: MachineState, model: MachineModel, works: Works, cleared: () => void) {
    this.#state = state
    this.#model = model
    this.#works = works
    this.#cleared = cleared
  }

  act(action: HandAction): void {
    switch (action.do) {
      case 'refill':
        return this.#refill(action)
      case 'cover':
        return this.#cover(action.open)
      case 'empty-tray':
        return this.#emptyTray(action.tray)
      case 'clear-jam':
        return this.#clearJam()
      case 'change-foil':
        this.#state.foil = this.#model.topper?.foil ?? 0
        return this.#clear('change-foil')
      case 'change-ribbon':
        return this.#clear('change-ribbon')
      case 'topper':
        this.#state.topperOn = action.on && this.#model.topper !== null
    }
  }

  #refill({ blanks, tracks, damagedStripe, chip }: Extract<HandAction, { do: 'refill' }>): void {
    const room = this.#model.capacity.hopper - hopper(this.#state).length
    for (let count = Math.min(blanks, room); count > 0; count--) {
      this.#state.blanks.push(blankWith(this.#state, this.#model, { tracks, damagedStripe, type: chip }))
    }
    this.#clear('refill')
  }

  #cover(open: boolean): void {
    this.#state.cover = open ? 'open' : 'closed'
    if (!open) return this.#clear('close-cover')
    this.#works.interrupt()
    if (this.#state.power === 'on') this.#works.raise('M')
  }

  #emptyTray(tray: 'output' | 'reject'): void {
    const name = `${tray}-tray` as const
    for (const blank of inTray(this.#state, name)) blank.place = { kind: 'hand', from: name }
    const waiting = tray === 'reject' ? blankOf(this.#state, this.#state.rejecting) : undefined
    if (waiting !== undefined) {
      waiting.place = { kind: 'reject-tray' }
      this.#state.rejecting = null
    }
    this.#clear(`empty-${name}`)
  }

  #clearJam(): void {
    const { lanes } = this.#state
    this.#works.interrupt()
    for (const blank of insideOf(this.#state)) blank.place = { kind: 'hand', from: 'inside' }
    for (const lane of ['front', 'main'] as const) {
      if (lanes[lane]?.blank != null) lanes[lane] = null
    }
    this.#state.parked = null
    this.#state.rejecting = null
    this.#clear('clear-jam')
  }

  /** Ends the alarms that this hand ends, and lets the machine go on. */
  #clear(by: ClearedBy): void {
    const before = this.#state.alarms.length
    this.#state.alarms = this.#state.alarms.filter((alarm) => alarm.clearedBy !== by)
    this.#works.wake()
    if (this.#state.alarms.length < before) this.#cleared()
  }
}

/** The next blank that comes into this machine; with a chip, one that no other blank has. */
export function blankWith(
  { blanks, chipSeed }: MachineState,
  { chip }: MachineModel,
  { type, ...options }: { tracks?: Tracks | undefined; damagedStripe?: boolean | undefined; type?: PracticeCardType | undefined },
): Blank {
  const number = blanks.length + 1
  return newBlank(number, { ...options, ...(type !== undefined && { chip: newChip(type, chipSeed + number, chip?.baudRate ?? usualBaudRate) }) })
}

/** ISO/IEC 7816-3, 8.1: what a card speaks at before anything else is agreed on. */
const usualBaudRate = 9600
