import { describe, expect, test } from 'vitest'
import { VirtualClock } from '#drivers/clock/virtual-clock.ts'

describe('simulated time', () => {
  test('passes only as far as somebody sleeps, and wakes in order', async () => {
    const clock = new VirtualClock(0)
    const woken: string[] = []
    const sleeper = async (name: string, milliseconds: number) => {
      await clock.sleep(milliseconds)
      woken.push(`${name} at ${clock.elapsed()}`)
    }
    await clock.run(Promise.all([sleeper('b', 20), sleeper('a', 10), sleeper('c', 20)]))
    expect(woken).toEqual(['a at 10', 'b at 20', 'c at 20'])
    expect(clock.now()).toBe(20)
  })

  test('an aborted sleep ends at once with its reason', async () => {
    const clock = new VirtualClock()
    const stop = new AbortController()
    const sleeping = clock.sleep(1000, stop.signal)
    stop.abort(new Error('enough'))
    await expect(sleeping).rejects.toThrow('enough')
    expect(clock.elapsed()).toBe(0)
  })

  test('waiting for what can never come is told, not waited for', async () => {
    await expect(new VirtualClock().run(new Promise(() => {}))).rejects.toThrow('nothing is left to wake')
  })
})
