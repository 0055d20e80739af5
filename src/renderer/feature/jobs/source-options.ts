/** How a file is read, as a person changes it: from one form into another, and lists of names as they are typed. */
import type { CardDesign } from '#shared/design/design.ts'
import type { FixedColumn, SourceOptions } from '#shared/design/source.ts'

export type SourceFormat = SourceOptions['format']
export type Delimited = Extract<SourceOptions, { format: 'delimited' }>

/** Encodings that the page offers; any other that iconv-lite knows may come out of a guess. */
export const encodings = ['utf-8', 'windows-1251', 'cp866', 'koi8-r', 'iso-8859-5', 'windows-1252', 'utf-16le', 'utf-16be'] as const

export const delimiters = [',', ';', '\t', '|', ' '] as const

/** The options in another form. What both forms know is kept; columns come from the design where the file names none. */
export function inFormat(options: SourceOptions, format: SourceFormat, design: CardDesign | undefined): SourceOptions {
  if (options.format === format) return options
  const { encoding } = options
  const skipLines = options.format === 'dcc' ? 0 : options.skipLines
  switch (format) {
    case 'delimited':
      return { format, encoding, delimiter: ',', quote: '"', header: true, skipLines }
    case 'fixed':
      return { format, encoding, columns: fixedColumnsFor(design), skipLines }
    case 'dcc':
      return { format, encoding, lines: lineNamesFor(design) }
  }
}

/** One column after the other, each as long as the design's example. */
function fixedColumnsFor(design: CardDesign | undefined): FixedColumn[] {
  let start = 1
  const columns = (design?.columns ?? []).map(({ name, example }) => {
    const column = { name, start, length: Math.max(1, example.length) }
    start += column.length
    return column
  })
  return columns.length > 0 ? columns : [{ name: '1', start: 1, length: 20 }]
}

/** Columns of the design but those that a `#DCC#` file has by its own names. */
function lineNamesFor(design: CardDesign | undefined): string[] {
  const names = (design?.columns ?? []).map((column) => column.name).filter((name) => !/^(track[123]|compareTrack2)$/i.test(name))
  return names.length > 0 ? names : ['1']
}

/** With a header the file names its columns itself; without, the design's names are a start. */
export function withHeader(options: Delimited, header: boolean, design: CardDesign | undefined): SourceOptions {
  const { columns: _, ...rest } = options
  if (header) return { ...rest, header }
  const names = (design?.columns ?? []).map((column) => column.name)
  return { ...rest, header, ...(names.length > 0 && { columns: names }) }
}

/** Names as they are typed, separated by commas; undefined where one of them is empty or too long. */
export function namesOf(text: string): string[] | undefined {
  const names = text.split(',').map((name) => name.trim())
  return names.every((name) => name.length >= 1 && name.length <= 80) ? names : undefined
}

/** The column after the last one. */
export function nextFixedColumn(columns: readonly FixedColumn[]): FixedColumn {
  const start = Math.max(1, ...columns.map((column) => column.start + column.length))
  return { name: String(columns.length + 1), start, length: 10 }
}

/** A job's name out of the file's: without its ending. */
export function jobNameOf(fileName: string): string {
  return fileName.replace(/\.[^.]{1,5}$/, '').slice(0, 120) || fileName.slice(0, 120)
}
