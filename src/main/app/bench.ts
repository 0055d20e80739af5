/** Handlers of the workbench. A bench is the session's that opened it; what a real card is used for here stands in the journal. */
import type { Actor } from '#shared/journal/events.ts'
import type { PersonalizationServer } from '../chip/personalization.ts'
import { freeOfPlace } from '../chip/workbench/bench.ts'
import type { Trial } from '../chip/workbench/bench.ts'
import type { Workbench } from '../chip/workbench/workbench.ts'
import type { Clock } from '../ports/clock.ts'
import type { Store } from '../ports/store.ts'
import type { Handlers } from '../transport/dispatch.ts'

type Names = `bench.${'questions' | 'open' | 'close' | 'start' | 'step' | 'continue' | 'stop' | 'arm' | 'send' | 'view'}`

export function benchHandlers({ workbench, server }: { workbench: Workbench; server: Pick<PersonalizationServer, 'questions'> }): Pick<Handlers, Names> {
  return {
    'bench.questions': ({ task, extensions }) => {
      const free = freeOfPlace(task)
      return server.questions(free.id, { task: free.source, extensions })
    },
    'bench.open': async ({ target }, { session }) => ({ bench: await workbench.open(session.token, session.person, target) }),
    'bench.close': async ({ bench }, { session }) => {
      await workbench.close(session.token, bench)
      return {}
    },
    'bench.start': async ({ bench, order }, { session }) => {
      await workbench.bench(session.token, bench).start(order)
      return {}
    },
    'bench.step': ({ bench }, { session }) => {
      workbench.bench(session.token, bench).step()
      return {}
    },
    'bench.continue': ({ bench }, { session }) => {
      workbench.bench(session.token, bench).continue()
      return {}
    },
    'bench.stop': ({ bench }, { session }) => {
      workbench.bench(session.token, bench).stop()
      return {}
    },
    'bench.arm': ({ bench, faults }, { session }) => {
      workbench.bench(session.token, bench).arm(faults)
      return {}
    },
    'bench.send': async ({ bench, command }, { session }) => {
      await workbench.bench(session.token, bench).send(command)
      return {}
    },
    'bench.view': ({ bench, after }, { session }) => workbench.bench(session.token, bench).view(after),
  }
}

/** A card that was made for somebody is not played with; any other real card is written down before it is touched. */
export function beforeRealCard({ store, clock }: { store: Store; clock: Clock }): (trial: Trial, by: Actor) => 'go-on' | 'personalized-before' {
  return ({ reader, atr, chip, task }, by) => {
    const seen = chip === undefined ? undefined : store.chipSeen(chip)
    if (seen !== undefined && seen !== 'tried') return 'personalized-before'
    store.append([{ at: clock.now(), by, fact: { kind: 'chip.tried', reader, atr, ...(chip !== undefined && { chip }), ...(task !== undefined && { task }) } }])
    return 'go-on'
  }
}
