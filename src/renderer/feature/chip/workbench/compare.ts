/** Two runs side by side, command by command: which are the same, which differ, which one run alone has. Pure. */
import type { ChipTraceEntry } from '#shared/chip/trace.ts'
import type { Apdu } from './reading.ts'

export interface Pair {
  kind: 'same' | 'differs' | 'left' | 'right'
  left?: Apdu
  right?: Apdu
}

/** Above this the two are compared in their order alone: nobody reads ten thousand commands, and a page must not stand still. */
const mostCells = 9_000_000

export function compareRuns(left: readonly ChipTraceEntry[], right: readonly ChipTraceEntry[]): Pair[] {
  const [a, b] = [left.filter(isApdu), right.filter(isApdu)]
  const matches = a.length * b.length > mostCells ? inOrder(a, b) : longestCommon(a, b)
  const pairs: Pair[] = []
  let [i, j] = [0, 0]
  for (const [x, y] of [...matches, [a.length, b.length] as const]) {
    for (; i < x; i += 1) pairs.push({ kind: 'left', left: a[i]! })
    for (; j < y; j += 1) pairs.push({ kind: 'right', right: b[j]! })
    if (x < a.length && y < b.length) pairs.push({ kind: sameExchange(a[x]!, b[y]!) ? 'same' : 'differs', left: a[x]!, right: b[y]! })
    i = x + 1
    j = y + 1
  }
  return pairs
}

function isApdu(entry: ChipTraceEntry): entry is Apdu {
  return entry.kind === 'apdu'
}

/** Commands stand beside each other by what they ask for: their application and header, not the data they carry. */
const keyOf = ({ application = '', command }: Apdu) => `${application} ${command.slice(0, 8)}`

function sameExchange(left: Apdu, right: Apdu): boolean {
  return left.command === right.command && left.response === right.response && left.lost === right.lost
}

function inOrder(a: readonly Apdu[], b: readonly Apdu[]): (readonly [number, number])[] {
  return a.flatMap((entry, index) => (b[index] && keyOf(b[index]) === keyOf(entry) ? [[index, index] as const] : []))
}

/** The longest run of commands that both have in the same order. */
function longestCommon(a: readonly Apdu[], b: readonly Apdu[]): (readonly [number, number])[] {
  const width = b.length + 1
  const lengths = new Uint32Array((a.length + 1) * width)
  const [keysA, keysB] = [a.map(keyOf), b.map(keyOf)]
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      lengths[i * width + j] = keysA[i] === keysB[j] ? lengths[(i + 1) * width + j + 1]! + 1 : Math.max(lengths[(i + 1) * width + j]!, lengths[i * width + j + 1]!)
    }
  }
  const matches: [number, number][] = []
  let [i, j] = [0, 0]
  while (i < a.length && j < b.length) {
    if (keysA[i] === keysB[j]) matches.push([i++, j++])
    else if (lengths[(i + 1) * width + j]! >= lengths[i * width + j + 1]!) i += 1
    else j += 1
  }
  return matches
}
