/** Files of one record a line: fixed width, and the bureau's `#DCC#` cards. */
import type { FixedColumn } from '#shared/design/source.ts'
import { parseDccLine } from './dcc.ts'
import { longestRecord, type RecordReader, type RecordSink } from './delimited.ts'

/** Calls `take` for each line of a text that comes in pieces, without its end (LF or CR LF). */
function createLineReader(take: (text: string, line: number) => void, sink: RecordSink): RecordReader {
  let rest = ''
  let line = 1
  let skipping = false
  const one = (text: string): void => {
    if (skipping) skipping = false
    else if (text.length > longestRecord) sink.mistake('data.record-too-long', line, { maximum: longestRecord })
    else take(text.endsWith('\r') ? text.slice(0, -1) : text, line)
    line++
  }
  return {
    push: (piece) => {
      const text = rest + piece
      let at = 0
      for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', at)) {
        one(text.slice(at, end))
        at = end + 1
      }
      rest = text.slice(at)
      if (rest.length > longestRecord) {
        if (!skipping) sink.mistake('data.record-too-long', line, { maximum: longestRecord })
        skipping = true
        rest = ''
      }
    },
    end: () => {
      if (rest !== '' || skipping) one(rest)
      rest = ''
    },
  }
}

/** Columns by their place in the line. A line that ends before the last column begins is a mistake; spaces around values go. */
export function createFixedReader(columns: readonly FixedColumn[], sink: RecordSink): RecordReader {
  const needed = Math.max(...columns.map((column) => column.start))
  return createLineReader((text, line) => {
    if (text.trim() === '') return
    if (text.length < needed) return sink.mistake('data.line-too-short', line, { length: text.length, needed })
    sink.record(
      columns.map(({ start, length }) => text.slice(start - 1, start - 1 + length).trim()),
      line,
    )
  }, sink)
}

/** Names of the columns of a `#DCC#` file whose embossed lines are called `lines`. */
export function dccColumns(lines: readonly string[]): string[] {
  return [...lines, 'track1', 'track2', 'track3', 'compareTrack2']
}

export function createDccReader(lines: readonly string[], sink: RecordSink): RecordReader {
  return createLineReader((text, line) => {
    if (text.trim() === '') return
    const parsed = parseDccLine(text)
    if ('mistake' in parsed) return sink.mistake(parsed.mistake, line, parsed.values)
    const { card } = parsed
    if (card.lines.length > lines.length) return sink.mistake('data.dcc-lines', line, { count: card.lines.length, maximum: lines.length })
    sink.record([...lines.map((_, index) => card.lines[index] ?? ''), card.track1, card.track2, card.track3, card.compareTrack2], line)
  }, sink)
}
