/** The real parts put together: a workspace in a folder becomes a core. Every host begins here. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { systemClock } from '#drivers/clock/system-clock.ts'
import { keyFileAt } from '#drivers/keystore-file/key-file.ts'
import { openFileKeyStore, productCost } from '#drivers/keystore-file/file-key-store.ts'
import type { ScryptCost } from '#drivers/keystore-file/file-key-store.ts'
import { createPcscReaders } from '#drivers/pcsc/readers.ts'
import { systemRandom } from '#drivers/random/random.ts'
import { createApp } from '../app.ts'
import { createLocalEngine } from '../chip/sandbox/local-engine.ts'
import { createThreadEngine } from '../chip/sandbox/thread-engine.ts'
import { sourceFiles } from '../intake/source-files.ts'
import type { ChipReaders } from '../ports/chip-station.ts'
import type { Clock } from '../ports/clock.ts'
import { openStore } from '../store/store.ts'
import type { Core } from '../transport/core.ts'
import { demoPeople, furnishDemo, furnishDemoChips } from './demo-workspace.ts'
import { createDeviceFactory } from './device-factory.ts'
import { createPracticeCards } from './practice-cards.ts'
import { readShippedDocuments } from './shipped-documents.ts'
import { version } from './version.ts'

export interface Composition {
  /** The workspace's folder; made where it is missing. */
  folder: string
  host: 'electron' | 'web' | 'cli'
  /** A new workspace is furnished to practise on; one that exists stays what it is. */
  demo?: boolean
  clock?: Clock
  /** Blanks in a new practice machine's hopper. */
  blanks?: number
  /** Whether practice machines are as they were left at the next start. */
  keepPractice?: boolean
  /** Instead of those of this computer. */
  readers?: ChipReaders
  /** Cost of a password guess; demo passwords are on the screen and need none. */
  cost?: ScryptCost
  onBug?(thrown: unknown, where: string): void
}

/** What a workspace's folder holds. */
export function workspaceFiles(folder: string) {
  return {
    database: join(folder, 'cardwright.db'),
    keys: join(folder, 'keys.json'),
    practice: join(folder, 'practice'),
    profiles: join(folder, 'profiles'),
    uploads: join(folder, 'uploads'),
  }
}

const quickCost: ScryptCost = { logN: 10, r: 8, p: 1 }

/** Throws `store.*`, `key.*` and `profile.*` faults where the folder can't be used. */
export async function openWorkspace(composition: Composition): Promise<Core> {
  const { folder, host, demo = false, clock = systemClock, blanks = 80, keepPractice = true } = composition
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const files = workspaceFiles(folder)
  mkdirSync(files.practice, { recursive: true })
  const onBug = composition.onBug ?? ((thrown, where) => console.error(`cardwright: unexpected in ${where}:`, thrown))
  const store = openStore({ path: files.database, onBug: (thrown) => onBug(thrown, 'store') })
  try {
    const cost = composition.cost ?? (demo || store.workspace()?.demo ? quickCost : productCost)
    const keys = openFileKeyStore({ file: keyFileAt(files.keys), random: systemRandom, cost })
    // Real readers keep real time, whatever the practice machines do.
    const readers = composition.readers ?? createPcscReaders({ clock: systemClock })
    const core = await createApp({
      store,
      keys,
      clock,
      random: systemRandom,
      devices: createDeviceFactory({ clock, folder: keepPractice ? files.practice : undefined, profiles: files.profiles, blanks, readers }),
      sources: sourceFiles,
      chips: {
        cardKeys: keys.cardKeys,
        readers,
        practiceCards: createPracticeCards(systemClock),
        shipped: readShippedDocuments(),
        // Threads live in real time: where time is simulated, scripts run here.
        engine: clock === systemClock ? createThreadEngine({ clock }) : createLocalEngine(),
      },
      host,
      version,
      demoPeople,
      onBug,
    })
    if (demo && store.workspace() === undefined) {
      await furnishDemo(core, { store, keys, clock })
      await furnishDemoChips(core, { store, cardKeys: keys.cardKeys, clock })
    }
    return core
  } catch (thrown) {
    store.close()
    throw thrown
  }
}
