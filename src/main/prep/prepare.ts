/**
 * Data preparation of a batch: records and a design become prepared cards, with nothing left to decide. What a single record
 * tells is checked by the design's own rules (`#shared/design`); what only the batch and the cards ever issued tell is
 * checked here: that no number is made twice.
 */
import { CardwrightError } from '#shared/cardwright-error.ts'
import type { Fault } from '#shared/faults.ts'
import type { DeviceLimits } from '#shared/device/limits.ts'
import { checkDesign } from '#shared/design/check.ts'
import type { CardDesign } from '#shared/design/design.ts'
import type { Mistake } from '#shared/design/mistake.ts'
import { maskedValue, recordMistake } from '#shared/design/tell.ts'
import { createRecordChecker } from '#shared/design/record-check.ts'
import type { CardTexts } from '#shared/design/render.ts'
import { createCompactSet } from './compact-set.ts'

/** Tells which of these numbers were issued before, by their index. */
export type IssuedNumbers = (numbers: readonly string[]) => Promise<readonly number[]>

export interface PreparationContext {
  /** The machine that will make the cards; without it only what holds for every machine is checked. */
  readonly limits?: DeviceLimits | undefined
  /** `YYYY-MM-DD`. */
  readonly today: string
  readonly issued?: IssuedNumbers | undefined
}

/** A card that passed, as texts (see `assembleCard`), with its line in the file. */
export interface PreparedTexts {
  readonly line: number
  readonly texts: CardTexts
}

export interface Preparation {
  readonly columnMistakes: readonly Mistake[]
  /** Prepares the records of one batch; mistakes are appended in the order of the lines. */
  readonly prepare: (records: readonly { line: number; values: readonly string[] }[], mistakes: Mistake[]) => Promise<PreparedTexts[]>
}

/**
 * A design made ready for a file of these columns.
 * @throws CardwrightError with every fault of the design on this machine (`design.*`, class data)
 */
export function createPreparation(design: CardDesign, columns: readonly string[], context: PreparationContext): Preparation {
  const [first, ...others]: Fault[] = checkDesign(design, context.limits)
  if (first !== undefined) throw new CardwrightError([first, ...others])
  const checker = createRecordChecker(design, columns, context)
  const numbers = createCompactSet()
  const numberColumn = checker.bound.number.columns.join(', ') || undefined

  const twice = (number: string, line: number, mistakes: Mistake[]): void => {
    const firstLine = numbers.add(number, line)
    if (firstLine > 0) mistakes.push(recordMistake('data.duplicate-number', line, numberColumn, { value: maskedValue(number, 'number'), first: firstLine }))
  }

  return {
    columnMistakes: checker.columnMistakes,
    prepare: async (records, mistakes) => {
      const cards: PreparedTexts[] = []
      for (const { line, values } of records) {
        const before = mistakes.length
        const texts = checker.check(values, line, mistakes)
        const [number = ''] = texts
        if (number !== '') twice(number, line, mistakes)
        if (mistakes.length === before) cards.push({ line, texts })
      }
      if (context.issued === undefined || cards.length === 0) return cards
      const issued = new Set(await context.issued(cards.map((card) => card.texts[0] ?? '')))
      if (issued.size === 0) return cards
      for (const index of issued) {
        const card = cards[index]
        if (card !== undefined) mistakes.push(recordMistake('data.already-issued', card.line, numberColumn, { value: maskedValue(card.texts[0] ?? '', 'number') }))
      }
      return cards.filter((_, index) => !issued.has(index))
    },
  }
}
