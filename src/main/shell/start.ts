/** `npm start`: the desktop window where there can be one, and the same application on loopback where there can't. */
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { wordsIn, type Words } from '../reports/words.ts'
import { openBrowser } from './browser.ts'
import { buildDesktop, buildPages, desktopIsStale, pagesAreStale, pagesFolder } from './build.ts'
import { languageOf } from './cli/language.ts'
import { reported } from './cli/report.ts'
import { electronBinary, fetchElectron, type NoDesktop, obstacle, runDesktop } from './desktop.ts'
import { practiceFolder } from './folders.ts'
import { provideThreads } from './threads.ts'
import { serveWorkspace, whenAskedToStop } from './web/serve.ts'

export interface StartOptions {
  /** The workspace's folder; the practice workspace where absent. */
  data?: string | undefined
  /** A new workspace is furnished to practise on, also where `data` names it. */
  demo?: boolean | undefined
  port?: number | undefined
  /** Opens a browser where there is one. */
  browser?: boolean | undefined
}

type Print = (line: string) => void

export async function start(options: StartOptions, words: Words, print: Print): Promise<void> {
  const reason = await openDesktop(options, words, print)
  if (reason === undefined) return
  print(words.say('start.no-desktop', { reason: words.say(`start.no-desktop.${reason}`) }))
  await serve(options, words, print)
}

/** Serves until asked to stop. */
export async function serve({ data, demo, port, browser = true }: StartOptions, words: Words, print: Print): Promise<void> {
  const { say } = words
  if (pagesAreStale()) {
    print(say('start.building'))
    await buildPages()
  }
  const folder = data ?? practiceFolder()
  const served = await serveWorkspace({ folder, demo: demo ?? data === undefined, pagesFolder, ...(port !== undefined && { port }) })
  const stopped = whenAskedToStop()
  print(say('start.address'))
  print(`  ${served.host.address}`)
  print(say('start.stop'))
  if (browser) openBrowser(served.host.addressForBrowser())
  await stopped
  print(say('start.stopping'))
  await served.close()
}

/** Undefined once the window was there and is closed again; otherwise why there could be none. */
async function openDesktop({ data, demo }: StartOptions, { say }: Words, print: Print): Promise<NoDesktop | undefined> {
  const reason = obstacle(process.platform, process.env, process.getuid?.())
  if (reason !== undefined) return reason
  let binary = electronBinary()
  if (binary === undefined) {
    print(say('start.fetching'))
    binary = await fetchElectron()
  }
  if (binary === undefined) return 'not-fetched'
  if (desktopIsStale()) {
    print(say('start.building'))
    await buildDesktop()
  }
  const args = [...(data === undefined ? [] : ['--data', data]), ...(demo ? ['--demo'] : [])]
  return (await runDesktop(binary, args)) ? undefined : 'did-not-start'
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  provideThreads()
  const words = wordsIn(languageOf(process.argv, process.env))
  const { values } = parseArgs({
    options: { data: { type: 'string' }, demo: { type: 'boolean' }, port: { type: 'string' }, lang: { type: 'string' }, 'no-browser': { type: 'boolean' } },
  })
  const { data, demo, port, 'no-browser': noBrowser } = values
  const options = { data, demo, port: port === undefined ? undefined : Number(port), browser: noBrowser !== true }
  process.exitCode = await reported(words, console.error, () => start(options, words, console.log))
}
