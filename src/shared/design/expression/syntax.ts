/**
 * The language of card designs: how a text on the card comes from the columns of the source.
 *
 *   expression = part *( "&" part )
 *   part       = text / column / call
 *   text       = "'" … "'" / '"' … '"'            a doubled quote stands for itself
 *   column     = word / "[" any characters "]"     brackets where the name is not a word
 *   call       = word "(" [ argument *( "," argument ) ] ")"
 *   argument   = expression / whole number
 */

export type ExpressionNode =
  | { readonly kind: 'text'; readonly text: string; readonly at: number }
  | { readonly kind: 'number'; readonly value: number; readonly at: number }
  | { readonly kind: 'column'; readonly name: string; readonly at: number }
  | { readonly kind: 'call'; readonly name: string; readonly parts: readonly ExpressionNode[]; readonly at: number }
  | { readonly kind: 'join'; readonly parts: readonly ExpressionNode[]; readonly at: number }

/** What is wrong with an expression. `position` counts characters from 1; the sentence is `fault.<code>` in the catalogues. */
export interface ExpressionMistake {
  readonly code:
    | 'design.expression-empty'
    | 'design.expression-too-long'
    | 'design.expression-too-deep'
    | 'design.expression-unexpected'
    | 'design.expression-unfinished'
    | 'design.expression-text-open'
    | 'design.expression-name-open'
    | 'design.expression-unknown-function'
    | 'design.expression-argument-count'
    | 'design.expression-argument'
  readonly position: number
  readonly values: Readonly<Record<string, string | number>>
}

export type Parsed = { readonly ok: true; readonly node: ExpressionNode } | { readonly ok: false; readonly mistake: ExpressionMistake }

export const maximumExpressionLength = 1000
const maximumDepth = 40
const wordPattern = /[\p{L}_][\p{L}\p{N}_]*/uy
const numberPattern = /-?\d{1,6}/y

/** Ends the parse; it never leaves this file. */
class Stop extends Error {
  readonly mistake: ExpressionMistake
  constructor(mistake: ExpressionMistake) {
    super(mistake.code)
    this.mistake = mistake
  }
}

function stop(code: ExpressionMistake['code'], at: number, values: Record<string, string | number> = {}): never {
  throw new Stop({ code, position: at + 1, values: { position: at + 1, ...values } })
}

interface Cursor {
  readonly source: string
  at: number
}

/** The tree of an expression, or its first mistake. Functions and their arguments are checked by `compileExpression`. */
export function parseExpression(source: string): Parsed {
  try {
    if (source.length > maximumExpressionLength) stop('design.expression-too-long', 0, { maximum: maximumExpressionLength })
    const cursor: Cursor = { source, at: 0 }
    skipSpace(cursor)
    if (cursor.at === source.length) stop('design.expression-empty', 0)
    const node = readJoin(cursor, 0)
    if (cursor.at < source.length) unexpected(cursor)
    return { ok: true, node }
  } catch (thrown) {
    if (thrown instanceof Stop) return { ok: false, mistake: thrown.mistake }
    throw thrown
  }
}

/** Names of the columns that an expression reads, each once, in order. */
export function columnsOf(node: ExpressionNode): string[] {
  const names = new Set<string>()
  const visit = (visited: ExpressionNode): void => {
    if (visited.kind === 'column') names.add(visited.name)
    if (visited.kind === 'call' || visited.kind === 'join') visited.parts.forEach(visit)
  }
  visit(node)
  return [...names]
}

/** A column's name as it has to be written in an expression. */
export function columnReference(name: string): string {
  wordPattern.lastIndex = 0
  return wordPattern.exec(name)?.[0] === name ? name : `[${name}]`
}

function readJoin(cursor: Cursor, depth: number): ExpressionNode {
  if (depth > maximumDepth) stop('design.expression-too-deep', cursor.at, { maximum: maximumDepth })
  const at = cursor.at
  const parts = [readPart(cursor, depth)]
  while (cursor.source[cursor.at] === '&') {
    cursor.at++
    skipSpace(cursor)
    parts.push(readPart(cursor, depth))
  }
  const [only] = parts
  return parts.length === 1 && only !== undefined ? only : { kind: 'join', parts, at }
}

function readPart(cursor: Cursor, depth: number): ExpressionNode {
  const { source, at } = cursor
  const next = source[at]
  if (next === undefined) stop('design.expression-unfinished', at)
  if (next === '"' || next === "'") return readText(cursor, next)
  if (next === '[') return readBracketed(cursor)
  const word = match(cursor, wordPattern)
  if (word === undefined) unexpected(cursor)
  skipSpace(cursor)
  if (source[cursor.at] !== '(') return { kind: 'column', name: word, at }
  cursor.at++
  return { kind: 'call', name: word, parts: readArguments(cursor, depth + 1), at }
}

function readArguments(cursor: Cursor, depth: number): ExpressionNode[] {
  const parts: ExpressionNode[] = []
  skipSpace(cursor)
  if (cursor.source[cursor.at] === ')') {
    cursor.at++
    skipSpace(cursor)
    return parts
  }
  for (;;) {
    const at = cursor.at
    const number = match(cursor, numberPattern)
    skipSpace(cursor)
    parts.push(number === undefined ? readJoin(cursor, depth) : { kind: 'number', value: Number(number), at })
    const end = cursor.source[cursor.at]
    if (end === undefined) stop('design.expression-unfinished', cursor.at)
    if (end !== ',' && end !== ')') unexpected(cursor)
    cursor.at++
    skipSpace(cursor)
    if (end === ')') return parts
  }
}

function readText(cursor: Cursor, quote: string): ExpressionNode {
  const at = cursor.at
  let text = ''
  for (let from = at + 1; ; ) {
    const end = cursor.source.indexOf(quote, from)
    if (end < 0) stop('design.expression-text-open', at)
    text += cursor.source.slice(from, end)
    if (cursor.source[end + 1] !== quote) {
      cursor.at = end + 1
      skipSpace(cursor)
      return { kind: 'text', text, at }
    }
    text += quote
    from = end + 2
  }
}

function readBracketed(cursor: Cursor): ExpressionNode {
  const at = cursor.at
  const end = cursor.source.indexOf(']', at)
  const name = cursor.source.slice(at + 1, end).trim()
  if (end < 0) stop('design.expression-name-open', at)
  if (name === '') stop('design.expression-unexpected', end, { found: ']' })
  cursor.at = end + 1
  skipSpace(cursor)
  return { kind: 'column', name, at }
}

function unexpected(cursor: Cursor): never {
  stop('design.expression-unexpected', cursor.at, { found: String.fromCodePoint(cursor.source.codePointAt(cursor.at) ?? 0x20) })
}

function match(cursor: Cursor, pattern: RegExp): string | undefined {
  pattern.lastIndex = cursor.at
  const found = pattern.exec(cursor.source)?.[0]
  if (found !== undefined) cursor.at += found.length
  return found
}

function skipSpace(cursor: Cursor): void {
  while (/\s/.test(cursor.source[cursor.at] ?? '')) cursor.at++
}
