import { describe, expect, test } from 'vitest'
import { notAdmitted } from '#shared/contract/wire.ts'
import { LineBroken, webCarrier } from '../../../../src/renderer/client/web-carrier.ts'

/** A socket as the carrier sees it, driven by the test. */
class PracticeSocket extends EventTarget {
  sent: unknown[] = []
  send(text: string) {
    this.sent.push(JSON.parse(text))
  }
  open() {
    this.dispatchEvent(new Event('open'))
  }
  say(reply: unknown) {
    this.dispatchEvent(Object.assign(new Event('message'), { data: JSON.stringify(reply) }))
  }
  close(code = 1006) {
    this.dispatchEvent(Object.assign(new Event('close'), { code }))
  }
}

function rig() {
  const sockets: PracticeSocket[] = []
  const later: { task: () => void; milliseconds: number }[] = []
  const posts: { input: string; options: RequestInit }[] = []
  let left = 0
  const carrier = webCarrier({
    openSocket: () => {
      const socket = new PracticeSocket()
      sockets.push(socket)
      return socket as unknown as WebSocket
    },
    fetch: ((input: string, options: RequestInit) => {
      posts.push({ input, options })
      return Promise.resolve({ json: () => Promise.resolve({ ok: true, value: { upload: 'U-1' } }) })
    }) as unknown as typeof fetch,
    later: (task, milliseconds) => later.push({ task, milliseconds }),
    leave: () => left++,
  })
  const connections: string[] = []
  carrier.onConnection((connection) => connections.push(connection))
  return { carrier, sockets, later, posts, connections, left: () => left, socket: () => sockets.at(-1)! }
}

describe('the carrier of a browser page', () => {
  test('sends what was asked before the line stood as soon as it stands, and pairs answers by number', async () => {
    const { carrier, socket } = rig()
    const first = carrier.call('workspace.describe', {}, undefined)
    const second = carrier.call('job.records', { job: 'J-000001' }, 'T')
    expect(socket().sent).toEqual([])
    socket().open()
    expect(socket().sent).toEqual([
      { id: 1, name: 'workspace.describe', input: {} },
      { id: 2, name: 'job.records', input: { job: 'J-000001' }, token: 'T' },
    ])
    socket().say({ id: 2, answer: 'two' })
    socket().say({ id: 1, answer: 'one' })
    expect(await first).toBe('one')
    expect(await second).toBe('two')
  })

  test('a call under way when the line breaks is rejected and never sent again', async () => {
    const { carrier, sockets, socket, later, connections } = rig()
    socket().open()
    const call = carrier.call('run.start', {}, 'T')
    socket().close()
    await expect(call).rejects.toBeInstanceOf(LineBroken)
    await expect(carrier.call('run.pause', {}, 'T')).rejects.toBeInstanceOf(LineBroken)
    later.shift()!.task()
    socket().open()
    expect(sockets).toHaveLength(2)
    expect(socket().sent).toEqual([])
    expect(connections).toEqual(['connecting', 'connected', 'lost', 'connected'])
  })

  test('after the line is back the live stream is asked for anew', () => {
    const { carrier, socket, later } = rig()
    const heard: unknown[] = []
    socket().open()
    carrier.listen('T', (message) => heard.push(message))
    socket().close()
    later.shift()!.task()
    socket().open()
    expect(socket().sent).toEqual([{ listen: 'T' }])
    socket().say({ live: { type: 'signed-out' } })
    expect(heard).toEqual([{ type: 'signed-out' }])
  })

  test('waits longer from try to try, at most two seconds, and short again once it was connected', () => {
    const { socket, later } = rig()
    const waits: number[] = []
    for (let round = 0; round < 6; round++) {
      socket().close()
      const next = later.shift()!
      waits.push(next.milliseconds)
      next.task()
    }
    expect(waits).toEqual([250, 500, 1000, 2000, 2000, 2000])
    socket().open()
    socket().close()
    expect(later.shift()!.milliseconds).toBe(250)
  })

  test('a page that the host does not know leaves for the entrance and does not try again', () => {
    const { socket, later, left } = rig()
    socket().close(notAdmitted)
    expect(left()).toBe(1)
    expect(later).toEqual([])
  })

  test('a file goes by its name and in the session', async () => {
    const { carrier, posts } = rig()
    expect(await carrier.upload({ name: 'карты 1.csv' } as File, 'T')).toEqual({ ok: true, value: { upload: 'U-1' } })
    expect(posts[0]?.input).toBe('/upload?name=%D0%BA%D0%B0%D1%80%D1%82%D1%8B%201.csv')
    expect(posts[0]?.options.headers).toEqual({ 'x-cardwright-session': 'T' })
  })
})
