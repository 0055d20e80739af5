/** The documents of a task, read and understood: what a session works by from its beginning to its end. */
import { createHash } from 'node:crypto'
import { z } from 'zod'
import { CardwrightError } from '#shared/cardwright-error.ts'
import type { Mistake } from '#shared/design/mistake.ts'
import { ChipTask } from '#shared/chip/task.ts'
import type { ChipDocumentKind } from '#shared/journal/events.ts'
import { messageOf } from './extension.ts'
import type { ScriptDocument, ScriptLibrary, UnsavedSources } from './personalization.ts'
import type { Plain, ScriptEngine } from './sandbox/engine.ts'

/** For looking at a script without running it: what its module does when it is loaded. */
const inspectionLimits = { seconds: 1, memoryMegabytes: 32, stackKilobytes: 512 }

/** host.d.ts, `Expectations`. */
const Expectations = z.object({
  parameters: z.record(z.string(), z.object({ type: z.enum(['string', 'number', 'boolean']), required: z.boolean().optional(), values: z.array(z.union([z.string(), z.number()])).optional() })).optional(),
  keys: z.array(z.string()).optional(),
})
export type Expectations = z.infer<typeof Expectations>

const Inspected = z.object({ functions: z.array(z.string()), expects: z.unknown().optional() })

export interface Inspection {
  functions: readonly string[]
  /** Absent where the script says nothing of itself. */
  expects?: Expectations
  mistakes: readonly Mistake[]
}

/** A library in which unsaved sources stand before the saved ones. */
export function withUnsaved(library: ScriptLibrary, task: string, unsaved: UnsavedSources | undefined): ScriptLibrary {
  if (unsaved === undefined) return library
  const sources: Record<ChipDocumentKind, Readonly<Record<string, string>>> = {
    task: unsaved.task === undefined ? {} : { [task]: unsaved.task },
    scapp: unsaved.scapps ?? {},
    extension: unsaved.extensions ?? {},
  }
  return {
    document(kind, id): ScriptDocument | undefined {
      const saved = library.document(kind, id)
      if (!Object.hasOwn(sources[kind], id)) return saved
      const source = sources[kind][id]!
      return { source, name: saved?.name ?? id, revision: saved?.revision ?? 0, digest: createHash('sha256').update(source).digest('hex') }
    },
  }
}

/** The task that a source says, or its mistakes. */
export function readTask(source: string): { task: ChipTask } | { mistakes: Mistake[] } {
  let json: unknown
  try {
    json = JSON.parse(source)
  } catch {
    return { mistakes: [{ code: 'task.not-json', class: 'data' }] }
  }
  const read = ChipTask.safeParse(json)
  if (read.success) return { task: read.data }
  return { mistakes: read.error.issues.map((issue) => ({ code: 'task.malformed', class: 'data', ...(issue.path.length === 0 ? {} : { place: placeOf(issue.path) }), values: { problem: issue.message } })) }
}

/** A place in a document such as `applications[0].verify[2].group`. */
export function placeOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>((place, part) => (typeof part === 'number' ? `${place}[${part}]` : place === '' ? String(part) : `${place}.${String(part)}`), '')
}

/** What a script exports and says of itself, and why it can't be used. */
export async function inspect(engine: ScriptEngine, kind: 'scapp' | 'extension', id: string, source: string): Promise<Inspection> {
  const ending = await engine.run({ name: id, source, call: '', argument: null, kind, limits: inspectionLimits }, { call: () => Promise.resolve({ stop: true }), tell: () => true })
  if (ending.kind !== 'returned') {
    const line = 'line' in ending && ending.line !== undefined ? { line: ending.line, place: `line ${ending.line}` } : {}
    return { functions: [], mistakes: [{ code: 'script.does-not-load', class: 'data', ...line, values: { script: id, message: messageOf(ending) } }] }
  }
  const { functions, expects } = Inspected.parse(ending.value satisfies Plain | undefined)
  const wanted = kind === 'scapp' ? ['default'] : ['questions', 'prepare', 'shape']
  const mistakes: Mistake[] = functions.some((name) => wanted.includes(name)) ? [] : [{ code: 'script.exports-nothing', class: 'data', values: { script: id, wanted: wanted.join(', ') } }]
  if (expects === undefined || expects === null) return { functions, mistakes }
  const read = Expectations.safeParse(expects)
  if (!read.success) return { functions, mistakes: [...mistakes, { code: 'script.expects-malformed', class: 'data', place: 'expects', values: { script: id, problem: read.error.issues[0]?.message ?? '' } }] }
  return { functions, expects: read.data, mistakes }
}

/** Throws `task.unknown`, `task.not-json`, `task.malformed`. */
export function loadTask(library: ScriptLibrary, id: string): { task: ChipTask; document: ScriptDocument } {
  const document = library.document('task', id)
  if (document === undefined) throw new CardwrightError({ code: 'task.unknown', class: 'data', values: { task: id } })
  const read = readTask(document.source)
  if ('mistakes' in read) throw new CardwrightError(read.mistakes as [Mistake, ...Mistake[]])
  return { task: read.task, document }
}
