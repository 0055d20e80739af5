/** The personalization server: sessions of chip tasks, each on one device, on any number of stations at the same time. */
import { CardwrightError } from '#shared/cardwright-error.ts'
import type { Mistake } from '#shared/design/mistake.ts'
import { usualLimits } from '#shared/chip/task.ts'
import type { ChipTask } from '#shared/chip/task.ts'
import { personalizeCard } from './card.ts'
import type { Plan } from './card.ts'
import { inspect, loadTask, readTask, withUnsaved } from './documents.ts'
import { Extension } from './extension.ts'
import type { ChipResult, ChipSession, PersonalizationParts, PersonalizationServer, ScriptLibrary } from './personalization.ts'
import { checkTask } from './task-check.ts'

export function createPersonalizationServer(parts: PersonalizationParts): PersonalizationServer {
  const { engine, keys } = parts

  const extensionOf = async (task: ChipTask, library: ScriptLibrary): Promise<Extension | undefined> => {
    if (task.extension === undefined) return undefined
    const { module, parameters } = task.extension
    const document = library.document('extension', module)
    if (document === undefined) throw new CardwrightError({ code: 'task.no-extension', class: 'data', values: { script: module } })
    const { functions, mistakes } = await inspect(engine, 'extension', module, document.source)
    failOn(mistakes)
    return new Extension({ id: module, source: document.source, parameters, functions }, engine, task.limits ?? usualLimits)
  }

  return {
    async questions(id, unsaved) {
      const library = withUnsaved(parts.library, id, unsaved)
      const { task } = loadTask(library, id)
      return (await (await extensionOf(task, library))?.questions()) ?? []
    },

    async begin({ task: id, device, answers, unsaved }) {
      const library = withUnsaved(parts.library, id, unsaved)
      const { task, document } = loadTask(library, id)
      if (task.devices !== undefined && !task.devices.includes(device)) throw new CardwrightError({ code: 'task.other-device', class: 'operator', values: { task: id, device } })
      failOn(await checkTask(task, { library, keys, engine }))
      // Locked, or with another purpose: said now, not at the first card.
      for (const name of new Set(task.applications.flatMap((application) => Object.values(application.keys)))) keys.release(await keys.open(name, 'master'))
      const extension = await extensionOf(task, library)
      const questions = (await extension?.questions()) ?? []
      failOn((await extension?.wrongAnswers(questions, answers)) ?? [])
      await warm(engine, task)
      const scapps = new Map(task.applications.map(({ scapp }) => [scapp, library.document('scapp', scapp)!]))
      const plan: Plan = { task, scapps: new Map(Array.from(scapps, ([name, { source }]) => [name, source])), extension, questions, answers }
      return new Session(plan, parts, {
        task: { id, digest: document.digest, revision: document.revision },
        scapps: Array.from(scapps, ([name, { digest }]) => ({ id: name, digest })),
        ...(task.extension === undefined ? {} : { extension: { id: task.extension.module, digest: library.document('extension', task.extension.module)!.digest } }),
      })
    },

    async check(kind, source) {
      if (kind !== 'task') return [...(await inspect(engine, kind, kind, source)).mistakes]
      const read = readTask(source)
      return 'mistakes' in read ? read.mistakes : checkTask(read.task, parts)
    },

    close: () => engine.close(),
  }
}

class Session implements ChipSession {
  readonly documents: ChipSession['documents']
  readonly stations: ChipSession['stations']
  private readonly plan: Plan
  private readonly parts: PersonalizationParts
  private readonly atWork = new Set<Promise<ChipResult>>()

  constructor(plan: Plan, parts: PersonalizationParts, documents: ChipSession['documents']) {
    this.plan = plan
    this.parts = parts
    this.documents = documents
    this.stations = plan.task.stations
  }

  async personalize(order: Parameters<ChipSession['personalize']>[0]): Promise<ChipResult> {
    const result = personalizeCard(this.plan, this.parts, order)
    this.atWork.add(result)
    try {
      return await result
    } finally {
      this.atWork.delete(result)
    }
  }

  async end(): Promise<void> {
    await Promise.all(this.atWork)
  }
}

/** The first card does not wait for an interpreter. */
async function warm(engine: PersonalizationParts['engine'], { id, limits = usualLimits }: ChipTask): Promise<void> {
  await engine.run({ name: id, source: '', call: '', argument: null, kind: 'scapp', limits }, { call: () => Promise.resolve({ stop: true }), tell: () => true })
}

function failOn(mistakes: readonly Mistake[]): void {
  if (mistakes.length > 0) throw new CardwrightError(mistakes as readonly [Mistake, ...Mistake[]])
}
