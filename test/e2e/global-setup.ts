/** Builds the screens once for all tests and furnishes the workspace that each of them gets a copy of. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'vite'
import { screens } from '../../vite.config.ts'
import { findChromium } from '../support/tools.ts'
import { furnish, suiteVariable } from './support/workspace.ts'

export default async function setUp(): Promise<(() => void) | undefined> {
  if (findChromium() === undefined) return undefined
  const folder = mkdtempSync(join(tmpdir(), 'cardwright-e2e-suite-'))
  process.env[suiteVariable] = folder
  await build({ ...screens, configFile: false, logLevel: 'warn', build: { ...screens.build, outDir: join(folder, 'pages') } })
  await furnish()
  return () => rmSync(folder, { recursive: true, force: true })
}
