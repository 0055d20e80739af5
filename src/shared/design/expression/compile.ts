/** Expressions made runnable: parsed and checked once, then evaluated for every record. */
import { argumentHolds, build, findFunction, functions, signature, type FunctionEntry, type Value } from './functions.ts'
import { Unfit } from './unfit.ts'
import { columnsOf, parseExpression, type ExpressionMistake, type ExpressionNode } from './syntax.ts'

/** A row of the source: its values by the index of their column. */
export type Row = readonly string[]

export interface CompiledExpression {
  /** Columns that it reads, as it names them. */
  readonly columns: readonly string[]
  /** @throws Unfit where a value of this row can't be used; nothing else. */
  readonly value: Value<Row>
}

export type Compiled = { readonly ok: true; readonly expression: CompiledExpression } | { readonly ok: false; readonly mistake: ExpressionMistake }

/** Where columns are, and what was compiled for them before. */
export interface CompileScope {
  /** Place of a column in the rows, or undefined where this file does not have it: it then reads as empty. */
  readonly indexOf: (column: string) => number | undefined
  /** Calls by their form: those that several expressions of a design share are worked out once a row. */
  readonly shared: Map<string, Value<Row>>
}

/** Compiles an expression. Its value goes by the row's identity: a row must not change. */
export function compileExpression(source: string, scope: CompileScope): Compiled {
  const parsed = parseExpression(source)
  if (!parsed.ok) return parsed
  const mistake = checkCalls(parsed.node)
  if (mistake !== undefined) return { ok: false, mistake }
  return { ok: true, expression: { columns: columnsOf(parsed.node), value: compileNode(parsed.node, scope) } }
}

/** The first mistake of an expression, whatever the columns. */
export function expressionMistake(source: string): ExpressionMistake | undefined {
  const parsed = parseExpression(source)
  return parsed.ok ? checkCalls(parsed.node) : parsed.mistake
}

/** Columns that an expression names; none where it can't be read. */
export function expressionColumns(source: string): string[] {
  const parsed = parseExpression(source)
  return parsed.ok ? columnsOf(parsed.node) : []
}

/** Evaluates, giving the reason where this row has a value that can't be used. */
export function evaluate(expression: CompiledExpression, row: Row): string | Unfit {
  try {
    return expression.value(row)
  } catch (thrown) {
    if (thrown instanceof Unfit) return thrown
    throw thrown
  }
}

function checkCalls(node: ExpressionNode): ExpressionMistake | undefined {
  if (node.kind === 'call') {
    const entry = findFunction(node.name)
    if (entry === undefined) {
      return mistakeAt(node, 'design.expression-unknown-function', { name: node.name, suggestion: nearest(node.name) })
    }
    const own = checkArguments(node, entry)
    if (own !== undefined) return own
  }
  if (node.kind !== 'call' && node.kind !== 'join') return undefined
  for (const part of node.parts) {
    const found = checkCalls(part)
    if (found !== undefined) return found
  }
  return undefined
}

function checkArguments(node: ExpressionNode & { kind: 'call' }, entry: FunctionEntry): ExpressionMistake | undefined {
  const { parameters } = entry
  const least = parameters.filter((parameter) => parameter.optional !== true).length
  const most = parameters.some((parameter) => parameter.repeated) ? Infinity : parameters.length
  if (node.parts.length < least || node.parts.length > most) {
    return mistakeAt(node, 'design.expression-argument-count', { name: entry.name, signature: signature(entry), found: node.parts.length })
  }
  for (const [index, part] of node.parts.entries()) {
    const parameter = parameters[Math.min(index, parameters.length - 1)]
    if (parameter === undefined || argumentFits(parameter.kind, part)) continue
    return mistakeAt(part, 'design.expression-argument', { name: entry.name, argument: parameter.name, kind: parameter.kind, signature: signature(entry) })
  }
  return undefined
}

function argumentFits(kind: FunctionEntry['parameters'][number]['kind'], part: ExpressionNode): boolean {
  if (kind === 'text') return part.kind !== 'number'
  if (part.kind === 'text') return argumentHolds(kind, part.text)
  return part.kind === 'number' && argumentHolds(kind, part.value)
}

function compileNode(node: ExpressionNode, scope: CompileScope): Value<Row> {
  switch (node.kind) {
    case 'text':
      return () => node.text
    case 'number':
      return () => String(node.value)
    case 'column': {
      const index = scope.indexOf(node.name)
      return index === undefined ? () => '' : (row) => row[index] ?? ''
    }
    case 'join': {
      const parts = node.parts.map((part) => compileNode(part, scope))
      return (row) => {
        let joined = ''
        for (const part of parts) joined += part(row)
        return joined
      }
    }
    case 'call':
      return sharedCall(node, scope)
  }
}

function sharedCall(node: ExpressionNode & { kind: 'call' }, scope: CompileScope): Value<Row> {
  const form = formOf(node)
  const known = scope.shared.get(form)
  if (known !== undefined) return known
  const value = compileCall(node, scope)
  let lastRow: Row | undefined
  let last = ''
  const remembered = (row: Row): string => {
    if (row === lastRow) return last
    try {
      last = value(row)
    } catch (thrown) {
      if (thrown instanceof Unfit) thrown.columns ??= columnsOf(node)
      throw thrown
    }
    lastRow = row
    return last
  }
  scope.shared.set(form, remembered)
  return remembered
}

/** The same for expressions that mean the same, wherever they stand. */
function formOf(node: ExpressionNode): string {
  return JSON.stringify(node, (key, value: unknown) => (key === 'at' ? undefined : value))
}

function compileCall(node: ExpressionNode & { kind: 'call' }, scope: CompileScope): Value<Row> {
  const entry = findFunction(node.name)
  if (entry === undefined) throw new RangeError(node.name)
  const texts: Value<Row>[] = []
  const fixed: (string | number)[] = []
  for (const [index, part] of node.parts.entries()) {
    const kind = entry.parameters[Math.min(index, entry.parameters.length - 1)]?.kind
    if (kind === 'text') texts.push(compileNode(part, scope))
    else if (part.kind === 'text') fixed.push(part.text)
    else if (part.kind === 'number') fixed.push(part.value)
  }
  return build(entry.name, texts, fixed)
}

function mistakeAt(node: ExpressionNode, code: ExpressionMistake['code'], values: Record<string, string | number>): ExpressionMistake {
  return { code, position: node.at + 1, values: { position: node.at + 1, ...values } }
}

/** The function whose name needs the fewest changes (Levenshtein), for "did you mean". */
function nearest(name: string): string {
  const ranked = functions.map((entry) => ({ name: entry.name, changes: distance(name.toLowerCase(), entry.name.toLowerCase()) }))
  return ranked.reduce((best, candidate) => (candidate.changes < best.changes ? candidate : best)).name
}

function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (let i = 1; i <= from.length; i++) {
    const next = [i]
    for (let j = 1; j <= to.length; j++) {
      const change = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1)
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, change))
    }
    row = next
  }
  return row[to.length] ?? 0
}
