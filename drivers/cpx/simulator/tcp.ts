/** Loopback sockets: the machine's line, one host at a time, and lines of text for the control port. */
import { createServer, type Server, type Socket } from 'node:net'
import type { ByteLink } from '#main/ports/byte-link.ts'
import { CardwrightError } from '#shared/faults.ts'

/** Never reachable from another computer. */
const loopback = '127.0.0.1'

export interface Listening {
  port: number
  stop: () => Promise<void>
}

/**
 * Listens on the loopback interface; port 0 takes any free one.
 * Throws `simulator.port-taken` (class operator).
 */
export async function listen(port: number, onSocket: (socket: Socket) => void): Promise<Listening> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.setNoDelay(true)
    socket.once('close', () => sockets.delete(socket))
    // A reset by the other side ends in `close` like any other end.
    socket.on('error', () => undefined)
    onSocket(socket)
  })
  await new Promise<void>((resolve, reject) => {
    const taken = { code: 'simulator.port-taken', class: 'operator', values: { port: String(port) } } as const
    server.once('error', (cause) => reject(new CardwrightError(taken, { cause })))
    server.listen(port, loopback, resolve)
  })
  return { port: portOf(server), stop: () => stop(server, sockets) }
}

function portOf(server: Server): number {
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

function stop(server: Server, sockets: ReadonlySet<Socket>): Promise<void> {
  for (const socket of sockets) socket.destroy()
  return new Promise((resolve) => server.close(() => resolve()))
}

export function linkLost(name: string, cause: Error): CardwrightError {
  return new CardwrightError({ code: 'device.link-lost', class: 'device', place: name, values: { link: name } }, { cause })
}

/** A socket as a byte link. */
export function socketLink(socket: Socket): ByteLink {
  const name = `tcp:${socket.remotePort ?? 0}`
  return {
    name,
    write: (bytes) =>
      new Promise((resolve, reject) => {
        socket.write(bytes, (cause) => (cause ? reject(linkLost(name, cause)) : resolve()))
      }),
    onData: (listener) => {
      socket.on('data', listener)
      return () => socket.off('data', listener)
    },
    onClose: (listener) => {
      socket.once('close', listener)
      return () => socket.off('close', listener)
    },
    close: () => {
      socket.destroy()
      return Promise.resolve()
    },
  }
}
