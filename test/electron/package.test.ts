/**
 * Packs the program as electron-builder would, offline: the Electron it is packed into is a stand-in folder, and
 * everything else is the real thing. Then the archive is opened and looked through, and what is in it is started.
 */
import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { extractAll, listPackage } from '@electron/asar'
import { _electron as electron } from '@playwright/test'
import { build, Platform } from 'electron-builder'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildDesktop, desktopIsStale, projectFolder } from '#main/shell/build.ts'
import { electronBinary, obstacle } from '#main/shell/desktop.ts'

const packageDocument = createRequire(import.meta.url)('../../package.json') as { dependencies: Record<string, string>; devDependencies: Record<string, string> }
const folder = mkdtempSync(join(tmpdir(), 'cardwright-package-'))
const resources = join(folder, 'out', 'linux-unpacked', 'resources')
let files: string[] = []

/** What electron-builder copies and renames: a folder in the form of Electron's for Linux. */
function standInElectron(): string {
  const dist = join(folder, 'electron')
  mkdirSync(join(dist, 'locales'), { recursive: true })
  mkdirSync(join(dist, 'resources'))
  for (const name of ['electron', 'chrome-sandbox', 'chrome_crashpad_handler', 'LICENSE', 'LICENSES.chromium.html', 'version', 'locales/en-US.pak']) writeFileSync(join(dist, name), 'stand-in')
  chmodSync(join(dist, 'electron'), 0o755)
  return dist
}

beforeAll(async () => {
  if (desktopIsStale()) await buildDesktop()
  await build({
    projectDir: projectFolder,
    targets: Platform.LINUX.createTarget('dir'),
    config: {
      extends: join(projectFolder, 'electron-builder.yml'),
      electronDist: standInElectron(),
      // Fuses are flipped in the real binary.
      electronFuses: null,
      directories: { output: join(folder, 'out'), buildResources: join(projectFolder, 'assets', 'icons') },
    },
    publish: 'never',
  })
  files = listPackage(join(resources, 'app.asar'), { isPack: false }).map((path) => path.replaceAll('\\', '/'))
}, 300_000)

afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('the archive', () => {
  test('holds the main process, its intake thread, the preload script and the screens', () => {
    expect(files).toEqual(expect.arrayContaining(['/package.json', '/out/main/index.js', '/out/main/intake-worker.js', '/out/preload/index.cjs', '/out/renderer/index.html']))
    expect(files.some((file) => /^\/out\/renderer\/assets\/index-[\w-]+\.js$/.test(file))).toBe(true)
    expect(files).toEqual(expect.arrayContaining(['/assets/samples/branch-12-debit.csv', '/assets/samples/chip-debit-cards.csv']))
    expect(files).toEqual(expect.arrayContaining(['/out/main/scapp-thread.js', '/assets/tasks/emv-debit.json', '/assets/scapps/emv-cps.js']))
  })

  test('holds no source, no test, no page of documentation, no tool', () => {
    expect(files.filter((file) => /\.(ts|tsx|map|md)$/.test(file))).toEqual([])
    expect(files.filter((file) => /^\/(src|drivers|test|docs|\.ci|\.git)(\/|$)/.test(file))).toEqual([])
    expect(files.filter((file) => /^\/(vite|electron\.vite|vitest|tsconfig)/.test(file))).toEqual([])
  })

  test('holds every production dependency, and no development dependency', () => {
    const { dependencies, devDependencies } = packageDocument
    const packed = (name: string) => files.includes(`/node_modules/${name}/package.json`)
    expect(Object.keys(dependencies).filter((name) => !packed(name))).toEqual([])
    expect(Object.keys(devDependencies).filter(packed)).toEqual([])
  })

  test('keeps native code beside it, where the system can load it', () => {
    const native = files.filter((file) => file.endsWith('.node'))
    expect(native.some((file) => file.includes('@serialport/bindings-cpp/prebuilds/linux-x64/'))).toBe(true)
    expect(native.some((file) => file.includes('pcsc-mini'))).toBe(true)
    expect(files.some((file) => file.includes('@jitl/quickjs-wasmfile-release-sync') && file.endsWith('.wasm'))).toBe(true)
    for (const file of [...native, ...files.filter((name) => name.endsWith('.wasm'))]) expect(existsSync(join(resources, 'app.asar.unpacked', file))).toBe(true)
  })

  test('does not hold the workspace of whoever packed it', () => {
    expect(files.filter((file) => /\.(db|sqlite|log)$|keys\.json$/.test(file))).toEqual([])
  })
})

test('what is packed starts: it furnishes a workspace through its own intake thread and opens its window', () => {
  const app = join(folder, 'app')
  extractAll(join(resources, 'app.asar'), app)
  const workspace = join(folder, 'workspace')
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ['--import', new URL('./packed/electron-hook.mjs', import.meta.url).href, join(app, 'out', 'main', 'index.js'), '--data', workspace, '--demo'],
    { encoding: 'utf8', timeout: 60_000 },
  )
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  expect(JSON.parse(stdout)).toEqual({ loaded: 'cardwright://app/', index: 200, preload: true, jobs: 2 })
  expect(readdirSync(workspace)).toContain('cardwright.db')
  expect(readFileSync(join(app, 'package.json'), 'utf8')).toContain('"out/main/index.js"')
})

const binary = electronBinary()
const reason = binary === undefined ? 'its binary was never fetched (npm start does that)' : obstacle(process.platform, process.env, process.getuid?.())

if (binary !== undefined && reason === undefined) {
  test('the real Electron opens the window: sandboxed, without Node, with the sign-in page', async () => {
    const program = await electron.launch({ executablePath: binary, args: [projectFolder, '--data', join(folder, 'real'), '--demo'] })
    try {
      const page = await program.firstWindow()
      await page.getByText('Olga Orlova').first().waitFor()
      expect(page.url()).toBe('cardwright://app/')
      expect(await page.evaluate(() => [typeof require, typeof process, Object.keys(window.cardwright ?? {}).length])).toEqual(['undefined', 'undefined', 3])
    } finally {
      await program.close()
    }
  })
} else {
  console.log(`the smoke test of the real Electron is not part of this run: ${reason}`)
}
