/** A source file as a stream of records with their lines, and of what could not be read. */
import { CardwrightError } from '#shared/cardwright-error.ts'
import { characterName } from '#shared/design/characters.ts'
import type { Mistake } from '#shared/design/mistake.ts'
import { recordMistake } from '#shared/design/tell.ts'
import type { SourceOptions } from '#shared/design/source.ts'
import { decode } from './decode.ts'
import { createDelimitedReader, type RecordReader, type RecordSink } from './delimited.ts'
import { createDccReader, createFixedReader, dccColumns } from './lines.ts'

export interface SourceRecord {
  /** Line of the file where the record begins, from 1. */
  readonly line: number
  /** One value a column. */
  readonly values: readonly string[]
}

export interface SourceBatch {
  /** Names of the columns, the same in every batch. */
  readonly columns: readonly string[]
  readonly records: readonly SourceRecord[]
  /** Records that could not be read. */
  readonly mistakes: readonly Mistake[]
  /** Bytes of the file read so far, for the progress. */
  readonly bytes: number
}

/** Records of one batch at most. */
export const batchSize = 1000

/**
 * Reads a source. Whatever the cuts between the chunks, the records are the same; memory stays that of one batch. Mistakes of
 * single records come in the batches; what makes the whole file unreadable is thrown. There is always a last batch, which may
 * be empty.
 * @throws CardwrightError `intake.unknown-encoding` (class operator), `intake.no-header` (class data)
 */
export async function* readSource(bytes: AsyncIterable<Uint8Array>, options: SourceOptions): AsyncGenerator<SourceBatch> {
  const skippedLines = options.format === 'dcc' ? 0 : options.skipLines
  const collector = createCollector(options, skippedLines)
  const reader = createReader(options, collector)
  const lines = createLineSkipper(skippedLines)
  let read = 0
  for await (const piece of decode(bytes, options.encoding)) {
    read += piece.bytes
    collector.look(piece.text)
    reader.push(lines(piece.text))
    if (collector.pending()) yield* collector.take(read)
  }
  reader.end()
  yield* collector.take(read)
}

function createReader(options: SourceOptions, sink: RecordSink): RecordReader {
  switch (options.format) {
    case 'delimited':
      return createDelimitedReader(options, sink)
    case 'fixed':
      return createFixedReader(options.columns, sink)
    case 'dcc':
      return createDccReader(options.lines, sink)
  }
}

/** Drops the first lines of a text that comes in pieces. */
function createLineSkipper(count: number): (text: string) => string {
  let left = count
  return (text) => {
    let at = 0
    while (left > 0) {
      const end = text.indexOf('\n', at)
      if (end < 0) return ''
      left--
      at = end + 1
    }
    return at === 0 ? text : text.slice(at)
  }
}

/** Characters that no record has in good order: control bytes, and what the decoder could not read. */
const suspicious = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\uFFFD]/

/** Names the columns, checks every record's form, and makes batches. */
function createCollector(options: SourceOptions, skippedLines: number): RecordSink & {
  look: (text: string) => void
  pending: () => boolean
  take: (bytes: number) => Generator<SourceBatch>
} {
  let columns = knownColumns(options)
  let records: SourceRecord[] = []
  let mistakes: Mistake[] = []
  let careful = false

  const add = (values: string[], line: number): void => {
    if (columns === undefined) {
      columns = options.format === 'delimited' && options.header ? headerNames(values) : values.map((_, index) => String(index + 1))
      if (options.format === 'delimited' && options.header) return
    }
    if (values.length !== columns.length) {
      mistakes.push(recordMistake('data.column-count', line, undefined, { count: values.length, expected: columns.length }))
      return
    }
    const bad = careful ? values.findIndex((value) => suspicious.test(value)) : -1
    if (bad < 0) records.push({ line, values })
    else mistakes.push(suspiciousMistake(values[bad] ?? '', line, columns[bad]))
  }

  return {
    record: (values, line) => add(values, line + skippedLines),
    mistake: (code, line, values = {}) => mistakes.push(recordMistake(code, line + skippedLines, undefined, values)),
    look: (text) => {
      // From the first such character on each record is looked at; most files never have one.
      careful ||= suspicious.test(text)
    },
    pending: () => columns !== undefined && (records.length > 0 || mistakes.length > 0),
    take: function* (bytes) {
      if (columns === undefined && options.format === 'delimited' && options.header) {
        throw new CardwrightError({ code: 'intake.no-header', class: 'data' })
      }
      const [whole, found] = [records, mistakes]
      records = []
      mistakes = []
      yield { columns: columns ?? [], records: whole.slice(0, batchSize), mistakes: found, bytes }
      for (let at = batchSize; at < whole.length; at += batchSize) {
        yield { columns: columns ?? [], records: whole.slice(at, at + batchSize), mistakes: [], bytes }
      }
    },
  }
}

function knownColumns(options: SourceOptions): string[] | undefined {
  switch (options.format) {
    case 'delimited':
      return options.header ? undefined : options.columns
    case 'fixed':
      return options.columns.map((column) => column.name)
    case 'dcc':
      return dccColumns(options.lines)
  }
}

/** A column without a name is called by its number. */
function headerNames(values: readonly string[]): string[] {
  return values.map((name, index) => name.trim() || String(index + 1))
}

function suspiciousMistake(value: string, line: number, column: string | undefined): Mistake {
  const at = value.search(suspicious)
  const character = value.charAt(at)
  const code = character === '\uFFFD' ? 'data.undecodable' : 'data.control-character'
  return recordMistake(code, line, column, { position: at + 1, character: characterName(character) })
}
