import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { newHistory, redone, settled, stepped, undone } from '../../../../src/renderer/feature/designs/history.ts'

describe('undo and redo', () => {
  test('a gesture is one step, however many changes it was', () => {
    let history = newHistory(0)
    for (const now of [1, 2, 3]) history = stepped(history, now, 'drag')
    history = stepped(history, 4, 'arrows')
    expect(undone(history).now).toBe(3)
    expect(undone(undone(history)).now).toBe(0)
  })

  test('the same gesture begun again after a rest is another step', () => {
    const history = stepped(settled(stepped(newHistory(0), 1, 'x')), 2, 'x')
    expect(undone(history).now).toBe(1)
  })

  test('a step after an undo forgets what was undone', () => {
    const history = stepped(undone(stepped(newHistory(0), 1)), 2)
    expect(redone(history)).toBe(history)
  })

  test('nothing to undo or redo changes nothing', () => {
    const history = newHistory(0)
    expect(undone(history)).toBe(history)
    expect(redone(history)).toBe(history)
    expect(stepped(history, 0)).toBe(history)
  })

  test('undoing everything and redoing it ends where it was', () => {
    fc.assert(
      fc.property(fc.array(fc.integer(), { maxLength: 50 }), (states) => {
        let history = newHistory(-1)
        for (const state of states) history = stepped(history, state)
        const end = history.now
        for (let count = 0; count <= states.length; count++) history = undone(history)
        expect(history.now).toBe(-1)
        for (let count = 0; count <= states.length; count++) history = redone(history)
        expect(history.now).toBe(end)
      }),
    )
  })
})
