/**
 * Files sent by a page wait in a folder that only this user can read, under names nobody can guess, and go with the
 * session that sent them: they hold card data in clear.
 */
import { randomBytes } from 'node:crypto'
import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { CardwrightError } from '#shared/faults.ts'
import type { Core } from '../../transport/core.ts'

export interface Uploads {
  /** Answers the name under which `intake.*` calls know the file. Throws `call.not-signed-in`, `upload.too-large`, `upload.failed`. */
  receive(body: Readable, name: string, token: string): Promise<string>
  /** Removes everything. */
  close(): void
}

export interface UploadsOptions {
  core: Pick<Core, 'addUpload' | 'listen'>
  folder: string
  /** Bytes of one file. */
  limit: number
  /** Files kept of one session; the oldest goes first. */
  keep?: number
}

interface Holder {
  files: string[]
  stop(): void
}

export function createUploads({ core, folder, limit, keep = 4 }: UploadsOptions): Uploads {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  // What a former run left behind when it was ended by force.
  for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true, force: true })
  const holders = new Map<string, Holder>()

  function holderOf(token: string): Holder {
    const known = holders.get(token)
    if (known !== undefined) return known
    const stop = core.listen(token, (message) => {
      if (message.type === 'signed-out') drop(token)
    })
    if (stop === undefined) throw new CardwrightError({ code: 'call.not-signed-in', class: 'operator' })
    const holder: Holder = { files: [], stop }
    holders.set(token, holder)
    return holder
  }

  function drop(token: string): void {
    const holder = holders.get(token)
    if (holder === undefined) return
    holders.delete(token)
    holder.stop()
    for (const path of holder.files) rmSync(path, { force: true })
  }

  return {
    async receive(body, name, token) {
      const holder = holderOf(token)
      while (holder.files.length >= keep) rmSync(holder.files.shift()!, { force: true })
      const path = join(folder, randomBytes(16).toString('hex'))
      holder.files.push(path)
      try {
        // Opened before anything is read: a file that is refused at once must be there to be removed, not come into being later.
        const file = await open(path, 'wx', 0o600)
        await pipeline(body, limited(limit), file.createWriteStream())
      } catch (thrown) {
        rmSync(path, { force: true })
        throw thrown instanceof CardwrightError ? thrown : new CardwrightError({ code: 'upload.failed', class: 'operator' }, { cause: thrown })
      }
      if (holders.get(token) === holder) return core.addUpload({ path, name: fileNameOf(name) })
      // The session ended while the file was coming in.
      rmSync(path, { force: true })
      throw new CardwrightError({ code: 'call.not-signed-in', class: 'operator' })
    },
    close() {
      for (const token of [...holders.keys()]) drop(token)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function limited(limit: number): (source: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array> {
  return async function* (source) {
    let bytes = 0
    for await (const chunk of source) {
      bytes += chunk.length
      if (bytes > limit) throw new CardwrightError({ code: 'upload.too-large', class: 'data', values: { limit: Math.floor(limit / 1_000_000) } })
      yield chunk
    }
  }
}

/** The last part of whatever path a browser gave, without control characters; shown and journaled, never opened. */
function fileNameOf(name: string): string {
  const last = name.split(/[/\\]/).at(-1) ?? ''
  const clean = last.replace(/\p{C}/gu, '').slice(0, 200)
  return clean === '' ? 'file' : clean
}
