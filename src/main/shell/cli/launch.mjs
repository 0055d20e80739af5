#!/usr/bin/env node
/**
 * The command `cardwright`. Sources run on Node 24 as they stand; where an older Node was called, the one that npm
 * brought with the project takes over. Plain JavaScript, so that every Node can read it.
 */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const needed = 24
const main = fileURLToPath(new URL('./main.ts', import.meta.url))

if (Number(process.versions.node.split('.')[0]) >= needed) {
  const { run } = await import('./main.ts')
  await run()
} else {
  const brought = ['bin/node', 'bin/node.exe'].map((path) => fileURLToPath(new URL(`../../../../node_modules/node/${path}`, import.meta.url))).find((path) => existsSync(path))
  if (brought === undefined) {
    console.error(`cardwright: Node ${needed} is needed, this is ${process.version}. Run "npm ci" in Cardwright's folder, or install Node ${needed}.`)
    process.exit(1)
  }
  const { status, signal } = spawnSync(brought, [main, ...process.argv.slice(2)], { stdio: 'inherit' })
  if (signal) process.kill(process.pid, signal)
  process.exit(status ?? 1)
}
