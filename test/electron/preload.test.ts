import { describe, expect, test, vi } from 'vitest'
import type { DesktopBridge } from '#shared/contract/wire.ts'
import { channel } from '#main/shell/electron/channel.ts'

type Hear = (event: unknown, news: unknown) => void

const world: Record<string, unknown> = {}
const hearers = new Set<Hear>()
const invoke = vi.fn((_channel: string, _request: unknown) => Promise.resolve({ ok: true, value: {} }))
const send = vi.fn()

vi.mock('electron', () => ({
  contextBridge: { exposeInMainWorld: (name: string, value: unknown) => void (world[name] = value) },
  ipcRenderer: {
    invoke,
    send,
    on: (_channel: string, hear: Hear) => hearers.add(hear),
    off: (_channel: string, hear: Hear) => hearers.delete(hear),
  },
  webUtils: { getPathForFile: (file: File) => `/home/ann/${file.name}` },
}))

await import('#main/shell/electron/preload.ts')
const bridge = world['cardwright'] as DesktopBridge

function tell(stream: number): void {
  for (const hear of hearers) hear({ sender: 'secret' }, { stream, live: { type: 'signed-out' } })
}

describe('preload', () => {
  test('lays one object with three functions into the page, and nothing else', () => {
    expect(Object.keys(world)).toEqual(['cardwright'])
    expect(Object.keys(bridge).toSorted()).toEqual(['call', 'listen', 'upload'])
  })

  test('calls go over the one channel', async () => {
    await bridge.call('run.pause', { run: 'R-000001' })
    expect(invoke).toHaveBeenLastCalledWith(channel, { kind: 'call', name: 'run.pause', input: { run: 'R-000001' } })
  })

  test('a file goes by the path that the system knows, not one that the page names', async () => {
    await bridge.upload(new File(['x'], 'cards.csv'))
    expect(invoke).toHaveBeenLastCalledWith(channel, { kind: 'upload', path: '/home/ann/cards.csv', name: 'cards.csv' })
  })

  test('live messages of the newest stream reach the listener, are acknowledged, and stop when asked to', () => {
    const heard: unknown[] = []
    const stop = bridge.listen((message) => heard.push(message))
    expect(send).toHaveBeenLastCalledWith(channel, { kind: 'listen', stream: 1 })
    tell(1)
    tell(7)
    expect(heard).toEqual([{ type: 'signed-out' }])
    expect(send).toHaveBeenLastCalledWith(channel, { kind: 'heard', stream: 1 })
    stop()
    expect(send).toHaveBeenLastCalledWith(channel, { kind: 'stop', stream: 1 })
    tell(1)
    expect(heard).toHaveLength(1)
  })
})
