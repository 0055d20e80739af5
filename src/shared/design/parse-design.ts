/** Reads a design document, telling every mistake with its place in the document. */
import type { z } from 'zod'
import { chipMistakes } from './chip-data.ts'
import { CardDesign, expressionsOf } from './design.ts'
import { expressionColumns } from './expression/compile.ts'
import type { Mistake } from './mistake.ts'
import { designMistake, type MistakeValues } from './tell.ts'
import { sameColumn } from './columns.ts'

export type DesignReading = { readonly ok: true; readonly design: CardDesign } | { readonly ok: false; readonly mistakes: readonly Mistake[] }

/** Parses the text of a design file. */
export function parseDesignText(text: string): DesignReading {
  let document: unknown
  try {
    document = JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch {
    return { ok: false, mistakes: [designMistake('design.not-json', 'document')] }
  }
  return parseDesign(document)
}

/** Parses a design document: its form, its expressions, and what they refer to. */
export function parseDesign(document: unknown): DesignReading {
  const foreign = foreignDocument(document)
  if (foreign !== undefined) return { ok: false, mistakes: [foreign] }
  const parsed = CardDesign.safeParse(document, { reportInput: true })
  if (!parsed.success) return { ok: false, mistakes: parsed.error.issues.flatMap(mistakesOfIssue) }
  const mistakes = referenceMistakes(parsed.data)
  return mistakes.length > 0 ? { ok: false, mistakes } : { ok: true, design: parsed.data }
}

function foreignDocument(document: unknown): Mistake | undefined {
  const head = typeof document === 'object' && document !== null ? (document as Record<string, unknown>) : {}
  if (head['cardwright'] !== 'card-design') return designMistake('design.not-a-design', 'cardwright')
  const version = head['version']
  if (typeof version === 'number' && Number.isInteger(version) && version > 1) return designMistake('design.newer-version', 'version', { version, known: 1 })
  return undefined
}

/** A column that no expression may name, fields and columns that stand twice, a design that makes nothing. */
function referenceMistakes(design: CardDesign): Mistake[] {
  const mistakes: Mistake[] = []
  const known = design.columns.map((column) => column.name)
  known.forEach((name, index) => {
    if (known.findIndex((other) => sameColumn(other, name)) < index) mistakes.push(designMistake('design.column-twice', `columns[${index}].name`, { name }))
  })
  design.lines.forEach((line, index) => {
    if (design.lines.findIndex((other) => other.field === line.field) < index) {
      mistakes.push(designMistake('design.field-twice', `lines[${index}].field`, { name: line.field }))
    }
    if (line.shows === 'expiry' && design.expiry === undefined) mistakes.push(designMistake('design.no-expiry', `lines[${index}].shows`))
  })
  for (const { path, text } of expressionsOf(design)) {
    for (const name of expressionColumns(text)) {
      if (!known.some((other) => sameColumn(other, name))) mistakes.push(designMistake('design.unknown-column', path, { name, known: known.join(', ') }))
    }
  }
  mistakes.push(...chipMistakes(design).map(({ code, path, values }) => designMistake(code, path, values)))
  const makesNothing = design.chip === undefined && design.lines.length === 0 && Object.values(design.tracks).every((track) => track === undefined)
  if (makesNothing) mistakes.push(designMistake('design.makes-nothing', 'lines'))
  return mistakes
}

function mistakesOfIssue(issue: z.core.$ZodIssue): Mistake[] {
  const path = pathText(issue.path)
  switch (issue.code) {
    case 'custom':
      return [designMistake(String(issue.params?.['fault'] ?? 'design.wrong-form'), path, (issue.params?.['values'] ?? {}) as MistakeValues)]
    case 'unrecognized_keys':
      return issue.keys.map((key) => designMistake('design.unknown-member', path === '' ? key : `${path}.${key}`, { name: key }))
    case 'invalid_value':
      return [issue.input === undefined ? designMistake('design.missing', path) : designMistake('design.not-one-of', path, { choices: issue.values.map(String).join(', ') })]
    case 'invalid_type':
      return [issue.input === undefined ? designMistake('design.missing', path) : designMistake('design.wrong-type', path, { expected: issue.expected })]
    case 'too_small':
      return [designMistake('design.too-small', path, { minimum: Number(issue.minimum) })]
    case 'too_big':
      return [designMistake('design.too-big', path, { maximum: Number(issue.maximum) })]
    default:
      return [designMistake('design.wrong-form', path)]
  }
}

function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`
    return text === '' ? String(part) : `${text}.${String(part)}`
  }, '')
}
