/** Dates of source files: patterns of `DD`, `MM`, `YY` and `YYYY` with separators between them, read and written. */

export interface CalendarDate {
  readonly year: number
  readonly month: number
  /** Undefined where the source tells a month only, as on a card. */
  readonly day: number | undefined
}

export interface DatePattern {
  readonly text: string
  readonly read: (text: string) => CalendarDate | undefined
  readonly write: (date: CalendarDate) => string
  readonly hasDay: boolean
}

export type DateReading = CalendarDate | 'unreadable' | 'ambiguous' | 'impossible'

/** Compiles a pattern such as `MM/YY`; undefined where it names something else, a part twice, or no year or month. */
export function datePattern(text: string): DatePattern | undefined {
  const parts = text.match(/DD|MM|YYYY|YY|[^A-Za-z0-9]+/g)
  if (parts === null || parts.join('') !== text) return undefined
  const has = (part: string): number => parts.filter((candidate) => candidate === part).length
  if (has('MM') !== 1 || has('YY') + has('YYYY') !== 1 || has('DD') > 1) return undefined
  const expression = new RegExp(`^${parts.map(partExpression).join('')}$`)
  return {
    text,
    hasDay: has('DD') === 1,
    read: (source) => {
      const groups = expression.exec(source)?.groups
      if (groups === undefined) return undefined
      // A card's two-digit year is of this century (ISO/IEC 7813 has no other way to tell).
      return {
        year: groups['YYYY'] === undefined ? 2000 + Number(groups['YY']) : Number(groups['YYYY']),
        month: Number(groups['MM']),
        day: groups['DD'] === undefined ? undefined : Number(groups['DD']),
      }
    },
    write: (date) => parts.map((part) => writePart(part, date)).join(''),
  }
}

function partExpression(part: string): string {
  if (part === 'YYYY') return '(?<YYYY>\\d{4})'
  if (/^[A-Z]+$/.test(part)) return `(?<${part}>\\d\\d)`
  return part.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&')
}

function writePart(part: string, date: CalendarDate): string {
  if (part === 'YYYY') return String(date.year).padStart(4, '0')
  if (part === 'YY') return String(date.year % 100).padStart(2, '0')
  if (part === 'MM') return String(date.month).padStart(2, '0')
  if (part === 'DD') return String(date.day ?? 1).padStart(2, '0')
  return part
}

/** Patterns that mean one date alone, whoever wrote them. Four bare digits are YYMM to one bureau and MMYY to another. */
const unmistakable = ['YYYY-MM-DD', 'YYYY-MM', 'DD.MM.YYYY', 'MM.YYYY', 'MM/YYYY', 'MM/YY', 'YYYYMMDD'].map((text) => {
  const pattern = datePattern(text)
  if (pattern === undefined) throw new RangeError(text)
  return pattern
})


/** Reads a date by its pattern, or where none is given by one of the patterns that can't be mistaken. */
export function readDate(text: string, pattern?: DatePattern): DateReading {
  let date = pattern?.read(text)
  if (pattern === undefined) {
    for (const candidate of unmistakable) if ((date = candidate.read(text)) !== undefined) break
    if (date === undefined && /^\d{4}$|^\d{6}$|^\d\d?[/.-](\d\d?[/.-])?\d{2,4}$/.test(text)) return 'ambiguous'
  }
  if (date === undefined) return 'unreadable'
  return isReal(date) ? date : 'impossible'
}

function isReal({ year, month, day }: CalendarDate): boolean {
  if (month < 1 || month > 12 || year < 1) return false
  return day === undefined || (day >= 1 && day <= daysIn(year, month))
}

function daysIn(year: number, month: number): number {
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
  return [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0
}
