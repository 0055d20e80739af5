/** Inputs of the key derivation of NIST SP 800-108 in counter mode, as GlobalPlatform amendment D, 4.1.5 lays them out. */
import { concatenate, numberToBytes } from '#shared/bytes.ts'

/** One input for each CMAC: eleven zeros and the label, a zero, the length in bits, the counter, the context. */
export function counterMode({ label, context, bits }: { label: number; context: Uint8Array; bits: number }): Uint8Array[] {
  const count = Math.ceil(bits / 128)
  return Array.from({ length: count }, (_, index) => concatenate(new Uint8Array(11), [label, 0], numberToBytes(bits, 2), [index + 1], context))
}

/** As diversification KDF3 lays them out: the counter first, the label in four bytes, a zero, the context. */
export function counterFirst({ label, context, bits }: { label: number; context: Uint8Array; bits: number }): Uint8Array[] {
  return Array.from({ length: Math.ceil(bits / 128) }, (_, index) => concatenate([index + 1], numberToBytes(label, 4), [0], context))
}
