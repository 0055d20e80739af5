/** Fonts by name, for designs that are looked at before a machine is chosen. A profile's own figures come first. */
import type { Font } from '../device/limits.ts'

export type FontName = Font['name']
export type FontMeasure = Pick<Font, 'name' | 'kind' | 'side' | 'pitch' | 'height'>

/**
 * Nominal sizes in micrometres: pitches are 10 and 7 characters an inch (ISO/IEC 7811-1), indent about 15. Heights are
 * nominal, those of the profiles that ship.
 */
export const nominalFonts: readonly FontMeasure[] = [
  { name: 'gothic', kind: 'emboss', side: 'front', pitch: 2540, height: 3000 },
  { name: 'farrington-7b', kind: 'emboss', side: 'front', pitch: 3630, height: 4100 },
  { name: 'ocr', kind: 'emboss', side: 'front', pitch: 2540, height: 3000 },
  { name: 'ocr-large', kind: 'emboss', side: 'front', pitch: 3630, height: 4100 },
  { name: 'ocr-b', kind: 'emboss', side: 'front', pitch: 2540, height: 3000 },
  { name: 'indent-front', kind: 'indent', side: 'front', pitch: 1700, height: 2000 },
  { name: 'indent-back', kind: 'indent', side: 'back', pitch: 1700, height: 2000 },
  { name: 'indent-back-inverted', kind: 'indent', side: 'back', pitch: 1700, height: 2000 },
]

/** The measure of a font: the machine's where it has it, the nominal one otherwise. */
export function fontMeasure(name: FontName, fitted: readonly FontMeasure[] = []): FontMeasure {
  const found = fitted.find((font) => font.name === name) ?? nominalFonts.find((font) => font.name === name)
  if (found === undefined) throw new RangeError(name)
  return found
}
