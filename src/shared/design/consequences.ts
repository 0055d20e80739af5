/** One wrong value can be wrong in many places: a record's mistakes without those that only follow from others of it. */
import type { Mistake } from './mistake.ts'

/** The column's value is not what it should be: whatever is made from it is wrong too. */
const spoiling = /^data\.(empty|not-digits|number-|date-|expiry-unreadable|text-too-long|frame-character|character-not-on-wheel|track-character)/
const aboutCharacters = /^data\.(frame-character|character-not-on-wheel|track-character)$/
/** Says of the column's characters what a line or a track would say of them again. */
const sayingCharacters = /^data\.(number-characters|not-digits)$/
/** Without a number, or an expiry where there is one, no financial track has its form. */
const unforming = /^data\.(number-empty|number-characters|date-|expiry-unreadable)/
/** Says again that there is nothing. */
const empty = /^data\.(line|number|track)-empty$/
const derived = /^data\.(line-empty|number-empty|number-differs|expiry-|track-)/

/** Removes consequences and repetitions from the mistakes that stand from `from` on. */
export function dropConsequences(mistakes: Mistake[], from: number): void {
  const own = mistakes.slice(from)
  const spoiled = new Set(own.filter((mistake) => spoiling.test(mistake.code)).flatMap(columnsOf))
  const characters = new Set(own.filter((mistake) => sayingCharacters.test(mistake.code)).flatMap(columnsOf))
  const formless = own.some((mistake) => unforming.test(mistake.code))
  const missing = new Set(own.filter((mistake) => mistake.code === 'data.empty').flatMap(columnsOf))
  const told = new Set<string>()
  const touched = new Set<string>()
  mistakes.length = from
  for (const mistake of own) {
    const columns = columnsOf(mistake)
    const code = aboutCharacters.test(mistake.code) ? 'character' : mistake.code
    const keys = (columns.length > 0 ? columns : ['']).map((column) => `${code}|${column}|${code === 'character' ? '' : (mistake.values?.['field'] ?? '')}`)
    const follows =
      keys.some((key) => told.has(key)) ||
      (code === 'character' && columns.some((column) => characters.has(column))) ||
      (code === 'data.track-form' && formless) ||
      (empty.test(code) && columns.some((column) => missing.has(column))) ||
      (derived.test(mistake.code) && !spoiling.test(mistake.code) && columns.some((column) => spoiled.has(column))) ||
      (mistake.code === 'data.track-name-length' && columns.some((column) => touched.has(column)))
    if (follows) continue
    keys.forEach((key) => told.add(key))
    columns.forEach((column) => touched.add(column))
    mistakes.push(mistake)
  }
}

function columnsOf(mistake: Mistake): string[] {
  return mistake.column === undefined ? [] : mistake.column.split(', ')
}
