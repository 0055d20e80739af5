/** Handlers of card designs. */
import { createHash } from 'node:crypto'
import { checkDesign } from '#shared/design/check.ts'
import type { CardDesign } from '#shared/design/design.ts'
import type { Mistake } from '#shared/design/mistake.ts'
import { parseDesign } from '#shared/design/parse-design.ts'
import { render } from '#shared/design/record-check.ts'
import { previewOf } from '#shared/design/preview.ts'
import { taskMistakes } from '#shared/design/task-fit.ts'
import type { DeviceLimits } from '#shared/device/limits.ts'
import { CardwrightError } from '#shared/faults.ts'
import type { Actor } from '#shared/journal/events.ts'
import { readTask } from '../chip/documents.ts'
import type { ScriptLibrary } from '../chip/personalization.ts'
import type { Clock } from '../ports/clock.ts'
import type { DeviceFactory } from '../ports/device-factory.ts'
import type { Store, StoredDesign } from '../ports/store.ts'
import type { Handlers } from '../transport/dispatch.ts'

type Names = `design.${'list' | 'get' | 'save' | 'check'}`

export interface DesignsParts {
  store: Store
  clock: Clock
  factory: DeviceFactory
  /** Where chip tasks come from; undefined where no chips are made. */
  library?: ScriptLibrary | undefined
}

/** The design as it is now, parsed. Throws `design.unknown`. */
export function readDesign(store: Store, id: string): { stored: StoredDesign; design: CardDesign } {
  const stored = store.design(id)
  if (stored === undefined) throw new CardwrightError({ code: 'design.unknown', class: 'operator', values: { design: id } })
  return { stored, design: designOf(stored) }
}

/** A stored document was valid when it was saved, and newer programs read older documents. */
export function designOf(stored: StoredDesign): CardDesign {
  const reading = parseDesign(JSON.parse(stored.document))
  if (!reading.ok) throw new CardwrightError(reading.mistakes.map(({ code, place }) => ({ code, class: 'data' as const, ...(place && { place }) })) as never)
  return reading.design
}

/** What the design's chip task asks for and the design does not bring. */
export function chipTaskMistakes({ chip }: CardDesign, library: ScriptLibrary | undefined): Mistake[] {
  if (chip === undefined || library === undefined) return []
  const document = library.document('task', chip.task)
  const read = document && readTask(document.source)
  if (read !== undefined && 'mistakes' in read) return read.mistakes
  return taskMistakes(chip, read?.task)
}

/** Throws every one of them; none: returns. */
export function failOnMistakes(mistakes: readonly Mistake[]): void {
  const [first, ...others] = mistakes.map(({ line: _line, column: _column, ...fault }) => fault)
  if (first !== undefined) throw new CardwrightError([first, ...others])
}

/** Saves a revision. The same document again is not a new one. */
export function saveDesign(parts: Pick<DesignsParts, 'store' | 'clock'>, design: CardDesign, by: Actor): number {
  const { store, clock } = parts
  const document = JSON.stringify(design)
  const digest = createHash('sha256').update(document).digest('hex')
  const before = store.design(design.id)
  if (before?.digest === digest) return before.revision
  const revision = (before?.revision ?? 0) + 1
  store.saveDesign({ at: clock.now(), by, fact: { kind: 'design.saved', design: design.id, revision, digest, name: design.name.en } }, document)
  return revision
}

export function designHandlers(parts: DesignsParts): Pick<Handlers, Names> {
  const { store, factory, library } = parts
  const nameOf = (person: Actor) => store.people().find((candidate) => candidate.person === person)?.name ?? person
  return {
    'design.list': () =>
      store.designs().map(({ design, name, revision, savedAt, savedBy, document }) => {
        const chip = chipTaskOf(document)
        return { design, name, revision, savedAt, savedBy: nameOf(savedBy), ...(chip !== undefined && { chip }) }
      }),
    'design.get': ({ design }) => readDesign(store, design).design,
    'design.save': ({ design }, { session }) => {
      const reading = parseDesign(design)
      if (!reading.ok) throw new CardwrightError(reading.mistakes as never)
      failOnMistakes(chipTaskMistakes(reading.design, library))
      return { revision: saveDesign(parts, reading.design, session.person) }
    },
    'design.check': ({ design: document, profile, sample }) => {
      const reading = parseDesign(document)
      if (!reading.ok) return { mistakes: [...reading.mistakes] }
      const limits = profileLimits(factory, profile)
      const { card, mistakes } = render(reading.design, sample, { limits })
      return { mistakes: [...chipTaskMistakes(reading.design, library), ...checkDesign(reading.design, limits), ...mistakes], preview: previewOf(card, limits.fonts) }
    },
  }
}

/** Throws `device.no-profile`. */
export function profileLimits(factory: DeviceFactory, profile: string): DeviceLimits {
  const found = factory.profiles().find((candidate) => candidate.profile === profile)
  if (found === undefined) throw new CardwrightError({ code: 'device.no-profile', class: 'operator', values: { profile } })
  return found.limits
}

/** What a stored design says of its chip, without reading all that it says. */
function chipTaskOf(document: string): string | undefined {
  const { chip } = JSON.parse(document) as { chip?: { task: string } }
  return chip?.task
}
