/** Finds the published vectors beside the project. In CI they must be there; elsewhere a test says why it is skipped. */
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const folders = [process.env['CARDWRIGHT_VECTORS'], fileURLToPath(new URL('../../../shared/vectors', import.meta.url))]

/** The parsed file, or undefined where vectors are absent on a user's machine. */
export function vectorFile(name: string): unknown {
  const folder = folders.find((candidate) => candidate !== undefined && existsSync(`${candidate}/${name}`))
  if (folder === undefined) {
    if (process.env['CI']) throw new Error(`published vectors are missing: ${name}`)
    return undefined
  }
  return JSON.parse(readFileSync(`${folder}/${name}`, 'utf8'))
}
