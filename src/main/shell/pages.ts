/**
 * The built screens, as every host that shows them serves them: read once at the start and found by their exact name, so
 * that no request can name a file outside; with headers under which a page may load nothing but itself.
 */
import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { extname, join, relative, sep } from 'node:path'

/** Vite writes this where a nonce belongs; it is replaced in each answer (`html.cspNonce` in vite.config.ts). */
export const noncePlaceholder = 'CARDWRIGHT-NONCE'

export interface PageAnswer {
  status: number
  headers: Record<string, string>
  body: Uint8Array
}

export interface Pages {
  /** @param path path of the address, such as `/` or `/assets/index-1a2b.js`; anything that is no file is a 404. */
  answer(path: string): PageAnswer
}

const mediaTypes: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
}

/**
 * @param folder what Vite built, with `index.html` in it; throws where that is missing
 * @param connect the sources that pages may speak to, such as `ws://127.0.0.1:4725`
 */
export function loadPages(folder: string, connect: readonly string[]): Pages {
  const files = new Map<string, Uint8Array>()
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    // Links are not followed: what is served lies in this folder.
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    files.set(`/${relative(folder, path).split(sep).join('/')}`, readFileSync(path))
  }
  const index = files.get('/index.html')
  if (index === undefined) throw new Error(`no index.html in ${folder}`)
  files.delete('/index.html')
  const indexText = Buffer.from(index).toString('utf8')

  return {
    answer(path) {
      if (path === '/' || path === '/index.html') {
        const nonce = randomBytes(16).toString('base64')
        const body = Buffer.from(indexText.replaceAll(noncePlaceholder, nonce))
        return { status: 200, headers: { ...securityHeaders(connect, nonce), 'content-type': mediaTypes['.html']! }, body }
      }
      const body = files.get(path)
      const type = mediaTypes[extname(path)]
      if (body === undefined || type === undefined) return notFound(connect)
      return { status: 200, headers: { ...securityHeaders(connect), 'content-type': type }, body }
    },
  }
}

function notFound(connect: readonly string[]): PageAnswer {
  return { status: 404, headers: { ...securityHeaders(connect), 'content-type': 'text/plain; charset=utf-8' }, body: Buffer.from('Not found\n') }
}

/** Scripts come from files alone; a style made by a script needs the answer's nonce (React Aria makes two small ones). */
export function securityHeaders(connect: readonly string[], nonce?: string): Record<string, string> {
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self'${nonce === undefined ? '' : ` 'nonce-${nonce}'`}`,
    "img-src 'self' data: blob:",
    "font-src 'self'",
    `connect-src 'self'${connect.map((source) => ` ${source}`).join('')}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ]
  return {
    'content-security-policy': policy.join('; '),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'camera=(), microphone=(), geolocation=(), serial=(), usb=(), hid=()',
  }
}
