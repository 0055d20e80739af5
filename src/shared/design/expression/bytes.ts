/** Functions that make bytes for a chip: their texts are hex digits. Formats are those of EMV 4.3 Book 3, 4.3. */
import { fromHex, toHex } from '../../bytes.ts'
import { CardwrightError } from '../../cardwright-error.ts'
import { buildTlv, tagBytes } from '../../tlv/ber.ts'
import { buildGrouping } from '../../tlv/groupings.ts'
import { Unfit } from './unfit.ts'

/** Characters as bytes: of ISO/IEC 8859-1, whose first half is ASCII; whatever else has no byte. */
export function hexOfText(text: string): string {
  const bytes = Uint8Array.from(text, (character) => {
    const code = character.codePointAt(0) ?? 0
    if (code > 0xff || (code > 0x7e && code < 0xa0)) throw new Unfit('data.chip-character')
    return code
  })
  return toHex(bytes)
}

/** Format n: digits to the right, zeros before them. */
export function numeric(text: string, bytes: number): string {
  requireDigits(text)
  if (text.length > bytes * 2) throw new Unfit('data.chip-too-many-digits', { length: text.length, maximum: bytes * 2 })
  return text.padStart(bytes * 2, '0')
}

/** Format cn: digits to the left, F after them; without `bytes` as few as there is need for. */
export function compressed(text: string, bytes = Math.ceil(text.length / 2)): string {
  requireDigits(text)
  if (text.length > bytes * 2) throw new Unfit('data.chip-too-many-digits', { length: text.length, maximum: bytes * 2 })
  return text.padEnd(bytes * 2, 'F')
}

/** Track 2 equivalent data, tag 57: the separator is D, and F fills the last byte. */
export function track2Equivalent(text: string): string {
  const digits = text.replace('=', 'D')
  if (!/^\d*D?\d*$/.test(digits)) throw new Unfit('data.chip-not-digits')
  return digits.length % 2 === 0 ? digits : `${digits}F`
}

export function isTag(text: string): boolean {
  try {
    return text === toHex(tagBytes(text))
  } catch {
    return false
  }
}

export function dataObject(tag: string, hex: string): string {
  return toHex(buildTlv(tag, bytesOf(hex)))
}

export function dataGrouping(dgi: string, hex: string): string {
  const value = bytesOf(hex)
  if (value.length > 0xffff) throw new Unfit('data.text-too-long', { maximum: 0xffff })
  return toHex(buildGrouping({ dgi, value }))
}

function bytesOf(hex: string): Uint8Array {
  try {
    return fromHex(hex)
  } catch (thrown) {
    if (thrown instanceof CardwrightError) throw new Unfit('data.chip-no-bytes')
    throw thrown
  }
}

function requireDigits(text: string): void {
  if (!/^\d*$/.test(text)) throw new Unfit('data.chip-not-digits')
}
