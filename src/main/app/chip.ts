/** Handlers of what chips are made by: readers, tasks and scripts, keys, and data to try them with. */
import type { PreparedChip } from '#shared/chip/prepared-chip.ts'
import type { CardDesign } from '#shared/design/design.ts'
import { render } from '#shared/design/record-check.ts'
import { CardwrightError } from '#shared/faults.ts'
import type { Fault } from '#shared/faults.ts'
import type { Actor, ChipDocumentKind, Fact } from '#shared/journal/events.ts'
import type { DocumentLibrary } from '../chip/library.ts'
import { documentDigest, documentName } from '../chip/library.ts'
import type { PersonalizationServer } from '../chip/personalization.ts'
import type { Jobs } from '../jobs/jobs.ts'
import type { CardKeys } from '../ports/card-keys.ts'
import type { ChipReaders } from '../ports/chip-station.ts'
import type { Clock } from '../ports/clock.ts'
import type { Store } from '../ports/store.ts'
import type { Handlers } from '../transport/dispatch.ts'
import { designOf, readDesign } from './designs.ts'

type Names = `chip.${'readers' | 'documents' | 'document' | 'checkDocument' | 'saveDocument' | 'keys' | 'importKey' | 'removeKey' | 'questions' | 'sampleData'}`

export interface ChipParts {
  store: Store
  clock: Clock
  jobs: Jobs
  library: DocumentLibrary
  server: PersonalizationServer
  cardKeys: CardKeys
  readers: ChipReaders
}

export function chipHandlers(parts: ChipParts): Pick<Handlers, Names> {
  const { store, clock, library, server, cardKeys, readers } = parts
  const append = (by: Actor, fact: Fact) => store.append([{ at: clock.now(), by, fact }])
  const nameOf = (person: Actor) => store.people().find((candidate) => candidate.person === person)?.name ?? person

  return {
    'chip.readers': async () => (await readers.list()).map(({ name, state, atr }) => ({ name, state, ...(atr !== undefined && { atr }) })),

    'chip.documents': () => library.list().map(({ savedBy, ...entry }) => ({ ...entry, ...(savedBy !== undefined && { savedBy: nameOf(savedBy) }) })),
    'chip.document': ({ document, id }) => {
      const found = library.document(document, id)
      if (found === undefined) throw unknownDocument(document, id)
      return { source: found.source, revision: found.revision, shipped: library.list().some((entry) => entry.document === document && entry.id === id && entry.shipped) }
    },
    'chip.checkDocument': async ({ document, source }) => ({ mistakes: await server.check(document, source) }),
    'chip.saveDocument': async ({ document, id, source }, { session }) => ({ revision: await saveDocument(parts, { document, id, source }, session.person) }),

    'chip.keys': () => cardKeys.list(),
    'chip.importKey': ({ name, algorithm, purpose, value }, { session }) => {
      const view = cardKeys.importKey({ name, algorithm, purpose, value: Uint8Array.from(Buffer.from(value, 'hex')) })
      append(session.person, { kind: 'key.imported', name: view.name, algorithm: view.algorithm, purpose: view.purpose, checkValue: view.checkValue })
      return view
    },
    'chip.removeKey': ({ name }, { session }) => {
      cardKeys.removeKey(name)
      append(session.person, { kind: 'key.removed', name })
      return {}
    },

    'chip.questions': ({ job }) => {
      const material = store.jobMaterial(job)
      const chip = material && designOf(material.design).chip
      return chip === undefined ? [] : server.questions(chip.task)
    },
    'chip.sampleData': ({ design }) => sampleData(parts, design),
  }
}

/**
 * Saves a revision of a document without mistakes; the same source again is none. Throws its mistakes, and `task.other-id` where a
 * task calls itself otherwise than its place.
 */
export async function saveDocument(
  { store, clock, library, server }: Pick<ChipParts, 'store' | 'clock' | 'library' | 'server'>,
  { document, id, source }: { document: ChipDocumentKind; id: string; source: string },
  by: Actor,
): Promise<number> {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(id)) throw new CardwrightError({ code: 'chip.bad-identifier', class: 'operator', values: { id } })
  const mistakes = await server.check(document, source)
  if (mistakes.length > 0) throw new CardwrightError(mistakes.map(({ line: _line, column: _column, ...fault }) => fault) as [Fault, ...Fault[]])
  const own = document === 'task' ? String((JSON.parse(source) as { id?: unknown }).id) : id
  if (own !== id) throw new CardwrightError({ code: 'task.other-id', class: 'data', place: 'id', values: { id, own } })
  const digest = documentDigest(source)
  const before = library.document(document, id)
  if (before?.digest === digest) return before.revision
  const revision = (before?.revision ?? 0) + 1
  store.saveChipDocument({ at: clock.now(), by, fact: { kind: 'chip.document-saved', document, id, revision, digest, name: documentName(document, id, source) } }, source)
  return revision
}

/** In a workspace to practise in, the first card of a job of this design; otherwise, and where there is none, the design's own examples. */
function sampleData({ store, jobs }: Pick<ChipParts, 'store' | 'jobs'>, id: string): PreparedChip {
  const { design } = readDesign(store, id)
  if (design.chip === undefined) throw new CardwrightError({ code: 'design.no-chip', class: 'operator', values: { design: id } })
  return (store.workspace()?.demo ? ofJob(store, jobs, id) : undefined) ?? ofExamples(design)
}

function ofJob(store: Store, jobs: Jobs, design: string): PreparedChip | undefined {
  const job = store.jobs().findLast((candidate) => candidate.design === design && !candidate.purged && candidate.state !== 'discarded')
  if (job === undefined || store.card(job.job, 1) === undefined) return undefined
  return jobs.openCard(job.job, 1).chip
}

function ofExamples(design: CardDesign): PreparedChip {
  const { card, mistakes } = render(design, Object.fromEntries(design.columns.map(({ name, example }) => [name, example])))
  if (card.chip !== undefined) return card.chip
  const [first, ...rest] = mistakes.map(({ line: _line, column: _column, ...fault }) => fault)
  throw new CardwrightError(first ? [first, ...rest] : { code: 'design.no-chip', class: 'operator', values: { design: design.id } })
}

function unknownDocument(document: ChipDocumentKind, id: string): CardwrightError {
  return new CardwrightError({ code: 'chip.no-document', class: 'operator', values: { document, id } })
}
