/** Where the mistakes of a document stand in its text. Pure. */
import type { Mistake } from '#shared/design/mistake.ts'

/** Line of a mistake: told, named in its place (`line 12`), or found by its path in a document of JSON; the first where nobody knows. */
export function lineOfMistake(mistake: Pick<Mistake, 'line' | 'place'>, source: string): number {
  if (mistake.line !== undefined) return mistake.line
  const named = /\bline (\d+)/.exec(mistake.place ?? '')?.[1] ?? /:(\d+)(?::\d+)?$/.exec(mistake.place ?? '')?.[1]
  if (named !== undefined) return Number(named)
  return mistake.place === undefined ? 1 : lineOfPath(mistake.place, source)
}

/** `applications[1].verify[0].group` → the line on which that member stands; that of the last part which is there at all. */
export function lineOfPath(path: string, source: string): number {
  const parts = path.split(/[.[\]]+/).filter((part) => part !== '')
  let [at, line] = [0, 1]
  const begin = skipTo(source, 0)
  if (begin === undefined) return 1
  at = begin
  for (const part of parts) {
    const inside = enter(source, at, part)
    if (inside === undefined) break
    at = inside.value
    line = lineAt(source, inside.name)
  }
  return line
}

const lineAt = (source: string, at: number) => source.slice(0, at).split('\n').length

function skipTo(source: string, from: number): number | undefined {
  const found = source.slice(from).search(/\S/)
  return found < 0 ? undefined : from + found
}

/** Begin of the member's name (or of the element) and of its value, in the object or list that begins at `at`. */
function enter(source: string, at: number, part: string): { name: number; value: number } | undefined {
  const list = source[at] === '['
  if (!list && source[at] !== '{') return undefined
  let index = 0
  let position = skipTo(source, at + 1)
  while (position !== undefined && source[position] !== '}' && source[position] !== ']') {
    const name = position
    let value = position
    if (!list) {
      const key = stringEnd(source, position)
      const colon = source.indexOf(':', key)
      if (colon < 0) return undefined
      const begin = skipTo(source, colon + 1)
      if (begin === undefined) return undefined
      value = begin
      if (source.slice(name + 1, key - 1) === part) return { name, value }
    } else if (String(index) === part) return { name, value }
    const comma = skipTo(source, valueEnd(source, value))
    if (comma === undefined || source[comma] !== ',') return undefined
    position = skipTo(source, comma + 1)
    index += 1
  }
  return undefined
}

function stringEnd(source: string, at: number): number {
  let index = at + 1
  while (index < source.length && source[index] !== '"') index += source[index] === '\\' ? 2 : 1
  return index + 1
}

function valueEnd(source: string, at: number): number {
  if (source[at] === '"') return stringEnd(source, at)
  if (source[at] !== '{' && source[at] !== '[') {
    const rest = source.slice(at).search(/[,}\]\s]/)
    return rest < 0 ? source.length : at + rest
  }
  let depth = 0
  for (let index = at; index < source.length; index += 1) {
    const character = source[index]
    if (character === '"') index = stringEnd(source, index) - 1
    else if (character === '{' || character === '[') depth += 1
    else if ((character === '}' || character === ']') && --depth === 0) return index + 1
  }
  return source.length
}
