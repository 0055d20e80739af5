/** Handlers of the log, the journal and the protocol: what happened. */
import { CardwrightError } from '#shared/faults.ts'
import type { LogQuery } from '#shared/contract/calls.ts'
import type { Clock } from '../ports/clock.ts'
import type { KeyStore } from '../ports/key-store.ts'
import type { LogFilter, Store } from '../ports/store.ts'
import type { Handlers } from '../transport/dispatch.ts'

type Names = `log.${'query' | 'timeline' | 'filters'}` | `audit.${'verify' | 'journal'}`

export interface RecordsParts {
  store: Store
  keys: KeyStore
  clock: Clock
}

export function recordHandlers({ store, keys }: RecordsParts): Pick<Handlers, Names> {
  return {
    'log.query': ({ filter, offset, limit }) => store.log(logFilter(filter), { offset, limit }),
    'log.timeline': ({ attempt }) => {
      const found = store.attempt(attempt)
      if (found === undefined) throw new CardwrightError({ code: 'log.unknown-attempt', class: 'operator', values: { attempt } })
      return { view: found.view, rows: store.timeline({ attempt }) }
    },
    'log.filters': () => ({
      devices: store.devices().map(({ device, name }) => ({ device, name })),
      operators: store.people().map(({ person, name }) => ({ person, name })),
      reasons: store.reasons(),
    }),
    'audit.verify': () => {
      const { rows, head, brokenAt, brokenSeals } = store.verify(keys.locked ? undefined : (data) => keys.mac('journal', data))
      return { rows, head, brokenSeals: brokenSeals ?? [], ...(brokenAt !== undefined && { brokenAt }) }
    },
    'audit.journal': ({ after, limit }) => store.journal({ after, limit }),
  }
}

/** Absent is absent: an undefined that came over a wire is not a filter. */
export function logFilter(query: LogQuery): LogFilter {
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined)) as LogFilter
}
