/** Handlers of jobs: their records, their order, their end. */
import { previewOf } from '#shared/design/preview.ts'
import type { Clock } from '../ports/clock.ts'
import type { Jobs } from '../jobs/jobs.ts'
import type { Store } from '../ports/store.ts'
import type { Handlers } from '../transport/dispatch.ts'

type Names = `job.${'records' | 'card' | 'reorder' | 'discard' | 'skip' | 'requeue' | 'close' | 'purge'}`

export interface BatchesParts {
  jobs: Jobs
  store: Store
  clock: Clock
}

export function batchHandlers({ jobs, store }: BatchesParts): Pick<Handlers, Names> {
  return {
    'job.records': ({ job, states, ...page }) => store.records(job, { ...page, ...(states && { states }) }),
    'job.card': ({ job, record }) => previewOf(jobs.openCard(job, record)),
    'job.reorder': ({ jobs: order }, { session }) => {
      jobs.reorder(order, session.person)
      return {}
    },
    'job.discard': ({ job }, { session }) => {
      jobs.discard(job, session.person)
      return {}
    },
    'job.skip': ({ job, records }, { session }) => {
      jobs.skip(job, records, session.person)
      return {}
    },
    'job.requeue': ({ job, records }, { session }) => ({ requeued: jobs.requeue(job, records, session.person) }),
    'job.close': ({ job }, { session }) => jobs.close(job, session.person),
    'job.purge': ({ job }, { session }) => {
      jobs.purge(job, session.person)
      return {}
    },
  }
}
