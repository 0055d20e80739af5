/** The armed faults: which strike here and now. */
import type { ArmedFault, MachineFault, Moment, Stage } from '#shared/device/simulator.ts'
import type { MachineState } from './state.ts'

/** Faults that strike at a stage of a card. */
export type StageFault = Extract<MachineFault, { kind: 'alarm' | 'power-loss' | 'link-drop' }>
type ReplyFaultKind = 'reply-lost' | 'reply-late' | 'reply-twice' | 'replies-joined' | 'replies-split'
type StandingKind = 'silence' | 'noise'
type Armed<Kind> = ArmedFault & { fault: Extract<MachineFault, { kind: Kind }> }

export class FaultBoard {
  readonly #state: Pick<MachineState, 'armed' | 'nextFault'>

  constructor(state: Pick<MachineState, 'armed' | 'nextFault'>) {
    this.#state = state
  }

  arm(fault: MachineFault): number {
    const id = this.#state.nextFault++
    this.#state.armed.push({ id, fault: structuredClone(fault) })
    return id
  }

  disarm(id?: number): void {
    this.#state.armed = id === undefined ? [] : this.#state.armed.filter((armed) => armed.id !== id)
  }

  /** The first fault that strikes at this place and has not struck there before; it is counted. */
  strike(stage: Stage, moment: Moment, struck: readonly number[]): { id: number; fault: StageFault } | undefined {
    for (const { id, fault } of this.#state.armed) {
      if (fault.kind !== 'alarm' && fault.kind !== 'power-loss' && fault.kind !== 'link-drop') continue
      const at = fault.kind === 'link-drop' ? fault.at : fault
      if (at?.stage !== stage || at.moment !== moment || struck.includes(id)) continue
      this.#count(id)
      return { id, fault }
    }
    return undefined
  }

  /** A fault of this kind that strikes a reply holding `status`; it is counted. */
  strikeReply<Kind extends ReplyFaultKind>(kind: Kind, status: string | undefined): Extract<MachineFault, { kind: Kind }> | undefined {
    const armed = this.#state.armed.find(
      ({ fault }) => fault.kind === kind && (!('status' in fault) || fault.status === undefined || fault.status === status),
    )
    if (armed === undefined) return undefined
    this.#count(armed.id)
    return armed.fault as Extract<MachineFault, { kind: Kind }>
  }

  /** Faults of this kind that stand until they are disarmed. */
  standing<Kind extends StandingKind>(kind: Kind): Armed<Kind>[] {
    return this.#state.armed.filter((armed): armed is Armed<Kind> => armed.fault.kind === kind)
  }

  #count(id: number): void {
    const armed = this.#state.armed.find((candidate) => candidate.id === id)
    if (armed === undefined || !('times' in armed.fault) || armed.fault.times === null) return
    if (armed.fault.times === 1) this.disarm(id)
    else armed.fault.times--
  }
}
