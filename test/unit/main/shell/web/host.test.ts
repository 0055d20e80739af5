import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { request as httpRequest } from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import type { LiveMessage, LiveState } from '#shared/contract/live.ts'
import { notAdmitted, type WireReply } from '#shared/contract/wire.ts'
import type { Caller, Core } from '#main/transport/core.ts'
import { createLiveHub } from '#main/transport/live.ts'
import { startWebHost, type WebHost } from '#main/shell/web/host.ts'

const empty: LiveState = { devices: [], jobs: [], runs: [], prompts: [], logRevision: 0, journal: { checking: false, rows: 0 } }

/** A core that knows one session, `ann`, and remembers what it was asked. */
function standInCore() {
  const asked: { name: string; input: unknown; caller: Caller }[] = []
  const uploads: { path: string; name: string }[] = []
  const sessions = new Set(['ann'])
  const hub = createLiveHub({ snapshot: () => empty, onBug: (thrown) => expect.unreachable(String(thrown)) })
  const core: Core = {
    call: (name, input, caller) => {
      asked.push({ name, input, caller })
      return Promise.resolve({ ok: true, value: {} })
    },
    listen: (token, listener) => (sessions.has(token) ? hub.listen(token, listener) : undefined),
    addUpload: (file) => {
      uploads.push(file)
      return `U-${uploads.length}`
    },
    expireSessions: () => {},
    close: () => Promise.resolve(),
  }
  const endSession = (token: string) => {
    sessions.delete(token)
    hub.endSession(token)
  }
  return { core, asked, uploads, hub, endSession }
}

const closers: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close()
})

async function rig(options: { messageLimit?: number; uploadLimit?: number } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'cardwright-web-'))
  closers.push(() => rmSync(folder, { recursive: true, force: true }))
  const pagesFolder = join(folder, 'pages')
  mkdirSync(join(pagesFolder, 'assets'), { recursive: true })
  writeFileSync(join(folder, 'secret.txt'), 'the secret')
  writeFileSync(join(pagesFolder, 'index.html'), '<meta property="csp-nonce" nonce="CARDWRIGHT-NONCE"><script type="module" src="/assets/index.js"></script>')
  writeFileSync(join(pagesFolder, 'assets', 'index.js'), 'export {}')
  writeFileSync(join(pagesFolder, 'assets', 'index.css'), 'a {}')
  symlinkSync(join(folder, 'secret.txt'), join(pagesFolder, 'link.txt'))
  const uploadsFolder = join(folder, 'uploads')
  const stand = standInCore()
  let beat: (() => void) | undefined
  const heartbeat = (act: () => void) => {
    beat = act
    return () => {}
  }
  const host = await startWebHost({ core: stand.core, pagesFolder, uploadsFolder, heartbeat, ...options })
  closers.push(() => host.close())
  return { ...stand, host, folder, uploadsFolder, beat: () => beat?.() }
}

interface Request {
  path: string
  method?: string
  headers?: Record<string, string>
  body?: string | Buffer
}

/** A request with exactly these headers, as no browser would let a page make. */
function ask(host: WebHost, { path, method = 'GET', headers = {}, body }: Request) {
  return new Promise<{ status: number; headers: Record<string, unknown>; text: string }>((resolve, reject) => {
    const sent = httpRequest({ host: '127.0.0.1', port: host.port, path, method, headers, agent: false }, (answer) => {
      let text = ''
      answer.on('data', (chunk) => (text += String(chunk)))
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text }))
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

const originOf = (host: WebHost) => `http://127.0.0.1:${host.port}`

function enter(host: WebHost, code: string, headers: Record<string, string> = {}) {
  return ask(host, { path: '/enter', method: 'POST', body: code, headers: { origin: originOf(host), ...headers } })
}

async function keyOf(host: WebHost): Promise<string> {
  return (await enter(host, host.address.split('#')[1]!)).text
}

/** How an attempt to open a socket ended: its close code, or the status by which it was refused. */
function attempt(host: WebHost, protocols: string[], options: { path?: string; headers?: Record<string, string> } = {}) {
  const { path = '/socket', headers = { origin: originOf(host) } } = options
  return new Promise<number>((resolve) => {
    const socket = new WebSocket(`ws://127.0.0.1:${host.port}${path}`, protocols, { headers })
    socket.on('unexpected-response', (_request, answer) => {
      resolve(answer.statusCode ?? 0)
      socket.terminate()
    })
    socket.on('close', resolve)
    socket.on('error', () => {})
  })
}

async function page(host: WebHost, options: { autoPong?: boolean } = {}) {
  const socket = new WebSocket(`ws://127.0.0.1:${host.port}/socket`, ['cardwright', await keyOf(host)], { origin: originOf(host), ...options })
  const replies: WireReply[] = []
  const waiting: (() => void)[] = []
  socket.on('message', (data) => {
    replies.push(JSON.parse(String(data)) as WireReply)
    for (const wake of waiting.splice(0)) wake()
  })
  const closed = new Promise<number>((resolve) => socket.on('close', (code) => resolve(code)))
  socket.on('error', () => {})
  await new Promise((resolve) => socket.on('open', resolve))
  return {
    socket,
    closed,
    say: (message: unknown) => socket.send(typeof message === 'string' ? message : JSON.stringify(message)),
    async next(): Promise<WireReply> {
      while (replies.length === 0) await new Promise<void>((resolve) => waiting.push(resolve))
      return replies.shift()!
    },
  }
}

describe('pages', () => {
  test('the page, its scripts and styles come with their types under a policy that lets nothing else in', async () => {
    const { host } = await rig()
    const index = await ask(host, { path: '/' })
    expect(index.status).toBe(200)
    expect(index.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'x-frame-options': 'DENY',
    })
    const policy = String(index.headers['content-security-policy'])
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("script-src 'self';")
    expect(policy).not.toMatch(/unsafe/)
    expect(policy).toContain(`connect-src 'self' ws://127.0.0.1:${host.port};`)
    expect(policy).toContain("frame-ancestors 'none'")
    expect((await ask(host, { path: '/assets/index.js' })).headers['content-type']).toBe('text/javascript; charset=utf-8')
    expect((await ask(host, { path: '/assets/index.css' })).headers['content-type']).toBe('text/css; charset=utf-8')
    expect((await ask(host, { path: '/assets/index.js', method: 'HEAD' })).text).toBe('')
  })

  test('the nonce of a style is another one each time, and stands in page and policy alike', async () => {
    const { host } = await rig()
    const nonces = await Promise.all(
      [1, 2].map(async () => {
        const { text, headers } = await ask(host, { path: '/' })
        const nonce = /nonce="([^"]+)"/.exec(text)![1]!
        expect(String(headers['content-security-policy'])).toContain(`style-src 'self' 'nonce-${nonce}'`)
        return nonce
      }),
    )
    expect(new Set(nonces).size).toBe(2)
    expect(nonces.join()).not.toContain('CARDWRIGHT')
  })

  test.each(['/../secret.txt', '/assets/../../secret.txt', '/%2e%2e/secret.txt', '/..%2fsecret.txt', '/assets/..\\..\\secret.txt', '//secret.txt', '/link.txt', '/uploads', '/assets', '/etc/passwd'])(
    'nothing outside the folder is served: %s',
    async (path) => {
      const { host } = await rig()
      const answer = await ask(host, { path })
      expect(answer.status).toBe(404)
      expect(answer.text).not.toContain('secret')
    },
  )

  test('a host by another name is refused, whatever is asked: that is how a rebound name arrives', async () => {
    const { host } = await rig()
    for (const name of ['evil.example', `evil.example:${host.port}`, `localhost:${host.port}`, '127.0.0.1', `127.0.0.1:${host.port}.evil.example`]) {
      for (const path of ['/', '/open', '/assets/index.js']) expect((await ask(host, { path, headers: { host: name } })).status).toBe(421)
      expect((await enter(host, host.address.split('#')[1]!, { host: name })).status).toBe(421)
    }
  })

  test('it listens on the loopback address alone', async () => {
    const { host } = await rig()
    await expect(
      new Promise((resolve, reject) => {
        const socket = connect({ host: '127.0.0.2', port: host.port })
        socket.on('connect', () => resolve(socket.destroy()))
        socket.on('error', reject)
      }),
    ).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  })

  test('other methods are refused', async () => {
    const { host } = await rig()
    for (const method of ['PUT', 'DELETE', 'OPTIONS', 'PATCH']) expect((await ask(host, { path: '/', method })).status).toBe(405)
  })
})

describe('entrance', () => {
  test('the code stands after #, which browsers send nowhere, and the script is a file of its own', async () => {
    const { host } = await rig()
    expect(host.address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/open#[\w-]{43}$/)
    const entrance = await ask(host, { path: '/open' })
    expect(entrance.text).toContain('<script src="/open.js"></script>')
    expect((await ask(host, { path: '/open.js' })).text).toContain('/enter')
  })

  test('the printed code opens as often as one likes; the one for a browser opens once', async () => {
    const { host } = await rig()
    const key = await keyOf(host)
    expect(await keyOf(host)).toBe(key)
    const code = host.addressForBrowser().split('#')[1]!
    expect(await enter(host, code)).toMatchObject({ status: 200, text: key })
    expect((await enter(host, code)).status).toBe(401)
  })

  test('a wrong code, a long one, none, and one from another origin are refused', async () => {
    const { host } = await rig()
    const code = host.address.split('#')[1]!
    for (const wrong of ['', 'x', code.slice(1), `${code}x`, 'x'.repeat(100_000)]) expect((await enter(host, wrong)).status).toBe(401)
    for (const origin of ['http://evil.example', 'null', 'http://127.0.0.1', `http://localhost:${host.port}`]) {
      expect((await enter(host, code, { origin })).status).toBe(403)
    }
    expect((await ask(host, { path: '/enter', method: 'POST', body: code })).status).toBe(403)
  })
})

describe('socket', () => {
  test('a page without the key is told so and nothing it says is heard', async () => {
    const { host, asked } = await rig()
    for (const protocols of [['cardwright'], ['cardwright', 'x'.repeat(43)], ['cardwright', (await keyOf(host)).slice(1)]]) {
      expect(await attempt(host, protocols)).toBe(notAdmitted)
    }
    expect(asked).toEqual([])
  })

  test('another origin, another host and another path are refused before any key is looked at', async () => {
    const { host } = await rig()
    const protocols = ['cardwright', await keyOf(host)]
    expect(await attempt(host, protocols, { headers: { origin: 'http://evil.example' } })).toBe(403)
    expect(await attempt(host, protocols, { headers: {} })).toBe(403)
    expect(await attempt(host, protocols, { headers: { origin: originOf(host), host: `evil.example:${host.port}` } })).toBe(403)
    expect(await attempt(host, protocols, { path: '/other' })).toBe(403)
  })

  test('calls are answered by number, with the session that the page named', async () => {
    const { host, asked } = await rig()
    const { say, next } = await page(host)
    say({ id: 7, name: 'run.pause', input: { run: 'R-000001' }, token: 'ann' })
    expect(await next()).toEqual({ id: 7, answer: { ok: true, value: {} } })
    say({ id: 8, name: 'workspace.describe', input: {} })
    expect(await next()).toEqual({ id: 8, answer: { ok: true, value: {} } })
    expect(asked).toEqual([
      { name: 'run.pause', input: { run: 'R-000001' }, caller: { token: 'ann', host: 'web' } },
      { name: 'workspace.describe', input: {}, caller: { token: undefined, host: 'web' } },
    ])
  })

  test('more calls at once than are taken at once are all answered', async () => {
    const { host } = await rig()
    const { say, next } = await page(host)
    for (let id = 0; id < 300; id++) say({ id, name: 'log.filters', input: {}, token: 'ann' })
    const answered = new Set<number>()
    while (answered.size < 300) {
      const reply = await next()
      if ('id' in reply) answered.add(reply.id)
    }
  })

  test('live: a snapshot, deltas, a new snapshot when asked again, and the end of the session', async () => {
    const { host, hub, endSession } = await rig()
    const { say, next } = await page(host)
    const live = async () => ((await next()) as { live: LiveMessage }).live
    say({ listen: 'ann' })
    expect(await live()).toEqual({ type: 'snapshot', number: 0, state: empty })
    hub.change({ topic: 'log', revision: 1 })
    expect(await live()).toEqual({ type: 'delta', number: 1, changes: [{ topic: 'log', revision: 1 }] })
    say({ listen: 'ann' })
    expect(await live()).toMatchObject({ type: 'snapshot', number: 1 })
    endSession('ann')
    expect(await live()).toEqual({ type: 'signed-out' })
    say({ listen: 'ann' })
    expect(await live()).toEqual({ type: 'signed-out' })
  })

  test('the session outlives the line: the next one goes on with it', async () => {
    const { host } = await rig()
    const first = await page(host)
    first.socket.close()
    await first.closed
    const second = await page(host)
    second.say({ listen: 'ann' })
    expect(await second.next()).toMatchObject({ live: { type: 'snapshot' } })
  })

  test('what can not be understood, binary data and too long a message close the line', async () => {
    const { host, asked } = await rig({ messageLimit: 1000 })
    for (const [message, code] of [
      ['not json', 1008],
      [JSON.stringify({ id: 'x', name: 'run.pause' }), 1008],
      [JSON.stringify([1]), 1008],
      [Buffer.from([1, 2, 3]), 1003],
      [JSON.stringify({ id: 1, name: 'x'.repeat(2000), input: {} }), 1009],
    ] as const) {
      const { socket, closed } = await page(host)
      socket.send(message)
      expect(await closed).toBe(code)
    }
    expect(asked).toEqual([])
  })

  test('a line whose other side is silent between two beats is ended; one that answers stays', async () => {
    const { host, beat } = await rig()
    const silent = await page(host, { autoPong: false })
    const lively = await page(host)
    const pinged = new Promise((resolve) => lively.socket.on('ping', resolve))
    beat()
    await pinged
    lively.say({ id: 1, name: 'log.filters', input: {} })
    await lively.next()
    beat()
    expect(await silent.closed).toBe(1006)
    lively.say({ id: 2, name: 'log.filters', input: {} })
    expect(await lively.next()).toMatchObject({ id: 2 })
  })

  test('closing the host closes the lines', async () => {
    const { host } = await rig()
    const { closed } = await page(host)
    await host.close()
    expect([1001, 1006]).toContain(await closed)
  })
})

function send(host: WebHost, body: string | Buffer, headers: Record<string, string> = {}, name = 'cards.csv') {
  const path = `/upload?name=${encodeURIComponent(name)}`
  return ask(host, { path, method: 'POST', body, headers: { origin: originOf(host), 'x-cardwright-session': 'ann', ...headers } })
}

describe('uploads', () => {
  test('a file lands where only this user reads it, under a name nobody guesses, and goes with the session', async () => {
    const { host, uploads, uploadsFolder, endSession } = await rig()
    expect(JSON.parse((await send(host, 'number;name')).text)).toEqual({ ok: true, value: { upload: 'U-1' } })
    const [upload] = uploads
    expect(upload!.name).toBe('cards.csv')
    expect(upload!.path).toMatch(/uploads[/\\][0-9a-f]{32}$/)
    expect(readFileSync(upload!.path, 'utf8')).toBe('number;name')
    if (process.platform !== 'win32') {
      expect(statSync(upload!.path).mode & 0o777).toBe(0o600)
      expect(statSync(uploadsFolder).mode & 0o777).toBe(0o700)
    }
    endSession('ann')
    expect(readdirSync(uploadsFolder)).toEqual([])
  })

  test('a path in the name is cut off', async () => {
    const { host, uploads } = await rig()
    for (const name of ['../../etc/passwd', 'C:\\cards\\july.csv', '', 'a\u0000\nb']) await send(host, 'x', {}, name)
    expect(uploads.map((upload) => upload.name)).toEqual(['passwd', 'july.csv', 'file', 'ab'])
  })

  test('without a session, from another origin, or too large: refused, and nothing is left', async () => {
    const { host, uploads, uploadsFolder } = await rig({ uploadLimit: 1000 })
    expect(JSON.parse((await send(host, 'x', { 'x-cardwright-session': 'forged' })).text)).toMatchObject({ ok: false, faults: [{ code: 'call.not-signed-in' }] })
    expect((await send(host, 'x', { origin: 'http://evil.example' })).status).toBe(403)
    expect(JSON.parse((await send(host, Buffer.alloc(5000))).text)).toMatchObject({ ok: false, faults: [{ code: 'upload.too-large' }] })
    expect(uploads).toEqual([])
    expect(readdirSync(uploadsFolder)).toEqual([])
  })

  test('only the last four files of a session are kept', async () => {
    const { host, uploads, uploadsFolder } = await rig()
    for (let file = 0; file < 6; file++) await send(host, String(file))
    expect(readdirSync(uploadsFolder)).toHaveLength(4)
    expect(uploads.map((upload) => existsSync(upload.path))).toEqual([false, false, true, true, true, true])
  })

  test('closing the host removes the folder; a start removes what a run ended by force has left', async () => {
    const { host, uploadsFolder, core, folder } = await rig()
    await send(host, 'x')
    await host.close()
    expect(existsSync(uploadsFolder)).toBe(false)
    mkdirSync(uploadsFolder)
    writeFileSync(join(uploadsFolder, 'left'), 'clear card data')
    const next = await startWebHost({ core, pagesFolder: join(folder, 'pages'), uploadsFolder })
    closers.push(() => next.close())
    expect(readdirSync(uploadsFolder)).toEqual([])
  })
})

test('a wanted port that is in use gives way to another', async () => {
  const { host, core, folder } = await rig()
  const second = await startWebHost({ core, pagesFolder: join(folder, 'pages'), uploadsFolder: join(folder, 'second'), port: host.port })
  closers.push(() => second.close())
  expect(second.port).not.toBe(host.port)
  expect((await ask(second, { path: '/' })).status).toBe(200)
})
