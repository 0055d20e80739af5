/** As little of Electron as the packed program needs to open its window; then it says what it saw, and quits. */
import { EventEmitter } from 'node:events'
import { existsSync } from 'node:fs'

const handlers = new Map()
let serve

export const app = Object.assign(new EventEmitter(), {
  isPackaged: true,
  enableSandbox() {},
  requestSingleInstanceLock: () => true,
  whenReady: () => Promise.resolve(),
  getPath: () => '/tmp',
  getLocale: () => 'en',
  quit: () => app.emit('before-quit', { preventDefault() {} }),
  exit: (code) => process.exit(code),
})
export const ipcMain = Object.assign(new EventEmitter(), { handle: (channel, handler) => handlers.set(channel, handler) })
export const protocol = { registerSchemesAsPrivileged() {}, handle: (_scheme, handler) => (serve = handler) }
export const Menu = { setApplicationMenu() {}, buildFromTemplate() {} }
export const dialog = {
  showErrorBox(_title, text) {
    console.error(text)
  },
}
export const session = {
  defaultSession: Object.assign(new EventEmitter(), {
    setPermissionRequestHandler() {},
    setPermissionCheckHandler() {},
    setDevicePermissionHandler() {},
    webRequest: { onBeforeRequest() {} },
  }),
}

export class BrowserWindow extends EventEmitter {
  webContents = Object.assign(new EventEmitter(), {
    mainFrame: { url: 'cardwright://app/' },
    setWindowOpenHandler() {},
    isDestroyed: () => false,
    send: (_channel, { live }) => this.#saw(live),
  })
  #preload
  #loaded

  constructor(options) {
    super()
    this.#preload = existsSync(options.webPreferences.preload)
  }

  async loadURL(url) {
    this.#loaded = url
    const event = { sender: this.webContents, senderFrame: this.webContents.mainFrame }
    await handlers.get('cardwright')(event, { kind: 'call', name: 'session.signIn', input: { name: 'Olga Orlova', password: 'operator' } })
    ipcMain.emit('cardwright', event, { kind: 'listen', stream: 1 })
  }

  #saw(live) {
    if (live.type !== 'snapshot') return
    console.log(JSON.stringify({ loaded: this.#loaded, index: serve(new Request('cardwright://app/')).status, preload: this.#preload, jobs: live.state.jobs.length }))
    app.quit = () => process.exit(0)
    app.emit('before-quit', { preventDefault() {} })
  }
}
