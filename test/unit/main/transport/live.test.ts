import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Followed, followLive } from '#shared/contract/follow.ts'
import { applyChange, type Change, type LiveMessage, type LiveState } from '#shared/contract/live.ts'
import { startFeed } from '#main/transport/feed.ts'
import { createLiveHub } from '#main/transport/live.ts'

const empty: LiveState = { devices: [], jobs: [], runs: [], prompts: [], logRevision: 0, journal: { checking: false, rows: 0 } }
const turn = () => new Promise<void>((resolve) => setImmediate(resolve))
const log = (revision: number): Change => ({ topic: 'log', revision })

function prompt(id: string, number: string): Change {
  const reason = { code: 'hopper-empty', severity: 'operator', action: 'refill-hopper' } as const
  const value = { id, device: 'D-01', number, kind: 'attention', reason, certain: { done: [], notDone: [], unknown: [] }, choices: [], openedAt: 0 } as const
  return { topic: 'prompt', value: { ...value, certain: { done: [], notDone: [], unknown: [] }, choices: [] } }
}

/** A core in miniature: its state, and the hub that tells of it. */
function rig() {
  let state = empty
  const bugs: unknown[] = []
  const hub = createLiveHub({ snapshot: () => state, onBug: (thrown) => bugs.push(thrown) })
  return {
    hub,
    bugs,
    state: () => state,
    change(...changes: Change[]) {
      state = changes.reduce(applyChange, state)
      hub.change(...changes)
    },
  }
}

describe('hub', () => {
  test('a snapshot at once, then deltas numbered without a gap; one turn is one delta', async () => {
    const { hub, change } = rig()
    const heard: LiveMessage[] = []
    hub.listen('t', (message) => heard.push(message))
    expect(heard).toEqual([{ type: 'snapshot', number: 0, state: empty }])
    change(log(1))
    change(prompt('p', '1'))
    await turn()
    change(log(2))
    await turn()
    expect(heard.slice(1).map((message) => message.type === 'delta' && [message.number, message.changes.length])).toEqual([[1, 2], [2, 1]])
  })

  test('a later value of the same thing takes the place of an earlier one in the same turn', async () => {
    const { hub, change } = rig()
    const heard: LiveMessage[] = []
    hub.listen('t', (message) => heard.push(message))
    for (let revision = 1; revision <= 1000; revision++) change(log(revision))
    change(prompt('p', '1'), { topic: 'prompt-removed', prompt: 'p' })
    await turn()
    expect(heard[1]).toEqual({ type: 'delta', number: 1, changes: [log(1000), { topic: 'prompt-removed', prompt: 'p' }] })
  })

  test('who comes in the middle of a turn gets the newest state once, and the right number', async () => {
    const { hub, change } = rig()
    change(log(5))
    const heard: LiveMessage[] = []
    hub.listen('t', (message) => heard.push(message))
    await turn()
    expect(heard).toEqual([{ type: 'snapshot', number: 1, state: { ...empty, logRevision: 5 } }])
  })

  test('stopping stops; the end of a session ends its streams alone', async () => {
    const { hub, change } = rig()
    const heard: Record<string, string[]> = { a: [], b: [], stopped: [] }
    hub.listen('a', (message) => heard['a']!.push(message.type))
    hub.listen('b', (message) => heard['b']!.push(message.type))
    hub.listen('a', (message) => heard['stopped']!.push(message.type))()
    hub.endSession('a')
    change(log(1))
    await turn()
    expect(heard).toEqual({ a: ['snapshot', 'signed-out'], b: ['snapshot', 'delta'], stopped: ['snapshot'] })
  })

  test('a listener that throws is reported and the others are served', async () => {
    const { hub, change, bugs } = rig()
    const heard: string[] = []
    hub.listen('a', (message) => {
      if (message.type === 'delta') throw new Error('broken pipe')
    })
    hub.listen('b', (message) => heard.push(message.type))
    change(log(1))
    await turn()
    expect(heard).toEqual(['snapshot', 'delta'])
    expect(bugs).toHaveLength(1)
  })
})

const changes = fc.oneof(
  fc.nat(50).map(log),
  fc.tuple(fc.constantFrom('p', 'q', 'r'), fc.string({ maxLength: 3 })).map(([id, number]) => prompt(id, number)),
  fc.constantFrom('p', 'q', 'r').map((id): Change => ({ topic: 'prompt-removed', prompt: id })),
)

function byId(state: LiveState): LiveState {
  return { ...state, prompts: state.prompts.toSorted((a, b) => a.id.localeCompare(b.id)) }
}

describe('following', () => {
  test('whoever folds the messages has the state of the core, whenever he came and however slow his wire is', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(changes, { maxLength: 6 }), { maxLength: 30 }), fc.nat(30), fc.integer({ min: 2, max: 5 }), fc.func(fc.boolean()), async (turns, joins, limit, delivers) => {
        const { hub, change, state } = rig()
        let followed: Followed | undefined
        let wire: { message: LiveMessage; delivered: () => void }[] = []
        const deliver = () => {
          const arrived = wire
          wire = []
          for (const { message, delivered } of arrived) {
            const step = followLive(followed, message)
            if (step.kind !== 'state') throw new Error(step.kind)
            followed = step.followed
            delivered()
          }
        }
        for (const [index, list] of turns.entries()) {
          if (index === joins) {
            startFeed({
              listen: (listener) => hub.listen('t', listener),
              send: (message, delivered) => {
                wire.push({ message, delivered })
                expect(wire.length).toBeLessThanOrEqual(limit)
              },
              limit,
            })
          }
          change(...list)
          await turn()
          if (delivers(index)) deliver()
        }
        while (wire.length > 0) deliver()
        if (joins < turns.length) expect(byId(followed!.state)).toEqual(byId(state()))
      }),
      { numRuns: 100 },
    )
  })

  test('a missing delta is noticed, and so is one before any snapshot', () => {
    const first = followLive(undefined, { type: 'snapshot', number: 4, state: empty })
    expect(first).toEqual({ kind: 'state', followed: { number: 4, state: empty } })
    const followed = { number: 4, state: empty }
    expect(followLive(followed, { type: 'delta', number: 6, changes: [] })).toEqual({ kind: 'gap' })
    expect(followLive(followed, { type: 'delta', number: 4, changes: [] })).toEqual({ kind: 'gap' })
    expect(followLive(undefined, { type: 'delta', number: 1, changes: [] })).toEqual({ kind: 'gap' })
    expect(followLive(followed, { type: 'signed-out' })).toEqual({ kind: 'signed-out' })
  })
})

describe('feed', () => {
  test('a session that ended while the wire was behind is told so', async () => {
    const { hub, change } = rig()
    let session = true
    const sent: string[] = []
    const delivered: (() => void)[] = []
    startFeed({
      listen: (listener) => (session ? hub.listen('t', listener) : undefined),
      send: (message, done) => {
        sent.push(message.type)
        delivered.push(done)
      },
      limit: 2,
    })
    for (let revision = 1; revision <= 5; revision++) {
      change(log(revision))
      await turn()
    }
    expect(sent).toEqual(['snapshot', 'delta'])
    session = false
    hub.endSession('t')
    for (const done of delivered.splice(0)) done()
    expect(sent).toEqual(['snapshot', 'delta', 'signed-out'])
  })

  test('no session, no feed; and an ended feed is silent', async () => {
    expect(startFeed({ listen: () => undefined, send: () => expect.unreachable() })).toBeUndefined()
    const { hub, change } = rig()
    const sent: string[] = []
    const end = startFeed({
      listen: (listener) => hub.listen('t', listener),
      send: (message, done) => {
        sent.push(message.type)
        done()
      },
    })
    end?.()
    change(log(1))
    await turn()
    expect(sent).toEqual(['snapshot'])
  })
})
