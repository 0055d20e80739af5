/** A real serial port, through the `serialport` library, which is loaded when the first port is asked for. */
import { readdir } from 'node:fs/promises'
import type { SerialPort } from 'serialport'
import type { ByteLink, LineSettings, LinkOpener } from '#main/ports/byte-link.ts'
import type { Clock } from '#main/ports/clock.ts'
import { CardwrightError } from '#shared/faults.ts'

export interface SerialPortOptions {
  path: string
  clock: Clock
  /** Remarks, such as modem lines that this port does not have. */
  onNote?(text: string): void
}

/** Ports of this computer. Throws `device.serial-unavailable` (class device) where the library does not load. */
export async function serialPorts(): Promise<{ path: string; description?: string }[]> {
  const { SerialPort: Port } = await library()
  const ports = await Port.list().catch(portsWithoutUdev)
  return ports.map((port) => {
    // Windows alone has a friendly name, and the library's type does not know it.
    const { friendlyName } = port as { friendlyName?: string }
    const description = friendlyName ?? port.manufacturer
    return { path: port.path, ...(description !== undefined && { description }) }
  })
}

/** On Linux the library asks `udevadm`, which a small system may lack: then what is plugged in is found by its name. */
async function portsWithoutUdev(thrown: NodeJS.ErrnoException): Promise<{ path: string; manufacturer?: string }[]> {
  if (thrown.code !== 'ENOENT') throw thrown
  const names = await readdir('/dev')
  return names.filter((name) => /^tty(USB|ACM|AMA)\d+$/.test(name)).map((name) => ({ path: `/dev/${name}` }))
}

/**
 * Opens the port, throws away what the computer had received for it before, asserts the modem lines and lets them settle.
 * Throws `device.port-not-found`, `port-denied`, `port-in-use`, `port-failed`, `serial-unavailable` (class device).
 */
export function serialOpener({ path, clock, onNote }: SerialPortOptions): LinkOpener {
  return {
    open: async (settings) => {
      const { SerialPort: Port } = await library()
      const port = new Port({ path, ...portSettings(settings), autoOpen: false })
      await call((done) => port.open(done), (cause) => openFault(path, cause))
      const link = new SerialLink(port)
      const tolerated = (what: string) => (cause: Error) => onNote?.(`${what} failed: ${cause.message}`)
      await call((done) => port.flush(done)).catch(tolerated('flush'))
      // A pseudo terminal has no modem lines.
      await call((done) => port.set({ dtr: settings.dtr, rts: settings.rts }, done)).catch(tolerated('modem lines'))
      await clock.sleep(settings.settle)
      return link
    },
  }
}

function portSettings({ baudRate, dataBits, parity, stopBits, flowControl }: LineSettings) {
  const software = flowControl === 'software'
  return { baudRate, dataBits, parity, stopBits, rtscts: flowControl === 'hardware', xon: software, xoff: software }
}

async function library(): Promise<typeof import('serialport')> {
  try {
    return await import('serialport')
  } catch (cause) {
    throw new CardwrightError({ code: 'device.serial-unavailable', class: 'device', values: { detail: detailOf(cause) } }, { cause })
  }
}

class SerialLink implements ByteLink {
  readonly name: string
  readonly #port: SerialPort
  #closing = false

  constructor(port: SerialPort) {
    this.name = port.path
    this.#port = port
    // Errors without a call of their own end in `close`.
    port.on('error', () => undefined)
  }

  write(bytes: Uint8Array): Promise<void> {
    const lost = (cause?: Error) =>
      new CardwrightError({ code: 'device.link-lost', class: 'device', place: this.name, values: { link: this.name } }, { cause })
    if (!this.#port.isOpen) return Promise.reject(lost())
    return call((done) => this.#port.write(Buffer.from(bytes), done), lost)
  }

  onData(listener: (bytes: Uint8Array) => void): () => void {
    this.#port.on('data', listener)
    return () => this.#port.off('data', listener)
  }

  onClose(listener: () => void): () => void {
    const closed = () => {
      if (!this.#closing) listener()
    }
    this.#port.once('close', closed)
    return () => this.#port.off('close', closed)
  }

  async close(): Promise<void> {
    this.#closing = true
    if (this.#port.isOpen) await call((done) => this.#port.close(done)).catch(() => undefined)
  }
}

type Done = (error?: Error | null) => void

function call(start: (done: Done) => void, translate: (cause: Error) => Error = (cause) => cause): Promise<void> {
  return new Promise((resolve, reject) => start((error) => (error ? reject(translate(error)) : resolve())))
}

/** The library hands the operating system's words on; there is nothing else to go by. */
function openFault(path: string, cause: Error): CardwrightError {
  const { message } = cause
  const code = /no such file|file not found|cannot find|unknown error code (2|3)\b/i.test(message)
    ? 'device.port-not-found'
    : /permission denied|operation not permitted/i.test(message)
      ? 'device.port-denied'
      : /access denied|cannot lock|busy/i.test(message)
        ? 'device.port-in-use'
        : 'device.port-failed'
  return new CardwrightError({ code, class: 'device', place: path, values: { link: path, detail: detailOf(cause) } }, { cause })
}

function detailOf(cause: unknown): string {
  return cause instanceof Error ? cause.message.slice(0, 200) : String(cause)
}
