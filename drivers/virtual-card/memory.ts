/**
 * The EEPROM of a practice card: cells, a log of what the command under way has written, and the place where a write is cut.
 * A command runs to its end first; what the loss of power would have left is then made by undoing from the end of the log.
 */
import { CardStatus } from './application.ts'
import type { CardMemory } from './application.ts'

interface Write {
  name: string
  before: Uint8Array | undefined
  after: Uint8Array | undefined
  /** The bytes that were put in: so many from there. Erasing a cell counts as one. */
  offset: number
  length: number
  transaction: number | undefined
}

export class Eeprom {
  #cells: Map<string, Uint8Array>
  /** Names as they stood at `begin`: an erased cell that comes back takes its old place. */
  #order: string[] = []
  #log: Write[] = []
  #transaction: number | undefined
  #transactions = 0
  /** Bytes by which the cells may still grow. */
  room: number

  constructor(room: number, cells: Iterable<readonly [string, Uint8Array]> = []) {
    this.room = room
    this.#cells = new Map(cells)
  }

  cells(): ReadonlyMap<string, Uint8Array> {
    return this.#cells
  }

  used(): number {
    return [...this.#cells.values()].reduce((sum, value) => sum + value.length, 0)
  }

  /** Forgets what was written before: what comes now is one command's. */
  begin(): void {
    this.#log = []
    this.#order = [...this.#cells.keys()]
  }

  /** Bytes of each write since `begin`. */
  written(): number[] {
    return this.#log.map(({ length }) => length)
  }

  /** Leaves of all that was written since `begin` what the power sufficed for: the first `bytes`. */
  cut(bytes: number): void {
    let kept = 0
    let index = 0
    while (index < this.#log.length && kept + this.#log[index]!.length <= bytes) kept += this.#log[index++]!.length
    const torn = this.#log[index]
    if (torn === undefined) return
    let first = index
    if (torn.transaction !== undefined) while (first > 0 && this.#log[first - 1]!.transaction === torn.transaction) first--
    this.#undo(first)
    if (torn.transaction === undefined && bytes > kept) this.#put(torn.name, partOf(torn, bytes - kept))
  }

  readonly memory: CardMemory = this.#view('')

  #view(prefix: string): CardMemory {
    return {
      read: (name) => this.#cells.get(prefix + name)?.slice(),
      write: (name, value) => this.#write(prefix + name, value.slice(), 0, value.length),
      update: (name, offset, bytes) => {
        const before = this.#cells.get(prefix + name)
        if (before === undefined || offset < 0 || offset + bytes.length > before.length) throw new RangeError(`outside of ${prefix}${name}`)
        const after = before.slice()
        after.set(bytes, offset)
        this.#write(prefix + name, after, offset, bytes.length)
      },
      erase: (name) => {
        if (this.#cells.has(prefix + name)) this.#write(prefix + name, undefined, 0, 1)
      },
      names: () => [...this.#cells.keys()].filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length)),
      within: (more) => this.#view(prefix + more),
      transaction: (work) => this.#together(work),
    }
  }

  #write(name: string, after: Uint8Array | undefined, offset: number, length: number): void {
    const before = this.#cells.get(name)
    const growth = (after?.length ?? 0) - (before?.length ?? 0)
    if (growth > 0 && growth > this.room) throw new CardStatus(0x6a84)
    this.#log.push({ name, before, after, offset, length, transaction: this.#transaction })
    this.#put(name, after)
  }

  #put(name: string, value: Uint8Array | undefined): void {
    this.room -= (value?.length ?? 0) - (this.#cells.get(name)?.length ?? 0)
    if (value === undefined) this.#cells.delete(name)
    else this.#cells.set(name, value)
  }

  #undo(first: number): void {
    const undone = this.#log.splice(first).reverse()
    for (const { name, before } of undone) this.#put(name, before)
    if (!undone.some(({ after }) => after === undefined)) return
    const names = new Set([...this.#order, ...this.#cells.keys()].filter((name) => this.#cells.has(name)))
    this.#cells = new Map([...names].map((name) => [name, this.#cells.get(name)!]))
  }

  #together<Result>(work: () => Result): Result {
    if (this.#transaction !== undefined) return work()
    const first = this.#log.length
    this.#transaction = this.#transactions++
    try {
      return work()
    } catch (thrown) {
      this.#undo(first)
      throw thrown
    } finally {
      this.#transaction = undefined
    }
  }
}

/** The cell with the first `bytes` of a write done. */
function partOf({ before, after, offset }: Write, bytes: number): Uint8Array | undefined {
  if (after === undefined) return before
  const cell = new Uint8Array(Math.max(after.length, before?.length ?? 0)).fill(0xff)
  if (before !== undefined) cell.set(before)
  cell.set(after.subarray(offset, offset + bytes), offset)
  return cell
}
