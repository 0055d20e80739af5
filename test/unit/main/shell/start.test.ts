import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { browserCommand } from '#main/shell/browser.ts'
import { isStale } from '#main/shell/build.ts'
import { languageOf } from '#main/shell/cli/language.ts'
import { electronBinary, obstacle } from '#main/shell/desktop.ts'
import { practiceFolder } from '#main/shell/folders.ts'

const folder = mkdtempSync(join(tmpdir(), 'cardwright-start-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Writes a file as if at this second. */
function file(path: string, second: number, text = ''): void {
  mkdirSync(join(folder, path, '..'), { recursive: true })
  writeFileSync(join(folder, path), text)
  utimesSync(join(folder, path), second, second)
}

describe('browser', () => {
  const address = 'http://127.0.0.1:4725/open#code'

  test('the opener of each system, with the address as one argument', () => {
    expect(browserCommand(address, 'darwin', {})).toEqual(['open', address])
    expect(browserCommand(address, 'win32', {})).toEqual(['rundll32', 'url.dll,FileProtocolHandler', address])
    expect(browserCommand(address, 'linux', { DISPLAY: ':0' })).toEqual(['xdg-open', address])
    expect(browserCommand(address, 'linux', { WAYLAND_DISPLAY: 'wayland-0' })).toEqual(['xdg-open', address])
  })

  test('none in CI and none without a screen', () => {
    expect(browserCommand(address, 'linux', {})).toBeUndefined()
    expect(browserCommand(address, 'linux', { CI: 'true', DISPLAY: ':0' })).toBeUndefined()
    expect(browserCommand(address, 'darwin', { CI: '1' })).toBeUndefined()
  })
})

describe('desktop', () => {
  test('no window without a screen, and none as root on Linux, where the sandbox does not work', () => {
    expect(obstacle('linux', {}, 1000)).toBe('no-screen')
    expect(obstacle('linux', { DISPLAY: ':0' }, 0)).toBe('root')
    expect(obstacle('linux', { DISPLAY: ':0' }, 1000)).toBeUndefined()
    expect(obstacle('darwin', {}, 0)).toBeUndefined()
    expect(obstacle('win32', {}, undefined)).toBeUndefined()
  })

  test('the binary is there once the package has fetched it, and not when the download broke off', () => {
    expect(electronBinary(join(folder, 'electron'))).toBeUndefined()
    file('electron/path.txt', 1, 'electron')
    expect(electronBinary(join(folder, 'electron'))).toBeUndefined()
    file('electron/dist/electron', 1)
    expect(electronBinary(join(folder, 'electron'))).toBe(join(folder, 'electron', 'dist', 'electron'))
  })
})

test('what was built is stale when it is missing or when a source is newer, at any depth', () => {
  const built = { built: 'out/index.html', sources: ['src', 'package.json', 'absent'] }
  file('src/deep/page.tsx', 100)
  file('package.json', 100)
  expect(isStale(folder, built)).toBe(true)
  file('out/index.html', 150)
  expect(isStale(folder, built)).toBe(false)
  file('src/deep/page.tsx', 200)
  expect(isStale(folder, built)).toBe(true)
})

test('the practice workspace lies where the system keeps data of people', () => {
  expect(practiceFolder('linux', {}, '/home/ann')).toBe(join('/home/ann', '.local', 'share', 'Cardwright', 'demo'))
  expect(practiceFolder('linux', { XDG_DATA_HOME: '/data' }, '/home/ann')).toBe(join('/data', 'Cardwright', 'demo'))
  expect(practiceFolder('darwin', {}, '/Users/ann')).toBe(join('/Users/ann', 'Library', 'Application Support', 'Cardwright', 'demo'))
  expect(practiceFolder('win32', { APPDATA: 'C:\\Users\\ann\\AppData\\Roaming' }, 'x')).toBe(join('C:\\Users\\ann\\AppData\\Roaming', 'Cardwright', 'demo'))
})

test('the language is the one asked for, else that of the computer', () => {
  expect(languageOf(['jobs', '--lang', 'ru'], {})).toBe('ru')
  expect(languageOf(['jobs', '--lang=en'], { LANG: 'ru_RU.UTF-8' })).toBe('en')
  expect(languageOf([], { LANG: 'ru_RU.UTF-8' })).toBe('ru')
  expect(languageOf([], { LC_ALL: 'C', LANG: 'ru_RU.UTF-8' })).toBe('en')
  expect(languageOf([], { LC_ALL: '', LANG: 'ru_RU.UTF-8' })).toBe('ru')
  expect(languageOf([], {})).toBe('en')
})
