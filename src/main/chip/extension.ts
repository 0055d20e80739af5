/** An extension module at work: its questions at the start of a run, a record just before its card, what accompanies a result. */
import { z } from 'zod'
import { CardwrightError } from '#shared/cardwright-error.ts'
import type { Mistake } from '#shared/design/mistake.ts'
import { Hex } from '#shared/chip/prepared-chip.ts'
import type { ChipGroup, PreparedChip } from '#shared/chip/prepared-chip.ts'
import type { ScriptLimits } from '#shared/chip/task.ts'
import { ChipQuestion } from '#shared/contract/chip-calls.ts'
import type { ChipAnswers } from '#shared/contract/chip-calls.ts'
import type { Parameters } from '#shared/chip/task.ts'
import { CardEnds } from './endings.ts'
import { maskText, maskValue } from './masks.ts'
import type { Plain, ScriptEnding, ScriptEngine } from './sandbox/engine.ts'
import type { Secrets, SecretView } from './secrets.ts'

export interface LoadedExtension {
  id: string
  source: string
  parameters: Parameters
  /** The functions that it exports. */
  functions: readonly string[]
}

const Questions = z.array(ChipQuestion).max(20)

const Group = z.object({ name: z.string().min(1).max(40), value: Hex.optional(), secret: z.object({ secret: z.string() }).optional() })
const HandedValue = z.union([z.string().max(1_000), z.number(), z.boolean(), z.object({ secret: z.string(), length: z.number() })])
const Prepared = z
  .object({
    applications: z.array(z.object({ application: z.string(), groups: z.array(Group).max(500) })).optional(),
    handed: z.record(z.string().max(60), HandedValue).optional(),
  })
  .optional()
const Shaped = z.record(z.string().regex(/^[a-z][a-z0-9-]{0,39}$/), z.union([z.string().max(200), z.number()])).refine((record) => Object.keys(record).length <= 20)

type Handed = z.infer<typeof HandedValue>

export class Extension {
  private readonly loaded: LoadedExtension
  private readonly engine: ScriptEngine
  private readonly limits: ScriptLimits

  constructor(loaded: LoadedExtension, engine: ScriptEngine, limits: ScriptLimits) {
    this.loaded = loaded
    this.engine = engine
    this.limits = limits
  }

  /** Throws `script.failed` where the module does not answer questions. */
  async questions(): Promise<ChipQuestion[]> {
    if (!this.has('questions')) return []
    const ending = await this.run('questions', this.loaded.parameters)
    const read = ending.kind === 'returned' ? Questions.safeParse(ending.value) : undefined
    if (read?.success === true) return read.data
    throw new CardwrightError({ code: 'script.failed', class: 'data', place: placeOf(this.loaded.id, ending), values: { script: this.loaded.id, message: messageOf(ending) } })
  }

  /** Answers that are missing, or are not as their question's pattern says. */
  async wrongAnswers(questions: readonly ChipQuestion[], answers: ChipAnswers): Promise<Mistake[]> {
    const mistakes: Mistake[] = []
    for (const { name, pattern } of questions) {
      const answer = answers[name] ?? ''
      if (answer === '') mistakes.push({ code: 'task.answer-missing', class: 'operator', values: { name } })
      else if (pattern !== undefined && !(await this.fits(pattern, answer))) mistakes.push({ code: 'task.answer-malformed', class: 'operator', values: { name } })
    }
    return mistakes
  }

  /** The record as the module wants it, and what it hands over. Throws `CardEnds`: nothing was written yet. */
  async prepare(chip: PreparedChip, order: { answers: ChipAnswers; questions: readonly ChipQuestion[]; serial: string | undefined; secrets: Secrets; signal: AbortSignal | undefined }): Promise<{ chip: PreparedChip; handed: Record<string, Handed> }> {
    if (!this.has('prepare')) return { chip, handed: {} }
    const { secrets } = order
    const wrapped = new Map<string, ChipGroup>()
    const applications = chip.applications.map(({ application, groups }) => ({
      application,
      groups: groups.map((group) => groupView(group, secrets, wrapped)),
    }))
    const answers = Object.fromEntries(order.questions.map(({ name, secret }) => [name, secret ? { ...secrets.addTyped(order.answers[name] ?? '') } : (order.answers[name] ?? '')]))
    const record = { parameters: this.loaded.parameters, answers, applications, ...(order.serial === undefined ? {} : { serial: order.serial }) }
    const ending = await this.run('prepare', record, order.signal)
    const read = ending.kind === 'returned' ? Prepared.safeParse(ending.value) : undefined
    if (read?.success !== true) throw new CardEnds('chip-extension-failed', 'usable', { extension: `${placeOf(this.loaded.id, ending)}: ${messageOf(ending)}` })
    const handed = read.data?.handed ?? {}
    for (const value of Object.values(handed)) {
      if (typeof value === 'object' && !secrets.has(value.secret)) throw new CardEnds('chip-extension-failed', 'usable', { extension: 'no such secret' })
    }
    return { chip: read.data?.applications === undefined ? chip : { ...chip, applications: read.data.applications.map(({ application, groups }) => ({ application, groups: groups.map((group) => groupFrom(group, wrapped)) })) }, handed }
  }

  /** What accompanies a result into the log; a module that fails takes nothing away. */
  async shape(result: { good: boolean; accompanying: Record<string, string | number>; code?: string }): Promise<Record<string, string | number>> {
    if (!this.has('shape')) return result.accompanying
    const ending = await this.run('shape', result)
    const read = ending.kind === 'returned' ? Shaped.safeParse(ending.value) : undefined
    if (read?.success !== true) return result.accompanying
    return Object.fromEntries(Object.entries(read.data).map(([name, value]) => [name, maskValue(value)]))
  }

  /** In the sandbox as well: a pattern can take as long as a program. */
  private async fits(pattern: string, answer: string): Promise<boolean> {
    const ending = await this.engine.run({ name: this.loaded.id, source: matcher, call: 'fits', argument: { pattern, answer }, kind: 'extension', limits: this.limits }, noHost)
    return ending.kind === 'returned' && ending.value === true
  }

  private has(name: string): boolean {
    return this.loaded.functions.includes(name)
  }

  private run(call: string, argument: Plain, signal?: AbortSignal): Promise<ScriptEnding> {
    const { id, source } = this.loaded
    return this.engine.run({ name: id, source, call, argument, kind: 'extension', limits: this.limits }, noHost, signal)
  }
}

const matcher = "export const fits = ({ pattern, answer }) => new RegExp('^(?:' + pattern + ')$', 'u').test(answer)"

/** A module asks nothing of the host: it gets its record, and answers. */
const noHost = { call: () => Promise.resolve({ stop: true } as const), tell: () => true }

function groupView(group: ChipGroup, secrets: Secrets, wrapped: Map<string, ChipGroup>): { name: string; length: number; value?: string; secret?: { secret: string; length: number } } {
  const secret: SecretView | undefined = secrets.addGroup(group)
  if (secret === undefined) return { name: group.name, length: group.value.length / 2, value: group.value }
  wrapped.set(secret.secret, group)
  return { name: group.name, length: secret.length, secret: { ...secret } }
}

function groupFrom(group: z.infer<typeof Group>, wrapped: ReadonlyMap<string, ChipGroup>): ChipGroup {
  if (group.secret === undefined) return { name: group.name, value: group.value ?? '' }
  const original = wrapped.get(group.secret.secret)
  if (original === undefined) throw new CardEnds('chip-extension-failed', 'usable', { extension: `no such secret for the group ${group.name}` })
  return { ...original, name: group.name }
}

export function placeOf(script: string, ending: ScriptEnding): string {
  const line = 'line' in ending ? ending.line : undefined
  return line === undefined ? script : `${script}, line ${line}`
}

export function messageOf(ending: ScriptEnding): string {
  if (ending.kind === 'threw') return maskText(ending.message)
  if (ending.kind === 'limit') return `limit of ${ending.limit}`
  return ending.kind === 'stopped' ? 'stopped' : 'its answer is not what it should be'
}
