/**
 * The longest value of each column of a file, to look at while a card is designed. The file is read in the page and
 * goes nowhere; of numbers and secrets nothing is taken, so that no card data comes to a designer's screen.
 */
import { maskNumbersIn } from '#shared/card/number.ts'
import { columnFinder } from '#shared/design/columns.ts'
import type { CardDesign } from '#shared/design/design.ts'
import { bindDesign } from '#shared/design/render.ts'
import { expressionMistake } from '#shared/design/expression/compile.ts'
import { withExpressions } from './document.ts'

/** Longest values by the design's column names; columns that the file lacks, or that hold numbers or secrets, are left out. */
export function longestValues(design: CardDesign, text: string): Map<string, string> {
  const rows = readDelimited(text)
  const header = rows.next().value ?? []
  const find = columnFinder(header)
  const sound = withExpressions(design, (expression) => (expressionMistake(expression) === undefined ? expression : '""'))
  const { visibilityOf } = bindDesign(sound, sound.columns.map((column) => column.name))
  const wanted = design.columns.flatMap(({ name }) => {
    const index = find(name)
    return index === undefined || visibilityOf(name) !== 'plain' ? [] : [{ name, index }]
  })
  const longest = new Map<string, string>()
  for (const row of rows) {
    for (const { name, index } of wanted) {
      const value = row[index]?.trim() ?? ''
      if (value.length > (longest.get(name)?.length ?? 0) && maskNumbersIn(value) === value) longest.set(name, value)
    }
  }
  return longest
}

/** Rows of a delimited text (RFC 4180), whose delimiter is the most frequent candidate of its first line. */
export function* readDelimited(text: string): Generator<string[], undefined> {
  const clean = text.replace(/^\uFEFF/, '')
  const firstLine = clean.slice(0, clean.search(/\r|\n|$/))
  const delimiter = [',', ';', '\t', '|'].reduce((best, candidate) => (count(firstLine, candidate) > count(firstLine, best) ? candidate : best))
  let row: string[] = []
  let value = ''
  let quoted = false
  for (let at = 0; at < clean.length; at++) {
    const character = clean[at] ?? ''
    if (quoted) {
      if (character !== '"') value += character
      else if (clean[at + 1] === '"') value += clean[++at]
      else quoted = false
    } else if (character === '"' && value === '') quoted = true
    else if (character === delimiter) {
      row.push(value)
      value = ''
    } else if (character === '\n' || character === '\r') {
      if (character === '\r' && clean[at + 1] === '\n') at++
      yield [...row, value]
      row = []
      value = ''
    } else value += character
  }
  if (value !== '' || row.length > 0) yield [...row, value]
}

function count(text: string, character: string): number {
  return text.split(character).length - 1
}

/** The text of a file: by its byte order mark, as UTF-8 where it is, else in the Windows code page of Russian banks. */
export function decodeText(bytes: Uint8Array): string {
  const utf16 = (bytes[0] === 0xff && bytes[1] === 0xfe && 'utf-16le') || (bytes[0] === 0xfe && bytes[1] === 0xff && 'utf-16be')
  if (utf16) return new TextDecoder(utf16).decode(bytes)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('windows-1251').decode(bytes)
  }
}
