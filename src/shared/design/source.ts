/** How a source file is to be read. The screen sends it, the guess fills it in. */
import { z } from 'zod'

/** Any name that iconv-lite knows: `utf-8`, `utf-16le`, `windows-1251`, `cp866`, …; the core refuses others. */
const Encoding = z.string().min(1).max(40).regex(/^[A-Za-z0-9:._-]+$/)
const ColumnNames = z.array(z.string().min(1).max(80)).min(1).max(200)

export const FixedColumn = z.strictObject({
  name: z.string().min(1).max(80),
  /** First character of the column, from 1, and the number of its characters. */
  start: z.number().int().min(1).max(10_000),
  length: z.number().int().min(1).max(10_000),
})
export type FixedColumn = z.infer<typeof FixedColumn>

export const SourceOptions = z.discriminatedUnion('format', [
  z.strictObject({
    format: z.literal('delimited'),
    encoding: Encoding,
    delimiter: z.string().length(1).regex(/[^"'\r\n]/),
    /** Null: quotes are characters like any other. */
    quote: z.enum(['"', "'"]).nullable(),
    /** The first line names the columns. */
    header: z.boolean(),
    /** Names in the order of the columns, where the file does not name them; without both, they are `1`, `2`, …. */
    columns: ColumnNames.optional(),
    /** Lines before the header or the first record that are not read. */
    skipLines: z.number().int().min(0).max(1000),
  }),
  z.strictObject({
    format: z.literal('fixed'),
    encoding: Encoding,
    columns: z.array(FixedColumn).min(1).max(200),
    skipLines: z.number().int().min(0).max(1000),
  }),
  /** One card a line, in the syntax of the machine: `#DCC##EMB#number"name"#ENC#;track2?#END#@@@@@@`. */
  z.strictObject({
    format: z.literal('dcc'),
    encoding: Encoding,
    /** Names of the embossed lines in their order. The tracks are always `track1`, `track2`, `track3` and `compareTrack2`. */
    lines: ColumnNames,
  }),
])
export type SourceOptions = z.infer<typeof SourceOptions>

/** A guess, and how sure it is, so that the screen can say so. */
export const SourceGuess = z.object({
  options: SourceOptions,
  encodingCertainty: z.enum(['certain', 'likely', 'unsure']),
})
export type SourceGuess = z.infer<typeof SourceGuess>
