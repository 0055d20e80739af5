/**
 * An exact set of texts with the line where each was first seen, for a million card numbers: open addressing over typed
 * arrays, about 33 bytes a number of 16 digits, and nothing for the garbage collector to walk.
 */

const blockSize = 1 << 20

export interface CompactSet {
  /** Adds a text. Returns 0 where it is new, else the line given with it the first time. */
  readonly add: (text: string, line: number) => number
  readonly size: () => number
}

export function createCompactSet(): CompactSet {
  let capacity = 1024
  /** Entry number plus one, by slot; 0 is free. */
  let slots = new Uint32Array(capacity)
  let hashes = new Uint32Array(capacity / 2)
  let places = new Uint32Array(capacity / 2)
  let lines = new Uint32Array(capacity / 2)
  let count = 0
  /** Bytes of the texts, each after its length; one text never spans two blocks. */
  const blocks: Uint8Array[] = [new Uint8Array(blockSize)]
  let used = 0

  const grow = (): void => {
    capacity *= 2
    hashes = larger(hashes)
    places = larger(places)
    lines = larger(lines)
    slots = new Uint32Array(capacity)
    for (let entry = 0; entry < count; entry++) {
      let slot = (hashes[entry] ?? 0) & (capacity - 1)
      while (slots[slot] !== 0) slot = (slot + 1) & (capacity - 1)
      slots[slot] = entry + 1
    }
  }

  const store = (text: string): number => {
    const needed = 3 * text.length + 4
    if (needed > blockSize) throw new RangeError('text too long')
    if (used + needed > blockSize) {
      blocks.push(new Uint8Array(blockSize))
      used = 0
    }
    const block = blocks[blocks.length - 1] ?? new Uint8Array(0)
    const place = (blocks.length - 1) * blockSize + used
    used = writeCode(block, used, text.length)
    for (let index = 0; index < text.length; index++) used = writeCode(block, used, text.charCodeAt(index))
    return place
  }

  const holds = (place: number, text: string): boolean => {
    const block = blocks[Math.floor(place / blockSize)] ?? new Uint8Array(0)
    let at = place % blockSize
    if (readCode(block, at) !== text.length) return false
    at += codeSize(text.length)
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index)
      if (readCode(block, at) !== code) return false
      at += codeSize(code)
    }
    return true
  }

  return {
    size: () => count,
    add: (text, line) => {
      const hash = hashOf(text)
      let slot = hash & (capacity - 1)
      for (let entry = slots[slot] ?? 0; entry !== 0; entry = slots[slot] ?? 0) {
        if (hashes[entry - 1] === hash && holds(places[entry - 1] ?? 0, text)) return lines[entry - 1] ?? 0
        slot = (slot + 1) & (capacity - 1)
      }
      hashes[count] = hash
      places[count] = store(text)
      lines[count] = line
      slots[slot] = ++count
      if (count * 2 >= capacity) grow()
      return 0
    },
  }
}

/** One byte below 255, else 255 and two bytes: digits and Latin letters take one. */
function writeCode(block: Uint8Array, at: number, code: number): number {
  if (code < 255) {
    block[at] = code
    return at + 1
  }
  block[at] = 255
  block[at + 1] = code >> 8
  block[at + 2] = code & 255
  return at + 3
}

function readCode(block: Uint8Array, at: number): number {
  const first = block[at] ?? 0
  return first < 255 ? first : ((block[at + 1] ?? 0) << 8) | (block[at + 2] ?? 0)
}

function codeSize(code: number): number {
  return code < 255 ? 1 : 3
}

/** FNV-1a with a final mix (murmur3), so that numbers in sequence spread. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

function larger(array: Uint32Array): Uint32Array<ArrayBuffer> {
  const grown = new Uint32Array(array.length * 2)
  grown.set(array)
  return grown
}
