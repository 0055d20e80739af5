/**
 * From nothing to a core that answers the sign-in page, on a workspace with a journal in it, as a process of its own.
 * The limit is the same runtime starting and reading the same database with no program around it.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openWorkspace, workspaceFiles } from '#main/shell/compose.ts'
import { metric } from './metric.ts'
import type { Metric } from './metric.ts'

const turns = 5

export async function measureStart(): Promise<Metric[]> {
  const folder = mkdtempSync(join(tmpdir(), 'cardwright-bench-'))
  try {
    await (await openWorkspace({ folder, host: 'cli', demo: true })).close()
    const bare = `const { DatabaseSync } = require('node:sqlite'); new DatabaseSync(${JSON.stringify(workspaceFiles(folder).database)}).prepare('SELECT count(*) FROM journal').get()`
    const spent = { core: Infinity, bare: Infinity }
    for (let turn = 0; turn < turns; turn++) {
      spent.core = Math.min(spent.core, timed([fileURLToPath(import.meta.url), folder]))
      spent.bare = Math.min(spent.bare, timed(['-e', bare]))
    }
    return [metric('start_to_usable_ms', spent.core, 'ms', spent.bare)]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function timed(parameters: string[]): number {
  const from = performance.now()
  const { status, stderr } = spawnSync(process.execPath, parameters, { encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
  return performance.now() - from
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const core = await openWorkspace({ folder: process.argv[2]!, host: 'cli' })
  const answer = await core.call('workspace.describe', {}, { host: 'cli' })
  process.exit(answer.ok ? 0 : 1)
}
