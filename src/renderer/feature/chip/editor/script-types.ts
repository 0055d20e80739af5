/** What a name in a script is, as far as its text tells: enough for completion and hover without a compiler. Pure. */
import type { HostInterface, Member } from './host-interface.ts'

/** Names that a script gives to parts of the host interface: `card`, and what its calls answered. */
export function namesIn(source: string, host: HostInterface): Map<string, string> {
  const names = new Map<string, string>()
  const card = /export\s+default\s+(?:async\s+)?(?:function\s*\w*\s*)?\(?\s*(\w+)/.exec(source)?.[1]
  names.set('card', 'Card')
  if (card !== undefined && card !== 'async' && card !== 'function') names.set(card, 'Card')
  for (const [, name] of source.matchAll(/export\s+(?:async\s+)?function\s+prepare\s*\(\s*(\w+)/g)) names.set(name!, 'PreparedRecord')
  const given = /(?:const|let)\s+(\w+)\s*=\s*(?:await\s+)?([\w.]+)|for\s*\(\s*(?:const|let)\s+(\w+)\s+of\s+([\w.]+)/g
  for (const [, name, path, each, list] of source.matchAll(given)) {
    const type = typeOfPath((path ?? list)!.split('.'), names, host)
    if (type !== undefined) names.set((name ?? each)!, type)
  }
  // Helpers of the script itself are handed the card or its channel under these names.
  for (const [name, type] of [['channel', 'Channel'], ['group', 'Group'], ['response', 'Response']] as const) if (!names.has(name)) names.set(name, type)
  return names
}

/** The interface at the end of `card.groups`, or undefined where the path leaves what is known. */
function typeOfPath(path: readonly string[], names: ReadonlyMap<string, string>, host: HostInterface): string | undefined {
  const [head = '', ...rest] = path
  return rest.reduce<string | undefined>((type, part) => (type === undefined ? undefined : member(type, part, host)?.type), names.get(head))
}

function member(type: string, name: string, host: HostInterface): Member | undefined {
  return host.interfaces.get(type)?.find((candidate) => candidate.name === name)
}

/** The members that may stand after `path.`; undefined where nothing is known of it. */
export function membersAfter(path: readonly string[], source: string, host: HostInterface): readonly Member[] | undefined {
  const [head = ''] = path
  const global = path.length === 1 ? host.globals.get(head) : undefined
  if (global) return global.members
  const type = typeOfPath(path, namesIn(source, host), host)
  return type === undefined ? undefined : host.interfaces.get(type)
}

/** The member that `path` names, such as `['card', 'openChannel']`. */
export function memberAt(path: readonly string[], source: string, host: HostInterface): Member | undefined {
  return membersAfter(path.slice(0, -1), source, host)?.find(({ name }) => name === path.at(-1))
}

/**
 * The object that is being written at the end of `before`, where it is an argument of a call of the host interface: its members, and
 * which of them is being given a value.
 */
export function argumentAt(before: string, source: string, host: HostInterface): { members: readonly Member[]; key: string | undefined } | undefined {
  const open = openBracket(before, '{')
  if (open === undefined) return undefined
  const call = openBracket(before.slice(0, open), '(')
  if (call === undefined) return undefined
  const path = /([\w.]+)\s*$/.exec(before.slice(0, call))?.[1]?.split('.')
  const called = path && memberAt(path, source, host)
  if (called === undefined) return undefined
  const place = topLevelCommas(before.slice(call + 1, open))
  const type = called.parameters[place]
  const members = type === undefined ? undefined : host.interfaces.get(type)
  if (members === undefined) return undefined
  const last = before.slice(open + 1).split(',').at(-1) ?? ''
  return { members, key: /^\s*(\w+)\s*:/.exec(last)?.[1] }
}

const pairs: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' }

/** Where the innermost bracket that is still open at the end stands, if it is this one. */
function openBracket(text: string, wanted: '{' | '('): number | undefined {
  const closed: string[] = []
  for (let index = text.length - 1; index >= 0; index -= 1) {
    const character = text[index]!
    if (character in pairs) closed.push(pairs[character]!)
    else if ('([{'.includes(character) && closed.pop() === undefined) return character === wanted ? index : undefined
  }
  return undefined
}

function topLevelCommas(text: string): number {
  let depth = 0
  let commas = 0
  for (const character of text) {
    if ('([{'.includes(character)) depth += 1
    else if (')]}'.includes(character)) depth -= 1
    else if (character === ',' && depth === 0) commas += 1
  }
  return commas
}
