/** Parsers speak of malformed data by CardwrightError; a card has a status word for it, or does without. */
import { CardwrightError } from '#shared/cardwright-error.ts'
import { CardStatus } from '../application.ts'

/** Throws CardStatus 6A80 for malformed data. */
export function wellFormed<Result>(parse: () => Result): Result {
  try {
    return parse()
  } catch (thrown) {
    if (thrown instanceof CardwrightError) throw new CardStatus(0x6a80)
    throw thrown
  }
}

/** Undefined for malformed data. */
export function unlessMalformed<Result>(parse: () => Result): Result | undefined {
  try {
    return parse()
  } catch (thrown) {
    if (thrown instanceof CardwrightError) return undefined
    throw thrown
  }
}
