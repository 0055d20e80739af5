/** The faults that are armed on a practice card, and when they strike. */
import type { ChipFault } from '#shared/chip/practice-card.ts'

/** `before` the command is executed; `after` it, when it has written nothing; `after-write`, when it has. */
export type Phase = 'before' | 'after' | 'after-write'

type Kind = ChipFault['kind']
type Of<K extends Kind> = Extract<ChipFault, { kind: K }>
type Before = Of<'status' | 'mute' | 'removed' | 'reader-lost'>
type After = Of<'mute' | 'removed' | 'reader-lost' | 'slow' | 'torn-write' | 'silent-loss'>

export class FaultList {
  #armed: ChipFault[]

  constructor(armed: readonly ChipFault[]) {
    this.#armed = structuredClone([...armed])
  }

  list(): readonly ChipFault[] {
    return structuredClone(this.#armed)
  }

  arm(fault: ChipFault): void {
    this.#armed.push(structuredClone(fault))
  }

  clear(): void {
    this.#armed = []
  }

  /** Faults of the card itself, which stay until they are disarmed. */
  stands(kind: 'dead' | 'wrong-key' | 'full-memory' | 'retry-counter-spent'): boolean {
    return this.#armed.some((fault) => fault.kind === kind)
  }

  /** The first fault that strikes this command in this phase. It strikes once, and is gone. */
  strike(at: { command: number; ins: number }, phase: 'before'): Before | undefined
  strike(at: { command: number; ins: number }, phase: 'after' | 'after-write'): After | undefined
  strike(at: { command: number; ins: number }, phase: Phase): ChipFault | undefined {
    const index = this.#armed.findIndex((fault) => phases(fault).includes(phase) && meets(fault, at))
    return index < 0 ? undefined : this.#armed.splice(index, 1)[0]
  }
}

function phases(fault: ChipFault): readonly Phase[] {
  switch (fault.kind) {
    case 'status':
      return ['before']
    case 'mute':
      return fault.executed ? ['after', 'after-write'] : ['before']
    case 'removed':
    case 'reader-lost':
      return fault.moment === 'before' ? ['before'] : ['after', 'after-write']
    case 'slow':
      return ['after', 'after-write']
    case 'torn-write':
    case 'silent-loss':
      return ['after-write']
    default:
      return []
  }
}

function meets(fault: ChipFault, at: { command: number; ins: number }): boolean {
  if (!('command' in fault) && !('ins' in fault)) return true
  const { command, ins } = fault as { command?: number; ins?: number }
  return (command === undefined || command === at.command) && (ins === undefined || ins === at.ins)
}
