/**
 * How long a practice card takes: a model of an ordinary chip of its kind, said in one place, so that benches compare with it.
 * Line: ISO/IEC 7816-3. Memory: a page is erased and written as a whole. Computing: coprocessors for DES, AES and RSA.
 */
import type { Computation } from './application.ts'
import type { CommandCost } from './virtual-card.ts'

export const timing = {
  /** Bytes of one page of EEPROM, and milliseconds to erase and write it. */
  page: 64,
  pageMilliseconds: 3,
  /** What the processor needs for any command. */
  command: 0.5,
  des: 0.005,
  des3: 0.01,
  aes: 0.01,
  hash: 0.05,
  /** An RSA operation of 1024 bits; private ones (by the Chinese remainder theorem) grow with the cube of the length, public ones with the square. */
  rsaPrivate1024: 60,
  rsaPublic1024: 6,
  /** Characters at T=0 take 12 elementary time units (8.3 and 10.2), at T=1 with N = 255 eleven (11.2); a turn of direction 16 or 22. */
  characterT0: 12,
  characterT1: 11,
  turnT0: 16,
  turnT1: 22,
  /** Information bytes of one block at T=1 (IFSC, 11.4.2). */
  block: 254,
} as const

/** Milliseconds. `length`: bytes of the command as sent, `answered`: data and status. */
export function lineTime(protocol: 'T=0' | 'T=1', baudRate: number, length: number, answered: number): number {
  const unit = 1000 / baudRate
  if (protocol === 'T=0') {
    // a header of five bytes, a procedure byte (10.3.3) where data follow in either direction
    const header = Math.max(5, length)
    const procedure = length > 5 || answered > 2 ? 1 : 0
    return (header + procedure + answered) * timing.characterT0 * unit + (length > 5 ? 3 : 1) * timing.turnT0 * unit
  }
  // every block has a prologue of three bytes and an LRC; all but the last of a chain are answered by an R-block of four (11.6.2)
  const blocks = (bytes: number) => Math.max(1, Math.ceil(bytes / timing.block))
  const [out, back] = [blocks(length), blocks(answered)]
  const characters = length + answered + 4 * (out + back) + 4 * (out - 1 + back - 1)
  return characters * timing.characterT1 * unit + (2 * (out + back) - 2) * timing.turnT1 * unit
}

/** Milliseconds for writes of so many bytes each. */
export function memoryTime(writes: readonly number[]): number {
  return writes.reduce((sum, bytes) => sum + Math.max(1, Math.ceil(bytes / timing.page)) * timing.pageMilliseconds, 0)
}

/** Milliseconds. */
export function computingTime(work: Computation): number {
  switch (work.kind) {
    case 'rsa-private':
      return timing.rsaPrivate1024 * (work.bits / 1024) ** 3
    case 'rsa-public':
      return timing.rsaPublic1024 * (work.bits / 1024) ** 2
    default:
      return timing[work.kind] * work.blocks
  }
}

export const totalCost = (cost: CommandCost): number => cost.line + cost.memory + cost.computing
