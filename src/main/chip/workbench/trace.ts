/** What was exchanged on a bench, numbered for its whole life, so that a screen asks for what it has not seen yet. */
import type { ChipTraceEntry } from '#shared/chip/trace.ts'

type Apdu = Extract<ChipTraceEntry, { kind: 'apdu' }>
export type ScriptCommand = Pick<Apdu, 'application' | 'line'>

export interface BenchTrace {
  /** Takes an entry of a try. A command comes twice under one number: about to be sent, and with its response. */
  tell(entry: ChipTraceEntry): void
  /** An entry of the bench's own; answers the function that adds what became of it. */
  own(entry: Omit<Apdu, 'number'>): (end: Pick<Apdu, 'response' | 'lost'>) => void
  /** Entries above this number, in order; one under way is told again until it is complete, so ask after the last complete one. */
  after(number: number): ChipTraceEntry[]
  /** The last command that a script sent. */
  lastOfScript(): ScriptCommand | undefined
  clear(): void
}

/** A script may send more than anybody reads: the oldest go first. */
const mostEntries = 20_000

export function createTrace(): BenchTrace {
  let last = 0
  let entries: ChipTraceEntry[] = []
  /** Numbers as the try counts them → as the bench does. */
  let ofTry = new Map<number, number>()

  const add = (entry: ChipTraceEntry) => {
    entries.push(entry)
    if (entries.length > mostEntries) entries = entries.slice(-mostEntries / 2)
  }
  const replace = (entry: ChipTraceEntry) => {
    const index = entries.findLastIndex(({ number }) => number === entry.number)
    if (index >= 0) entries[index] = entry
  }

  return {
    tell(entry) {
      const known = ofTry.get(entry.number)
      if (known !== undefined) return replace({ ...entry, number: known })
      ofTry.set(entry.number, ++last)
      add({ ...entry, number: last })
    },
    own(entry) {
      const mine: Apdu = { ...entry, number: ++last }
      add(mine)
      return (end) => replace({ ...mine, ...end })
    },
    after: (number) => entries.slice(entries.findLastIndex((entry) => entry.number <= number) + 1),
    lastOfScript: () => entries.findLast((entry): entry is Apdu => entry.kind === 'apdu' && entry.by === 'script'),
    clear() {
      entries = []
      ofTry = new Map()
    },
  }
}
