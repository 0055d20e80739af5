/** Bytes and their digits. */

export const toHex = (bytes: Uint8Array): string => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex').toUpperCase()
export const fromHex = (digits: string): Uint8Array => new Uint8Array(Buffer.from(digits, 'hex'))
/** A status word as its four digits. */
export const statusHex = (status: number): string => status.toString(16).toUpperCase().padStart(4, '0')

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

/** ISO/IEC 9797-1, padding method 2: 80, and zeros to a whole number of blocks. */
export function pad(data: Uint8Array, block: number): Uint8Array {
  const padded = new Uint8Array((Math.floor(data.length / block) + 1) * block)
  padded.set(data)
  padded[data.length] = 0x80
  return padded
}
