/** Who may speak to the loopback host at all: this page, opened with the key that the program itself gave away. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'

export interface Admission {
  /**
   * Whether the request names this host by its number. A page elsewhere can make a name of its own resolve to 127.0.0.1
   * (DNS rebinding); its browser then still says that name in `Host`.
   */
  rightHost(headers: IncomingHttpHeaders): boolean
  /** Whether a page of this host sent it. Browsers say so on every WebSocket and every POST, and scripts can't change it. */
  rightOrigin(headers: IncomingHttpHeaders): boolean
  /** The code of the printed address: good as long as the program runs. */
  readonly startCode: string
  /**
   * A code for the address that is handed to a browser as an argument, where other people of this computer could read
   * it in the list of processes: good once.
   */
  onceCode(): string
  /** Exchanges a code for the page's key. */
  admit(code: string): string | undefined
  rightKey(key: string): boolean
}

export function createAdmission(port: number): Admission {
  const host = `127.0.0.1:${port}`
  const startCode = secret()
  const pageKey = secret()
  const once = new Set<string>()
  return {
    rightHost: (headers) => headers.host === host,
    rightOrigin: (headers) => headers.origin === `http://${host}`,
    startCode,
    onceCode() {
      const code = secret()
      once.add(code)
      return code
    },
    admit(code) {
      const single = [...once].find((candidate) => same(candidate, code))
      if (single !== undefined) once.delete(single)
      return single !== undefined || same(startCode, code) ? pageKey : undefined
    },
    rightKey: (key) => same(pageKey, key),
  }
}

/** 256 bits, in letters that a URL and a WebSocket subprotocol can carry. */
function secret(): string {
  return randomBytes(32).toString('base64url')
}

/** In constant time, whatever the lengths. */
function same(expected: string, given: string): boolean {
  return timingSafeEqual(createHash('sha256').update(expected).digest(), createHash('sha256').update(given).digest())
}
