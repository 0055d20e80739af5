/**
 * Delimited text (RFC 4180 and its relatives): CSV, TSV, semicolons.
 *
 * Written for this room and not taken from a library because an import tells every mistake of a file: a stray quote costs its
 * own record and no other, each record knows its line, and a million of them pass at the speed of splitting lines. It is
 * tested record for record against csv-parse.
 */

/** What a reader of any format hands over: a record, or why there is none. */
export interface RecordSink {
  record: (values: string[], line: number) => void
  mistake: (code: string, line: number, values?: Record<string, string | number>) => void
}

/** Takes the text of a file in pieces, cut anywhere. */
export interface RecordReader {
  push: (text: string) => void
  end: () => void
}

/** Characters of one record at most: what is longer is a quote that was never closed, or no such file at all. */
export const longestRecord = 32 * 1024

export interface DelimitedOptions {
  readonly delimiter: string
  readonly quote: string | null
}

/** More text is needed to tell how a record goes on. */
const wait = -1

export function createDelimitedReader(options: DelimitedOptions, sink: RecordSink): RecordReader {
  const { delimiter, quote } = options
  let text = ''
  let final = false
  /** Number of the line where the next record begins. */
  let line = 1
  /** The rest of a line that is not read, whose end has not come yet. */
  let skipping = false

  const drain = (): void => {
    let at = 0
    let nextQuote = quote === null ? -1 : text.indexOf(quote)
    while (at < text.length) {
      const lineEnd = text.indexOf('\n', at)
      const end = lineEnd < 0 ? text.length : lineEnd
      if (nextQuote >= 0 && nextQuote < at && quote !== null) nextQuote = text.indexOf(quote, at)
      const next = nextQuote >= 0 && nextQuote < end && quote !== null ? readQuoted(at, quote) : readPlain(at, end, lineEnd >= 0)
      if (next === wait) break
      at = next
    }
    text = text.slice(at)
  }

  /** A line without quotes. */
  const readPlain = (from: number, end: number, ended: boolean): number => {
    if (end - from > longestRecord) return skipLine(from, 'data.record-too-long')
    if (!ended && !final) return wait
    const to = end > from && text.charCodeAt(end - 1) === 13 ? end - 1 : end
    if (to > from) {
      const values = text.slice(from, to).split(delimiter)
      for (let index = 0; index < values.length; index++) values[index] = trimmed(values[index] ?? '')
      if (values.length > 1 || values[0] !== '') sink.record(values, line)
    }
    line++
    return end + 1
  }

  /** A record with quotes. Returns where the next one begins. */
  const readQuoted = (from: number, mark: string): number => {
    const values: string[] = []
    let at = from
    for (;;) {
      at = skipSpaces(at)
      const next = text[at] === mark ? readQuotedValue(from, at, mark, values) : readValue(from, at, values)
      if (next === wait || next === skipped) return next === wait ? waitOrSkip(from) : resume
      at = next
      if (at - from > longestRecord) return skipLine(from, 'data.record-too-long')
      if (at >= text.length && !final) return waitOrSkip(from)
      if (text[at] === delimiter) {
        at++
        continue
      }
      if (text[at] === '\r' && at + 1 >= text.length && !final) return wait
      if (text[at] === '\r' && text[at + 1] === '\n') at++
      else if (text[at] === '\r' && at + 1 < text.length) return skipLine(from, 'data.quote-misplaced')
      if (at < text.length && text[at] !== '\n' && text[at] !== '\r') return skipLine(from, 'data.quote-misplaced')
      sink.record(values, line)
      line += 1 + countLineEnds(from, at)
      return at + 1
    }
  }

  /** Where reading goes on after a value that was not read. */
  let resume = 0
  const skipped = -2

  const readQuotedValue = (from: number, at: number, mark: string, values: string[]): number => {
    const close = closingQuote(text, at + 1, mark)
    if (close === text.length - 1 && !final && close - from <= longestRecord) {
      // This may be the first half of a doubled quote: the next character tells.
      resume = wait
      return skipped
    }
    if (close - from > longestRecord || (close < 0 && (final || text.length - from > longestRecord))) {
      resume = skipLine(from, 'data.quote-open')
      return skipped
    }
    if (close < 0) return wait
    values.push(text.slice(at + 1, close).replaceAll(mark + mark, mark))
    return skipSpaces(close + 1)
  }

  const readValue = (from: number, at: number, values: string[]): number => {
    const lineEnd = text.indexOf('\n', at)
    const mark = text.indexOf(delimiter, at)
    const byMark = mark >= 0 && (lineEnd < 0 || mark < lineEnd)
    let end = byMark ? mark : lineEnd
    if (end < 0 && !final) return wait
    if (end < 0) end = text.length
    if (!byMark && end > at && text[end - 1] === '\r') end--
    if (end - from <= longestRecord) values.push(trimmed(text.slice(at, end)))
    return end
  }

  const skipSpaces = (from: number): number => {
    let at = from
    if (delimiter !== ' ') while (text[at] === ' ') at++
    return at
  }

  const waitOrSkip = (from: number): number => {
    // The first half of a line end is no part of the record.
    const length = text.length - from - (text.endsWith('\r') ? 1 : 0)
    return length > longestRecord ? skipLine(from, 'data.record-too-long') : wait
  }

  /** A record that can't be read costs its first line: the next line is tried as a record of its own. */
  const skipLine = (from: number, code: string): number => {
    sink.mistake(code, line, code === 'data.record-too-long' ? { maximum: longestRecord } : {})
    const end = text.indexOf('\n', from)
    if (end < 0 && !final) {
      skipping = true
      return text.length
    }
    line++
    return end < 0 ? text.length : end + 1
  }

  const countLineEnds = (from: number, to: number): number => {
    let count = 0
    for (let at = text.indexOf('\n', from); at >= 0 && at < to; at = text.indexOf('\n', at + 1)) count++
    return count
  }

  return {
    push: (piece) => {
      let added = piece
      if (skipping) {
        const end = piece.indexOf('\n')
        if (end < 0) return
        skipping = false
        line++
        added = piece.slice(end + 1)
      }
      text = text === '' ? added : text + added
      drain()
    },
    end: () => {
      final = true
      drain()
    },
  }
}

function closingQuote(text: string, from: number, mark: string): number {
  for (let at = text.indexOf(mark, from); at >= 0; at = text.indexOf(mark, at + 2)) {
    if (text[at + 1] !== mark) return at
  }
  return -1
}

/** Spaces around a value are layout; most values have none, and are not copied. */
function trimmed(value: string): string {
  const { length } = value
  if (length === 0 || (value.charCodeAt(0) > 32 && value.charCodeAt(length - 1) > 32 && value.charCodeAt(0) !== 0xa0)) return value
  return value.trim()
}
