import { describe, expect, test } from 'vitest'
import { VirtualClock } from '#drivers/clock/virtual-clock.ts'
import { memoryOpener, memoryPipe } from '#drivers/serial/memory-pipe.ts'
import type { ByteLink, LineSettings } from '#main/ports/byte-link.ts'
import { CardwrightError } from '#shared/faults.ts'

const settled = () => new Promise((resolve) => setImmediate(resolve))

describe('a line in memory', () => {
  test('carries bytes both ways, in order and in pieces as they were written', async () => {
    const [near, far] = memoryPipe()
    const heard: number[][] = []
    const answered: number[][] = []
    far.onData((bytes) => heard.push([...bytes]))
    near.onData((bytes) => answered.push([...bytes]))
    await near.write(Uint8Array.of(1, 2))
    await near.write(Uint8Array.of(3))
    await far.write(Uint8Array.of(4))
    await settled()
    expect([heard, answered]).toEqual([[[1, 2], [3]], [[4]]])
  })

  test('what is written is what is heard, whatever becomes of the buffer', async () => {
    const [near, far] = memoryPipe()
    const heard: number[] = []
    far.onData((bytes) => heard.push(...bytes))
    const buffer = Uint8Array.of(1)
    await near.write(buffer)
    buffer[0] = 9
    await settled()
    expect(heard).toEqual([1])
  })

  test('keeps what came before anybody listened; a listener can stop', async () => {
    const [near, far] = memoryPipe()
    await near.write(Uint8Array.of(1))
    await settled()
    const heard: number[] = []
    const stop = far.onData((bytes) => heard.push(...bytes))
    stop()
    await near.write(Uint8Array.of(2))
    await settled()
    expect(heard).toEqual([1])
  })

  test('one end closes: the other hears of it once, and can write no more', async () => {
    const [near, far] = memoryPipe({ name: 'COM3' })
    const lost: string[] = []
    near.onClose(() => lost.push('near'))
    far.onClose(() => lost.push('far'))
    await far.close()
    await far.close()
    expect(lost).toEqual(['near'])
    const failure = await near.write(Uint8Array.of(1)).catch((error: unknown) => error)
    expect((failure as CardwrightError).faults[0]).toMatchObject({ code: 'device.link-lost', values: { link: 'COM3' } })
  })

  test('bytes take their time on a line with a speed', async () => {
    const clock = new VirtualClock()
    const [near, far] = memoryPipe({ speed: { clock, bytesPerSecond: 960 } })
    const at: number[] = []
    far.onData(() => at.push(clock.elapsed()))
    await near.write(new Uint8Array(96))
    await near.write(new Uint8Array(48))
    await clock.advance(1000)
    expect(at).toEqual([100, 150])
  })

  test('an opener lays a fresh line each time', async () => {
    const ends: ByteLink[] = []
    const opener = memoryOpener((far) => ends.push(far))
    const settings = {} as LineSettings
    const [first, second] = [await opener.open(settings), await opener.open(settings)]
    expect(ends).toHaveLength(2)
    expect(first).not.toBe(second)
  })
})
