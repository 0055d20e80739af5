/** The port on files as they are: streams for reading, a thread for checking. */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { CardwrightError } from '#shared/faults.ts'
import type { SourceFiles } from '../ports/source-files.ts'
import { checkFileInThread } from './worker-host.ts'

export const sourceFiles: SourceFiles = {
  async head(path, length) {
    try {
      const file = await open(path, 'r')
      try {
        const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, 0)
        return buffer.subarray(0, bytesRead)
      } finally {
        await file.close()
      }
    } catch (cause) {
      throw new CardwrightError({ code: 'intake.unreadable-file', class: 'operator' }, { cause })
    }
  },
  async digest(path) {
    const hash = createHash('sha256')
    for await (const chunk of createReadStream(path)) hash.update(chunk as Uint8Array)
    return hash.digest('hex')
  },
  check: checkFileInThread,
}
