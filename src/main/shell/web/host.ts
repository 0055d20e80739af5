/**
 * The loopback web host: the same core and the same screens in any browser of this computer.
 * It listens on 127.0.0.1 alone and answers no other origin; see docs/hosts.md for what that holds off.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type WebSocket, WebSocketServer } from 'ws'
import { enterPath, notAdmitted, openPath, sessionHeader, socketPath, socketProtocol, uploadPath, type UploadAnswer } from '#shared/contract/wire.ts'
import { faultsOf } from '#shared/faults.ts'
import type { Core } from '../../transport/core.ts'
import { loadPages, type PageAnswer, type Pages, securityHeaders } from '../pages.ts'
import { type Admission, createAdmission } from './admission.ts'
import { serveConnection } from './connection.ts'
import { entranceHtml, entranceScript, entranceStyle } from './entrance.ts'
import { createUploads, type Uploads } from './uploads.ts'

export interface WebHostOptions {
  core: Core
  /** What Vite built. */
  pagesFolder: string
  /** Made and emptied here; only for files that pages send. */
  uploadsFolder: string
  /** Wanted port; another one is taken where it is in use. Zero or absent: any. */
  port?: number
  /** Bytes of one message and of one uploaded file. */
  messageLimit?: number
  uploadLimit?: number
  /** Calls `beat` from time to time, and returns the function that stops it. */
  heartbeat?: (beat: () => void) => () => void
}

export interface WebHost {
  readonly port: number
  /** For a person to open; good as long as the program runs. */
  readonly address: string
  /** For handing to a browser as an argument: good once. */
  addressForBrowser(): string
  close(): Promise<void>
}

const heartbeatMilliseconds = 15_000
/** RFC 6455 section 7.4.1: going away. */
const goingAway = 1001

export async function startWebHost(options: WebHostOptions): Promise<WebHost> {
  const { core, pagesFolder, uploadsFolder, messageLimit = 4_000_000, uploadLimit = 1_000_000_000, heartbeat = everyFifteenSeconds } = options
  const server = createServer({ requestTimeout: 0, headersTimeout: 10_000, maxHeaderSize: 16_384 })
  const port = await listenOn(server, options.port ?? 0)
  const admission = createAdmission(port)
  const connect = [`ws://127.0.0.1:${port}`]
  const uploads = createUploads({ core, folder: uploadsFolder, limit: uploadLimit })
  server.on('request', answerWith({ pages: loadPages(pagesFolder, connect), connect, admission, uploads }))

  const beats = new Map<WebSocket, () => void>()
  const sockets = new WebSocketServer({ noServer: true, maxPayload: messageLimit, perMessageDeflate: false, handleProtocols: (offered) => offered.has(socketProtocol) && socketProtocol })
  server.on('upgrade', (request, stream, head) => {
    stream.on('error', () => stream.destroy())
    const refused = pathOf(request) !== socketPath || !admission.rightHost(request.headers) || !admission.rightOrigin(request.headers)
    if (refused) return stream.end('HTTP/1.1 403 Forbidden\r\nconnection: close\r\ncontent-length: 0\r\n\r\n')
    sockets.handleUpgrade(request, stream, head, (socket) => {
      // A browser hides the status of a refused upgrade from its page, so the line is opened to say why it closes.
      if (!admission.rightKey(offeredKey(request))) return socket.close(notAdmitted, 'not admitted')
      beats.set(socket, serveConnection(socket, core))
      socket.on('close', () => beats.delete(socket))
    })
  })
  const stopHeartbeat = heartbeat(() => {
    for (const beat of beats.values()) beat()
  })

  const address = (code: string) => `http://127.0.0.1:${port}${openPath}#${code}`
  return {
    port,
    address: address(admission.startCode),
    addressForBrowser: () => address(admission.onceCode()),
    async close() {
      stopHeartbeat()
      for (const socket of sockets.clients) socket.close(goingAway)
      uploads.close()
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeAllConnections()
      for (const socket of sockets.clients) socket.terminate()
      await closed
    },
  }
}

interface Parts {
  pages: Pages
  connect: readonly string[]
  admission: Admission
  uploads: Uploads
}

function answerWith({ pages, connect, admission, uploads }: Parts): (request: IncomingMessage, response: ServerResponse) => void {
  const text = (status: number, body: string, type = 'text/plain'): PageAnswer => ({
    status,
    headers: { ...securityHeaders(connect), 'content-type': `${type}; charset=utf-8` },
    body: Buffer.from(body),
  })

  async function post(request: IncomingMessage): Promise<PageAnswer> {
    if (!admission.rightOrigin(request.headers)) return text(403, 'Wrong origin\n')
    if (pathOf(request) === enterPath) {
      const key = admission.admit(await shortBody(request))
      return key === undefined ? text(401, 'Wrong code\n') : text(200, key)
    }
    if (pathOf(request) === uploadPath) {
      const answer = await receive(request, uploads)
      return text(200, JSON.stringify(answer), 'application/json')
    }
    return text(404, 'Not found\n')
  }

  function get(request: IncomingMessage): PageAnswer {
    const path = pathOf(request)
    if (path === openPath) return text(200, entranceHtml, 'text/html')
    if (path === `${openPath}.js`) return text(200, entranceScript, 'text/javascript')
    if (path === `${openPath}.css`) return text(200, entranceStyle, 'text/css')
    return pages.answer(path)
  }

  async function answer(request: IncomingMessage): Promise<PageAnswer> {
    if (!admission.rightHost(request.headers)) return text(421, 'Wrong host\n')
    if (request.method === 'POST') return post(request)
    if (request.method === 'GET' || request.method === 'HEAD') return get(request)
    return text(405, 'Method not allowed\n')
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { status, headers, body } = await answer(request)
    // Whatever of a body was not read is not waited for.
    if (!request.complete) response.setHeader('connection', 'close')
    response.writeHead(status, { ...headers, 'content-length': body.length })
    response.end(request.method === 'HEAD' ? undefined : body)
  }

  return (request, response) => {
    serve(request, response).catch(() => response.destroy())
  }
}

async function receive(request: IncomingMessage, uploads: Uploads): Promise<UploadAnswer> {
  const name = new URL(request.url ?? '', 'http://127.0.0.1').searchParams.get('name') ?? ''
  const token = request.headers[sessionHeader]
  try {
    return { ok: true, value: { upload: await uploads.receive(request, name, typeof token === 'string' ? token : '') } }
  } catch (thrown) {
    return { ok: false, faults: [...faultsOf(thrown)] }
  }
}

async function shortBody(request: IncomingMessage): Promise<string> {
  let body = ''
  for await (const chunk of request) {
    body += String(chunk)
    if (body.length > 200) return ''
  }
  return body
}

/** The path as sent, undecoded: names of files here need no escapes, and `..` is a name like any other. */
function pathOf(request: IncomingMessage): string {
  return (request.url ?? '').split('?', 1)[0]!
}

function offeredKey(request: IncomingMessage): string {
  const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((part) => part.trim())
  return offered[0] === socketProtocol ? (offered[1] ?? '') : ''
}

function everyFifteenSeconds(beat: () => void): () => void {
  const timer = setInterval(beat, heartbeatMilliseconds)
  return () => clearInterval(timer)
}

async function listenOn(server: Server, wanted: number): Promise<number> {
  try {
    return await listenAt(server, wanted)
  } catch (error) {
    if (wanted === 0) throw error
    return listenAt(server, 0)
  }
}

function listenAt(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject)
      resolve((server.address() as AddressInfo).port)
    })
  })
}
