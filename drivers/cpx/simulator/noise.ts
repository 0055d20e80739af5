/** Line noise by seed: the same bytes meet the same disturbance in every run. */
import type { MachineFault } from '#shared/device/simulator.ts'

type NoiseFault = Extract<MachineFault, { kind: 'noise' }>

/** George Marsaglia's xorshift32: numbers from 0 up to 1, the same for the same seed. */
function xorshift(seed: number): () => number {
  let state = (Math.imul(seed, 0x9e3779b1) ^ 0x5bd1e995) >>> 0 || 1
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    state >>>= 0
    return state / 2 ** 32
  }
}

export class Noise {
  readonly #generators = new Map<number, () => number>()

  disturb(bytes: Uint8Array, direction: 'to-host' | 'to-machine', faults: readonly { id: number; fault: NoiseFault }[]): Uint8Array {
    let disturbed: readonly number[] = [...bytes]
    for (const { id, fault } of faults) {
      if (fault.direction !== 'both' && fault.direction !== direction) continue
      const random = this.#generators.get(id) ?? xorshift(fault.seed)
      this.#generators.set(id, random)
      disturbed = disturbed.flatMap((byte) => (random() < fault.rate ? struck(byte, random) : [byte]))
    }
    return Uint8Array.from(disturbed)
  }
}

/** Lost, altered, or followed by a foreign byte. */
function struck(byte: number, random: () => number): number[] {
  const foreign = Math.floor(random() * 256)
  const how = random()
  if (how < 1 / 3) return []
  return how < 2 / 3 ? [foreign] : [byte, foreign]
}
