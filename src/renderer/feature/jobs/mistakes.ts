/** The mistakes of a file as the import page lists them: grouped by rule, filtered, and written as a CSV file. */
import type { Mistake } from '#shared/contract/calls.ts'

export interface RuleGroup {
  /** The rule's code. */
  readonly rule: string
  readonly count: number
}

/** How often each rule is broken among `mistakes`: the most frequent first, equal ones by code. */
export function rulesOf(mistakes: readonly Mistake[]): RuleGroup[] {
  const counts = new Map<string, number>()
  for (const { code } of mistakes) counts.set(code, (counts.get(code) ?? 0) + 1)
  return [...counts].map(([rule, count]) => ({ rule, count })).toSorted((a, b) => b.count - a.count || (a.rule < b.rule ? -1 : 1))
}

/** Mistakes in the order of the file; those of no line (the file, the design) come first. */
export function inFileOrder(mistakes: readonly Mistake[]): Mistake[] {
  return mistakes.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? '').localeCompare(b.column ?? ''))
}

export interface MistakeWords {
  what: string
  do: string
}

/** The mistakes of one rule (or all), whose line, column or sentence holds `find`. */
export function filterMistakes(
  mistakes: readonly Mistake[],
  { rule, find }: { rule: string | undefined; find: string },
  wordsOf: (mistake: Mistake) => MistakeWords,
): Mistake[] {
  const sought = find.trim().toLocaleLowerCase()
  return mistakes.filter((mistake) => {
    if (rule !== undefined && mistake.code !== rule) return false
    if (sought === '') return true
    if (String(mistake.line ?? '') === sought) return true
    const { what } = wordsOf(mistake)
    return `${mistake.column ?? ''} ${what}`.toLocaleLowerCase().includes(sought)
  })
}

/** A CSV file (RFC 4180) that a spreadsheet opens in the right encoding: it begins with a byte order mark. */
export function mistakesCsv(mistakes: readonly Mistake[], headings: readonly string[], wordsOf: (mistake: Mistake) => MistakeWords): string {
  const rows = mistakes.map((mistake) => {
    const words = wordsOf(mistake)
    return [String(mistake.line ?? ''), mistake.column ?? '', words.what, words.do, mistake.code]
  })
  return '\uFEFF' + [headings, ...rows].map((row) => row.map(csvCell).join(',') + '\r\n').join('')
}

/** A value of the file may begin like a formula: a spreadsheet has to take it for text. */
function csvCell(value: string): string {
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
