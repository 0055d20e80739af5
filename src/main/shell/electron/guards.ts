/** What the desktop window may not do, whatever its page asks for (electronjs.org/docs/latest/tutorial/security). */
import type { App, BrowserWindowConstructorOptions, Session, WebContents } from 'electron'
import { pageOrigin } from './channel.ts'

export function windowOptions({ preload, packaged }: { preload: string; packaged: boolean }): BrowserWindowConstructorOptions {
  return {
    width: 1440,
    height: 900,
    minWidth: 1024,
    minHeight: 680,
    show: false,
    title: 'Cardwright',
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      // A dictionary would be fetched from elsewhere.
      spellcheck: false,
      devTools: !packaged,
    },
  }
}

/** No page leaves, no page opens another. */
export function guardContents(app: Pick<App, 'on'>): void {
  app.on('web-contents-created', (_event, contents: WebContents) => {
    contents.on('will-navigate', (event) => event.preventDefault())
    contents.on('will-redirect', (event) => event.preventDefault())
    contents.on('will-attach-webview', (event) => event.preventDefault())
    contents.setWindowOpenHandler(() => ({ action: 'deny' }))
  })
}

/** Nothing is asked of the system, nothing is fetched from elsewhere, and only what the page itself has made is saved. */
export function guardSession(session: Session, saveFolder: string, join: (folder: string, name: string) => string): void {
  session.setPermissionRequestHandler((_contents, _permission, answer) => answer(false))
  session.setPermissionCheckHandler(() => false)
  session.setDevicePermissionHandler(() => false)
  session.webRequest.onBeforeRequest((details, answer) => answer({ cancel: !isOwn(details.url) }))
  session.on('will-download', (event, item) => {
    if (!item.getURL().startsWith(`blob:${pageOrigin}/`)) return event.preventDefault()
    item.setSaveDialogOptions({ defaultPath: join(saveFolder, item.getFilename()) })
  })
}

/** Our pages, what they made, and the developer tools of a build that is not packaged. */
function isOwn(url: string): boolean {
  return [`${pageOrigin}/`, `blob:${pageOrigin}/`, 'data:', 'devtools:'].some((start) => url.startsWith(start))
}
