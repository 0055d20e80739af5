/**
 * The main process's end of the channel: calls from our own page reach the core in the session of that window. The
 * session's token stays here; the page never has it.
 */
import type { IpcMain, WebContents, WebFrameMain } from 'electron'
import type { SessionView } from '#shared/contract/calls.ts'
import type { UploadAnswer } from '#shared/contract/wire.ts'
import type { Core } from '../../transport/core.ts'
import { startFeed } from '../../transport/feed.ts'
import { BridgeNotice, BridgeRequest, channel, pageOrigin, type BridgeNews } from './channel.ts'

interface Stream {
  number: number
  stop: (() => void) | undefined
  /** Messages that the page has not yet taken, oldest first. */
  waiting: (() => void)[]
}

/** Serves one window. Anything that another frame, page or window says on the channel is refused. */
export function serveBridge(ipcMain: Pick<IpcMain, 'handle' | 'on'>, contents: WebContents, core: Core): void {
  let token: string | undefined
  let stream: Stream | undefined

  const ours = (event: { sender: WebContents; senderFrame: WebFrameMain | null }) =>
    event.sender === contents && event.senderFrame !== null && event.senderFrame === contents.mainFrame && isOurPage(event.senderFrame.url)

  async function call(name: string, input: unknown): Promise<unknown> {
    const answer = await core.call(name, input, { token, host: 'electron' })
    if (!answer.ok) return answer
    if (name === 'session.signOut') token = undefined
    if (name !== 'session.signIn') return answer
    const session = answer.value as SessionView
    token = session.token
    return { ok: true, value: { ...session, token: '' } }
  }

  function upload(path: string, name: string): UploadAnswer {
    // A file that a script made up lies nowhere.
    if (path === '') return { ok: false, faults: [{ code: 'upload.failed', class: 'operator' }] }
    if (token === undefined) return { ok: false, faults: [{ code: 'call.not-signed-in', class: 'operator' }] }
    return { ok: true, value: { upload: core.addUpload({ path, name }) } }
  }

  function send(news: BridgeNews): void {
    if (!contents.isDestroyed()) contents.send(channel, news)
  }

  function listen(number: number): void {
    stop()
    const started: Stream = { number, stop: undefined, waiting: [] }
    stream = started
    started.stop = startFeed({
      listen: (listener) => core.listen(token ?? '', listener),
      send: (live, delivered) => {
        started.waiting.push(delivered)
        send({ stream: number, live })
      },
    })
    if (started.stop === undefined) send({ stream: number, live: { type: 'signed-out' } })
  }

  function stop(): void {
    stream?.stop?.()
    stream = undefined
  }

  ipcMain.handle(channel, (event, message: unknown) => {
    const request = BridgeRequest.safeParse(message)
    if (!ours(event) || !request.success) throw new Error('refused')
    return request.data.kind === 'call' ? call(request.data.name, request.data.input) : upload(request.data.path, request.data.name)
  })

  ipcMain.on(channel, (event, message: unknown) => {
    const notice = BridgeNotice.safeParse(message)
    if (!ours(event) || !notice.success) return
    if (notice.data.kind === 'listen') return listen(notice.data.stream)
    if (notice.data.stream !== stream?.number) return
    if (notice.data.kind === 'stop') return stop()
    stream.waiting.shift()?.()
  })

  /** A page that is loaded anew or has crashed does not know of the session any more: nobody shall find it open. */
  function leave(): void {
    stop()
    if (token === undefined) return
    const left = token
    token = undefined
    void core.call('session.signOut', {}, { token: left, host: 'electron' })
  }
  contents.on('did-navigate', leave)
  contents.on('render-process-gone', leave)
  contents.on('destroyed', leave)
}

function isOurPage(url: string): boolean {
  return url.startsWith(`${pageOrigin}/`)
}
