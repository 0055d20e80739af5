/**
 * Runs beside the page, sandboxed and in a world of its own, and lays one object on `window.cardwright`. The page gets
 * neither `ipcRenderer` nor a path: it hands over a `File`, and the system says here where that lies.
 */
import { contextBridge, ipcRenderer, webUtils } from 'electron'
import type { DesktopBridge, UploadAnswer } from '#shared/contract/wire.ts'
import type { BridgeNews, BridgeNotice, BridgeRequest } from './channel.ts'

/** As in channel.ts; this script imports only types, so that nothing has to be bundled into it. */
const channel = 'cardwright'

const ask = (request: BridgeRequest): Promise<unknown> => ipcRenderer.invoke(channel, request)
const say = (notice: BridgeNotice): void => ipcRenderer.send(channel, notice)

let lastStream = 0

const bridge: DesktopBridge = {
  call: (name, input) => ask({ kind: 'call', name, input }),

  listen(listener) {
    const stream = ++lastStream
    const hear = (_event: unknown, news: BridgeNews) => {
      if (news.stream !== stream) return
      listener(news.live)
      say({ kind: 'heard', stream })
    }
    ipcRenderer.on(channel, hear)
    say({ kind: 'listen', stream })
    return () => {
      ipcRenderer.off(channel, hear)
      say({ kind: 'stop', stream })
    }
  },

  upload(file) {
    const { name } = file as File
    return ask({ kind: 'upload', path: webUtils.getPathForFile(file as File), name }) as Promise<UploadAnswer>
  },
}

contextBridge.exposeInMainWorld('cardwright', bridge)
