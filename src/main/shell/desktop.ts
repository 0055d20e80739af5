/** Electron for a start from the sources: found, fetched once, or known not to be had. */
import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { hasScreen } from './browser.ts'
import { projectFolder } from './build.ts'

const electronFolder = join(projectFolder, 'node_modules', 'electron')
/** Some 110 MB. */
const fetchMilliseconds = 180_000

export type NoDesktop = 'no-screen' | 'root' | 'not-installed' | 'not-fetched' | 'did-not-start'

/** Why no window can be opened here, before anything is fetched for it. */
export function obstacle(platform: NodeJS.Platform, variables: Readonly<Record<string, string | undefined>>, user: number | undefined): NoDesktop | undefined {
  if (!hasScreen(platform, variables)) return 'no-screen'
  // Chromium's sandbox does not work for root on Linux, and we do not start without it.
  if (platform === 'linux' && user === 0) return 'root'
  return existsSync(join(electronFolder, 'install.js')) ? undefined : 'not-installed'
}

/** The binary that the `electron` package has fetched, as its own `index.js` finds it. */
export function electronBinary(folder = electronFolder): string | undefined {
  const pathFile = join(folder, 'path.txt')
  if (!existsSync(pathFile)) return undefined
  const binary = join(folder, 'dist', readFileSync(pathFile, 'utf8'))
  return existsSync(binary) ? binary : undefined
}

/** Runs the package's own download. Answers the binary, or undefined where it can't be had. */
export async function fetchElectron(): Promise<string | undefined> {
  await ended(spawn(process.execPath, [join(electronFolder, 'install.js')], { stdio: 'ignore', timeout: fetchMilliseconds }))
  return electronBinary()
}

/** Opens the window, and resolves at the program's end: `false` where it broke off before it was well begun. */
export async function runDesktop(binary: string, args: readonly string[]): Promise<boolean> {
  const began = performance.now()
  const code = await ended(spawn(binary, [projectFolder, ...args], { stdio: 'inherit', cwd: projectFolder }))
  return code === 0 || performance.now() - began > 15_000
}

function ended(child: ReturnType<typeof spawn>): Promise<number | null> {
  return new Promise((resolve) => {
    child.on('error', () => resolve(null))
    child.on('exit', resolve)
  })
}
