/**
 * A browser on the loopback web host: one WebSocket for calls and live messages, which comes back by itself.
 * A call under way when the line breaks is rejected and never sent again here: whether the core has done it is not known.
 */
import type { LiveMessage } from '#shared/contract/live.ts'
import { notAdmitted, openPath, pageKeyItem, sessionHeader, socketPath, socketProtocol, uploadPath } from '#shared/contract/wire.ts'
import type { UploadAnswer, WireReply } from '#shared/contract/wire.ts'
import type { Carrier, Connection } from './carrier.ts'

/** The parts of a browser that the carrier needs, so that tests can stand in for them. */
export interface WebParts {
  openSocket(): WebSocket
  fetch: typeof fetch
  later(task: () => void, milliseconds: number): void
  /** The host does not know this page: it has to be opened with the printed address. */
  leave(): void
}

export class LineBroken extends Error {
  constructor() {
    super('the line to the core broke before the answer came')
    this.name = 'LineBroken'
  }
}

interface Waiting {
  resolve(answer: unknown): void
  reject(error: Error): void
}

/** Waits between tries: short at first, two seconds at most, since the host is on this computer. */
const waits = [250, 500, 1000, 2000] as const

export function webCarrier(parts: WebParts): Carrier {
  const waiting = new Map<number, Waiting>()
  const watchers = new Set<(connection: Connection) => void>()
  let socket: WebSocket
  let connection: Connection = 'connecting'
  let unsent: string[] = []
  let stream: { token: string; listener(message: LiveMessage): void } | undefined
  let lastId = 0
  let tries = 0

  const tell = (next: Connection) => {
    connection = next
    for (const watcher of watchers) watcher(next)
  }

  const receive = (text: string) => {
    const reply = JSON.parse(text) as WireReply
    if ('live' in reply) return stream?.listener(reply.live)
    waiting.get(reply.id)?.resolve(reply.answer)
    waiting.delete(reply.id)
  }

  const breakOff = (event: CloseEvent) => {
    if (event.code === notAdmitted) return parts.leave()
    for (const call of waiting.values()) call.reject(new LineBroken())
    waiting.clear()
    unsent = []
    tell('lost')
    parts.later(open, waits[Math.min(tries++, waits.length - 1)] ?? 2000)
  }

  const open = () => {
    socket = parts.openSocket()
    socket.addEventListener('open', () => {
      tries = 0
      tell('connected')
      if (stream) socket.send(JSON.stringify({ listen: stream.token }))
      for (const text of unsent.splice(0)) socket.send(text)
    })
    socket.addEventListener('message', (event) => receive(String(event.data)))
    socket.addEventListener('close', breakOff, { once: true })
  }
  open()

  return {
    call(name, input, token) {
      if (connection === 'lost') return Promise.reject(new LineBroken())
      const id = ++lastId
      const text = JSON.stringify({ id, name, input, ...(token && { token }) })
      return new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject })
        if (connection === 'connected') socket.send(text)
        else unsent.push(text)
      })
    },

    listen(token, listener) {
      stream = { token, listener }
      if (connection === 'connected') socket.send(JSON.stringify({ listen: token }))
      return () => {
        if (stream?.listener === listener) stream = undefined
      }
    },

    async upload(file, token) {
      const answer = await parts.fetch(`${uploadPath}?name=${encodeURIComponent(file.name)}`, {
        method: 'POST',
        body: file,
        headers: token ? { [sessionHeader]: token } : {},
      })
      return (await answer.json()) as UploadAnswer
    },

    onConnection(watcher) {
      watchers.add(watcher)
      watcher(connection)
      return () => watchers.delete(watcher)
    },
  }
}

/** The carrier of this browser page. */
export function browserCarrier(): Carrier {
  const scheme = location.protocol === 'https:' ? 'wss' : 'ws'
  return webCarrier({
    openSocket: () => {
      const pageKey = sessionStorage.getItem(pageKeyItem)
      const socket = new WebSocket(`${scheme}://${location.host}${socketPath}`, pageKey ? [socketProtocol, pageKey] : socketProtocol)
      // The host has been started anew, or this tab was never let in: the entrance page says what to open.
      socket.addEventListener('close', (event) => event.code === notAdmitted && location.replace(openPath))
      return socket
    },
    fetch: (input, options) => fetch(input, options),
    later: (task, milliseconds) => void setTimeout(task, milliseconds),
    leave: () => location.replace(openPath),
  })
}
