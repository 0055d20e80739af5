/** What a design makes of one sample record on one machine: the card's picture, each line's room, and every mistake. */
import type { CardPreview } from '#shared/job/job.ts'
import type { DeviceLimits } from '#shared/device/limits.ts'
import { trackCapacity } from '#shared/card/track.ts'
import { checkDesign, lineRoom } from '#shared/design/check.ts'
import type { LineRoom } from '#shared/design/check.ts'
import { trackKeys } from '#shared/design/design.ts'
import type { CardDesign, TrackKey } from '#shared/design/design.ts'
import { expressionMistake, evaluate } from '#shared/design/expression/compile.ts'
import { fontMeasure } from '#shared/design/fonts.ts'
import type { FontMeasure } from '#shared/design/fonts.ts'
import type { Mistake } from '#shared/design/mistake.ts'
import { parseDesign } from '#shared/design/parse-design.ts'
import { previewOf } from '#shared/design/preview.ts'
import { createRecordChecker } from '#shared/design/record-check.ts'
import { assembleCard, bindDesign } from '#shared/design/render.ts'
import type { BoundDesign, BoundExpression } from '#shared/design/render.ts'
import { withExpressions } from './document.ts'

export interface JudgedLine {
  readonly font: FontMeasure
  /** The sample's text, masked as every screen masks it. */
  readonly text: string
  readonly room: LineRoom
  readonly mistakes: readonly Mistake[]
}

export interface JudgedTrack {
  readonly track: number
  readonly key: TrackKey
  readonly text: string
  readonly length: number
  readonly capacity: number
  readonly mistakes: readonly Mistake[]
}

export interface Judgement {
  readonly lines: readonly JudgedLine[]
  readonly tracks: readonly JudgedTrack[]
  readonly preview: CardPreview
  /** YYMM as the design computes it; empty where it has none. */
  readonly expiry: string
  /** The track that the blank has to carry, masked. */
  readonly compareTrack2: string
  /** Of the document, of the machine, of the sample; in this order. */
  readonly mistakes: readonly Mistake[]
}

export type Sample = ReadonlyMap<string, string>

/** The examples of the design's columns, over them what was typed. */
export function sampleRow(design: CardDesign, typed: Sample): string[] {
  return design.columns.map((column) => typed.get(column.name) ?? column.example)
}

export function judge(design: CardDesign, limits: DeviceLimits | undefined, typed: Sample, today: string): Judgement {
  const reading = parseDesign(design)
  // An expression that can't be read yet stands for an empty text, so that the rest of the card stays in sight.
  const sound = reading.ok ? design : withExpressions(design, (expression) => (expressionMistake(expression) === undefined ? expression : '""'))
  const columns = sound.columns.map((column) => column.name)
  const row = sampleRow(sound, typed)
  const bound = bindDesign(sound, columns)
  const recordMistakes: Mistake[] = []
  if (reading.ok) createRecordChecker(sound, columns, { limits, today }).check(row, 1, recordMistakes)
  const mistakes = [...(reading.ok ? [] : reading.mistakes), ...checkDesign(sound, limits), ...recordMistakes.map(withoutPlace)]
  const prepared = assembleCard(sound, textsOf(bound, row))
  const preview = previewOf(prepared, limits?.fonts)
  const compared = previewOf({ ...prepared, tracks: { track2: prepared.compareTrack2 ?? '' } }).tracks
  return {
    lines: sound.lines.map((line, index) => ({
      font: fontMeasure(line.font, limits?.fonts),
      text: preview.lines.find((shown) => shown.field === line.field)?.text ?? '',
      room: lineRoom(sound, line, limits),
      mistakes: mistakes.filter((mistake) => concernsLine(mistake, index, line.field)),
    })),
    tracks: trackKeys.flatMap((key, index) => {
      const track = index + 1
      if (sound.tracks[key] === undefined) return []
      const text = preview.tracks.find((shown) => shown.track === track)?.text ?? ''
      const capacity = trackCapacity(track as 1 | 2 | 3)
      return [{ track, key, text, length: text.length, capacity, mistakes: mistakes.filter((mistake) => concernsTrack(mistake, key, track)) }]
    }),
    preview,
    expiry: textOf(bound.expiry, row),
    compareTrack2: compared[0]?.text ?? '',
    mistakes,
  }
}

function textOf(expression: BoundExpression | undefined, row: readonly string[]): string {
  if (expression === undefined) return ''
  const value = evaluate(expression, row)
  return typeof value === 'string' ? value : ''
}

function textsOf(bound: BoundDesign, row: readonly string[]): string[] {
  const tracks = trackKeys.map((key) => textOf(bound.tracks.find((track) => track.key === key)?.text, row))
  return [textOf(bound.number, row), ...bound.lines.map((line) => textOf(line.text, row)), ...tracks, textOf(bound.compareTrack2, row)]
}

/** A sample has no line and no file: only the column tells where. */
function withoutPlace({ place: _, line: __, ...mistake }: Mistake): Mistake {
  return mistake
}

function concernsLine(mistake: Mistake, index: number, field: string): boolean {
  return mistake.place?.startsWith(`lines[${index}]`) === true || mistake.values?.['field'] === field || mistake.values?.['other'] === field
}

function concernsTrack(mistake: Mistake, key: TrackKey, track: number): boolean {
  return mistake.place?.startsWith(`tracks.${key}`) === true || mistake.values?.['track'] === track
}
