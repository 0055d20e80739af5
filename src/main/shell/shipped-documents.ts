/** Reads the chip documents that come with the program: `assets/tasks/*.json`, `assets/scapps/*.js`, `assets/extensions/*.js`. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ChipDocumentKind } from '#shared/journal/events.ts'
import type { ShippedDocument, ShippedDocuments } from '../ports/shipped-documents.ts'

/** Beside the sources, or beside the built bundle (`out/main`). */
const assets = new URL(import.meta.url.endsWith('.ts') ? '../../../assets/' : '../../assets/', import.meta.url)

const folders: readonly { document: ChipDocumentKind; folder: string; extension: string }[] = [
  { document: 'task', folder: 'tasks', extension: '.json' },
  { document: 'scapp', folder: 'scapps', extension: '.js' },
  { document: 'extension', folder: 'extensions', extension: '.js' },
]

export function readShippedDocuments(): ShippedDocuments {
  const documents = folders.flatMap(({ document, folder, extension }): ShippedDocument[] => {
    const path = fileURLToPath(new URL(`${folder}/`, assets))
    if (!existsSync(path)) return []
    const files = readdirSync(path).filter((name) => extname(name) === extension).toSorted()
    return files.map((name) => ({ document, id: basename(name, extension), source: readFileSync(`${path}${name}`, 'utf8') }))
  })
  return { list: () => documents }
}
