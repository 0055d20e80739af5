/** ISO/IEC 9797-1, padding method 2: 80, and zeros to a whole number of blocks; and back. */

export function pad(data: Uint8Array, block: number): Uint8Array {
  const padded = new Uint8Array((Math.floor(data.length / block) + 1) * block)
  padded.set(data)
  padded[data.length] = 0x80
  return padded
}

/** Undefined where it is no padded text. */
export function unpad(data: Uint8Array): Uint8Array | undefined {
  let end = data.length - 1
  while (end >= 0 && data[end] === 0) end -= 1
  return data[end] === 0x80 ? data.subarray(0, end) : undefined
}
