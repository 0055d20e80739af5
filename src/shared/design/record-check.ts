/** Checks one record against its design and the machine, and makes the texts of its card. Every mistake is told, not the first. */
import { luhnHolds } from '../card/number.ts'
import type { PreparedCard } from '../card/prepared.ts'
import type { DeviceLimits } from '../device/limits.ts'
import { breaksFrame, characterName, characterTable, type CharacterTable } from './characters.ts'
import { prepareChip, type BoundChip } from './chip-data.ts'
import { lineRoom, linesOverlap, type LineRoom } from './check.ts'
import { sameColumn } from './columns.ts'
import { dropConsequences } from './consequences.ts'
import type { CardDesign, DesignLine } from './design.ts'
import { evaluate, type Row } from './expression/compile.ts'
import type { Mistake } from './mistake.ts'
import { maskedValue, recordMistake, type MistakeValues } from './tell.ts'
import { assembleCard, bindDesign, type BoundDesign, type BoundExpression, type CardTexts } from './render.ts'
import { checkTrackText, type TrackTextMistake } from './track-check.ts'

export interface CheckContext {
  /** The machine that will make the cards; without it only what holds for every machine is checked. */
  readonly limits?: DeviceLimits | undefined
  /** `YYYY-MM-DD`, for the expiry rule. */
  readonly today?: string | undefined
}

export interface RecordChecker {
  readonly bound: BoundDesign
  /** Mistakes of the file as a whole: columns that the design needs and the file does not have, or has twice. */
  readonly columnMistakes: readonly Mistake[]
  /** The texts of a record's card. Appends the record's mistakes: with any of them the texts are for looking at alone. */
  readonly check: (row: Row, line: number, mistakes: Mistake[]) => CardTexts
}

interface LinePlan {
  readonly line: DesignLine
  readonly text: BoundExpression
  readonly room: LineRoom
  readonly characters: CharacterTable
}

/** What one record is being checked with: where it stands, what was found, and what its card is. */
interface Work {
  row: Row
  line: number
  mistakes: Mistake[]
  number: string
  /** YYMM, or undefined where the card has none or it can't be read. */
  expiry: string | undefined
}

export function createRecordChecker(design: CardDesign, columns: readonly string[], context: CheckContext): RecordChecker {
  const bound = bindDesign(design, columns)
  const { limits } = context
  const plans = bound.lines.map(({ line, text }): LinePlan => ({ line, text, room: lineRoom(design, line, limits), characters: characterTable(line.font, limits) }))
  const pairs = touchingPairs(plans, limits)
  const ruled = design.columns
    .filter((column) => column.required || column.digits !== undefined)
    .map(({ name, required, digits }) => ({ name, required, digits, index: bound.indexOf(name) ?? -1 }))
  const columnsOfTracks = bound.tracks.map((track) => trackColumns(bound, track.text))
  const expiryRule = expiryRange(design, context.today)
  const blank = Array.from({ length: plans.length + (bound.chip === undefined ? 5 : 6) }, () => '')
  const work: Work = { row: [], line: 0, mistakes: [], number: '', expiry: undefined }

  const check = (row: Row, line: number, mistakes: Mistake[]): CardTexts => {
    const before = mistakes.length
    work.row = row
    work.line = line
    work.mistakes = mistakes
    for (const column of ruled) checkColumn(column, row[column.index] ?? '', bound, work)
    work.number = checkNumber(bound, work)
    work.expiry = bound.expiry === undefined ? undefined : checkExpiry(bound, bound.expiry, expiryRule, work)
    const texts = blank.slice()
    texts[0] = work.number
    for (let index = 0; index < plans.length; index++) texts[index + 1] = checkLine(plans[index]!, bound, work)
    let length = 0
    for (const [index, track] of bound.tracks.entries()) {
      const text = valueOf(track.text, bound, work)
      if (text === undefined) continue
      texts[plans.length + track.track] = text
      length += text.length + 3
      const found = checkTrackText(track.track, track.design.format, text, work)
      if (found.length > 0) tellTrack(found, track.text, columnsOfTracks[index] ?? {}, bound, work)
    }
    if (bound.compareTrack2 !== undefined) {
      const text = valueOf(bound.compareTrack2, bound, work) ?? ''
      texts[plans.length + 4] = text
      length += text.length + 3
      tellTrack(checkTrackText(2, 'free', text, work), bound.compareTrack2, {}, bound, work)
    }
    if (bound.chip !== undefined) texts[plans.length + 5] = chipText(bound.chip, texts[plans.length + 2] ?? '', bound, work)
    if (pairs.length > 0) checkPairs(pairs, plans, texts, limits, work)
    if (limits !== undefined && limits.maximumFrameBytes !== null) checkFrame(texts, plans.length, length, limits.maximumFrameBytes, work)
    if (mistakes.length > before + 1) dropConsequences(mistakes, before)
    return texts
  }
  return { bound, columnMistakes: checkColumns(design, columns, bound), check }
}

/**
 * One card of a design as it will be, with every mistake of its record: what the designer looks at. Columns that `values`
 * leaves out are as if the file had them empty.
 */
export function render(design: CardDesign, values: Readonly<Record<string, string>>, context: CheckContext = {}): { card: PreparedCard; mistakes: Mistake[] } {
  const columns = [...new Set([...Object.keys(values), ...design.columns.map((column) => column.name)])]
  const mistakes: Mistake[] = []
  const texts = createRecordChecker(design, columns, context).check(columns.map((column) => values[column] ?? ''), 1, mistakes)
  return { card: assembleCard(design, texts), mistakes }
}

/** The record of a design's own examples. */
export function exampleRecord(design: CardDesign): Record<string, string> {
  return Object.fromEntries(design.columns.map((column) => [column.name, column.example]))
}

function tell(work: Work, code: string, column: string | undefined, values: MistakeValues): void {
  work.mistakes.push(recordMistake(code, work.line, column, values))
}

/** The value of an expression; where this row has one that can't be used, that is told, and undefined comes back. */
function valueOf(expression: BoundExpression, bound: BoundDesign, work: Work): string | undefined {
  const value = evaluate(expression, work.row)
  if (typeof value === 'string') return value
  const columns = value.columns ?? expression.columns
  const raw = columns.map((column) => maskedValue(work.row[bound.indexOf(column) ?? -1] ?? '', bound.visibilityOf(column)))
  tell(work, value.code, columns.join(', ') || undefined, { value: raw.join(' '), ...value.values })
  return undefined
}

function checkColumn(column: { name: string; required: boolean; digits: number | undefined }, value: string, bound: BoundDesign, work: Work): void {
  const { name, digits } = column
  if (value === '') {
    if (column.required) tell(work, 'data.empty', name, { name })
    return
  }
  if (digits === undefined) return
  let sound = value.length === digits
  for (let index = 0; sound && index < digits; index++) sound = value.charCodeAt(index) >= 48 && value.charCodeAt(index) <= 57
  if (!sound) tell(work, 'data.not-digits', name, { name, digits, value: maskedValue(value, bound.visibilityOf(name)) })
}

/** What a number may hold that is no card number but has to be told from others. */
const printable = characterTable('gothic', undefined)

function checkNumber(bound: BoundDesign, work: Work): string {
  const { luhn, lengths } = bound.design.number
  const number = valueOf(bound.number, bound, work)
  if (number === undefined) return ''
  const column = bound.number.column
  if (number === '') {
    tell(work, 'data.number-empty', column, {})
    return number
  }
  if (lengths !== undefined && !lengths.includes(number.length)) {
    tell(work, 'data.number-length', column, { value: maskedValue(number, 'number'), length: number.length, lengths: lengths.join(', ') })
  } else if (luhn ? !luhnHolds(number) : printable.firstBad(number) >= 0) {
    const rule = luhn && /^\d+$/.test(number) ? 'data.check-digit' : 'data.number-characters'
    tell(work, rule, column, { value: maskedValue(number, 'number') })
  }
  return number
}

/** First and last month that an expiry may name, as YYMM; of the century that starts in 2000. */
function expiryRange(design: CardDesign, today: string | undefined): { from: string; to: string } {
  if (today === undefined || design.expiry === undefined) return { from: '0000', to: '9999' }
  const month = today.slice(2, 4) + today.slice(5, 7)
  const last = Number(today.slice(0, 4)) + (design.expiry.maximumYears ?? 100) - 2000
  return { from: design.expiry.rule === 'not-past' ? month : '0000', to: last > 99 ? '9999' : String(last).padStart(2, '0') + today.slice(5, 7) }
}

function checkExpiry(bound: BoundDesign, expression: BoundExpression, range: { from: string; to: string }, work: Work): string | undefined {
  const value = valueOf(expression, bound, work)
  if (value === undefined) return undefined
  const column = expression.column
  if (!/^\d\d(0[1-9]|1[0-2])$/.test(value)) {
    tell(work, 'data.expiry-unreadable', column, { value: maskedValue(value, expression.visibility) })
    return undefined
  }
  const month = monthText(value)
  if (value < range.from) tell(work, 'data.expired', column, { value: month })
  if (value > range.to) tell(work, 'data.expiry-too-far', column, { value: month, last: monthText(range.to) })
  return value
}

function monthText(yearMonth: string): string {
  return `${yearMonth.slice(2)}/${yearMonth.slice(0, 2)}`
}

function checkLine(plan: LinePlan, bound: BoundDesign, work: Work): string {
  const { line, text: expression } = plan
  const text = valueOf(expression, bound, work)
  if (text === undefined) return ''
  // Spaces at the end make nothing and take no room; those at the front place the text.
  const { length } = text.endsWith(' ') ? text.trimEnd() : text
  if (length === 0) {
    if (line.optional !== true) tell(work, 'data.line-empty', expression.column, { field: line.field })
    return ''
  }
  if (length > plan.room.characters) {
    const values = { field: line.field, value: maskedValue(text, expression.visibility), length, maximum: plan.room.characters, by: plan.room.by }
    tell(work, 'data.line-too-long', expression.column, values)
  }
  const bad = plan.characters.firstBad(text)
  if (bad >= 0) tellCharacter(plan, text, bad, bound, work)
  if (line.shows !== undefined) checkShown(line, text, expression, work)
  return text
}

function tellCharacter(plan: LinePlan, text: string, at: number, bound: BoundDesign, work: Work): void {
  const { line, text: expression } = plan
  const character = String.fromCodePoint(text.codePointAt(at) ?? 0)
  const code = breaksFrame(character) ? 'data.frame-character' : 'data.character-not-on-wheel'
  tell(work, code, holderOf(character, expression, bound, work), {
    field: line.field,
    character: expression.visibility === 'secret' ? '•' : characterName(character),
    position: at + 1,
    value: maskedValue(text, expression.visibility),
    font: line.font,
  })
}

/** The columns that a character may come from: those that hold it, whatever its case. */
function holderOf(character: string, expression: BoundExpression, bound: BoundDesign, work: Work): string | undefined {
  const holders = expression.columns.filter((column) => (work.row[bound.indexOf(column) ?? -1] ?? '').toLowerCase().includes(character.toLowerCase()))
  return holders.join(', ') || expression.column
}

/** Which columns of a financial track a mistake is about, where that can be told from what else they make. */
interface TrackColumns {
  readonly number?: string | undefined
  readonly expiry?: string | undefined
  /** Those that are embossed too, which is the name. */
  readonly name?: string | undefined
  /** Those that stand on the stripe alone. */
  readonly others?: string | undefined
}

function trackColumns(bound: BoundDesign, track: BoundExpression): TrackColumns {
  const dated = [...bound.number.columns, ...(bound.expiry?.columns ?? [])]
  const embossed = bound.lines.flatMap(({ line, text }) => (line.kind === 'emboss' ? text.columns : []))
  const own = track.columns.filter((column) => !dated.includes(column))
  const [names, others] = [own.filter((column) => embossed.includes(column)), own.filter((column) => !embossed.includes(column))]
  return { number: bound.number.column, expiry: bound.expiry?.column, name: names.join(', ') || undefined, others: others.join(', ') || undefined }
}

function tellTrack(found: readonly TrackTextMistake[], text: BoundExpression, columns: TrackColumns, bound: BoundDesign, work: Work): void {
  for (const { code, values, character } of found) {
    if (character !== undefined) {
      const shown = text.visibility === 'plain' ? characterName(character) : '•'
      tell(work, code, holderOf(character, text, bound, work), { ...values, character: shown })
      continue
    }
    const about = {
      'data.track-number-differs': columns.number,
      'data.track-expiry-differs': columns.expiry,
      'data.track-name-length': columns.name,
      'data.track-form': columns.others,
    }[code]
    tell(work, code, about ?? text.column, values)
  }
}

function checkShown(line: DesignLine, text: string, expression: BoundExpression, work: Work): void {
  if (line.shows === 'number') {
    if (sameButSpaces(text, work.number)) return
    tell(work, 'data.number-differs', expression.column, { field: line.field, value: maskedValue(text, 'number'), number: maskedValue(work.number, 'number') })
  } else if (work.expiry !== undefined && !showsMonth(text, work.expiry)) {
    const values = { field: line.field, value: maskedValue(text, expression.visibility), expiry: monthText(work.expiry) }
    tell(work, 'data.expiry-differs', expression.column, values)
  }
}

function sameButSpaces(text: string, number: string): boolean {
  let at = 0
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    if (code === number.charCodeAt(at)) at++
    else if (code !== 32) return false
  }
  return at === number.length
}

/** Month and year in either order, the year of two or of four digits, whatever stands between. */
function showsMonth(text: string, yearMonth: string): boolean {
  let shown = 0
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    if (code >= 48 && code <= 57) shown = shown * 10 + code - 48
  }
  const inverse = Number(yearMonth)
  const month = inverse % 100
  const year = (inverse - month) / 100
  return shown === month * 100 + year || shown === inverse || shown === month * 10_000 + 2000 + year || shown === 200_000 + inverse
}

/** Lines of one side that may touch when both are long: all others are settled by the design's check. */
/** The chip's data as it travels with the texts. */
function chipText(chip: BoundChip, track2: string, bound: BoundDesign, work: Work): string {
  const { number, expiry } = work
  const prepared = prepareChip(chip, {
    value: (expression) => valueOf(expression, bound, work),
    tell: (code, column, values) => tell(work, code, column, values),
    number,
    expiry,
    track2: track2 === '' ? undefined : track2,
  })
  return JSON.stringify(prepared)
}

function touchingPairs(plans: readonly LinePlan[], limits: DeviceLimits | undefined): [number, number][] {
  const pairs: [number, number][] = []
  plans.forEach((plan, index) => {
    plans.slice(0, index).forEach((other, otherIndex) => {
      if (linesOverlap(plan.line, plan.room.characters, other.line, other.room.characters, limits)) pairs.push([otherIndex, index])
    })
  })
  return pairs
}

function checkPairs(pairs: readonly [number, number][], plans: readonly LinePlan[], texts: CardTexts, limits: DeviceLimits | undefined, work: Work): void {
  for (const [first, second] of pairs) {
    const [one, other] = [plans[first], plans[second]]
    const [length, otherLength] = [texts[first + 1]?.trimEnd().length ?? 0, texts[second + 1]?.trimEnd().length ?? 0]
    if (one === undefined || other === undefined || length === 0 || otherLength === 0) continue
    if (linesOverlap(one.line, length, other.line, otherLength, limits)) {
      tell(work, 'data.lines-overlap', other.text.column, { field: one.line.field, other: other.line.field })
    }
  }
}

/**
 * Whether the card's data alone, each line with its mark and each track with its sentinels, is longer than the machine's
 * buffer. The frame around it is the driver's matter, and takes still more.
 */
function checkFrame(texts: CardTexts, lines: number, trackLength: number, maximum: number, work: Work): void {
  let length = trackLength
  for (let index = 1; index <= lines; index++) length += (texts[index]?.length ?? 0) + 1
  if (length > maximum) tell(work, 'data.frame-too-long', undefined, { length, maximum })
}

function checkColumns(design: CardDesign, columns: readonly string[], bound: BoundDesign): Mistake[] {
  const mistakes: Mistake[] = []
  for (const column of design.columns) {
    if (column.required && bound.indexOf(column.name) === undefined) {
      mistakes.push(recordMistake('data.missing-column', 1, column.name, { name: column.name, found: columns.join(', ') }))
    }
    if (columns.filter((found) => sameColumn(found, column.name)).length > 1) mistakes.push(recordMistake('data.column-twice', 1, column.name, { name: column.name }))
  }
  return mistakes
}
