import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { Frame, preventable, standIn } from './stand-in.ts'

const electron = standIn()
const pages = new Map([['/', '<!doctype html>'], ['/assets/index.js', 'export {}']])

vi.mock('electron', () => electron.module)
vi.mock('#main/shell/pages.ts', async (original) => ({
  ...(await original<typeof import('#main/shell/pages.ts')>()),
  loadPages: () => ({
    answer: (path: string) => {
      const body = pages.get(path)
      return { status: body === undefined ? 404 : 200, headers: { 'content-security-policy': "default-src 'none'" }, body: Buffer.from(body ?? '') }
    },
  }),
}))

const folder = mkdtempSync(join(tmpdir(), 'cardwright-electron-'))
const argv = process.argv

beforeAll(async () => {
  process.argv = ['electron', '.', '--data', join(folder, 'demo'), '--demo']
  await import('#main/shell/electron/main.ts')
  await vi.waitFor(() => expect(electron.windows[0]?.loaded).toBeDefined(), { timeout: 60_000 })
}, 120_000)

afterAll(() => {
  process.argv = argv
  rmSync(folder, { recursive: true, force: true })
})

const window = () => electron.windows[0]!
const page = () => ({ sender: window().webContents, senderFrame: window().webContents.mainFrame })
const call = (name: string, input: unknown, event: { sender: unknown; senderFrame: unknown } = page()) => electron.invoke(event, { kind: 'call', name, input })
const upload = (path: string) => electron.invoke(page(), { kind: 'upload', path, name: 'cards.csv' })
const signIn = () => call('session.signIn', { name: 'Olga Orlova', password: 'operator' }) as Promise<{ ok: boolean; value: { token: string } }>

describe('the window', () => {
  test('is sandboxed, isolated, without Node, and opens our own page', () => {
    expect(electron.app.sandboxed).toBe(true)
    expect(window().options.webPreferences).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      webviewTag: false,
      devTools: false,
    })
    expect(String(window().options.webPreferences['preload'])).toMatch(/preload[/\\]index\.cjs$/)
    expect(window().loaded).toBe('cardwright://app/')
  })

  test('shows itself once there is something to see', () => {
    window().emit('ready-to-show')
    expect(window().shown).toBe(true)
  })

  test('pages come from the scheme with their policy, and from no other name', async () => {
    const answer = electron.protocolHandlers.get('cardwright')!
    const index = answer(new Request('cardwright://app/'))
    expect(index.status).toBe(200)
    expect(index.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(await answer(new Request('cardwright://app/assets/index.js')).text()).toBe('export {}')
    expect(answer(new Request('cardwright://elsewhere/')).status).toBe(404)
    expect(answer(new Request('cardwright://app/../../etc/passwd')).status).toBe(404)
  })

  test('a second start brings the first window to the front', () => {
    electron.app.emit('second-instance')
    expect(window().restore).toHaveBeenCalled()
    expect(window().focus).toHaveBeenCalled()
  })
})

/** How the program takes a download from this address. */
function save(url: string) {
  const event = preventable()
  const item = { getURL: () => url, getFilename: () => 'protocol-J-000001.pdf', setSaveDialogOptions: vi.fn() }
  electron.defaultSession.emit('will-download', event, item)
  return { prevented: event.prevented, options: item.setSaveDialogOptions.mock.calls }
}

describe('what a page may not do', () => {
  test.each(['will-navigate', 'will-redirect', 'will-attach-webview'])('%s', (name) => {
    const event = preventable()
    window().webContents.emit(name, event, 'https://example.org/')
    expect(event.prevented).toBe(true)
  })

  test('open a window', () => {
    expect(window().webContents.openHandler!({ url: 'https://example.org/' })).toEqual({ action: 'deny' })
  })

  test('get a permission or a device', () => {
    const { defaultSession } = electron
    let allowed: boolean | undefined
    defaultSession.permissionRequest!({}, 'media', (answer) => (allowed = answer))
    expect(allowed).toBe(false)
    expect(defaultSession.permissionCheck!()).toBe(false)
    expect(defaultSession.devicePermission!()).toBe(false)
  })

  test.each([
    ['cardwright://app/assets/index.js', false],
    ['blob:cardwright://app/1', false],
    ['data:image/svg+xml,x', false],
    ['https://example.org/x.js', true],
    ['http://127.0.0.1:1/', true],
    ['ws://127.0.0.1:1/', true],
    ['file:///etc/passwd', true],
    ['cardwright://app.example.org/', true],
    ['blob:https://example.org/1', true],
  ])('fetch %s: refused is %s', (url, refused) => {
    let verdict: { cancel: boolean } | undefined
    electron.defaultSession.beforeRequest!({ url }, (answer) => (verdict = answer))
    expect(verdict).toEqual({ cancel: refused })
  })

  test('save anything but what it has made itself; for that, the person is asked where', () => {
    expect(save('https://example.org/evil.exe')).toEqual({ prevented: true, options: [] })
    expect(save('blob:cardwright://app/1')).toEqual({ prevented: false, options: [[{ defaultPath: join('/home/ann/documents', 'protocol-J-000001.pdf') }]] })
  })
})

describe('the channel', () => {
  test('calls reach the core, and the token stays in the main process', async () => {
    expect(await call('workspace.describe', {})).toMatchObject({ ok: true, value: { demo: true, host: 'electron' } })
    expect(await call('log.filters', {})).toMatchObject({ ok: false, faults: [{ code: 'call.not-signed-in' }] })
    expect(await signIn()).toMatchObject({ ok: true, value: { name: 'Olga Orlova', token: '' } })
    expect(await call('log.filters', {})).toMatchObject({ ok: true })
    await call('session.signOut', {})
    expect(await call('log.filters', {})).toMatchObject({ ok: false })
  })

  test('nobody else is heard: another window, a frame inside, a page from elsewhere, a frame that is gone', async () => {
    const { webContents } = window()
    const strangers = [
      { sender: {}, senderFrame: webContents.mainFrame },
      { sender: webContents, senderFrame: new Frame('cardwright://app/') },
      { sender: webContents, senderFrame: null },
    ]
    for (const event of strangers) await expect(call('workspace.describe', {}, event)).rejects.toThrow('refused')
    const own = webContents.mainFrame
    for (const url of ['https://example.org/', 'cardwright://app.example.org/', 'file:///index.html', 'about:blank']) {
      webContents.mainFrame = new Frame(url)
      await expect(call('workspace.describe', {})).rejects.toThrow('refused')
    }
    webContents.mainFrame = own
  })

  test('what has not the shape of a request is refused', async () => {
    for (const message of [undefined, {}, { kind: 'call' }, { kind: 'read', path: '/etc/passwd' }]) {
      await expect(electron.invoke(page(), message)).rejects.toThrow('refused')
    }
  })

  test('a file that the person chose becomes an upload; one that a script made up does not', async () => {
    expect(await upload('/home/ann/cards.csv')).toMatchObject({ ok: false, faults: [{ code: 'call.not-signed-in' }] })
    await signIn()
    expect(await upload('/home/ann/cards.csv')).toMatchObject({ ok: true, value: { upload: expect.any(String) as string } })
    expect(await upload('')).toMatchObject({ ok: false, faults: [{ code: 'upload.failed' }] })
    await call('session.signOut', {})
  })

  test('live: a snapshot of the furnished workspace, a new one for a new stream, and the end of the session', async () => {
    const { webContents } = window()
    await signIn()
    electron.say(page(), { kind: 'listen', stream: 1 })
    expect(await webContents.next()).toMatchObject({ stream: 1, live: { type: 'snapshot', state: { devices: [{ device: 'D-01' }, { device: 'D-02' }] } } })
    electron.say(page(), { kind: 'heard', stream: 1 })
    electron.say(page(), { kind: 'listen', stream: 2 })
    expect(await webContents.next()).toMatchObject({ stream: 2, live: { type: 'snapshot' } })
    await call('session.signOut', {})
    expect(await webContents.next()).toEqual({ stream: 2, live: { type: 'signed-out' } })
    electron.say(page(), { kind: 'listen', stream: 3 })
    expect(await webContents.next()).toEqual({ stream: 3, live: { type: 'signed-out' } })
  })

  test.each(['did-navigate', 'render-process-gone'])('the session does not outlive its page: %s', async (name) => {
    await signIn()
    window().webContents.emit(name)
    expect(await call('log.filters', {})).toMatchObject({ ok: false, faults: [{ code: 'call.not-signed-in' }] })
  })
})

test('the program ends once the core is closed, and not before', async () => {
  const first = preventable()
  electron.app.emit('before-quit', first)
  expect(first.prevented).toBe(true)
  expect(electron.app.quit).not.toHaveBeenCalled()
  await vi.waitFor(() => expect(electron.app.quit).toHaveBeenCalledOnce(), { timeout: 60_000 })
  const second = preventable()
  electron.app.emit('before-quit', second)
  expect(second.prevented).toBe(false)
})
