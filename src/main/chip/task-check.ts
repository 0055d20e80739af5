/** Everything about a task that can be wrong before there is a card: found when it is saved, and again when a run begins. */
import type { Mistake } from '#shared/design/mistake.ts'
import { tagBytes } from '#shared/tlv/ber.ts'
import type { ChipTask, Parameters, TaskApplication } from '#shared/chip/task.ts'
import type { CardKeys } from '../ports/card-keys.ts'
import { inspect } from './documents.ts'
import type { Expectations } from './documents.ts'
import type { ScriptLibrary } from './personalization.ts'
import type { ScriptEngine } from './sandbox/engine.ts'

export interface CheckParts {
  library: ScriptLibrary
  keys: CardKeys
  engine: ScriptEngine
}

/** Every mistake at once; none: the task can be used. */
export async function checkTask(task: ChipTask, parts: CheckParts): Promise<Mistake[]> {
  const known = new Map(parts.keys.list().map(({ name, purpose }) => [name, purpose]))
  const names = new Set<string>()
  const mistakes: Mistake[] = []
  for (const [index, application] of task.applications.entries()) {
    const place = `applications[${index}]`
    if (names.has(application.application)) mistakes.push(mistake('task.application-twice', `${place}.application`, { application: application.application }))
    names.add(application.application)
    mistakes.push(...checkApplication(application, place), ...checkKeys(application, place, known))
    mistakes.push(...(await checkScript(parts, 'scapp', application.scapp, application.parameters, place, Object.keys(application.keys))))
  }
  const { extension } = task
  if (extension) mistakes.push(...(await checkScript(parts, 'extension', extension.module, extension.parameters, 'extension', undefined)))
  return mistakes
}

/** Groups and tags that are read back have to stand in the application's template. */
function checkApplication({ template, verify }: TaskApplication, place: string): Mistake[] {
  const mistakes: Mistake[] = []
  const groups = new Map(template.map((group) => [group.group, group]))
  if (groups.size < template.length) mistakes.push(mistake('task.group-twice', `${place}.template`))
  for (const [index, { tags = [] }] of template.entries()) {
    for (const tag of tags) if (!isTag(tag)) mistakes.push(mistake('task.no-tag', `${place}.template[${index}].tags`, { tag }))
  }
  for (const [index, verification] of verify.entries()) {
    const here = `${place}.verify[${index}]`
    const group = groups.get(verification.group)
    if (group === undefined) {
      mistakes.push(mistake('task.unknown-group', `${here}.group`, { group: verification.group }))
      continue
    }
    if (verification.read === 'check-value') {
      if (!group.secret) mistakes.push(mistake('task.group-not-secret', `${here}.group`, { group: verification.group }))
      continue
    }
    if (group.secret) mistakes.push(mistake('task.group-secret', `${here}.group`, { group: verification.group }))
    if (verification.read !== 'data') continue
    if (!isTag(verification.tag) || verification.tag.length > 4) mistakes.push(mistake('task.no-tag', `${here}.tag`, { tag: verification.tag }))
    else if (verification.compare === 'tag-in-group' && !(group.tags ?? []).includes(verification.tag)) mistakes.push(mistake('task.unknown-tag', `${here}.tag`, { tag: verification.tag, group: verification.group }))
  }
  return mistakes
}

function checkKeys({ keys }: TaskApplication, place: string, known: ReadonlyMap<string, string>): Mistake[] {
  return Object.entries(keys).flatMap(([name, key]) => {
    const purpose = known.get(key)
    if (purpose === undefined) return [mistake('task.unknown-key', `${place}.keys.${name}`, { key })]
    return purpose === 'master' ? [] : [mistake('key.wrong-purpose', `${place}.keys.${name}`, { name: key, purpose })]
  })
}

async function checkScript(parts: CheckParts, kind: 'scapp' | 'extension', id: string, parameters: Parameters, place: string, keys: readonly string[] | undefined): Promise<Mistake[]> {
  const document = parts.library.document(kind, id)
  if (document === undefined) return [mistake(kind === 'scapp' ? 'task.no-scapp' : 'task.no-extension', kind === 'scapp' ? `${place}.scapp` : `${place}.module`, { script: id })]
  const { expects, mistakes } = await inspect(parts.engine, kind, id, document.source)
  if (expects === undefined) return [...mistakes]
  return [...mistakes, ...checkParameters(expects, parameters, place), ...checkKeyNames(expects, keys, place)]
}

function checkParameters({ parameters: expected }: Expectations, parameters: Parameters, place: string): Mistake[] {
  if (expected === undefined) return []
  const mistakes: Mistake[] = []
  for (const [name, value] of Object.entries(parameters)) {
    const here = `${place}.parameters.${name}`
    const wanted = Object.hasOwn(expected, name) ? expected[name] : undefined
    if (wanted === undefined) mistakes.push(mistake('task.unknown-parameter', here, { parameter: name }))
    else if (typeof value !== wanted.type) mistakes.push(mistake('task.parameter-type', here, { parameter: name, type: wanted.type }))
    else if (wanted.values !== undefined && !wanted.values.some((allowed) => allowed === value)) mistakes.push(mistake('task.parameter-value', here, { parameter: name, values: wanted.values.join(', ') }))
  }
  for (const [name, { required }] of Object.entries(expected)) {
    if (required === true && !Object.hasOwn(parameters, name)) mistakes.push(mistake('task.missing-parameter', `${place}.parameters`, { parameter: name }))
  }
  return mistakes
}

/** The names by which a script asks for keys; one that ends in `?` may be absent. */
function checkKeyNames({ keys: expected }: Expectations, keys: readonly string[] | undefined, place: string): Mistake[] {
  if (expected === undefined || keys === undefined) return []
  const plain = expected.map((name) => name.replace(/\?$/, ''))
  return [
    ...keys.filter((name) => !plain.includes(name)).map((name) => mistake('task.key-not-asked', `${place}.keys.${name}`, { name })),
    ...expected.filter((name) => !name.endsWith('?') && !keys.includes(name)).map((name) => mistake('task.key-missing', `${place}.keys`, { name })),
  ]
}

function isTag(tag: string): boolean {
  try {
    return tagBytes(tag).length > 0
  } catch {
    return false
  }
}

function mistake(code: string, place: string, values: Record<string, string | number> = {}): Mistake {
  return { code, class: 'data', place, values }
}
