/** Changes of a card design: each takes the document and answers a new one. Positions in micrometres. */
import { transliterate } from '#shared/design/expression/names.ts'
import { columnReference, parseExpression } from '#shared/design/expression/syntax.ts'
import type { ExpressionNode } from '#shared/design/expression/syntax.ts'
import { sameColumn } from '#shared/design/columns.ts'
import { trackKeys } from '#shared/design/design.ts'
import type { CardDesign, DesignColumn, DesignLine, DesignTrack, TrackKey } from '#shared/design/design.ts'
import { fontMeasure } from '#shared/design/fonts.ts'
import type { FontMeasure, FontName } from '#shared/design/fonts.ts'
import { card } from '#shared/design/geometry.ts'

/** Parts to set; undefined takes an optional part away. */
export type Changes<Part> = { readonly [Key in keyof Part]?: Part[Key] | undefined }

function withChanges<Part extends object>(part: Part, changes: Changes<Part>): Part {
  return Object.fromEntries(Object.entries({ ...part, ...changes }).filter(([, value]) => value !== undefined)) as Part
}

export function withDesign(design: CardDesign, changes: Changes<CardDesign>): CardDesign {
  return withChanges(design, changes)
}

export function withLine(design: CardDesign, index: number, changes: Changes<DesignLine>): CardDesign {
  return { ...design, lines: design.lines.map((line, at) => (at === index ? withChanges(line, changes) : line)) }
}

/** Another font, and with it the kind and the side that the font is made for, on this machine where it is fitted. */
export function withFont(design: CardDesign, index: number, font: FontName, fitted: readonly FontMeasure[] = []): CardDesign {
  const { kind, side } = fontMeasure(font, fitted)
  return withLine(design, index, { font, kind, side })
}

/** The line moved to `x`, `y`; it stops at the card's edges. */
export function placed(design: CardDesign, index: number, x: number, y: number): CardDesign {
  return withLine(design, index, { x: within(x, card.width), y: within(y, card.height) })
}

/** The line moved by so much. */
export function moved(design: CardDesign, index: number, byX: number, byY: number): CardDesign {
  const line = design.lines[index]
  return line === undefined ? design : placed(design, index, line.x + byX, line.y + byY)
}

function within(position: number, size: number): number {
  return Math.max(0, Math.min(size, Math.round(position)))
}

/** A new line with the first font of that kind, below the lowest one of its side. */
export function withNewLine(design: CardDesign, font: FontName, label: { en: string; ru: string }): CardDesign {
  const { kind, side, height } = fontMeasure(font)
  const beside = design.lines.filter((line) => line.side === side)
  const lowest = Math.min(...beside.map((line) => line.y))
  const [first] = design.columns
  const line: DesignLine = {
    field: freeName('field', design.lines.map(({ field }) => field)),
    label,
    kind,
    side,
    font,
    x: beside[0]?.x ?? 10_160,
    y: beside.length === 0 ? 21_420 : Math.max(height, lowest - Math.round(height * 1.4)),
    text: first === undefined ? '""' : columnReference(first.name),
  }
  return { ...design, lines: [...design.lines, line] }
}

export function withoutLine(design: CardDesign, index: number): CardDesign {
  return { ...design, lines: design.lines.toSpliced(index, 1) }
}

/** The line earlier or later in the order in which the machine gets them. */
export function withLineAt(design: CardDesign, index: number, to: number): CardDesign {
  const line = design.lines[index]
  if (line === undefined || to < 0 || to >= design.lines.length) return design
  return { ...design, lines: design.lines.toSpliced(index, 1).toSpliced(to, 0, line) }
}

export function withTrack(design: CardDesign, key: TrackKey, track: DesignTrack | undefined): CardDesign {
  return { ...design, tracks: withChanges(design.tracks, { [key]: track }) }
}

export function withNewColumn(design: CardDesign): CardDesign {
  const name = freeName('column', design.columns.map((column) => column.name))
  return { ...design, columns: [...design.columns, { name, required: false, example: '' }] }
}

export function withoutColumn(design: CardDesign, index: number): CardDesign {
  return { ...design, columns: design.columns.toSpliced(index, 1) }
}

/** A column changed. A new name goes into every expression that reads it. */
export function withColumn(design: CardDesign, index: number, changes: Changes<DesignColumn>): CardDesign {
  const before = design.columns[index]
  if (before === undefined) return design
  const next = { ...design, columns: design.columns.map((column, at) => (at === index ? withChanges(column, changes) : column)) }
  const { name } = changes
  // While a name is being typed it may be empty or another column's for a moment: expressions wait for one that can be read.
  if (name === undefined || name === before.name || name.trim() === '' || name.includes(']')) return next
  if (design.columns.some((column, at) => at !== index && sameColumn(column.name, name))) return next
  return withExpressions(next, (expression) => renamedColumn(expression, before.name, name))
}

/** The expression with a column called otherwise; as it was where it can't be read. */
export function renamedColumn(expression: string, from: string, to: string): string {
  const parsed = parseExpression(expression)
  if (!parsed.ok) return expression
  const places: number[] = []
  const visit = (node: ExpressionNode): void => {
    if (node.kind === 'column' && sameColumn(node.name, from)) places.push(node.at)
    if (node.kind === 'call' || node.kind === 'join') node.parts.forEach(visit)
  }
  visit(parsed.node)
  return places.toSorted((a, b) => b - a).reduce((text, at) => {
    const end = text[at] === '[' ? text.indexOf(']', at) + 1 : at + (/^[\p{L}_][\p{L}\p{N}_]*/u.exec(text.slice(at))?.[0].length ?? 0)
    return text.slice(0, at) + columnReference(to) + text.slice(end)
  }, expression)
}

/** Every expression of the design put through `change`. */
export function withExpressions(design: CardDesign, change: (expression: string, path: string) => string): CardDesign {
  let tracks = design.tracks
  for (const key of trackKeys) {
    const track = tracks[key]
    if (track !== undefined) tracks = { ...tracks, [key]: { ...track, text: change(track.text, `tracks.${key}.text`) } }
  }
  return {
    ...design,
    number: { ...design.number, text: change(design.number.text, 'number.text') },
    ...(design.expiry && { expiry: { ...design.expiry, text: change(design.expiry.text, 'expiry.text') } }),
    lines: design.lines.map((line, index) => ({ ...line, text: change(line.text, `lines[${index}].text`) })),
    tracks,
    ...(design.compareTrack2 !== undefined && { compareTrack2: change(design.compareTrack2, 'compareTrack2') }),
  }
}

/** `stem-1`, `stem-2`, …: the first that nobody has. */
function freeName(stem: string, taken: readonly string[]): string {
  for (let number = taken.length + 1; ; number++) {
    const name = `${stem}-${number}`
    if (!taken.some((other) => sameColumn(other, name))) return name
  }
}

/** An identifier of a design out of its name: Latin letters, digits and hyphens. */
export function identifierFor(name: string, taken: readonly string[]): string {
  const word = transliterate(name)
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '')
    .slice(0, 50)
    .replace(/-+$/, '')
  const stem = word === '' ? 'design' : word
  return taken.includes(stem) ? freeName(stem, taken) : stem
}

/** A design to begin with: a card with a number, an expiry date and a name at the usual places. */
export function newDesign(id: string, name: { en: string; ru: string }): CardDesign {
  const line = (field: string, label: { en: string; ru: string }, font: FontName, y: number, text: string): DesignLine => ({
    field,
    label,
    kind: 'emboss',
    side: 'front',
    font,
    x: 10_185,
    y,
    text,
  })
  return {
    cardwright: 'card-design',
    version: 1,
    id,
    name,
    columns: [
      { name: 'number', required: true, example: '4000001234567899' },
      { name: 'name', required: true, example: 'IVAN PETROV' },
    ],
    number: { text: 'digits(number)', luhn: true },
    lines: [
      { ...line('number', { en: 'Card number', ru: 'Номер карты' }, 'farrington-7b', 21_420, 'group(digits(number))'), shows: 'number' },
      line('name', { en: 'Name', ru: 'Имя' }, 'gothic', 8330, 'upper(name)'),
    ],
    topping: false,
    contacts: false,
    tracks: {},
  }
}
