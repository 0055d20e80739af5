/**
 * A pretended conveyor: hopper, carousel with chip stations, stripe module, embosser, topper, marking station for discarded cards, two
 * stackers. All modules work at the same time, each on its own card. Real plastic with an identity, and a practice card in each blank's chip.
 */
import type { Clock } from '#main/ports/clock.ts'
import { FaultBoard } from '#drivers/cpx/simulator/fault-board.ts'
import { newBlank, type Blank } from '#drivers/cpx/simulator/plastic.ts'
import { createPracticeStation, type PracticeStation } from '#drivers/virtual-card/station.ts'
import type { VirtualCard } from '#drivers/virtual-card/virtual-card.ts'
import type { ChipFault, PracticeCardType } from '#shared/chip/practice-card.ts'
import type { DeviceLimits } from '#shared/device/limits.ts'
import type { MachineFault, MachinePicture, SimulatorAction } from '#shared/device/simulator.ts'
import type { ConveyorLink, ConveyorOrder, ConveyorReport, WaitsFor } from '../messages.ts'
import { Carousel } from './carousel.ts'
import { stationNames } from '../profile.ts'
import { conveyorCapacity, sharedSamStations } from './model.ts'
import { Changes, type Carried, type Stacks } from './parts.ts'
import { pictured, Track } from './track.ts'

export interface ConveyorMachineOptions {
  clock: Clock
  limits: DeviceLimits
  /** Chip stations, 1 to 7. */
  stations: number
  blanks: number
  /** The chip of a new blank, by the blank's number from 1; `type` where hands have put in blanks of this kind. */
  chip(blank: number, type?: PracticeCardType): VirtualCard
  speed?: number
}

/** A message is under way so long, milliseconds. */
const latency = 2

export class ConveyorMachine {
  /** The chip stations by name. */
  readonly stations: ReadonlyMap<string, PracticeStation>
  /** A SAM station beside each chip station, `sam-1` and so on, and those that all share, `shared-sam-1` and so on. */
  readonly samStations: ReadonlyMap<string, PracticeStation>
  readonly #stacks: Stacks = { hopper: [], output: [], reject: [], hand: [] }
  readonly #all: Carried[] = []
  readonly #armed: { armed: MachinePicture['armed']; nextFault: number } = { armed: [], nextFault: 1 }
  readonly #board = new FaultBoard(this.#armed)
  readonly #changes = new Changes()
  readonly #clock: Clock
  readonly #carousel: Carousel
  readonly #track: Track
  readonly #chip: ConveyorMachineOptions['chip']
  /** For the next card that comes into a station. */
  #chipFaults: ChipFault[] = []
  #speed: number
  #line: Line | undefined
  #stood = ''

  constructor({ clock, limits, stations, blanks, chip, speed = 1 }: ConveyorMachineOptions) {
    this.#speed = speed
    this.#clock = { now: () => clock.now(), elapsed: () => clock.elapsed(), sleep: (milliseconds, signal) => clock.sleep(milliseconds / this.#speed, signal) }
    this.#chip = chip
    const named = (names: readonly string[]) => new Map(names.map((name) => [name, createPracticeStation({ name, clock: this.#clock })]))
    this.stations = named(stationNames(stations))
    this.samStations = named([...numbered('sam', stations), ...numbered('shared-sam', sharedSamStations)])
    const shared = {
      clock: this.#clock, changes: this.#changes, board: this.#board, stacks: this.#stacks, limits,
      report: (report: ConveyorReport) => this.#report(report),
      onLinkDrop: () => this.#dropLine(),
    }
    this.#track = new Track(shared)
    this.#carousel = new Carousel({ ...shared, stations: [...this.stations.values()], onChip: (card) => this.#armNext(card), onPulled: (carried) => this.#toHand(carried, 'inside'), next: this.#track.bays[0]! })
    this.#changes.listen(() => this.#tellStanding())
    this.#refill(blanks)
  }

  /** Every blank that the machine has ever held, as it is now. */
  blanks(): readonly Blank[] {
    return this.#all.map(({ blank }) => blank)
  }

  /** The chip of a blank. */
  chipOf(blank: string): VirtualCard | undefined {
    return this.#all.find((carried) => carried.blank.id === blank)?.chip
  }

  /** A new line to the machine; the former is closed. */
  attach(): ConveyorLink {
    this.#line?.close()
    const line = new Line(this.#clock, (order) => this.#obey(order))
    this.#line = line
    this.#stood = ''
    this.#tellStanding()
    return line.far
  }

  act(action: SimulatorAction): void {
    switch (action.do) {
      case 'refill':
        this.#refill(action.blanks, action.chip)
        break
      case 'empty-tray': {
        const stack = action.tray === 'output' ? this.#stacks.output : this.#stacks.reject
        for (const carried of stack.splice(0)) this.#toHand(carried, action.tray === 'output' ? 'output-tray' : 'reject-tray')
        break
      }
      case 'clear-jam': {
        const { jammed } = this.#carousel
        this.#carousel.jammed = undefined
        for (const station of this.stations.values()) station.returnReader()
        for (const carried of [...(jammed === undefined ? [] : [jammed]), ...this.#track.clearJams()]) this.#toHand(carried, 'inside')
        break
      }
      case 'arm':
        this.#arm(action.fault)
        break
      case 'arm-chip':
        this.#armChip(action.fault)
        break
      case 'disarm':
        this.#board.disarm(action.id)
        break
      case 'speed':
        this.#speed = action.speed
        break
      default: // what this machine has no part for
    }
    this.#changes.tell()
  }

  picture(): MachinePicture {
    const { hopper, output, reject } = this.#stacks
    const waits = this.#standing()
    const inside = [
      ...this.#track.bays.flatMap(({ carried, module, progress, waits: why }) =>
        carried === undefined ? [] : [{ blank: carried.blank.id, module: pictured[module], progress, waiting: why !== undefined }],
      ),
      ...(this.#carousel.picked === undefined ? [] : [{ blank: this.#carousel.picked.blank.id, module: 'feed' as const, progress: 1, waiting: true }]),
      ...this.#carousel.places.flatMap(({ carried }) => (carried === undefined ? [] : [{ blank: carried.blank.id, module: 'chip' as const, progress: 0, waiting: true }])),
    ]
    return {
      model: 'conveyor',
      mode: 'standard',
      state: waits.length > 0 ? 'stopped' : inside.length > 0 || this.#carousel.busy ? 'working' : 'idle',
      cover: 'closed',
      speed: this.#speed,
      hopper: { count: hopper.length, capacity: conveyorCapacity.hopper },
      outputTray: { count: output.length, capacity: conveyorCapacity.outputTray },
      rejectTray: { count: reject.length, capacity: conveyorCapacity.rejectTray },
      inside,
      foil: null,
      alarms: [...new Set(waits)].flatMap((why) => alarmOf[why] ?? []),
      armed: structuredClone(this.#armed.armed),
      buffered: 0,
    }
  }

  onChange(listener: () => void): () => void {
    return this.#changes.listen(listener)
  }

  #obey(order: ConveyorOrder): void {
    switch (order.do) {
      case 'purge':
        this.#carousel.purge()
        return this.#report({ says: 'purged' })
      case 'feed':
        return this.#carousel.feed(order.number)
      case 'make':
        return this.#carousel.leave(order.place, { do: 'make', number: order.number, data: structuredClone(order.data) })
      case 'discard':
        return this.#carousel.leave(order.place, { do: 'discard', number: order.number })
    }
  }

  #report(report: ConveyorReport): void {
    this.#line?.say(report)
  }

  #dropLine(): void {
    const line = this.#line
    this.#line = undefined
    line?.close()
  }

  #standing(): (WaitsFor | 'hopper-empty' | 'stations-lost')[] {
    return [
      ...this.#track.waits,
      ...(this.#carousel.jammed === undefined ? [] : ['module-jam' as const]),
      ...(this.#carousel.stationsLost ? ['stations-lost' as const] : []),
    ]
  }

  #tellStanding(): void {
    const why = [...new Set(this.#standing())]
    if (why.join() === this.#stood) return
    this.#stood = why.join()
    this.#report({ says: 'stands', why })
  }

  #arm(fault: MachineFault): void {
    if (fault.kind === 'link-drop' && fault.at === undefined) this.#dropLine()
    else if (fault.kind === 'alarm' || fault.kind === 'link-drop') this.#board.arm(fault)
  }

  #armChip(fault: ChipFault): void {
    const lying = this.#carousel.places.find(({ carried, moving }) => carried !== undefined && !moving)
    if (lying?.carried === undefined) this.#chipFaults.push(fault)
    else lying.carried.chip.arm(fault)
  }

  /** A fault that was armed for the next card goes in with it. */
  #armNext(card: VirtualCard): void {
    const fault = this.#chipFaults.shift()
    if (fault !== undefined) card.arm(fault)
  }

  #refill(blanks: number, type?: PracticeCardType): void {
    const room = Math.max(0, conveyorCapacity.hopper - this.#stacks.hopper.length)
    for (let count = 0; count < Math.min(room, blanks); count++) {
      const number = this.#all.length + 1
      const carried: Carried = { blank: newBlank(number), chip: this.#chip(number, type) }
      this.#all.push(carried)
      this.#stacks.hopper.push(carried)
    }
  }

  #toHand(carried: Carried, from: 'inside' | 'output-tray' | 'reject-tray'): void {
    carried.blank.place = { kind: 'hand', from }
    this.#stacks.hand.push(carried)
  }
}

function numbered(name: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${name}-${index + 1}`)
}

/** As a CPX machine's panel would show it. */
const alarmOf: Partial<Record<string, MachinePicture['alarms'][number]>> = {
  'module-jam': { status: 'b', clearedBy: 'clear-jam', resumes: false },
  'output-tray-full': { status: 'K', clearedBy: 'empty-output-tray', resumes: true },
  'reject-tray-full': { status: 'J', clearedBy: 'empty-reject-tray', resumes: true },
}

/** The machine's end of a line; `far` is the controller's. */
class Line {
  readonly far: ConveyorLink
  #open = true
  #hear = new Set<(report: ConveyorReport) => void>()
  #closed = new Set<() => void>()
  readonly #clock: Clock
  readonly #orders: (() => void)[] = []
  readonly #reports: (() => void)[] = []

  constructor(clock: Clock, obey: (order: ConveyorOrder) => void) {
    this.#clock = clock
    this.far = {
      send: (order) => this.#later(this.#orders, () => obey(order)),
      onReport: (listener) => void this.#hear.add(listener),
      onClose: (listener) => void this.#closed.add(listener),
      close: () => {
        this.#open = false
      },
    }
  }

  say(report: ConveyorReport): void {
    this.#later(this.#reports, () => {
      for (const hear of this.#hear) hear(report)
    })
  }

  /** The line is lost: what is under way is lost with it. */
  close(): void {
    if (!this.#open) return
    this.#open = false
    for (const closed of this.#closed) closed()
  }

  /** What was said first arrives first, whatever the clock does. */
  #later(way: (() => void)[], work: () => void): void {
    if (!this.#open) return
    way.push(work)
    void this.#clock.sleep(latency).then(() => {
      const first = way.shift()
      if (this.#open) first?.()
    })
  }
}
