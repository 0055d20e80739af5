/** Where the key store's document is kept. */
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

export interface KeyFile {
  readonly name: string
  /** The document, or undefined where there is none yet. */
  read(): string | undefined
  /** Replaces the document as a whole: after a power cut it is the old one or the new one. */
  write(text: string): void
}

/** A file that only its owner may read. */
export function keyFileAt(path: string): KeyFile {
  return {
    name: path,
    read: () => (existsSync(path) ? readFileSync(path, 'utf8') : undefined),
    write(text) {
      const draft = `${path}.new`
      const file = openSync(draft, 'w', 0o600)
      try {
        writeFileSync(file, text)
        fsyncSync(file)
      } finally {
        closeSync(file)
      }
      renameSync(draft, path)
      syncFolder(dirname(path))
    },
  }
}

/** The rename itself has to reach the disk. Windows can't open a folder and needs no such thing. */
function syncFolder(path: string): void {
  if (process.platform === 'win32') return
  const folder = openSync(path, 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}

/** For simulated worlds. */
export function memoryKeyFile(): KeyFile {
  let document: string | undefined
  return {
    name: 'memory',
    read: () => document,
    write(text) {
      document = text
    },
  }
}
