import { readFileSync, readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { openFileKeyStore } from '#drivers/keystore-file/file-key-store.ts'
import { memoryKeyFile } from '#drivers/keystore-file/key-file.ts'
import { VirtualClock } from '#drivers/clock/virtual-clock.ts'
import { systemRandom } from '#drivers/random/random.ts'
import { createLocalEngine } from '#main/chip/sandbox/local-engine.ts'
import { createPersonalizationServer } from '#main/chip/server.ts'
import { importDemoKeys } from '#main/shell/demo-keys.ts'
import { libraryOf } from '../../support/chip-work.ts'

const assets = new URL('../../../assets/', import.meta.url)
const filesIn = (folder: string, ending: string) => readdirSync(new URL(folder, assets)).filter((name) => name.endsWith(ending) && !name.endsWith('.d.ts'))

const store = openFileKeyStore({ file: memoryKeyFile(), random: systemRandom, cost: { logN: 4, r: 8, p: 1 } })
await store.create('P-01', 'password')
importDemoKeys(store.cardKeys)
const server = createPersonalizationServer({ library: libraryOf({}), keys: store.cardKeys, clock: new VirtualClock(), random: systemRandom, engine: createLocalEngine() })

describe('shipped documents could be saved as they are', () => {
  it.each([...filesIn('tasks/', '.json').map((name) => ['task', `tasks/${name}`] as const), ...filesIn('scapps/', '.js').map((name) => ['scapp', `scapps/${name}`] as const), ...filesIn('extensions/', '.js').map((name) => ['extension', `extensions/${name}`] as const)])('%s %s', async (kind, path) => {
    expect(await server.check(kind, readFileSync(new URL(path, assets), 'utf8'))).toEqual([])
  })

  it.each([...filesIn('scapps/', '.js'), ...filesIn('extensions/', '.js')])('%s has its page', (name) => {
    expect(readFileSync(new URL(`../docs/scapps/${name.replace(/js$/, 'md')}`, assets), 'utf8').length).toBeGreaterThan(500)
  })
})
