/**
 * The functions of the language, each with its documentation. The table is the only list: the compiler, the designer's
 * help and `docs/card-designs.md` all read it (texts: `function.<name>` in the catalogues).
 */
import { groupNumber } from '../../card/number.ts'
import { compressed, dataGrouping, dataObject, hexOfText, isTag, numeric, track2Equivalent } from './bytes.ts'
import { Unfit } from './unfit.ts'
import { datePattern, readDate, type DatePattern } from './dates.ts'
import { shortenName, trackName, transliterate } from './names.ts'

/** What an argument has to be. All but `text` are written out in the design and checked when it is loaded. */
export type ArgumentKind = 'text' | 'length' | 'position' | 'index' | 'character' | 'fixed' | 'pattern' | 'groups' | 'tag' | 'dgi'

export type FunctionName =
  | 'compact' | 'digits' | 'group' | 'upper' | 'lower' | 'transliterate' | 'unaccent' | 'trim' | 'replace' | 'left' | 'right' | 'mid' | 'before' | 'after'
  | 'word' | 'padLeft' | 'padRight' | 'date' | 'ifEmpty' | 'joinWith' | 'shorten' | 'trackName'
  | 'hex' | 'numeric' | 'compressed' | 'track2' | 'tlv' | 'grouping'

export interface FunctionEntry {
  readonly name: FunctionName
  readonly parameters: readonly { readonly name: string; readonly kind: ArgumentKind; readonly optional?: true; readonly repeated?: true }[]
  /** An expression over literals and what it makes: shown as the example, and run by the tests. */
  readonly example: { readonly expression: string; readonly result: string }
}

const text = { name: 'text', kind: 'text' } as const

export const functions: readonly FunctionEntry[] = [
  { name: 'compact', parameters: [text], example: { expression: 'compact("4000 0012-3456 7899")', result: '4000001234567899' } },
  { name: 'digits', parameters: [text], example: { expression: 'digits("4000-0012 3456")', result: '400000123456' } },
  {
    name: 'group',
    parameters: [text, { name: 'groups', kind: 'groups', optional: true }],
    example: { expression: 'group("4000001234567899")', result: '4000 0012 3456 7899' },
  },
  { name: 'upper', parameters: [text], example: { expression: 'upper("Ivan Petrov")', result: 'IVAN PETROV' } },
  { name: 'lower', parameters: [text], example: { expression: 'lower("IVAN")', result: 'ivan' } },
  { name: 'transliterate', parameters: [text], example: { expression: 'transliterate("Юлия Щукина")', result: 'Iuliia Shchukina' } },
  { name: 'unaccent', parameters: [text], example: { expression: 'unaccent("ZOË MÜLLER")', result: 'ZOE MULLER' } },
  { name: 'trim', parameters: [text], example: { expression: 'trim("  IVAN   PETROV ")', result: 'IVAN PETROV' } },
  {
    name: 'replace',
    parameters: [text, { name: 'what', kind: 'fixed' }, { name: 'with', kind: 'fixed' }],
    example: { expression: 'replace("SAINT-PETERSBURG", "-", " ")', result: 'SAINT PETERSBURG' },
  },
  { name: 'left', parameters: [text, { name: 'length', kind: 'length' }], example: { expression: 'left("400000", 4)', result: '4000' } },
  { name: 'right', parameters: [text, { name: 'length', kind: 'length' }], example: { expression: 'right("1234567899", 4)', result: '7899' } },
  {
    name: 'mid',
    parameters: [text, { name: 'start', kind: 'position' }, { name: 'length', kind: 'length' }],
    example: { expression: 'mid("20291231", 3, 4)', result: '2912' },
  },
  {
    name: 'before',
    parameters: [text, { name: 'mark', kind: 'fixed' }],
    example: { expression: 'before("4000001234567899=2912201", "=")', result: '4000001234567899' },
  },
  { name: 'after', parameters: [text, { name: 'mark', kind: 'fixed' }], example: { expression: 'after("4000001234567899=2912201", "=")', result: '2912201' } },
  { name: 'word', parameters: [text, { name: 'number', kind: 'index' }], example: { expression: 'word("IVAN ILYICH PETROV", -1)', result: 'PETROV' } },
  {
    name: 'padLeft',
    parameters: [text, { name: 'length', kind: 'length' }, { name: 'character', kind: 'character' }],
    example: { expression: 'padLeft("4512", 8, "0")', result: '00004512' },
  },
  {
    name: 'padRight',
    parameters: [text, { name: 'length', kind: 'length' }, { name: 'character', kind: 'character' }],
    example: { expression: 'padRight("AB", 4, "-")', result: 'AB--' },
  },
  {
    name: 'date',
    parameters: [text, { name: 'to', kind: 'pattern' }, { name: 'from', kind: 'pattern', optional: true }],
    example: { expression: 'date("2912", "MM/YY", "YYMM")', result: '12/29' },
  },
  { name: 'ifEmpty', parameters: [text, { name: 'other', kind: 'text' }], example: { expression: 'ifEmpty("", "MEMBER")', result: 'MEMBER' } },
  {
    name: 'joinWith',
    parameters: [{ name: 'mark', kind: 'fixed' }, { name: 'text', kind: 'text', repeated: true }],
    example: { expression: 'joinWith(" ", "IVAN", "", "PETROV")', result: 'IVAN PETROV' },
  },
  {
    name: 'shorten',
    parameters: [text, { name: 'length', kind: 'length' }],
    example: { expression: 'shorten("ALEXANDER CHRISTOPHER MONTGOMERY", 24)', result: 'ALEXANDER C MONTGOMERY' },
  },
  { name: 'trackName', parameters: [text], example: { expression: 'trackName("IVAN I PETROV")', result: 'PETROV/IVAN I' } },
  { name: 'hex', parameters: [text], example: { expression: 'hex("IVAN")', result: '4956414E' } },
  { name: 'numeric', parameters: [text, { name: 'bytes', kind: 'length' }], example: { expression: 'numeric("826", 2)', result: '0826' } },
  {
    name: 'compressed',
    parameters: [text, { name: 'bytes', kind: 'length', optional: true }],
    example: { expression: 'compressed("400000123456789")', result: '400000123456789F' },
  },
  { name: 'track2', parameters: [text], example: { expression: 'track2("4000001234567899=2912201")', result: '4000001234567899D2912201' } },
  { name: 'tlv', parameters: [{ name: 'tag', kind: 'tag' }, { name: 'hex', kind: 'text' }], example: { expression: 'tlv("5F34", "01")', result: '5F340101' } },
  {
    name: 'grouping',
    parameters: [{ name: 'name', kind: 'dgi' }, { name: 'hex', kind: 'text' }],
    example: { expression: 'grouping("0101", tlv("70", tlv("5F34", "01")))', result: '01010670045F340101' },
  },
]

export function findFunction(name: string): FunctionEntry | undefined {
  return functions.find((entry) => entry.name === name)
}

/** `group(text, groups?)`, as the help shows it. */
export function signature(entry: FunctionEntry): string {
  const parameters = entry.parameters.map((parameter) => parameter.name + ('optional' in parameter ? '?' : '') + ('repeated' in parameter ? ', …' : ''))
  return `${entry.name}(${parameters.join(', ')})`
}

/** Whether a fixed argument is one that the function can take. */
export function argumentHolds(kind: ArgumentKind, value: string | number): boolean {
  switch (kind) {
    case 'length':
      return typeof value === 'number' && value >= 0 && value <= 200
    case 'position':
      return typeof value === 'number' && value >= 1 && value <= 10_000
    case 'index':
      return typeof value === 'number' && value !== 0 && Math.abs(value) <= 100
    case 'character':
      return typeof value === 'string' && value.length === 1
    case 'pattern':
      return typeof value === 'string' && datePattern(value) !== undefined
    case 'groups':
      return typeof value === 'string' && /^[1-9]\d?(-[1-9]\d?)*$/.test(value)
    case 'tag':
      return typeof value === 'string' && isTag(value)
    case 'dgi':
      return typeof value === 'string' && /^[0-9A-F]{4}$/.test(value)
    case 'fixed':
    case 'text':
      return typeof value === 'string'
  }
}

export type Value<Row> = (row: Row) => string

/** Builds a function's value from its arguments, which hold by `argumentHolds`. */
export function build<Row>(name: FunctionName, texts: readonly Value<Row>[], fixed: readonly (string | number)[]): Value<Row> {
  const value: Value<Row> = texts[0] ?? (() => '')
  const word = (index: number): string => String(fixed[index] ?? '')
  const count = (index: number): number => Number(fixed[index] ?? 0)
  const bounded = (row: Row): string => requireShort(value(row))
  switch (name) {
    case 'compact':
      return (row) => compact(value(row))
    case 'digits':
      return (row) => digits(value(row))
    case 'group':
      return fixed.length === 0 ? (row) => groupUsual(bounded(row)) : groupBy(bounded, word(0).split('-').map(Number))
    case 'upper':
      return (row) => value(row).toUpperCase()
    case 'lower':
      return (row) => value(row).toLowerCase()
    case 'transliterate':
      return (row) => transliterate(bounded(row))
    case 'unaccent':
      return (row) => unaccent(value(row))
    case 'trim':
      return (row) => oneSpaced(value(row))
    case 'replace':
      return word(0) === '' ? value : (row) => bounded(row).replaceAll(word(0), () => word(1))
    case 'left':
      return (row) => value(row).slice(0, count(0))
    case 'right':
      return (row) => (count(0) === 0 ? '' : value(row).slice(-count(0)))
    case 'mid':
      return (row) => value(row).slice(count(0) - 1, count(0) - 1 + count(1))
    case 'before':
      return (row) => split(value(row), word(0))[0]
    case 'after':
      return (row) => split(value(row), word(0))[1]
    case 'word':
      return (row) => value(row).split(/\s+/).filter((part) => part !== '').at(count(0) > 0 ? count(0) - 1 : count(0)) ?? ''
    case 'padLeft':
      return (row) => value(row).padStart(count(0), word(1))
    case 'padRight':
      return (row) => value(row).padEnd(count(0), word(1))
    case 'date':
      return dateValue(value, word(0), fixed[1] === undefined ? undefined : word(1))
    case 'ifEmpty':
      return (row) => value(row) || (texts[1]?.(row) ?? '')
    case 'joinWith':
      return (row) => texts.map((part) => part(row)).filter((part) => part !== '').join(word(0))
    case 'shorten':
      return (row) => shortenName(value(row), count(0))
    case 'trackName':
      return (row) => trackName(value(row))
    case 'hex':
      return (row) => hexOfText(bounded(row))
    case 'numeric':
      return (row) => numeric(bounded(row), count(0))
    case 'compressed':
      return (row) => compressed(bounded(row), fixed.length === 0 ? undefined : count(0))
    case 'track2':
      return (row) => track2Equivalent(bounded(row))
    case 'tlv':
      return (row) => dataObject(word(0), bounded(row))
    case 'grouping':
      return (row) => dataGrouping(word(0), bounded(row))
  }
}

const longestText = 10_000

/** Keeps functions that make a text longer from being piled up until memory ends. */
function requireShort(value: string): string {
  if (value.length > longestText) throw new Unfit('data.text-too-long', { maximum: longestText })
  return value
}

/** Without the spaces and hyphens that group a number; whatever else is in it stays, and is seen by the checks. */
function compact(value: string): string {
  for (let index = 0; index < value.length; index++) {
    const code = value.charCodeAt(index)
    if (code === 32 || code === 45) return value.replace(/[ -]/g, '')
  }
  return value
}

/** Letters without the marks above and below them, as Unicode takes them apart; Й and Ё are letters of their own. */
function unaccent(value: string): string {
  if (/^[\x00-\x7f]*$/.test(value)) return value
  return value.replace(/[^ЙйЁё]/gu, (character) => character.normalize('NFD').replace(/\p{M}/gu, ''))
}

function digits(value: string): string {
  for (let index = 0; index < value.length; index++) {
    const code = value.charCodeAt(index)
    if (code < 48 || code > 57) return value.replace(/[^0-9]/g, '')
  }
  return value
}

/** Groups a number as embossed; sixteen digits, which most have, without a regular expression. */
function groupUsual(number: string): string {
  if (number.length !== 16) return groupNumber(number)
  return `${number.slice(0, 4)} ${number.slice(4, 8)} ${number.slice(8, 12)} ${number.slice(12)}`
}

/** No space at the ends and one between words; most values are so already. */
function oneSpaced(value: string): string {
  let before = 32
  for (let index = 0; index < value.length; index++) {
    const code = value.charCodeAt(index)
    if (code < 32 || (code === 32 && before === 32) || (code > 126 && code < 192) || code > 0x1fff) return respaced(value)
    before = code
  }
  return before === 32 ? respaced(value) : value
}

function respaced(value: string): string {
  return value.trim().replace(/\s{2,}|[^\S ]/g, ' ')
}

/** Text before and after the first `mark`; a text without it stands before. */
function split(value: string, mark: string): [string, string] {
  const at = mark === '' ? -1 : value.indexOf(mark)
  return at < 0 ? [value, ''] : [value.slice(0, at), value.slice(at + mark.length)]
}

function groupBy<Row>(value: Value<Row>, lengths: readonly number[]): Value<Row> {
  return (row) => {
    const whole = value(row)
    let at = 0
    const groups = lengths.map((length) => whole.slice(at, (at += length)))
    return [...groups, whole.slice(at)].filter((group) => group !== '').join(' ')
  }
}

/** Dates that are remembered: the records of a file share a few dozen. */
const rememberedDates = 1000

function dateValue<Row>(value: Value<Row>, to: string, from: string | undefined): Value<Row> {
  const target = datePattern(to)
  const source = from === undefined ? undefined : datePattern(from)
  if (target === undefined) return value
  const known = new Map<string, string>()
  return (row) => {
    const written = value(row)
    const before = known.get(written)
    if (before !== undefined) return before
    const now = convertDate(written.trim(), target, source)
    if (known.size >= rememberedDates) known.clear()
    known.set(written, now)
    return now
  }
}

function convertDate(written: string, target: DatePattern, source: DatePattern | undefined): string {
  if (written === '') return ''
  const date = readDate(written, source)
  if (typeof date === 'string') throw new Unfit(`data.date-${date}`)
  if (target.hasDay && date.day === undefined) throw new Unfit('data.date-without-day')
  return target.write(date)
}
