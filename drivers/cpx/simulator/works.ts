/** The works: carries jobs through their stages in simulated time, meets obstacles and armed faults, raises alarms. */
import type { Clock } from '#main/ports/clock.ts'
import type { AlarmLetter, Aftermath, ClearedBy, MachineModule, Moment } from '#shared/device/simulator.ts'
import type { FaultBoard, StageFault } from './fault-board.ts'
import { blankOf, currentStage, enterStage, hopper, inTray, moduleOf, obstacle, performStep, stagesOf, stepsOf } from './mechanism.ts'
import type { MachineModel } from './model.ts'
import type { Tracks } from './plastic.ts'
import type { ActiveJob, Job, Lane, MachineState } from './state.ts'

/** What the works tell the machine around them. */
export interface WorksEvents {
  changed(): void
  /** The main lane has taken a card's data out of the buffer. */
  begun(job: Job): void
  /** A card lies in the output tray. */
  completed(): void
  /** A stripe was read. */
  read(tracks: Tracks): void
  /** An alarm rose; `standing` ones last until a hand clears them. */
  alarm(status: AlarmLetter, standing: boolean): void
  /** A lane came to rest. */
  rested(): void
  powerLoss(): void
  linkDrop(): void
  /** A module starts or, undefined, all rest. */
  module(module: MachineModule | undefined): void
}

export class Works {
  readonly #state: MachineState
  readonly #model: MachineModel
  readonly #clock: Clock
  readonly #board: FaultBoard
  readonly #events: WorksEvents
  /** The loop that runs each lane; a loop that finds itself replaced ends without another effect. */
  #runs: Partial<Record<Lane, symbol>> = {}
  #stop = new AbortController()

  constructor(parts: { state: MachineState; model: MachineModel; clock: Clock; board: FaultBoard; events: WorksEvents }) {
    this.#state = parts.state
    this.#model = parts.model
    this.#clock = parts.clock
    this.#board = parts.board
    this.#events = parts.events
  }

  /** Sets both lanes going where they can. */
  wake(): void {
    for (const lane of ['front', 'main'] as const) {
      if (this.#runs[lane] !== undefined || !this.#mayMove()) continue
      const run = Symbol(lane)
      this.#runs[lane] = run
      void this.#run(lane, run)
    }
  }

  /** Stands still at once: the step under way is not done. */
  interrupt(): void {
    this.#runs = {}
    this.#stop.abort()
    this.#stop = new AbortController()
    this.#events.module(undefined)
  }

  get busy(): boolean {
    return this.#state.lanes.main !== null || this.#state.buffer.length > 0
  }

  /** Raises an alarm, for the job in `lane` where one is named. */
  raise(status: AlarmLetter, lane?: Lane, override: { aftermath?: Aftermath | undefined; clearedBy?: ClearedBy | undefined } = {}): void {
    const rule = this.#model.alarms[status]
    const aftermath = override.aftermath ?? rule.aftermath
    const clearedBy = override.clearedBy ?? rule.clearedBy
    const jammed = lane !== undefined && this.#settle(lane, aftermath)
    if (clearedBy !== 'told') this.#stand(status, clearedBy, lane !== undefined && aftermath === 'wait')
    this.#events.alarm(status, clearedBy !== 'told')
    if (jammed && clearedBy !== 'clear-jam' && clearedBy !== 'power-cycle') {
      this.#stand('b', 'clear-jam', false)
      this.#events.alarm('b', true)
    }
    this.#events.changed()
  }

  #stand(status: AlarmLetter, clearedBy: ClearedBy, resumes: boolean): void {
    if (this.#state.alarms.some((alarm) => alarm.status === status && alarm.clearedBy === clearedBy)) return
    this.#state.alarms.push({ status, clearedBy, resumes })
  }

  #mayMove(): boolean {
    return this.#state.power === 'on' && this.#state.cover === 'closed' && this.#state.alarms.length === 0
  }

  async #run(lane: Lane, run: symbol): Promise<void> {
    let worked = false
    while (this.#mayMove() && this.#runs[lane] === run) {
      const active = this.#state.lanes[lane] ?? this.#begin(lane)
      if (active === undefined) break
      worked = true
      await this.#advance(lane, active, run)
      // Feeding ahead that failed is not tried again by itself.
      if (lane === 'front' && this.#state.lanes.front === null) break
    }
    if (this.#runs[lane] !== run) return
    delete this.#runs[lane]
    if (!worked || lane !== 'main') return
    this.#events.module(undefined)
    this.#events.rested()
  }

  #begin(lane: Lane): ActiveJob | undefined {
    const state = this.#state
    if (lane === 'front') return this.#feedsAhead() ? this.#start(lane, { kind: 'feed' }, []) : undefined
    // In the chip mode a card under way to the chip station is the one that the next frame is for.
    if (state.lanes.front !== null) return undefined
    const job = state.buffer.shift()
    if (job === undefined) return undefined
    const active = this.#start(lane, job, ['receive'])
    this.#events.begun(job)
    return active
  }

  #feedsAhead(): boolean {
    const { mode, parked, lanes } = this.#state
    const stationFree = parked === null && (lanes.main === null || lanes.main.job.kind === 'card')
    return mode === 'chip-fast' && stationFree && hopper(this.#state).length > 0
  }

  #start(lane: Lane, job: Job, before: ActiveJob['stages'], copies = job.kind === 'card' ? job.copies : 1): ActiveJob {
    const parked = lane === 'main' ? this.#state.parked : null
    if (lane === 'main') this.#state.parked = null
    const stages = [...before, ...stagesOf(job, this.#state.topperOn, parked !== null)]
    const active: ActiveJob = { job, copies, stages, stage: 0, step: 0, blank: parked?.blank ?? null, struck: [] }
    this.#state.lanes[lane] = active
    this.#events.changed()
    // Taking the card from the chip station makes room for the next.
    if (parked !== null) this.wake()
    return active
  }

  /** One step, or the change to the next stage. Returns without either where an alarm rose or the job was dropped. */
  async #advance(lane: Lane, active: ActiveJob, run: symbol): Promise<void> {
    const stage = currentStage(active)
    const steps = stepsOf(active)
    if (active.step >= steps) {
      if (!this.#struck(lane, active, 'after')) this.#nextStage(lane, active)
      return
    }
    if (active.step === 0) {
      this.#events.module(moduleOf(stage))
      if (this.#struck(lane, active, 'before')) return
      const status = obstacle(active, this.#state, this.#model)
      if (status !== undefined) return this.#meet(lane, status)
      enterStage(active, this.#state)
      this.#events.changed()
    }
    if (active.step === Math.floor(steps / 2) && this.#struck(lane, active, 'halfway')) return
    const time = this.#model.timing[stage] / steps
    try {
      await this.#clock.sleep(time, this.#stop.signal)
    } catch {
      return
    }
    if (this.#runs[lane] !== run || this.#state.lanes[lane] !== active) return
    this.#state.worked += time
    const { alarm, tracks } = performStep(active, this.#state, this.#model)
    active.step++
    this.#events.changed()
    if (tracks !== undefined) this.#events.read(tracks)
    if (alarm !== undefined) this.raise(alarm, lane)
  }

  /** An obstacle of the machine's own: an empty hopper may cost the buffered data. */
  #meet(lane: Lane, status: AlarmLetter): void {
    const dropped = status === 'Z' && this.#model.dataWhenEmpty === 'dropped'
    this.raise(status, lane, dropped ? { aftermath: 'park' } : {})
  }

  #nextStage(lane: Lane, active: ActiveJob): void {
    active.stage++
    active.step = 0
    active.struck = []
    if (active.stage >= active.stages.length) this.#finish(lane, active)
  }

  #finish(lane: Lane, active: ActiveJob): void {
    const state = this.#state
    state.lanes[lane] = null
    if (active.job.kind !== 'card') {
      // `#FED#` brings the card to the chip station, as the machine's own feeding ahead does.
      const module = lane === 'front' || active.job.kind === 'feed' ? 'chip' : 'encoder'
      const blank = blankOf(state, active.blank)
      if (blank !== undefined) {
        blank.place = { kind: 'inside', module }
        state.parked = { blank: blank.id, module }
      }
    } else {
      if (active.copies > 1) this.#start(lane, active.job, [], active.copies - 1)
      this.#events.completed()
    }
    this.#events.changed()
    this.wake()
  }

  /** Lets armed faults strike. True where the step must not be done. */
  #struck(lane: Lane, active: ActiveJob, moment: Moment): boolean {
    for (;;) {
      const strike = this.#board.strike(currentStage(active), moment, active.struck)
      if (strike === undefined) return false
      active.struck.push(strike.id)
      this.#strike(lane, strike.fault)
      if (!this.#mayMove() || this.#state.lanes[lane] !== active) return true
    }
  }

  #strike(lane: Lane, fault: StageFault): void {
    if (fault.kind === 'alarm') this.raise(fault.status, lane, fault)
    else if (fault.kind === 'power-loss') this.#events.powerLoss()
    else this.#events.linkDrop()
  }

  /** What becomes of a lane's job after an alarm. True where its card now sticks inside. */
  #settle(lane: Lane, aftermath: Aftermath): boolean {
    const state = this.#state
    const active = state.lanes[lane]
    if (active === null || aftermath === 'wait') return false
    state.lanes[lane] = null
    if (this.#model.dataAfterFailure === 'dropped') state.buffer = []
    const blank = blankOf(state, active.blank)
    if (blank?.place.kind !== 'inside') return false
    switch (aftermath) {
      case 'park':
        // The chip station holds another card: there is nowhere to park.
        if (state.parked !== null || state.lanes.front !== null) return true
        state.parked = { blank: blank.id, module: blank.place.module }
        return false
      case 'jam':
        return true
      case 'reject':
        if (inTray(state, 'reject-tray').length < this.#model.capacity.rejectTray) blank.place = { kind: 'reject-tray' }
        else {
          state.rejecting = blank.id
          this.raise('J')
        }
        return false
      case 'output':
        blank.place = { kind: 'output-tray' }
        return false
      case 'lose':
        blank.place = { kind: 'lost' }
        return false
    }
  }
}
