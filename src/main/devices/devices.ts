/** The configured devices: their drivers, their lines, and what is known of their state. */
import type { DeviceView } from '#shared/contract/live.ts'
import type { DeviceLink, ModuleProgress, ProbeReport, Reason, StationReader } from '#shared/device/device.ts'
import type { DeviceLimits } from '#shared/device/limits.ts'
import type { SimulatorAction } from '#shared/device/simulator.ts'
import { CardwrightError } from '#shared/faults.ts'
import type { Actor, DeviceId } from '#shared/journal/events.ts'
import type { ChipStation } from '../ports/chip-station.ts'
import type { Clock } from '../ports/clock.ts'
import type { DeviceFactory, OpenedDevice, TraceEntry } from '../ports/device-factory.ts'
import type { EmbosserDriver } from '../ports/embosser-driver.ts'
import type { Store, StoredDevice } from '../ports/store.ts'

export interface DevicesPorts {
  store: Store
  factory: DeviceFactory
  clock: Clock
  /** A run uses the device, or a card of it is in question. */
  busy(device: DeviceId): boolean
  onChanged(view: DeviceView): void
  onRemoved(device: DeviceId): void
}

export interface Devices {
  /** Opens every configured device; practice machines are connected at once, real ones when somebody asks. */
  start(): Promise<void>
  views(): DeviceView[]
  driver(device: DeviceId): EmbosserDriver | undefined
  /** Chip stations by name; those whose reader is not set up are missing. */
  stations(device: DeviceId): ReadonlyMap<string, ChipStation>
  limits(device: DeviceId): DeviceLimits
  save(draft: { device?: DeviceId | undefined; name: string; profile: string; mode: string; link: DeviceLink; stations?: StationReader[] | undefined }, by: Actor): Promise<DeviceId>
  remove(device: DeviceId, by: Actor): Promise<void>
  connect(device: DeviceId): Promise<void>
  disconnect(device: DeviceId): Promise<void>
  probe(device: DeviceId): Promise<ProbeReport>
  trace(device: DeviceId, after: number): TraceEntry[]
  /** Feeds a card and reads its stripe; whatever would need a person ends it. Refused while a run uses the device. */
  readStripe(device: DeviceId): ReturnType<EmbosserDriver['readStripe']>
  act(device: DeviceId, action: SimulatorAction, by: Actor): void
  progressed(device: DeviceId, progress: ModuleProgress): void
  close(): Promise<void>
}

interface Entry {
  stored: StoredDevice
  opened?: OpenedDevice
  /** Why it could not be opened as configured. */
  refused?: CardwrightError
  connecting: boolean
  progress?: ModuleProgress
  /** Reason codes as last journaled. */
  journaled: string
  stop(): void
}

export function createDevices(ports: DevicesPorts): Devices {
  const { store, factory, clock } = ports
  const entries = new Map<DeviceId, Entry>()

  const append = (by: Actor, fact: Parameters<Store['append']>[0][number]['fact']) => store.append([{ at: clock.now(), by, fact }])

  const entry = (device: DeviceId): Entry => {
    const found = entries.get(device)
    if (found === undefined) throw new CardwrightError({ code: 'device.unknown', class: 'operator', values: { device } })
    return found
  }

  const opened = (device: DeviceId): OpenedDevice => {
    const { opened: open, refused } = entry(device)
    if (open === undefined) throw refused ?? new CardwrightError({ code: 'device.unknown', class: 'operator', values: { device } })
    return open
  }

  /** Stops and stops of stops are facts: the log tells when a machine stood and why. */
  const journalReasons = (item: Entry, reasons: readonly Reason[]) => {
    const codes = reasons.map((reason) => reason.code).join()
    if (codes === item.journaled) return
    item.journaled = codes
    append('system', { kind: 'device.reasons', device: item.stored.device, reasons: [...reasons] })
  }

  const enter = (stored: StoredDevice, made: OpenedDevice | CardwrightError) => {
    const item: Entry = { stored, connecting: false, journaled: '', stop: () => {} }
    entries.set(stored.device, item)
    if (made instanceof CardwrightError) item.refused = made
    else {
      item.opened = made
      const changed = () => {
        const { state, reasons } = made.driver.state()
        if (state === 'idle') delete item.progress
        journalReasons(item, reasons)
        ports.onChanged(viewOf(item))
      }
      const shown = () => ports.onChanged(viewOf(item))
      const stops = [made.driver.onState(changed), made.practice?.onChange(shown), ...[...made.stations.values()].map((station) => station.onState(shown))]
      item.stop = () => stops.forEach((stop) => stop?.())
    }
    ports.onChanged(viewOf(item))
  }

  /** A device that was set up once and can't be opened now is shown with its reason; the others work. */
  const tryOpen = (stored: StoredDevice): OpenedDevice | CardwrightError => {
    try {
      return factory.open(stored)
    } catch (thrown) {
      if (thrown instanceof CardwrightError) return thrown
      throw thrown
    }
  }

  const shut = async (device: DeviceId) => {
    const item = entry(device)
    item.stop()
    await item.opened?.driver.close()
    for (const station of item.opened?.stations.values() ?? []) await station.close()
    await item.opened?.dispose()
    entries.delete(device)
  }

  const refuseBusy = (device: DeviceId) => {
    if (ports.busy(device)) throw new CardwrightError({ code: 'device.busy', class: 'operator', values: { device } })
  }

  const viewOf = ({ stored, opened: made, refused, connecting, progress }: Entry): DeviceView => {
    const profile = factory.profiles().find((candidate) => candidate.profile === stored.profile)
    const state = made?.driver.state() ?? { state: 'stopped' as const, reasons: refused ? [notDrivable(refused)] : [], connected: false }
    return {
      device: stored.device,
      name: stored.name,
      profile: stored.profile,
      model: profile?.model ?? stored.profile,
      mode: stored.mode,
      link: stored.link,
      connection: connecting ? 'connecting' : state.connected ? 'online' : 'offline',
      state: state.state,
      reasons: [...state.reasons],
      capabilities: made?.driver.capabilities ?? { carries: [], completionLag: 0, rejectWay: 'operator-removal', canReadStripe: false, chip: null, missingVerbs: [] },
      stations: stationsOf(stored, made),
      evidence: profile?.evidence ?? [],
      ...(progress && { progress }),
      ...(made?.practice && { picture: made.practice.picture() }),
    }
  }

  const connect = async (device: DeviceId) => {
    const item = entry(device)
    const { driver } = opened(device)
    if (item.connecting || driver.state().connected) return
    item.connecting = true
    ports.onChanged(viewOf(item))
    try {
      await driver.connect()
    } finally {
      item.connecting = false
      ports.onChanged(viewOf(item))
    }
  }

  return {
    async start() {
      for (const stored of store.devices()) enter(stored, tryOpen(stored))
      for (const { stored } of entries.values()) if (stored.link.kind === 'simulator') await connect(stored.device)
    },
    views: () => [...entries.values()].map(viewOf),
    driver: (device) => entries.get(device)?.opened?.driver,
    stations: (device) => entries.get(device)?.opened?.stations ?? new Map(),
    limits: (device) => opened(device).driver.limits,

    async save({ device, stations = [], ...draft }, by) {
      if (device !== undefined) {
        refuseBusy(device)
        await shut(device)
      }
      const stored: StoredDevice = { device: device ?? store.nextId('device'), stations, ...draft }
      const made = tryOpen(stored)
      if (made instanceof CardwrightError) {
        const former = store.devices().find((candidate) => candidate.device === device)
        if (former) enter(former, tryOpen(former))
        throw made
      }
      append(by, { kind: 'device.saved', ...stored })
      enter(stored, made)
      if (stored.link.kind === 'simulator') await connect(stored.device)
      return stored.device
    },

    async remove(device, by) {
      refuseBusy(device)
      await shut(device)
      append(by, { kind: 'device.removed', device })
      ports.onRemoved(device)
    },

    connect,

    async disconnect(device) {
      refuseBusy(device)
      await opened(device).driver.close()
      ports.onChanged(viewOf(entry(device)))
    },

    async probe(device) {
      refuseBusy(device)
      return opened(device).driver.probe()
    },

    trace: (device, after) => opened(device).trace(after),

    async readStripe(device) {
      refuseBusy(device)
      return opened(device).driver.readStripe({ onAttention: () => Promise.resolve('give-up') })
    },

    act(device, action, by) {
      const { practice } = opened(device)
      if (practice === undefined) throw new CardwrightError({ code: 'device.not-a-simulator', class: 'operator', values: { device } })
      append(by, { kind: 'simulator.acted', device, action: action.do })
      practice.act(action)
    },

    progressed(device, progress) {
      const item = entries.get(device)
      if (item === undefined) return
      item.progress = progress
      ports.onChanged(viewOf(item))
    },

    async close() {
      for (const device of [...entries.keys()]) await shut(device)
    },
  }
}

/** Each chip station of the device: the reader behind it, and what lies in it. */
function stationsOf({ stations: set }: StoredDevice, made: OpenedDevice | undefined): DeviceView['stations'] {
  const names = made?.driver.capabilities.chip?.stations ?? []
  return names.map((station) => {
    const opened = made?.stations.get(station)
    const reader = set.find((candidate) => candidate.station === station)?.reader ?? opened?.name
    return { station, ...(reader !== undefined && { reader }), state: opened?.state().state ?? 'not-set-up' }
  })
}

const notDrivable = ({ faults: [fault] }: CardwrightError): Reason => ({ code: 'not-drivable', severity: 'error', action: 'none', status: fault.code })
