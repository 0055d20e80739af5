/**
 * The host interface of scripts (assets/scapps/host.d.ts) as data, for completion and hover: its interfaces with their members, and the
 * helpers that every script has. Read from the declarations themselves, so that the editor never says anything else than they do. Pure.
 */

export interface Member {
  name: string
  kind: 'method' | 'property'
  /** As declared: `send(command: Command, options?: CommandOptions): Promise<Response>`. */
  signature: string
  /** What it is for; may be empty. */
  doc: string
  /** Name of the interface that it is or answers, without `Promise<>` and `readonly []`; undefined for plain values. */
  type: string | undefined
  /** The element's type, where it is a list. */
  list: boolean
  /** Interfaces of its parameters, in order; undefined for plain values. */
  parameters: readonly (string | undefined)[]
  /** Values of a union of literal strings. */
  values: readonly string[]
}

export interface HostInterface {
  readonly interfaces: ReadonlyMap<string, readonly Member[]>
  /** `bytes`, `tlv`. */
  readonly globals: ReadonlyMap<string, { doc: string; members: readonly Member[] }>
}

const block = /(?:\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*)?(?:interface (\w+) \{|declare const (\w+): \{)([\s\S]*?)\n\}/g

export function readHostInterface(declarations: string): HostInterface {
  const interfaces = new Map<string, readonly Member[]>()
  const globals = new Map<string, { doc: string; members: readonly Member[] }>()
  const names = new Set([...declarations.matchAll(/^interface (\w+)/gm)].map(([, name]) => name!))
  for (const [, doc, name, global, body = ''] of declarations.matchAll(block)) {
    const members = readMembers(body, names)
    if (name !== undefined) interfaces.set(name, members)
    else if (global !== undefined) globals.set(global, { doc: plain(doc), members })
  }
  return { interfaces, globals }
}

/** Members stand one to a line, at two blanks, each after its comment. */
function readMembers(body: string, interfaces: ReadonlySet<string>): Member[] {
  const members: Member[] = []
  let doc: string[] = []
  let commenting = false
  for (const line of body.split('\n')) {
    const text = line.trim()
    if (!commenting && text.startsWith('/**')) {
      doc = []
      commenting = true
    }
    if (commenting) {
      doc.push(text)
      commenting = !text.endsWith('*/')
      continue
    }
    const found = /^ {2}(?:readonly )?(\w+)(?:<\w+>)?(\??)([(:])/.exec(line)
    if (found?.[1] === undefined) continue
    members.push(memberOf(found[1], text, found[3] === '(', plain(doc.join('\n')), interfaces))
    doc = []
  }
  return members
}

function memberOf(name: string, signature: string, method: boolean, doc: string, interfaces: ReadonlySet<string>): Member {
  const close = method ? closing(signature, signature.indexOf('(')) : -1
  const told = method ? signature.slice(close + 1) : signature.slice(signature.indexOf(':'))
  const type = /^: ?(?:Promise<)?(?:readonly )?(\w+)/.exec(told)?.[1]
  return {
    name,
    kind: method ? 'method' : 'property',
    signature: signature.replace(/^readonly /, ''),
    doc,
    type: type !== undefined && interfaces.has(type) ? type : undefined,
    list: /\[\]/.test(told),
    parameters: method ? parametersOf(signature.slice(signature.indexOf('(') + 1, close), interfaces) : [],
    values: [...told.matchAll(/'([^']*)'/g)].map(([, value]) => value!),
  }
}

/** Where the bracket that opens at `at` closes. */
function closing(text: string, at: number): number {
  let depth = 0
  for (let index = at; index < text.length; index += 1) {
    if (text[index] === '(') depth += 1
    else if (text[index] === ')' && --depth === 0) return index
  }
  return text.length
}

function parametersOf(text: string, interfaces: ReadonlySet<string>): (string | undefined)[] {
  return [...text.matchAll(/\w+\??: ?([\w]+|\{)/g)].map(([, type]) => (type !== undefined && interfaces.has(type) ? type : undefined))
}

/** A comment without its stars. */
function plain(comment: string | undefined): string {
  return (comment ?? '')
    .replaceAll(/^\s*\/\*\*|\*\/\s*$/g, '')
    .split('\n')
    .map((line) => line.replace(/^\s*\* ?/, '').trim())
    .join(' ')
    .trim()
}
