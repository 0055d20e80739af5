/** The one place where the parts meet. Hosts give the ports and get a core; tests do the same in simulated time. */
import type { Change } from '#shared/contract/live.ts'
import type { LiveState } from '#shared/contract/live.ts'
import type { JobId, RunId } from '#shared/journal/events.ts'
import { previewOf } from '#shared/design/preview.ts'
import { createAccounts } from './accounts/accounts.ts'
import { batchHandlers } from './app/batches.ts'
import { beforeRealCard, benchHandlers } from './app/bench.ts'
import { chipHandlers } from './app/chip.ts'
import { designHandlers, designOf } from './app/designs.ts'
import { deskCardHandlers } from './app/desk-card.ts'
import { importHandlers } from './app/imports.ts'
import { changesOf, liveState } from './app/live.ts'
import { peopleHandlers } from './app/people.ts'
import type { DemoPerson } from './app/people.ts'
import { productionHandlers } from './app/production.ts'
import { recordHandlers } from './app/records.ts'
import { reportHandlers } from './app/reports.ts'
import { createUploads } from './app/uploads.ts'
import { createLibrary } from './chip/library.ts'
import type { ScriptEngine } from './chip/sandbox/engine.ts'
import { createPersonalizationServer } from './chip/server.ts'
import { createWorkbench } from './chip/workbench/workbench.ts'
import { createController } from './controller/controller.ts'
import { createDevices } from './devices/devices.ts'
import { createJobs } from './jobs/jobs.ts'
import type { CardKeys } from './ports/card-keys.ts'
import type { ChipReaders } from './ports/chip-station.ts'
import type { Clock } from './ports/clock.ts'
import type { DeviceFactory } from './ports/device-factory.ts'
import type { KeyStore, KeyStoreSlots } from './ports/key-store.ts'
import type { PracticeCards } from './ports/practice-cards.ts'
import type { Random } from './ports/random.ts'
import type { ShippedDocuments } from './ports/shipped-documents.ts'
import type { SourceFiles } from './ports/source-files.ts'
import type { Store } from './ports/store.ts'
import type { Core } from './transport/core.ts'
import { createDispatcher, type Handlers } from './transport/dispatch.ts'
import { createLiveHub } from './transport/live.ts'

/** What chips are made with. */
export interface ChipPorts {
  cardKeys: CardKeys
  readers: ChipReaders
  practiceCards: PracticeCards
  shipped: ShippedDocuments
  engine: ScriptEngine
}

export interface AppPorts {
  store: Store
  keys: KeyStore & KeyStoreSlots
  clock: Clock
  random: Random
  devices: DeviceFactory
  sources: SourceFiles
  /** Without them no card with a chip can be made. */
  chips?: ChipPorts
  host: string
  version: string
  demoPeople?: readonly DemoPerson[]
  /** Hears of what no person can answer: an exception in a handler, a full disk. */
  onBug(thrown: unknown, where: string): void
  /** In tests: answers are checked against their schemas too. */
  checkOutput?: boolean
}

/** Rows of the chain that are checked between two turns of other work. */
const slice = 2_000

export async function createApp(ports: AppPorts): Promise<Core> {
  const { store, keys, clock, random, devices: factory, onBug } = ports
  let logRevision = 0
  let journal: LiveState['journal'] = { checking: true, rows: 0 }
  const jobOfRun = new Map<RunId, JobId>(store.openRuns().map(({ run, job }) => [run, job]))

  const hub = createLiveHub({
    snapshot: () => liveState({ store, devices, controller, journal: () => journal, logRevision: () => logRevision }),
    onBug: (thrown) => onBug(thrown, 'live'),
  })
  const tell = (...changes: Change[]) => hub.change(...changes)

  const jobs = createJobs({ store, keys, clock })
  const accounts = createAccounts({
    store,
    slots: keys,
    clock,
    random,
    keysInUse: () => controller.runs().length > 0,
    onSessionEnded: (token) => {
      hub.endSession(token)
      chips?.workbench.closeOf(token).catch((thrown: unknown) => onBug(thrown, 'bench'))
    },
  })
  const chips = ports.chips && chipRooms(ports.chips, ports)
  const controller = createController({
    store,
    clock,
    driver: (device) => devices.driver(device),
    connect: (device) => devices.connect(device),
    personalization: chips?.server,
    stations: (device) => devices.stations(device),
    chipTask: (job) => {
      const material = store.jobMaterial(job)
      return material && designOf(material.design).chip?.task
    },
    openCard: (job, record) => jobs.openCard(job, record),
    preview: (card) => previewOf(card),
    onRun: (value) => tell({ topic: 'run', value }),
    onRunRemoved: (run) => tell({ topic: 'run-removed', run }),
    onPrompt: (value) => tell({ topic: 'prompt', value }),
    onPromptClosed: (prompt) => tell({ topic: 'prompt-removed', prompt }),
    onProgress: (device, progress) => devices.progressed(device, progress),
    onBug: (thrown) => onBug(thrown, 'run'),
  })
  const devices = createDevices({
    store,
    factory,
    clock,
    busy: (device) => controller.busy(device),
    onChanged: (value) => tell({ topic: 'device', value }),
    onRemoved: (device) => tell({ topic: 'device-removed', device }),
  })
  const uploads = createUploads(random)

  store.onAppended((rows) => {
    for (const { fact } of rows) if (fact.kind === 'run.started') jobOfRun.set(fact.run, fact.job)
    const attempts = rows.some(({ fact }) => fact.kind.startsWith('attempt.'))
    if (attempts) logRevision++
    tell(...changesOf(rows, store, (run) => jobOfRun.get(run)), ...(attempts ? [{ topic: 'log' as const, revision: logRevision }] : []))
  })

  const dispatcher = createDispatcher({
    handlers: {
      ...peopleHandlers({
        accounts,
        store,
        demoPeople: ports.demoPeople ?? [],
        host: ports.host,
        version: ports.version,
        onSignedIn: () => jobs.sealClosed(),
      }),
      ...productionHandlers({ controller, devices, factory, confirmSecond: (...second) => accounts.confirmSecond(...second) }),
      ...batchHandlers({ jobs, store, clock }),
      ...importHandlers({ jobs, store, clock, devices, uploads, sources: ports.sources, library: chips?.library }),
      ...designHandlers({ store, clock, factory, library: chips?.library }),
      ...recordHandlers({ store, keys, clock }),
      ...reportHandlers({ store, jobs, clock }),
      ...(chips && chipHandlers({ store, clock, jobs, ...chips })),
      ...(chips && benchHandlers(chips)),
      ...(chips && deskCardHandlers({ store, clock, jobs, devices, controller, library: chips.library })),
    } as unknown as Handlers,
    sessionOf: (token) => accounts.session(token),
    onBug,
    ...(ports.checkOutput !== undefined && { checkOutput: ports.checkOutput }),
  })

  /** The whole chain, a slice at a time, so that a long journal does not hold up the first screen. */
  const checkJournal = async () => {
    const walk = store.walk()
    let more = true
    while (more) {
      more = walk.advance(slice)
      const { rows, brokenAt } = walk.check
      journal = { checking: more, rows, ...(brokenAt !== undefined && { brokenAt }) }
      tell({ topic: 'journal', value: journal })
      await clock.sleep(0)
    }
  }

  await devices.start()
  controller.recover()
  let closed = false
  checkJournal().catch((thrown: unknown) => {
    if (!closed) onBug(thrown, 'journal')
  })

  return {
    call: (name, input, caller) => dispatcher.call(name, input, caller),
    listen: (token, listener) => (accounts.session(token) ? hub.listen(token, listener) : undefined),
    addUpload: (file) => uploads.add(file),
    expireSessions: () => void accounts.expire(),
    async close() {
      await controller.close()
      closed = true
      await chips?.workbench.closeAll()
      await chips?.server.close()
      await devices.close()
      keys.lock()
      store.close()
    },
  }
}

/** The personalization server with its documents, and the workbench beside it. */
function chipRooms({ cardKeys, readers, practiceCards, shipped, engine }: ChipPorts, { store, clock, random, onBug }: AppPorts) {
  const library = createLibrary(store, shipped)
  const server = createPersonalizationServer({ library, keys: cardKeys, clock, random, engine, onBug: (thrown) => onBug(thrown, 'chip') })
  const workbench = createWorkbench({ server, practiceCards, readers, random, beforeRealCard: beforeRealCard({ store, clock }) })
  return { cardKeys, readers, library, server, workbench }
}
