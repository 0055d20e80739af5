/** Answers to reset of practice cards (ISO/IEC 7816-3, 8.2). */
import { concatenate } from '#shared/bytes.ts'

/**
 * Direct convention, TA1 = 18: Fi 372 and Di 12, which is 115,200 bit/s at the usual clock, once that is agreed on (7816-3, 9). At T=1 blocks of 254 bytes (TA3), 7816-3 11.4.2, and an LRC. `historical`: at most 15 bytes.
 */
export function answerToReset(protocol: 'T=0' | 'T=1', historical: Uint8Array | readonly number[]): Uint8Array {
  const length = historical.length
  if (protocol === 'T=0') return concatenate([0x3b, 0x90 | length, 0x18, 0x00], historical) // TA1, TD1: T=0 alone, hence no TCK
  const start = concatenate([0xd0 | length, 0x18, 0xff, 0x81, 0x31, 0xfe, 0x45], historical)
  return concatenate([0x3b], start, [start.reduce((sum, byte) => sum ^ byte, 0)])
}

/** Historical bytes in compact form (7816-4, 8.1.1): a name of up to seven letters, and the card's capabilities (tag 73). */
export function historicalBytes(name: string, capabilities?: readonly [number, number, number]): Uint8Array {
  const letters = [...name].map((letter) => letter.charCodeAt(0))
  return concatenate([0x80], capabilities === undefined ? [] : [0x73, ...capabilities], [0x50 | letters.length], letters)
}
