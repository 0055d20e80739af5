/** From a design and a row to the texts of one card, and from the texts to the card itself. Pure, and made for speed. */
import type { PreparedCard, PreparedLine, PreparedTracks } from '../card/prepared.ts'
import type { PreparedChip } from '../chip/prepared-chip.ts'
import { bindChip, type BoundChip } from './chip-data.ts'
import { columnFinder, sameColumn } from './columns.ts'
import type { CardDesign, DesignLine, DesignTrack } from './design.ts'
import { trackKeys, type TrackKey } from './track-keys.ts'
import { compileExpression, expressionColumns, type CompiledExpression } from './expression/compile.ts'
import type { Visibility } from './tell.ts'

/**
 * The texts of one card, in the order of the design: the number, one text a line (empty where the line is left out), tracks
 * 1 to 3, and the track to compare with; empty where the design has none. Where it has a chip, its data follow as JSON. What is the same for every card of a batch is not
 * in it, so that a million of them travel between threads as plain strings.
 */
export type CardTexts = readonly string[]

export interface BoundExpression extends CompiledExpression {
  /** What its text may show of itself in a message. */
  readonly visibility: Visibility
  /** Its columns as messages name them. */
  readonly column: string | undefined
}

export interface BoundDesign {
  readonly design: CardDesign
  /** Columns of the file, by index. */
  readonly columns: readonly string[]
  readonly indexOf: (column: string) => number | undefined
  readonly visibilityOf: (column: string) => Visibility
  readonly number: BoundExpression
  readonly expiry: BoundExpression | undefined
  readonly lines: readonly { readonly line: DesignLine; readonly text: BoundExpression }[]
  readonly tracks: readonly { readonly track: 1 | 2 | 3; readonly key: TrackKey; readonly design: DesignTrack; readonly text: BoundExpression }[]
  readonly compareTrack2: BoundExpression | undefined
  readonly chip: BoundChip | undefined
}

/** Binds a design to the columns of one file. The design is one that `parseDesign` has accepted. */
export function bindDesign(design: CardDesign, columns: readonly string[]): BoundDesign {
  const indexOf = columnFinder(columns)
  const numberColumns = expressionColumns(design.number.text)
  const visibilityOf = (name: string): Visibility => {
    if (design.columns.some((column) => column.secret === true && sameColumn(column.name, name))) return 'secret'
    return numberColumns.some((column) => sameColumn(column, name)) ? 'number' : 'plain'
  }
  const scope = { indexOf, shared: new Map() }
  const bind = (source: string): BoundExpression => {
    const compiled = compileExpression(source, scope)
    if (!compiled.ok) throw new RangeError(compiled.mistake.code)
    const seen = compiled.expression.columns.map(visibilityOf)
    const visibility = seen.includes('secret') ? 'secret' : seen.includes('number') ? 'number' : 'plain'
    return { ...compiled.expression, visibility, column: compiled.expression.columns.join(', ') || undefined }
  }
  return {
    design,
    columns,
    indexOf,
    visibilityOf,
    number: bind(design.number.text),
    expiry: design.expiry === undefined ? undefined : bind(design.expiry.text),
    lines: design.lines.map((line) => ({ line, text: bind(line.text) })),
    tracks: trackKeys.flatMap((key, index) => {
      const track = design.tracks[key]
      return track === undefined ? [] : [{ track: (index + 1) as 1 | 2 | 3, key, design: track, text: bind(track.text) }]
    }),
    compareTrack2: design.compareTrack2 === undefined ? undefined : bind(design.compareTrack2),
    chip: design.chip === undefined ? undefined : bindChip(design.chip, bind),
  }
}

/** The card of these texts, which begin at `from`. Lines without text are left out. */
export function assembleCard(design: CardDesign, texts: CardTexts, from = 0): PreparedCard {
  const lines: PreparedLine[] = []
  const count = design.lines.length
  for (let index = 0; index < count; index++) {
    const text = texts[from + index + 1]
    const line = design.lines[index]
    if (line === undefined || text === undefined || text === '') continue
    lines.push({ field: line.field, kind: line.kind, side: line.side, font: line.font, x: line.x, y: line.y, text })
  }
  const tracks: PreparedTracks = {}
  trackKeys.forEach((key, index) => {
    const text = texts[from + count + 1 + index]
    if (design.tracks[key] !== undefined && text !== undefined) tracks[key] = text
  })
  const prepared: PreparedCard = { number: texts[from] ?? '', lines, tracks, topping: design.topping }
  const compare = texts[from + count + 4]
  if (design.compareTrack2 !== undefined && compare !== undefined) prepared.compareTrack2 = compare
  const chip = design.chip === undefined ? undefined : texts[from + count + 5]
  if (chip !== undefined && chip !== '') prepared.chip = JSON.parse(chip) as PreparedChip
  return prepared
}
