/** Builds what a start from the sources shows, when it is missing or older than they are. */
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const projectFolder = fileURLToPath(new URL('../../..', import.meta.url))
export const pagesFolder = join(projectFolder, 'out', 'renderer')

const shared = ['src/shared', 'vite.config.ts', 'package.json']
const pages = { built: 'out/renderer/index.html', sources: ['src/renderer', ...shared] }
const desktop = { built: 'out/main/index.js', sources: ['src', 'drivers', 'assets', 'electron.vite.config.ts', ...shared] }

/** Whether `built` is missing or older than any file of `sources`. */
export function isStale(folder: string, { built, sources }: { built: string; sources: readonly string[] }): boolean {
  const path = join(folder, built)
  if (!existsSync(path)) return true
  const made = statSync(path).mtimeMs
  return sources.some((source) => newest(join(folder, source)) > made)
}

function newest(path: string): number {
  const stat = statSync(path, { throwIfNoEntry: false })
  if (stat === undefined) return 0
  if (!stat.isDirectory()) return stat.mtimeMs
  return readdirSync(path).reduce((latest, name) => Math.max(latest, newest(join(path, name))), 0)
}

export const pagesAreStale = () => isStale(projectFolder, pages)
export const desktopIsStale = () => isStale(projectFolder, pages) || isStale(projectFolder, desktop)

/** The build tools are loaded only here: a start that has nothing to build does without them. */
export async function buildPages(): Promise<void> {
  const { build } = await import('vite')
  await build({ configFile: join(projectFolder, 'vite.config.ts'), logLevel: 'warn' })
}

export async function buildDesktop(): Promise<void> {
  const { build } = await import('electron-vite')
  await build({ root: projectFolder, configFile: join(projectFolder, 'electron.vite.config.ts'), logLevel: 'warn' })
}
