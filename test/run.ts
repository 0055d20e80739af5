/**
 * `npm test`: everything, in one command, ending with one line of counts.
 *
 * Each suite is a process of its own that reports as JSON. What a suite needs and the machine lacks is installed where
 * that is possible without asking (Debian, as root), and named where it is not. With CI=true a skip counts as a failure.
 * `npm test -- unit world` runs only the suites named.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { provideTools } from './support/tools.ts'

interface Counts {
  passed: number
  failed: number
  skipped: number
}

interface Suite {
  name: string
  command: string[]
  /** How its result is read; a plain suite is one test that passes when its command does. */
  report: 'plain' | 'vitest' | 'playwright'
}

const folder = mkdtempSync(join(tmpdir(), 'cardwright-test-'))
const vitest = (name: string, ...paths: string[]): Suite => ({
  name,
  command: ['vitest', 'run', ...paths, '--reporter=default', '--reporter=json', `--outputFile=${join(folder, `${name}.json`)}`],
  report: 'vitest',
})

const suites: Suite[] = [
  { name: 'types', command: ['node', 'test/typecheck.ts'], report: 'plain' },
  { name: 'lint', command: ['oxlint', '--type-aware'], report: 'plain' },
  { name: 'unused', command: ['knip'], report: 'plain' },
  vitest('unit', 'test/unit'),
  vitest('conformance', 'test/conformance'),
  vitest('electron', 'test/electron'),
  vitest('world', 'test/world'),
  vitest('crash', 'test/crash'),
  { name: 'e2e', command: ['playwright', 'test', '--config', 'test/e2e/playwright.config.ts'], report: 'playwright' },
]

function run(suite: Suite): Counts {
  console.log(`\n── ${suite.name} ──`)
  const started = performance.now()
  const [program, ...parameters] = suite.command as [string, ...string[]]
  const { status } = spawnSync(program, parameters, {
    stdio: 'inherit',
    shell: process.platform === 'win32',
    env: { ...process.env, PLAYWRIGHT_JSON_OUTPUT_FILE: join(folder, `${suite.name}.json`) },
  })
  const counts = read(suite, status ?? 1)
  console.log(`${suite.name}: ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped in ${Math.round((performance.now() - started) / 1000)} s`)
  return counts
}

function read(suite: Suite, status: number): Counts {
  if (suite.report === 'plain') return { passed: status === 0 ? 1 : 0, failed: status === 0 ? 0 : 1, skipped: 0 }
  try {
    const report: unknown = JSON.parse(readFileSync(join(folder, `${suite.name}.json`), 'utf8'))
    const counts = suite.report === 'vitest' ? vitestCounts(report as VitestReport) : playwrightCounts(report as PlaywrightReport)
    // A process that failed although every test passed has failed in a way that no test tells: count that.
    return status !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts
  } catch {
    return { passed: 0, failed: 1, skipped: 0 }
  }
}

interface VitestReport {
  numPassedTests: number
  numFailedTests: number
  numPendingTests: number
  numTodoTests: number
}

function vitestCounts(report: VitestReport): Counts {
  return { passed: report.numPassedTests, failed: report.numFailedTests, skipped: report.numPendingTests + report.numTodoTests }
}

interface PlaywrightReport {
  stats: { expected: number; unexpected: number; flaky: number; skipped: number }
}

function playwrightCounts({ stats }: PlaywrightReport): Counts {
  return { passed: stats.expected, failed: stats.unexpected + stats.flaky, skipped: stats.skipped }
}

provideTools()
const wanted = process.argv.slice(2)
const total: Counts = { passed: 0, failed: 0, skipped: 0 }
for (const suite of suites) {
  if (wanted.length > 0 && !wanted.includes(suite.name)) continue
  const counts = run(suite)
  total.passed += counts.passed
  total.failed += counts.failed
  total.skipped += counts.skipped
}
rmSync(folder, { recursive: true, force: true })
if (process.env['CI'] && total.skipped > 0) {
  console.error(`\n${total.skipped} tests were skipped; in CI a skip is a failure`)
  total.failed += total.skipped
  total.skipped = 0
}
console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`)
process.exit(total.failed === 0 ? 0 : 1)
