/** A Datacard 450, 280P or 150i at byte level, behind any byte link: the machine itself, with its plastic and its moods. */
import type { ByteLink } from '#main/ports/byte-link.ts'
import type { Clock } from '#main/ports/clock.ts'
import type { ChipStation } from '#main/ports/chip-station.ts'
import type { PracticeCardType } from '#shared/chip/practice-card.ts'
import { CardwrightError } from '#shared/faults.ts'
import type {
  AlarmLetter, ArmedFault, MachineFault, MachineModule, MachinePicture, SimulatorAction, SimulatorMode, SimulatorModel,
} from '#shared/device/simulator.ts'
import { scaledClock } from '#drivers/clock/system-clock.ts'
import { plainFraming, toBytes } from '../codec/framing.ts'
import { HostFrameReader, type HostEvent, type HostFrame } from '../codec/host-frame-reader.ts'
import { encodeReply } from '../codec/reply.ts'
import { ChipModule } from './chip-module.ts'
import { FaultBoard } from './fault-board.ts'
import { blankWith, Hands } from './hands.ts'
import { MachineLine } from './line.ts'
import { hopper, insideOf } from './mechanism.ts'
import { machineModel, type MachineModel } from './model.ts'
import { pictureOf } from './picture.ts'
import { trackName, trackNumbers, type Blank, type Tracks } from './plastic.ts'
import { understand } from './reception.ts'
import { MachineState, type Job } from './state.ts'
import { Works } from './works.ts'

export interface MachineOptions {
  clock: Clock
  /** A fresh machine of this model, or one as it was saved. */
  start: { model: SimulatorModel; mode?: SimulatorMode; speed?: number; blanks?: number; chip?: PracticeCardType; chipSeed?: number } | { state: unknown }
  /** The module that works now; undefined when all rest. */
  onModule?: (module: MachineModule | undefined) => void
}

/** The state of a machine that leaves the box, switched on, with `blanks` in its hopper. */
function freshState(start: Extract<MachineOptions['start'], { model: SimulatorModel }>): MachineState {
  const model = machineModel(start.model)
  const state: MachineState = {
    version: 1,
    model: start.model,
    mode: requireMode(model, start.mode ?? 'standard'),
    power: 'on',
    cover: 'closed',
    speed: start.speed ?? 1,
    blanks: [],
    foil: model.topper?.foil ?? 0,
    topperOn: model.topper !== null,
    format: null,
    buffer: [],
    lanes: { front: null, main: null },
    parked: null,
    rejecting: null,
    alarms: [],
    reports: [],
    armed: [],
    nextFault: 1,
    chipFaults: [],
    chipSeed: start.chipSeed ?? 0,
    worked: 0,
  }
  const count = Math.min(start.blanks ?? 0, model.capacity.hopper)
  for (let number = 0; number < count; number++) state.blanks.push(blankWith(state, model, { type: start.chip }))
  return state
}

/** Throws `simulator.mode-not-fitted` (class operator). */
function requireMode(model: MachineModel, mode: SimulatorMode): SimulatorMode {
  if (model.modes.includes(mode)) return mode
  throw new CardwrightError({ code: 'simulator.mode-not-fitted', class: 'operator', values: { model: model.model, mode } })
}

export class Machine {
  readonly #state: MachineState
  readonly #model: MachineModel
  readonly #clock: Clock
  readonly #board: FaultBoard
  readonly #line: MachineLine
  readonly #reader: HostFrameReader
  readonly #works: Works
  readonly #hands: Hands
  readonly #chips: ChipModule | undefined
  readonly #listeners = new Set<() => void>()
  /** A start-up under way; one that finds itself replaced has lost its power. */
  #startup: symbol | undefined

  /** Throws a ZodError where a saved state is not one, and `simulator.mode-not-fitted`. */
  constructor({ clock, start, onModule }: MachineOptions) {
    const state = 'model' in start ? freshState(start) : MachineState.parse(structuredClone(start.state))
    const model = machineModel(state.model)
    this.#state = state
    this.#model = model
    this.#clock = scaledClock(clock, () => state.speed)
    this.#board = new FaultBoard(state)
    this.#reader = new HostFrameReader(model.receiveBuffer)
    this.#line = new MachineLine({
      clock: this.#clock,
      byteTime: (1000 * model.line.bitsPerByte) / model.line.baudRate,
      board: this.#board,
      hear: (bytes) => this.#hear(bytes),
      attached: () => this.#announce(),
    })
    this.#works = new Works({
      state,
      model,
      clock: this.#clock,
      board: this.#board,
      events: {
        changed: () => this.#changed(),
        begun: (job) => this.#begun(job),
        completed: () => this.#completed(),
        read: (tracks) => this.#tellTracks(tracks),
        alarm: (status, standing) => this.#alarm(status, standing),
        rested: () => this.#announce(),
        powerLoss: () => this.#powerOff(),
        linkDrop: () => this.#line.drop(),
        module: (module) => onModule?.(module),
      },
    })
    this.#hands = new Hands(state, model, this.#works, () => this.#announce())
    this.#chips = model.chip === null ? undefined : new ChipModule(state, this.#clock, (blank) => this.#pulled(blank))
    for (const { id, fault } of this.#state.armed) this.#startFault(id, fault)
    if (state.power === 'starting') this.#powerOn()
    else this.#works.wake()
    this.#chips?.follow()
  }

  /** Its chip station; undefined where it has none. */
  get station(): ChipStation | undefined {
    return this.#chips?.station
  }

  /** Puts a host on the machine's line, in the place of any before. Returns the function that takes it off. */
  attach(link: ByteLink): () => void {
    return this.#line.attach(link)
  }

  /** A person's hand, or a fault's author. Throws `simulator.*` faults where the machine has no such thing. */
  act(action: SimulatorAction): void {
    switch (action.do) {
      case 'power':
        if (action.on && this.#state.power === 'off') this.#powerOn()
        if (!action.on && this.#state.power !== 'off') this.#powerOff()
        break
      case 'mode':
        this.#state.mode = requireMode(this.#model, action.mode)
        this.#works.wake()
        break
      case 'speed':
        this.#state.speed = action.speed
        break
      case 'arm':
        this.arm(action.fault)
        break
      case 'disarm':
        this.#board.disarm(action.id)
        if (action.id === undefined) this.#chips?.disarm()
        break
      case 'arm-chip':
        if (this.#chips === undefined) throw new CardwrightError({ code: 'simulator.no-chip-station', class: 'operator', values: { model: this.#model.model } })
        this.#chips.arm(action.fault)
        break
      default:
        if (action.do === 'clear-jam') this.#chips?.station.returnReader()
        this.#hands.act(action)
    }
    this.#changed()
  }

  /** Arms a fault; one without a stage strikes at once. Returns its number. */
  arm(fault: MachineFault): number {
    const id = this.#board.arm(fault)
    this.#startFault(id, fault)
    this.#changed()
    return id
  }

  armed(): readonly ArmedFault[] {
    return structuredClone(this.#state.armed)
  }

  picture(): MachinePicture {
    return pictureOf(this.#state, this.#model)
  }

  /** Called after every change of `picture()` and of the plastic. Returns the function that stops it. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Every blank that ever was in this machine: its place, and what is on it. */
  ledger(): Blank[] {
    this.#chips?.note()
    return structuredClone(this.#state.blanks)
  }

  /** All that the machine is, serialisable as JSON; a machine started from it goes on where this one stands. */
  save(): MachineState {
    this.#chips?.note()
    return structuredClone(this.#state)
  }

  /** Milliseconds of its own time for which the mechanics have worked, feeding ahead included. */
  get worked(): number {
    return this.#state.worked
  }

  // What the host says

  #hear(bytes: Uint8Array): void {
    if (this.#state.power !== 'on') return
    for (const event of this.#reader.push(bytes)) this.#heed(event)
  }

  #heed(event: HostEvent): void {
    if (event.kind === 'enquiry') this.#tell(this.#status(), this.#model.line.replyDelay)
    else if (event.kind === 'mistake') this.#refuse(event.mistake === 'frame-too-long' ? 'V' : 'T')
    else this.#take(event.frame)
    this.#changed()
  }

  #take(frame: HostFrame): void {
    const understood = understand(frame, this.#model, this.#state.format)
    switch (understood.kind) {
      case 'format':
        this.#state.format = understood.format
        if (this.#state.mode === 'legacy-unsolicited') {
          this.#tell('C')
          this.#announce()
        }
        break
      case 'question':
        this.#answer(understood.question)
        break
      case 'mistake':
        this.#refuse(understood.status)
        break
      case 'job':
        this.#accept(understood.job)
        break
    }
  }

  #accept(job: Job): void {
    const room = this.#state.lanes.main === null ? 1 : 0
    if (this.#state.buffer.length >= this.#model.bufferedCards + room) return this.#refuse('V')
    this.#state.buffer.push(job)
    this.#works.wake()
  }

  /** A frame that can't be taken: nothing moves. */
  #refuse(status: AlarmLetter): void {
    this.#works.raise(status)
    this.#announce()
  }

  #answer(question: 'VER' | 'ERR'): void {
    const alarm = this.#state.alarms.at(-1)
    const number = alarm === undefined ? 0 : this.#model.errorNumbers[alarm.status]
    const payload = question === 'VER' ? this.#model.version : String(number).padStart(2, '0')
    this.#line.send(encodeReply({ echoes: [question], payload: [payload] }), this.#model.line.replyDelay)
  }

  // What the machine says

  /** The status byte for an enquiry: what is still to be told, then what stands, then whether it is busy. */
  #status(): string {
    const { reports, alarms, mode, lanes, parked } = this.#state
    const report = reports.shift()
    if (report !== undefined) return report
    const standing = alarms.at(-1)
    if (standing !== undefined) return standing.status
    if (this.#works.busy) return String.fromCharCode(this.#model.busyByte)
    const starved = hopper(this.#state).length === 0 && parked === null && lanes.front === null
    if (this.#model.hopperSensor && starved) return 'Z'
    return mode === 'magstripe-fast' ? String.fromCharCode(this.#model.fastAcceptByte) : 'A'
  }

  #tell(status: string, delay = 0): void {
    if (this.#state.power === 'on') this.#line.send(toBytes(status), delay)
  }

  get #unsolicited(): boolean {
    return this.#state.mode === 'legacy-unsolicited' || this.#state.mode === 'magstripe-fast'
  }

  /** In the legacy mode the machine says by itself that it is ready, or what stands in its way. */
  #announce(): void {
    if (this.#state.mode !== 'legacy-unsolicited' || this.#works.busy) return
    const standing = this.#state.alarms.at(-1)
    this.#tell(standing === undefined ? 'A' : standing.status)
  }

  /** In the magstripe fast mode taking a card is acknowledged, which says too that the one before is complete. */
  #begun(job: Job): void {
    if (this.#state.mode !== 'magstripe-fast' || job.kind !== 'card') return
    this.#state.reports = this.#state.reports.filter((report) => report !== 'C')
    this.#tell(String.fromCharCode(this.#model.fastAcceptByte))
  }

  #completed(): void {
    if (this.#state.mode === 'legacy-unsolicited') this.#tell('C')
    else this.#state.reports.push('C')
  }

  #alarm(status: string, standing: boolean): void {
    if (this.#unsolicited) this.#tell(status)
    else if (!standing && this.#state.reports.at(-1) !== status) this.#state.reports.push(status)
  }

  #tellTracks(tracks: Tracks): void {
    const payload = trackNumbers.flatMap((track) => {
      const data = tracks[trackName(track)]
      const { start, end } = plainFraming.sentinels[trackName(track)]
      return data === undefined ? [] : [start + data + end]
    })
    this.#line.send(encodeReply({ echoes: ['TRK'], payload }), 0)
  }

  #changed(): void {
    this.#chips?.follow()
    for (const listener of this.#listeners) listener()
  }

  /** A hand has it: the machine's next frame finds no card at the station. */
  #pulled(blank: Blank): void {
    this.#state.parked = null
    blank.place = { kind: 'hand', from: 'inside' }
    this.#works.wake()
    this.#changed()
  }

  // Power and faults

  #powerOff(): void {
    this.#startup = undefined
    this.#works.interrupt()
    this.#line.lose()
    this.#reader.reset()
    Object.assign(this.#state, {
      power: 'off', format: null, buffer: [], lanes: { front: null, main: null }, parked: null, rejecting: null, alarms: [], reports: [],
    } satisfies Partial<MachineState>)
    this.#changed()
  }

  #powerOn(): void {
    const startup = Symbol('startup')
    this.#startup = startup
    this.#state.power = 'starting'
    void this.#startUp(startup)
  }

  async #startUp(startup: symbol): Promise<void> {
    await this.#clock.sleep(this.#model.timing.startup)
    if (this.#startup !== startup) return
    this.#state.power = 'on'
    this.#chips?.station.returnReader()
    // A card that was inside when the power went is nobody's any more: it has to be taken out.
    if (insideOf(this.#state).length > 0) this.#works.raise('b', undefined, { aftermath: 'jam', clearedBy: 'clear-jam' })
    if (this.#state.cover === 'open') this.#works.raise('M')
    this.#works.wake()
    this.#announce()
    this.#changed()
  }

  #startFault(id: number, fault: MachineFault): void {
    if (fault.kind === 'silence' && fault.milliseconds !== null) {
      const { milliseconds } = fault
      const end = async () => {
        await this.#clock.sleep(milliseconds)
        this.#board.disarm(id)
        this.#changed()
      }
      void end()
    }
    if (fault.kind === 'link-drop' && fault.at === undefined) {
      this.#board.disarm(id)
      this.#line.drop()
    }
  }
}
