/** One page's WebSocket: calls in, answers and live messages out. */
import type { WebSocket } from 'ws'
import { WireRequest, type WireReply } from '#shared/contract/wire.ts'
import type { Core } from '../../transport/core.ts'
import { startFeed } from '../../transport/feed.ts'

/** Calls of one page under way at the same time; while there are more, its line is not read. */
const mostCalls = 32

/** RFC 6455 section 7.4.1 */
const unsupportedData = 1003
const policyViolation = 1008

/** Returns what the heartbeat calls: it ends a line whose other side has not answered since the call before. */
export function serveConnection(socket: WebSocket, core: Pick<Core, 'call' | 'listen'>): () => void {
  let stopFeed: (() => void) | undefined
  let underWay = 0
  let alive = true

  function send(reply: WireReply, sent?: () => void): void {
    socket.send(JSON.stringify(reply), (error) => {
      if (error === undefined || error === null) sent?.()
    })
  }

  function listen(token: string): void {
    stopFeed?.()
    stopFeed = startFeed({
      listen: (listener) => core.listen(token, listener),
      send: (live, delivered) => send({ live }, delivered),
    })
    if (stopFeed === undefined) send({ live: { type: 'signed-out' } })
  }

  async function answer({ id, name, input, token }: Extract<WireRequest, { id: number }>): Promise<void> {
    if (++underWay === mostCalls) socket.pause()
    const answer = await core.call(name, input, { token, host: 'web' })
    if (underWay-- === mostCalls) socket.resume()
    send({ id, answer })
  }

  socket.on('message', (data, isBinary) => {
    if (isBinary) return socket.close(unsupportedData, 'text only')
    // With the default `binaryType` every message is one Buffer.
    const request = parseRequest((data as Buffer).toString('utf8'))
    if (request === undefined) return socket.close(policyViolation, 'not understood')
    if ('listen' in request) listen(request.listen)
    else void answer(request)
  })
  socket.on('pong', () => {
    alive = true
  })
  // Too long a message, a broken frame: `ws` closes the line itself, with the code that says why.
  socket.on('error', () => {})
  socket.on('close', () => stopFeed?.())

  return () => {
    if (!alive) return socket.terminate()
    alive = false
    socket.ping()
  }
}

function parseRequest(text: string): WireRequest | undefined {
  try {
    return WireRequest.parse(JSON.parse(text))
  } catch {
    return undefined
  }
}
