/** The mistakes of a file as the import page lists them: grouped by rule, filtered, and written as a CSV file. */
import type { Mistake } from '#shared/contract/calls.ts'

export interface RuleGroup {
  /** The rule's code. */
  readonly rule: string
  /** In the order of the file; those of no line (the file, the design) come first. */
  readonly mistakes: readonly Mistake[]
}

/** Mistakes by the rule that each breaks: the most frequent rule first, equal ones by code. */
export function groupsOf(mistakes: readonly Mistake[]): RuleGroup[] {
  const groups = new Map<string, Mistake[]>()
  for (const mistake of inFileOrder(mistakes)) groups.set(mistake.code, [...(groups.get(mistake.code) ?? []), mistake])
  return [...groups]
    .map(([rule, broken]) => ({ rule, mistakes: broken }))
    .toSorted((a, b) => b.mistakes.length - a.mistakes.length || (a.rule < b.rule ? -1 : 1))
}

export function inFileOrder(mistakes: readonly Mistake[]): Mistake[] {
  return mistakes.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? '').localeCompare(b.column ?? ''))
}

export interface MistakeWords {
  what: string
  do: string
}

/** The mistakes whose line is `find`, or whose column, sentence or rule holds it. */
export function filterMistakes(mistakes: readonly Mistake[], find: string, wordsOf: (mistake: Mistake) => MistakeWords): readonly Mistake[] {
  const sought = find.trim().toLocaleLowerCase()
  if (sought === '') return mistakes
  return mistakes.filter((mistake) => {
    if (String(mistake.line ?? '') === sought) return true
    const { what } = wordsOf(mistake)
    return `${mistake.column ?? ''} ${what} ${mistake.code}`.toLocaleLowerCase().includes(sought)
  })
}

/** A CSV file (RFC 4180) that a spreadsheet opens in the right encoding: it begins with a byte order mark. */
export function mistakesCsv(mistakes: readonly Mistake[], headings: readonly string[], wordsOf: (mistake: Mistake) => MistakeWords): string {
  const rows = inFileOrder(mistakes).map((mistake) => {
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
