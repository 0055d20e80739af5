/** The desktop program: one window on the core that runs in this process. */
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { app, BrowserWindow, dialog, ipcMain, Menu, protocol, session } from 'electron'
import { faultsOf } from '#shared/faults.ts'
import type { Language } from '#shared/texts/index.ts'
import { wordsIn } from '../../reports/words.ts'
import type { Core } from '../../transport/core.ts'
import { openWorkspace } from '../compose.ts'
import { practiceFolder } from '../folders.ts'
import { loadPages } from '../pages.ts'
import { provideThreads } from '../threads.ts'
import { serveBridge } from './bridge.ts'
import { pageOrigin, pageScheme } from './channel.ts'
import { guardContents, guardSession, windowOptions } from './guards.ts'

/** Beside this file as it is built: `out/main`, `out/preload`, `out/renderer`. */
const built = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const expiryMilliseconds = 30_000

let window: BrowserWindow | undefined
let core: Core | undefined
let closing = false

provideThreads()
app.enableSandbox()
protocol.registerSchemesAsPrivileged([{ scheme: pageScheme, privileges: { standard: true, secure: true, supportFetchAPI: true } }])
guardContents(app)

if (app.requestSingleInstanceLock()) {
  app.on('second-instance', () => {
    if (window?.isMinimized()) window.restore()
    window?.focus()
  })
  app.on('window-all-closed', () => app.quit())
  app.on('before-quit', quitWhenClosed)
  app.whenReady().then(open).catch(giveUp)
} else {
  app.quit()
}

async function open(): Promise<void> {
  const { values } = parseArgs({ args: process.argv.slice(1), options: { data: { type: 'string' }, demo: { type: 'boolean' } }, strict: false, allowPositionals: true })
  const folder = typeof values.data === 'string' ? values.data : practiceFolder()
  core = await openWorkspace({ folder, host: 'electron', demo: values.demo === true || values.data === undefined })
  const open = core
  setInterval(() => open.expireSessions(), expiryMilliseconds).unref()

  const pages = loadPages(built('../renderer'), [])
  protocol.handle(pageScheme, (request) => {
    const { host, pathname } = new URL(request.url)
    const { status, headers, body } = pages.answer(host === 'app' ? pathname : '')
    return new Response(body as Uint8Array<ArrayBuffer>, { status, headers })
  })
  guardSession(session.defaultSession, app.getPath('documents'), join)
  Menu.setApplicationMenu(process.platform === 'darwin' ? Menu.buildFromTemplate([{ role: 'appMenu' }, { role: 'editMenu' }, { role: 'windowMenu' }]) : null)

  window = new BrowserWindow(windowOptions({ preload: built('../preload/index.cjs'), packaged: app.isPackaged }))
  serveBridge(ipcMain, window.webContents, core)
  window.once('ready-to-show', () => window?.show())
  await window.loadURL(`${pageOrigin}/`)
}

/** What runs is finished or parked, and the store closed, before the program ends. */
function quitWhenClosed(event: { preventDefault(): void }): void {
  if (core === undefined || closing) return
  event.preventDefault()
  closing = true
  core.close().then(
    () => app.quit(),
    () => app.exit(1),
  )
}

/** There is no window to say it in. */
function giveUp(thrown: unknown): void {
  const language: Language = app.getLocale().startsWith('ru') ? 'ru' : 'en'
  const words = wordsIn(language)
  const [fault] = faultsOf(thrown)
  const { what, do: todo } = words.fault(fault)
  dialog.showErrorBox('Cardwright', `${what}\n\n${todo}\n\n${fault.code}`)
  app.exit(1)
}
