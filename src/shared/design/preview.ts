/** A card as the screens may show it: numbers by first six and last four, what verifies the card not at all. */
import { maskNumber, maskNumbersIn } from '../card/number.ts'
import type { PreparedCard, PreparedLine } from '../card/prepared.ts'
import type { CardPreview } from '../job/job.ts'
import { chipSummary } from './chip-data.ts'
import { trackKeys } from './track-keys.ts'
import { fontMeasure, type FontMeasure, type FontName } from './fonts.ts'

/** The masked picture of a prepared card. `fonts` are the machine's; nominal sizes stand in for what it does not have. */
export function previewOf(card: PreparedCard, fonts: readonly FontMeasure[] = []): CardPreview {
  return {
    number: maskNumber(card.number),
    lines: card.lines.map((line) => {
      const { field, kind, side, font, x, y } = line
      const { pitch, height } = fontMeasure(font as FontName, fonts)
      return { field, kind, side, font, x, y, pitch, height, text: maskedLine(line, card.number) }
    }),
    tracks: trackKeys.flatMap((key, index) => {
      const text = card.tracks[key]
      return text === undefined ? [] : [{ track: index + 1, text: maskedTrack(text, card.number) }]
    }),
    topping: card.topping,
    ...(card.chip && { chip: chipSummary(card.chip) }),
  }
}

/**
 * Embossed text shows names and dates, and numbers masked. Of an indent line nothing shows but the last four digits of the
 * number: the rest is there to verify the card (CVV2 and its like).
 */
function maskedLine(line: PreparedLine, number: string): string {
  if (line.kind === 'indent') {
    const lastFour = number.slice(-4)
    return line.text.replace(/[\p{L}\p{N}]+/gu, (run) => (run === lastFour ? run : '•'.repeat(run.length)))
  }
  return maskNumbersIn(maskOccurrences(line.text, number))
}

/** Where the number itself stands in a text, grouped by spaces or not, it is masked, however short it is. */
function maskOccurrences(text: string, number: string): string {
  if (number.length <= 4) return text
  const pattern = Array.from(number, (character) => character.replace(/[\\^$.*+?()[\]{}|/]/, '\\$&')).join(' ?')
  return text.replace(new RegExp(pattern, 'giu'), (found) => maskCharacters(found))
}

/** Masks letter by letter, keeping spaces and separators where they are. */
function maskCharacters(text: string): string {
  const total = text.replace(/[^\p{L}\p{N}]/gu, '').length
  const head = total >= 11 ? 6 : 0
  let at = 0
  return text.replace(/[\p{L}\p{N}]/gu, (character) => {
    const index = at++
    return index < head || index >= total - 4 ? character : '•'
  })
}

/** The number masked, separators as they are, everything else as dots: service data and verification values stay unseen. */
function maskedTrack(text: string, number: string): string {
  const at = number === '' ? -1 : text.indexOf(number)
  const hide = (part: string): string => part.replace(/[^=^]/g, '•')
  if (at < 0) return hide(text)
  const format = text.slice(0, at)
  return (/^[A-Z]$/.test(format) ? format : hide(format)) + maskCharacters(number) + hide(text.slice(at + number.length))
}
