/** A workspace served to browsers of this computer, until somebody stops it. */
import type { Core } from '../../transport/core.ts'
import { workspaceFiles, openWorkspace } from '../compose.ts'
import { startWebHost, type WebHost } from './host.ts'

export interface ServeOptions {
  folder: string
  demo: boolean
  pagesFolder: string
  port?: number
}

export interface Served {
  core: Core
  host: WebHost
  /** Lets the cards in work come to their end, then closes everything. */
  close(): Promise<void>
}

/** Kept between starts where it is free, so that a browser finds its settings again. */
const usualPort = 4725
const expiryMilliseconds = 30_000

export async function serveWorkspace({ folder, demo, pagesFolder, port = usualPort }: ServeOptions): Promise<Served> {
  const core = await openWorkspace({ folder, host: 'web', demo })
  try {
    const host = await startWebHost({ core, pagesFolder, uploadsFolder: workspaceFiles(folder).uploads, port })
    const expiry = setInterval(() => core.expireSessions(), expiryMilliseconds)
    return {
      core,
      host,
      async close() {
        clearInterval(expiry)
        await host.close()
        await core.close()
      },
    }
  } catch (thrown) {
    await core.close()
    throw thrown
  }
}

/** Resolves when the person or the system asks the program to end. */
export function whenAskedToStop(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve())
  })
}
