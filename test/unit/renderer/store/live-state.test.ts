import { describe, expect, test } from 'vitest'
import type { Change, LiveMessage } from '#shared/contract/live.ts'
import { emptyLive, followMessage } from '../../../../src/renderer/store/live-state.ts'

const snapshot = (number: number, logRevision = 0): LiveMessage & { type: 'snapshot' } => ({ type: 'snapshot', number, state: { ...emptyLive.state, logRevision } })
const delta = (number: number, ...changes: Change[]): LiveMessage & { type: 'delta' } => ({ type: 'delta', number, changes })

describe('the live state of the screen', () => {
  test('follows a snapshot and the deltas after it', () => {
    let view = followMessage(emptyLive, snapshot(7))
    view = followMessage(view, delta(8, { topic: 'log', revision: 3 }))
    expect(view).toMatchObject({ status: 'live', number: 8, state: { logRevision: 3 } })
  })

  test('a missing delta is a gap: what was known stays on the screen, and the delta is not applied', () => {
    const before = followMessage(emptyLive, snapshot(7, 1))
    const view = followMessage(before, delta(9, { topic: 'log', revision: 5 }))
    expect(view).toEqual({ ...before, status: 'gap' })
  })

  test('while the new snapshot is awaited further deltas change nothing, and so ask for nothing', () => {
    const gap = followMessage(followMessage(emptyLive, snapshot(7)), delta(9))
    expect(followMessage(gap, delta(10))).toBe(gap)
    expect(followMessage(gap, snapshot(10, 6))).toMatchObject({ status: 'live', number: 10, state: { logRevision: 6 } })
  })

  test('a delta before any snapshot changes nothing', () => {
    expect(followMessage(emptyLive, delta(1))).toBe(emptyLive)
  })

  test('what a delta does not speak of keeps its identity', () => {
    const before = followMessage(emptyLive, snapshot(1))
    const after = followMessage(before, delta(2, { topic: 'log', revision: 9 }))
    expect(after.state.devices).toBe(before.state.devices)
    expect(after.state.jobs).toBe(before.state.jobs)
  })
})
