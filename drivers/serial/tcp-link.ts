/** A machine behind a terminal server: the serial line as a TCP connection, whose far end has its own line settings. */
import { connect, type Socket } from 'node:net'
import type { ByteLink, LinkOpener } from '#main/ports/byte-link.ts'
import { CardwrightError } from '#shared/faults.ts'

export interface TcpOptions {
  host: string
  port: number
  /** Milliseconds to wait for the connection. */
  patience?: number
}

/** Throws `device.unreachable` (class device). */
export function tcpOpener({ host, port, patience = 10_000 }: TcpOptions): LinkOpener {
  const name = `${host}:${port}`
  return {
    open: () =>
      new Promise((resolve, reject) => {
        const socket = connect({ host, port, noDelay: true, keepAlive: true, timeout: patience })
        const fail = (cause?: NodeJS.ErrnoException) => {
          socket.destroy()
          const detail = cause?.code ?? 'timeout'
          reject(new CardwrightError({ code: 'device.unreachable', class: 'device', place: name, values: { link: name, detail } }, { cause }))
        }
        const late = () => fail()
        socket.once('error', fail)
        socket.once('timeout', late)
        socket.once('connect', () => {
          socket.off('error', fail)
          socket.off('timeout', late)
          socket.setTimeout(0)
          resolve(new TcpLink(name, socket))
        })
      }),
  }
}

class TcpLink implements ByteLink {
  readonly name: string
  readonly #socket: Socket
  #closing = false

  constructor(name: string, socket: Socket) {
    this.name = name
    this.#socket = socket
    // A reset ends in `close` like any other end.
    socket.on('error', () => undefined)
  }

  write(bytes: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      const lost = (cause?: Error) =>
        new CardwrightError({ code: 'device.link-lost', class: 'device', place: this.name, values: { link: this.name } }, { cause })
      if (!this.#socket.writable) return reject(lost())
      this.#socket.write(bytes, (cause) => (cause ? reject(lost(cause)) : resolve()))
    })
  }

  onData(listener: (bytes: Uint8Array) => void): () => void {
    this.#socket.on('data', listener)
    return () => this.#socket.off('data', listener)
  }

  onClose(listener: () => void): () => void {
    const closed = () => {
      if (!this.#closing) listener()
    }
    this.#socket.once('close', closed)
    return () => this.#socket.off('close', closed)
  }

  close(): Promise<void> {
    this.#closing = true
    this.#socket.destroy()
    return Promise.resolve()
  }
}
