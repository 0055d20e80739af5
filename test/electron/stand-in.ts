/**
 * Stands in for the `electron` module: remembers what the shell asked of it, and lets a test be the system, the window
 * and whoever else speaks on the channel.
 */
import { EventEmitter } from 'node:events'
import { vi } from 'vitest'

export class Frame {
  readonly url: string

  constructor(url: string) {
    this.url = url
  }
}

class Contents extends EventEmitter {
  mainFrame = new Frame('cardwright://app/')
  openHandler: ((details: { url: string }) => { action: string }) | undefined
  sent: { channel: string; message: unknown }[] = []
  gone = false
  #waiting: (() => void)[] = []

  setWindowOpenHandler(handler: (details: { url: string }) => { action: string }): void {
    this.openHandler = handler
  }

  send(channel: string, message: unknown): void {
    this.sent.push({ channel, message })
    for (const wake of this.#waiting.splice(0)) wake()
  }

  isDestroyed(): boolean {
    return this.gone
  }

  /** The next message to the page. */
  async next(): Promise<unknown> {
    while (this.sent.length === 0) await new Promise<void>((resolve) => this.#waiting.push(resolve))
    return this.sent.shift()!.message
  }
}

/** An event that somebody may prevent. */
export function preventable(): { preventDefault(): void; prevented: boolean } {
  const event = { prevented: false, preventDefault: () => void (event.prevented = true) }
  return event
}

type Options = Record<string, unknown> & { webPreferences: Record<string, unknown> }

export function standIn() {
  const windows: StandInWindow[] = []

  class StandInWindow extends EventEmitter {
    readonly webContents = new Contents()
    readonly options: Options
    loaded: string | undefined
    shown = false

    constructor(options: Options) {
      super()
      this.options = options
      windows.push(this)
      app.emit('web-contents-created', {}, this.webContents)
    }

    loadURL(url: string): Promise<void> {
      this.loaded = url
      return Promise.resolve()
    }

    show(): void {
      this.shown = true
    }

    isMinimized = () => true
    restore = vi.fn()
    focus = vi.fn()
  }

  const app = Object.assign(new EventEmitter(), {
    isPackaged: true,
    sandboxed: false,
    enableSandbox: () => void (app.sandboxed = true),
    requestSingleInstanceLock: vi.fn(() => true),
    whenReady: () => Promise.resolve(),
    getPath: (name: string) => `/home/ann/${name}`,
    getLocale: () => 'en-GB',
    quit: vi.fn(),
    exit: vi.fn(),
  })

  const handlers = new Map<string, (event: unknown, message: unknown) => unknown>()
  const ipcMain = Object.assign(new EventEmitter(), {
    handle: (channel: string, handler: (event: unknown, message: unknown) => unknown) => void handlers.set(channel, handler),
  })

  const defaultSession = Object.assign(new EventEmitter(), {
    permissionRequest: undefined as ((contents: unknown, permission: string, answer: (allowed: boolean) => void) => void) | undefined,
    permissionCheck: undefined as (() => boolean) | undefined,
    devicePermission: undefined as (() => boolean) | undefined,
    beforeRequest: undefined as ((details: { url: string }, answer: (verdict: { cancel: boolean }) => void) => void) | undefined,
    setPermissionRequestHandler: (handler: never) => void (defaultSession.permissionRequest = handler),
    setPermissionCheckHandler: (handler: never) => void (defaultSession.permissionCheck = handler),
    setDevicePermissionHandler: (handler: never) => void (defaultSession.devicePermission = handler),
    webRequest: { onBeforeRequest: (handler: never) => void (defaultSession.beforeRequest = handler) },
  })

  const protocolHandlers = new Map<string, (request: Request) => Response>()
  const module = {
    app,
    BrowserWindow: StandInWindow,
    dialog: { showErrorBox: vi.fn() },
    ipcMain,
    Menu: { setApplicationMenu: vi.fn(), buildFromTemplate: vi.fn() },
    protocol: {
      registerSchemesAsPrivileged: vi.fn(),
      handle: (scheme: string, handler: (request: Request) => Response) => void protocolHandlers.set(scheme, handler),
    },
    session: { defaultSession },
  }

  return {
    module,
    app,
    windows,
    defaultSession,
    protocolHandlers,
    /** The main process's answer to `invoke`, as from this sender. */
    invoke: async (event: { sender: unknown; senderFrame: unknown }, message: unknown) => handlers.get('cardwright')!(event, message),
    say: (event: { sender: unknown; senderFrame: unknown }, message: unknown) => ipcMain.emit('cardwright', event, message),
  }
}
