/** Which characters a font can make, and which ones no frame can carry. */
import type { DeviceLimits } from '../device/limits.ts'
import type { FontName } from './fonts.ts'

export interface CharacterTable {
  /** Index of the first character that can't be made, or -1. */
  readonly firstBad: (text: string) => number
}

/**
 * Characters that would end a line or a frame before its time: `"` ends a line, `#` begins a function, `@` fills a frame's
 * end, and control bytes are commands (ENQ, CR, LF). They are refused whatever the machine, so that a batch can change it.
 */
export function breaksFrame(character: string): boolean {
  return /["#@\p{Cc}]/u.test(character)
}

/** How a message shows a character that can't be seen. */
export function characterName(character: string): string {
  if (!/[\p{C}\p{Z}]/u.test(character)) return character
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
}

/**
 * What this font can make on this machine: wheel characters and those that the machine's map puts on the wheel. A space moves
 * the carriage and needs no wheel. Without a machine everything that can be printed passes.
 */
export function characterTable(font: FontName, limits: DeviceLimits | undefined): CharacterTable {
  const allowed = new Uint8Array(0x10000)
  const fitted = limits?.fonts.find((candidate) => candidate.name === font)
  if (limits === undefined) allowed.fill(1, 0x20)
  for (const character of fitted?.characters ?? '') if (character.length === 1) allowed[character.charCodeAt(0)] = 1
  const wheel = allowed.slice()
  for (const [letter, position] of Object.entries(limits?.characterMap ?? {})) {
    // A mapped letter is only what its position is: the map comes before the wheel.
    if (letter.length === 1) allowed[letter.charCodeAt(0)] = wheel[position.charCodeAt(0)] ?? 0
  }
  allowed[0x20] = 1
  for (let code = 0; code < 0xa0; code++) if (breaksFrame(String.fromCharCode(code))) allowed[code] = 0
  if (limits === undefined) allowed.fill(0, 0xd800, 0xe000)
  return {
    firstBad: (text) => {
      for (let index = 0; index < text.length; index++) if (allowed[text.charCodeAt(index)] === 0) return index
      return -1
    },
  }
}
