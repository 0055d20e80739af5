/** A whole source file checked: prepared cards, and every mistake. Nothing is imported here; the store commits, or does not. */
import type { PreparedCard } from '#shared/card/prepared.ts'
import type { CardDesign } from '#shared/design/design.ts'
import type { Mistake } from '#shared/design/mistake.ts'
import { recordMistake } from '#shared/design/tell.ts'
import { assembleCard } from '#shared/design/render.ts'
import type { SourceOptions } from '#shared/design/source.ts'
import { createPreparation, type Preparation, type PreparationContext, type PreparedTexts } from '#main/prep/prepare.ts'
import { readSource } from './read-source.ts'

/** Mistakes that are told one by one; beyond them they are counted. */
export const reportedMistakes = 1000

export interface CheckProgress {
  readonly columns: readonly string[]
  /** Mistakes of these records, as far as `reportedMistakes` goes over the whole file. */
  readonly mistakes: readonly Mistake[]
  /** Mistakes of the file so far, reported or not. */
  readonly mistakeCount: number
  /** Records read so far, good or not. */
  readonly records: number
  /** Bytes read so far. */
  readonly bytes: number
}

export interface CheckedTexts extends CheckProgress {
  readonly cards: readonly PreparedTexts[]
}

export interface CheckedBatch extends CheckProgress {
  /** Cards without a mistake, 1,000 at most. The file is good when its last batch counts no mistakes. */
  readonly cards: readonly { readonly line: number; readonly card: PreparedCard }[]
}

/**
 * Reads and checks a file. There is always a last batch; the file as a whole is accepted where its `mistakeCount` is 0.
 * @throws CardwrightError where the file can't be read at all (`intake.*`) or the design does not fit the machine (`design.*`)
 */
export async function* checkFile(
  bytes: AsyncIterable<Uint8Array>,
  options: SourceOptions,
  design: CardDesign,
  context: PreparationContext,
): AsyncGenerator<CheckedBatch> {
  for await (const batch of checkTexts(bytes, options, design, context)) yield withCards(design, batch)
}

export function withCards(design: CardDesign, batch: CheckedTexts): CheckedBatch {
  return { ...batch, cards: batch.cards.map(({ line, texts }) => ({ line, card: assembleCard(design, texts) })) }
}

/** As `checkFile`, with the cards as texts, which travel between threads for less. */
export async function* checkTexts(
  bytes: AsyncIterable<Uint8Array>,
  options: SourceOptions,
  design: CardDesign,
  context: PreparationContext,
): AsyncGenerator<CheckedTexts> {
  let preparation: Preparation | undefined
  let records = 0
  let mistakeCount = 0
  let reported = 0
  const report = (batch: { columns: readonly string[]; bytes: number }, cards: readonly PreparedTexts[], found: readonly Mistake[]): CheckedTexts => {
    const mistakes = found.slice(0, reportedMistakes - reported)
    mistakeCount += found.length
    reported += mistakes.length
    return { columns: batch.columns, cards, mistakes, mistakeCount, records, bytes: batch.bytes }
  }
  let last: { columns: readonly string[]; bytes: number } = { columns: [], bytes: 0 }
  for await (const batch of readSource(bytes, options)) {
    last = batch
    const mistakes: Mistake[] = [...batch.mistakes]
    if (preparation === undefined) {
      preparation = createPreparation(design, batch.columns, context)
      mistakes.push(...preparation.columnMistakes)
    }
    records += batch.records.length + batch.mistakes.length
    // Without its columns every record of a file would be told to be empty: the file's mistake is told alone.
    const lacksColumns = preparation.columnMistakes.length > 0
    const cards = lacksColumns ? [] : await preparation.prepare(batch.records, mistakes)
    if (mistakes.length > 1) mistakes.sort((one, other) => (one.line ?? 0) - (other.line ?? 0))
    yield report(batch, cards, mistakes)
  }
  if (records === 0) yield report(last, [], [recordMistake('data.no-records', 1, undefined, {})])
}
