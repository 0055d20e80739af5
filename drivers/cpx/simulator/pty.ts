/** A pseudo terminal made by `socat`: to other programs the machine looks like a serial port. */
import { spawn } from 'node:child_process'
import { closeSync, constants, existsSync, openSync } from 'node:fs'
import type { ByteLink } from '#main/ports/byte-link.ts'
import type { Clock } from '#main/ports/clock.ts'
import { CardwrightError } from '#shared/faults.ts'
import { linkLost } from './tcp.ts'

/** How long socat may take to make its terminal. */
const patience = 5000

/**
 * Opens a pseudo terminal whose other end is reached under `path`.
 * Throws `simulator.socat-missing` (class operator) and `simulator.pty-failed` (class device).
 */
export async function openPty(path: string, clock: Clock): Promise<ByteLink> {
  const child = spawn('socat', [`PTY,link=${path},raw,echo=0`, 'STDIO'], { stdio: ['pipe', 'pipe', 'ignore'] })
  const missing = { code: 'simulator.socat-missing', class: 'operator' } as const
  const failed = { code: 'simulator.pty-failed', class: 'device', place: path, values: { path } } as const
  const ending: { cause?: NodeJS.ErrnoException; over: boolean } = { over: false }
  const gone = new Promise<void>((resolve) => {
    const end = (cause?: NodeJS.ErrnoException) => {
      Object.assign(ending, { over: true, ...(cause && { cause }) })
      resolve()
    }
    child.once('error', end)
    child.once('exit', () => end())
  })
  for (let waited = 0; !existsSync(path) && !ending.over && waited < patience; waited += 20) await clock.sleep(20)
  if (ending.over || !existsSync(path)) {
    child.kill()
    throw new CardwrightError(ending.cause?.code === 'ENOENT' ? missing : failed, { cause: ending.cause })
  }
  // While this end holds the terminal open too, a host may come and go without hanging the line up.
  const held = openSync(path, constants.O_RDWR | constants.O_NOCTTY)
  void gone.then(() => closeSync(held))
  // A write that meets an ended socat is reported by `exit`.
  child.stdin.on('error', () => undefined)
  return {
    name: path,
    write: (bytes) =>
      new Promise((resolve, reject) => {
        child.stdin.write(bytes, (cause) => (cause ? reject(linkLost(path, cause)) : resolve()))
      }),
    onData: (listener) => {
      child.stdout.on('data', listener)
      return () => child.stdout.off('data', listener)
    },
    onClose: (listener) => {
      let listening = true
      void gone.then(() => listening && listener())
      return () => {
        listening = false
      }
    },
    close: async () => {
      child.kill()
      await gone
    },
  }
}
