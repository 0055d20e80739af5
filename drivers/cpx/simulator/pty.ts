/** A pseudo terminal made by `socat`: to other programs the machine looks like a serial port. */
import { spawn } from 'node:child_process'
import { closeSync, constants, existsSync, openSync } from 'node:fs'
import type { ByteLink } from '#main/ports/byte-link.ts'
import type { Clock } from '#main/ports/clock.ts'
import { CardwrightError } from '#shared/faults.ts'

/** How long socat may take to make its terminal. */
const patience = 5000

/**
 * Opens a pseudo terminal whose other end is reached under `path`.
 * Throws `simulator.socat-missing` (class operator) and `simulator.pty-failed` (class device).
 */
export async function openPty(path: string, clock: Clock): Promise<ByteLink> {
  const child = spawn('socat', [`PTY,link=${path},raw,echo=0`, 'STDIO'], { stdio: ['pipe', 'pipe', 'ignore'] })
  let failure: CardwrightError | undefined
  const failed = new CardwrightError({ code: 'simulator.pty-failed', class: 'device', place: path })
  const gone = new Promise<void>((resolve) => {
    child.once('error', (cause: NodeJS.ErrnoException) => {
      failure = cause.code === 'ENOENT' ? new CardwrightError({ code: 'simulator.socat-missing', class: 'operator' }, { cause }) : failed
      resolve()
    })
    child.once('exit', () => {
      failure ??= failed
      resolve()
    })
  })
  for (let waited = 0; !existsSync(path) && failure === undefined && waited < patience; waited += 20) await clock.sleep(20)
  if (failure !== undefined || !existsSync(path)) {
    child.kill()
    throw failure ?? failed
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
        child.stdin.write(bytes, (cause) => (cause ? reject(new CardwrightError({ code: 'device.link-lost', class: 'device', place: path }, { cause })) : resolve()))
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
