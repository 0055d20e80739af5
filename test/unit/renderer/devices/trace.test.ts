import { expect, test } from 'vitest'
import { followTrace } from '../../../../src/renderer/feature/devices/trace-panel.tsx'

const entry = (number: number) => ({ number, at: number, direction: 'sent' as const, text: 'ENQ' })

test('a trace goes on after what is shown, without repetitions, and lets the oldest go', () => {
  const shown = followTrace([], [entry(1), entry(2)])
  expect(followTrace(shown, [entry(2), entry(3)]).map((one) => one.number)).toEqual([1, 2, 3])
  expect(followTrace(shown, [entry(3), entry(4)], 3).map((one) => one.number)).toEqual([2, 3, 4])
  expect(followTrace(shown, [])).toBe(shown)
})
