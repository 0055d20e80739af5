/** Handlers that make files: the protocol of a job, exports of the log, and a job's cards for a bureau. */
import type { FileView } from '#shared/contract/calls.ts'
import { CardwrightError } from '#shared/faults.ts'
import type { Actor, JobId, PersonId } from '#shared/journal/events.ts'
import type { Names } from '#shared/journal/fact-sentence.ts'
import { dccCardOf, dccLine } from '../intake/dcc.ts'
import type { Jobs } from '../jobs/jobs.ts'
import type { Clock } from '../ports/clock.ts'
import type { Store } from '../ports/store.ts'
import { buildProtocol } from '../reports/protocol.ts'
import type { Protocol } from '../reports/protocol.ts'
import { renderLog, renderProtocol } from '../reports/render.ts'
import { wordsIn } from '../reports/words.ts'
import type { Handlers } from '../transport/dispatch.ts'
import { designOf } from './designs.ts'
import { logFilter } from './records.ts'

export interface ReportsParts {
  store: Store
  jobs: Jobs
  clock: Clock
}

export function reportHandlers({ store, jobs, clock }: ReportsParts): Pick<Handlers, 'job.protocol' | 'job.exportCards' | 'log.export'> {
  const note = (by: Actor, format: string, rows: number, job?: JobId) =>
    store.append([{ at: clock.now(), by, fact: { kind: 'report.exported', format, rows, ...(job !== undefined && { job }) } }])

  const nameOf = (person: PersonId) => store.people().find((candidate) => candidate.person === person)?.name ?? person

  return {
    'job.protocol': async ({ job, format, language }, { session }) => {
      const protocol = protocolOf(store, job, clock.now(), nameOf(session.person))
      const file = await renderProtocol(protocol, format, wordsIn(language))
      note(session.person, format, protocol.attempts.length, job)
      return file
    },

    'log.export': async ({ filter, format, language }, { session }) => {
      const attempts = [...store.logRows(logFilter(filter))]
      const log = { workspace: store.workspace()?.name ?? '', ...(filter.job !== undefined && { job: filter.job }), attempts }
      const file = await renderLog({ ...log, madeAt: clock.now(), madeBy: nameOf(session.person) }, format, wordsIn(language))
      note(session.person, format, attempts.length, filter.job)
      return file
    },

    'job.exportCards': ({ job }, { session }): FileView => {
      const material = store.jobMaterial(job)
      const view = store.job(job)
      if (material === undefined || view === undefined) throw new CardwrightError({ code: 'job.unknown', class: 'operator', values: { job } })
      const fields = designOf(material.design).lines.map((line) => line.field)
      const { records } = view.counts
      const lines = Array.from({ length: records }, (_, index) => dccLine(dccCardOf(jobs.openCard(job, index + 1), fields)))
      note(session.person, 'dcc', records, job)
      return { name: `${job}.dcc`, mediaType: 'application/octet-stream', base64: Buffer.from(lines.join(''), 'utf8').toString('base64') }
    },
  }
}

/** The protocol of a job, for hosts too. Throws `job.unknown`. */
export function protocolOf(store: Store, job: JobId, madeAt: number, madeBy: string): Protocol {
  const view = store.job(job)
  if (view === undefined) throw new CardwrightError({ code: 'job.unknown', class: 'operator', values: { job } })
  const attempts = [...store.logRows({ job })].toSorted((one, other) => one.startedAt - other.startedAt || one.record - other.record)
  return buildProtocol({ workspace: store.workspace()?.name ?? '', job: view, rows: store.timeline({ job }), attempts, names: namesOf(store), madeAt, madeBy })
}

export function namesOf(store: Store): Names {
  return {
    people: new Map(store.people().map(({ person, name }) => [person, name])),
    devices: new Map(store.devices().map(({ device, name }) => [device, name])),
  }
}
