/**
 * The modules behind the carousel. Each works on its own card at the same time as all others, and holds it until the next module is free:
 * cards can't overtake one another, so what leaves first was asked for first.
 */
import type { Clock } from '#main/ports/clock.ts'
import type { FaultBoard } from '#drivers/cpx/simulator/fault-board.ts'
import type { DeviceLimits } from '#shared/device/limits.ts'
import type { MachineModule, Moment } from '#shared/device/simulator.ts'
import type { ConveyorReport, LineModule, WaitsFor } from '../messages.ts'
import { conveyorCapacity, conveyorTiming, lineModules } from './model.ts'
import type { Bay, Carried, Changes, Stacks } from './parts.ts'
import { doHalf, hasWork, stageOf } from './works.ts'

/** As pictures name the modules; the marking station stands before the stackers. */
export const pictured: Readonly<Record<LineModule, MachineModule>> = { stripe: 'encoder', embosser: 'embosser', topper: 'topper', marking: 'reject-tray' }

export interface TrackParts {
  clock: Clock
  changes: Changes
  board: FaultBoard
  stacks: Stacks
  limits: DeviceLimits
  report(report: ConveyorReport): void
  onLinkDrop(): void
}

export class Track {
  readonly bays: readonly Bay[] = lineModules.map((module) => ({ module, carried: undefined, reserved: false, waits: undefined, progress: 0 }))
  readonly #parts: TrackParts

  constructor(parts: TrackParts) {
    this.#parts = parts
    for (const [index, bay] of this.bays.entries()) void this.#workAlways(bay, this.bays[index + 1])
  }

  /** A hand takes every card that sticks out of its module. */
  clearJams(): Carried[] {
    const taken = this.bays.filter(({ waits }) => waits === 'module-jam').flatMap((bay) => {
      const { carried } = bay
      bay.carried = undefined
      bay.waits = undefined
      return carried === undefined ? [] : [carried]
    })
    for (const { task } of taken) if (task?.number !== undefined) this.#parts.report({ says: 'taken', number: task.number })
    return taken
  }

  get waits(): WaitsFor[] {
    return this.bays.flatMap(({ waits }) => (waits === undefined ? [] : [waits]))
  }

  async #workAlways(bay: Bay, next: Bay | undefined): Promise<never> {
    const { changes } = this.#parts
    for (;;) {
      await changes.until(() => bay.carried !== undefined)
      const carried = bay.carried!
      carried.blank.place = { kind: 'inside', module: pictured[bay.module] }
      if (carried.task?.number !== undefined) this.#parts.report({ says: 'at', number: carried.task.number, module: bay.module })
      changes.tell()
      if (!(await this.#work(bay, carried))) continue
      await (next === undefined ? this.#deliver(bay, carried) : this.#handOn(bay, carried, next))
    }
  }

  /** False where the card stuck, and a hand has taken it. */
  async #work(bay: Bay, carried: Carried): Promise<boolean> {
    const { clock, limits, changes } = this.#parts
    const works = hasWork(bay.module, carried)
    const time = works ? conveyorTiming[bay.module] : conveyorTiming.pass
    // Every card is delivered by the last module, whether that marks it or not.
    const strikes = works || bay.module === 'marking'
    const struck: number[] = []
    const moments: readonly Moment[] = ['before', 'halfway', 'after']
    for (const [index, moment] of moments.entries()) {
      bay.progress = index / 2
      if (strikes && this.#struck(bay, moment, struck)) {
        await this.#wait(bay, carried, 'module-jam', () => bay.waits === undefined)
        return false
      }
      if (moment === 'after') break
      await clock.sleep(time / 2)
      if (works) doHalf(bay.module, carried, index === 0 ? 0 : 1, limits)
      changes.tell()
    }
    return true
  }

  #struck(bay: Bay, moment: Moment, struck: number[]): boolean {
    for (;;) {
      const strike = this.#parts.board.strike(stageOf[bay.module], moment, struck)
      if (strike === undefined) return false
      struck.push(strike.id)
      if (strike.fault.kind === 'alarm') return true
      this.#parts.onLinkDrop()
    }
  }

  async #handOn(bay: Bay, carried: Carried, next: Bay): Promise<void> {
    const { changes, clock } = this.#parts
    await changes.until(() => next.carried === undefined && !next.reserved)
    next.reserved = true
    bay.carried = undefined
    bay.progress = 0
    changes.tell()
    await clock.sleep(conveyorTiming.move)
    next.reserved = false
    next.carried = carried
    changes.tell()
  }

  async #deliver(bay: Bay, carried: Carried): Promise<void> {
    const { changes, clock, stacks, report } = this.#parts
    const good = carried.task?.do === 'make'
    const stack = good ? stacks.output : stacks.reject
    const most = good ? conveyorCapacity.outputTray : conveyorCapacity.rejectTray
    if (stack.length >= most) await this.#wait(bay, carried, good ? 'output-tray-full' : 'reject-tray-full', () => stack.length < most)
    bay.carried = undefined
    bay.progress = 0
    stack.push(carried)
    carried.blank.place = { kind: good ? 'output-tray' : 'reject-tray' }
    if (carried.task?.number !== undefined) report({ says: good ? 'delivered' : 'rejected', number: carried.task.number })
    changes.tell()
    await clock.sleep(conveyorTiming.move)
  }

  async #wait(bay: Bay, carried: Carried, why: WaitsFor, over: () => boolean): Promise<void> {
    const { changes, report } = this.#parts
    bay.waits = why
    if (carried.task?.number !== undefined) report({ says: 'waits', number: carried.task.number, why })
    changes.tell()
    await changes.until(over)
    bay.waits = undefined
    changes.tell()
  }
}
