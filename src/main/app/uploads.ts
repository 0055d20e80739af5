/** Files that a host has put on this computer, known to the screens by a name that nobody can guess. */
import { CardwrightError } from '#shared/faults.ts'
import type { Random } from '../ports/random.ts'

export interface Upload {
  path: string
  /** As the person calls it, without its folder. */
  name: string
}

export interface Uploads {
  add(upload: Upload): string
  /** Throws `intake.no-upload`. */
  get(key: string): Upload
}

/** Uploads that are kept; an older one has to be chosen again. */
const most = 20

export function createUploads(random: Random): Uploads {
  const uploads = new Map<string, Upload>()
  return {
    add(upload) {
      const key = Buffer.from(random.bytes(16)).toString('base64url')
      uploads.set(key, upload)
      const [oldest] = uploads.keys()
      if (uploads.size > most && oldest !== undefined) uploads.delete(oldest)
      return key
    },
    get(key) {
      const upload = uploads.get(key)
      if (upload === undefined) throw new CardwrightError({ code: 'intake.no-upload', class: 'operator' })
      return upload
    },
  }
}
