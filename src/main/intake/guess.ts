/** What kind of file this may be, from its first bytes: a proposal that the screen shows and a person confirms. */
import iconv from 'iconv-lite'
import { maskNumbersIn } from '#shared/card/number.ts'
import type { FixedColumn, SourceGuess, SourceOptions } from '#shared/design/source.ts'
import { guessEncoding } from './decode.ts'
import { parseDccLine } from './dcc.ts'
import { readSource } from './read-source.ts'

/** Bytes that are enough to guess from. */
export const guessLength = 64 * 1024

const delimiters = [',', ';', '\t', '|'] as const

/** Guesses encoding, form and columns. `first` is the beginning of the file, at best `guessLength` bytes of it. */
export function guessSource(first: Uint8Array): SourceGuess {
  const { encoding, certainty } = guessEncoding(first)
  const text = iconv.decode(Buffer.from(first.buffer, first.byteOffset, first.byteLength), encoding)
  const lines = text.split(/\r?\n/)
  // The sample's last line is cut short.
  if (lines.length > 1 && first.length >= guessLength) lines.pop()
  const filled = lines.filter((line) => line.trim() !== '').slice(0, 200)
  return { options: guessDcc(filled, encoding) ?? guessFixed(filled, encoding) ?? guessDelimited(filled, encoding), encodingCertainty: certainty }
}

function guessDcc(lines: readonly string[], encoding: string): SourceOptions | undefined {
  if (!/^(\d{6})?#DCC#/.test(lines[0] ?? '')) return undefined
  const counts = lines.map((line) => {
    const parsed = parseDccLine(line)
    return 'card' in parsed ? parsed.card.lines.length : 0
  })
  // The order in which bureaus write them.
  const usual = ['number', 'name', 'company']
  const names = Array.from({ length: Math.max(1, ...counts) }, (_, index) => usual[index] ?? `line${index + 1}`)
  return { format: 'dcc', encoding, lines: names }
}

function guessDelimited(lines: readonly string[], encoding: string): SourceOptions {
  const ranked = delimiters.map((delimiter) => {
    const counts = lines.map((line) => outsideQuotes(line).split(delimiter).length)
    const [first = 1] = counts
    const same = counts.filter((count) => count === first).length / Math.max(1, counts.length)
    return { delimiter, score: first > 1 ? same * 100 + first : 0 }
  })
  const { delimiter } = ranked.reduce((best, candidate) => (candidate.score > best.score ? candidate : best))
  const first = (lines[0] ?? '').split(delimiter).map((value) => value.replace(/^"|"$/g, '').trim())
  // A line that names columns has no value in it that is a number.
  const header = first.every((value) => value === '' || !/^[\d ./-]+$/.test(value))
  const options = { format: 'delimited' as const, encoding, delimiter, quote: '"' as const, header, skipLines: 0 }
  return header ? options : { ...options, columns: first.map((_, index) => String(index + 1)) }
}

function outsideQuotes(line: string): string {
  return line.replace(/"(?:[^"]|"")*"/g, '')
}

/** Lines of one length without delimiters: columns begin where every line has a blank before and most have something. */
function guessFixed(lines: readonly string[], encoding: string): SourceOptions | undefined {
  const [first = ''] = lines
  if (lines.length < 2 || first.length < 8 || lines.some((line) => line.length !== first.length)) return undefined
  if (delimiters.some((delimiter) => lines.every((line) => line.includes(delimiter)))) return undefined
  const blank = Array.from(first, (_, index) => lines.every((line) => line[index] === ' '))
  const columns: FixedColumn[] = []
  for (let start = 0; start < blank.length; ) {
    if (blank[start]) {
      start++
      continue
    }
    let end = start
    while (end < blank.length && !blank[end]) end++
    // A column reaches to where the next one begins, so that longer values further down are not cut.
    let next = end
    while (next < blank.length && blank[next]) next++
    columns.push({ name: String(columns.length + 1), start: start + 1, length: next - start })
    start = next
  }
  return columns.length > 1 ? { format: 'fixed', encoding, columns, skipLines: 0 } : undefined
}

/** First rows as the screen may show them: card numbers masked, and columns that verify cards not shown at all. */
export async function sampleRows(first: Uint8Array, options: SourceOptions, count: number): Promise<{ columns: string[]; rows: string[][] }> {
  async function* once(): AsyncGenerator<Uint8Array> {
    yield first
  }
  for await (const batch of readSource(once(), options)) {
    const rows = batch.records.slice(0, count).map(({ values }) =>
      values.map((value, index) => (isSecret(batch.columns[index] ?? '', value) ? '•'.repeat(value.length) : maskNumbersIn(value))),
    )
    return { columns: [...batch.columns], rows }
  }
  return { columns: [], rows: [] }
}

/** By the column's name; where it has none, three or four digits alone may be a verification value. */
function isSecret(column: string, value: string): boolean {
  return /cv[vcn]|pvv|pin\b|track/i.test(column) || (/^\d+$/.test(column) && /^\d{3,4}$/.test(value))
}
