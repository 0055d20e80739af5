import { createHash, randomBytes } from 'node:crypto'
import type { Random } from '#main/ports/random.ts'

/** The operating system's randomness. */
export const systemRandom: Random = { bytes: (length) => randomBytes(length) }

/** The same bytes for the same seed, for simulated worlds. Never for keys that guard anything. */
export function seededRandom(seed: string | number): Random & { below(limit: number): number } {
  let counter = 0
  let pool = Buffer.alloc(0)
  const bytes = (length: number): Uint8Array => {
    while (pool.length < length) {
      pool = Buffer.concat([pool, createHash('sha256').update(`${seed}/${counter++}`).digest()])
    }
    const taken = pool.subarray(0, length)
    pool = pool.subarray(length)
    return new Uint8Array(taken)
  }
  return { bytes, below: (limit) => Math.floor((Buffer.from(bytes(4)).readUInt32BE(0) / 2 ** 32) * limit) }
}
