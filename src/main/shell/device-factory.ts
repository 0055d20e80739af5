/** Binds configured devices to their drivers: CPX behind a serial port, a terminal server, or the practice machine. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { scaledClock } from '#drivers/clock/system-clock.ts'
import { createCpxDriver } from '#drivers/cpx/driver.ts'
import { loadProfile, modeOf, profileSummary, shippedDocuments, shippedProfiles } from '#drivers/cpx/profile.ts'
import type { Profile } from '#drivers/cpx/profile.ts'
import { Machine } from '#drivers/cpx/simulator/machine.ts'
import { keepState, readState } from '#drivers/cpx/simulator/state-file.ts'
import { memoryOpener } from '#drivers/serial/memory-pipe.ts'
import { Recorder } from '#drivers/serial/recorder.ts'
import { serialOpener, serialPorts } from '#drivers/serial/serial-port.ts'
import { tcpOpener } from '#drivers/serial/tcp-link.ts'
import type { ModuleProgress } from '#shared/device/device.ts'
import { SimulatorMode, SimulatorModel } from '#shared/device/simulator.ts'
import { CardwrightError } from '#shared/faults.ts'
import type { LinkOpener } from '../ports/byte-link.ts'
import type { ChipReaders } from '../ports/chip-station.ts'
import type { Clock } from '../ports/clock.ts'
import type { DeviceFactory, OpenedDevice } from '../ports/device-factory.ts'
import type { CommandRun, EmbosserDriver } from '../ports/embosser-driver.ts'
import type { StoredDevice } from '../ports/store.ts'
import { chipDeviceProfiles, openConveyor, openDeskReader } from './chip-devices.ts'

export interface DeviceFactoryOptions {
  clock: Clock
  /** Where practice machines keep their state; undefined: they end with the program. */
  folder?: string | undefined
  /** Profiles of the site, `*.json`, which extend or replace the shipped ones. */
  profiles?: string | undefined
  /** Blanks that a new practice machine finds in its hopper. */
  blanks: number
  /** The readers of this computer. */
  readers?: ChipReaders
}

export function createDeviceFactory(options: DeviceFactoryOptions): DeviceFactory {
  const profiles = [...shippedProfiles, ...siteProfiles(options.profiles)]
  const find = (name: string): Profile => {
    // A site's own profile of the same name goes before the shipped one.
    const found = profiles.findLast((profile) => profile.profile === name)
    if (found === undefined) throw new CardwrightError({ code: 'device.no-profile', class: 'operator', values: { profile: name } })
    return found
  }
  const { clock, readers } = options
  return {
    profiles: () => [...profiles.map(profileSummary), ...chipDeviceProfiles],
    ports: serialPorts,
    open(device) {
      if (device.link.kind === 'reader') {
        if (readers === undefined) throw new CardwrightError({ code: 'chip.unavailable', class: 'device', values: { detail: '—' } })
        return openDeskReader(device, { readers, clock })
      }
      const conveyor = openConveyor(device, options)
      if (conveyor !== undefined) return conveyor
      return device.link.kind === 'simulator' ? openPractice(device, find(device.profile), options) : openReal(device, find(device.profile), options)
    },
  }
}

/** Throws `profile.*` with every mistake of every file, its path before each. */
function siteProfiles(folder: string | undefined): Profile[] {
  if (folder === undefined || !existsSync(folder)) return []
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'))
  return files.map((name) => loadProfile(JSON.parse(readFileSync(join(folder, name), 'utf8')), shippedDocuments))
}

function openReal({ link, mode, stations }: StoredDevice, profile: Profile, { clock, readers }: DeviceFactoryOptions): OpenedDevice {
  const recorder = new Recorder({ clock })
  const note = (text: string) => recorder.note(text)
  const opener: LinkOpener =
    link.kind === 'serial' ? serialOpener({ path: link.path, clock, onNote: note }) : tcpOpener(link as { host: string; port: number })
  const driver = createCpxDriver({ profile, mode, opener: recorder.opener(opener), clock, onTrace: note })
  const known = driver.capabilities.chip?.stations ?? []
  const set = readers === undefined ? [] : stations.filter(({ station }) => known.includes(station))
  const opened = new Map(set.map(({ station, reader }) => [station, readers!.station(reader)] as const))
  return { driver, stations: opened, trace: (after) => recorder.entries(after), dispose: () => Promise.resolve() }
}

/** What the blanks of a new practice machine carry: they do for cards without a chip as well. */
const practiceChip = 'gp-scp02-55'

/** The driver's waits shrink with the practice machine's speed, so that a faster machine is one whose minutes are shorter. */
function openPractice({ device, link, mode }: StoredDevice, profile: Profile, { clock, folder, blanks }: DeviceFactoryOptions): OpenedDevice {
  if (link.kind !== 'simulator') throw new TypeError('not a practice machine')
  modeOf(profile, mode)
  // A site's profile of a machine keeps the machine's model.
  const model = SimulatorModel.options.find((name) => profile.profile === name || profile.model.toLowerCase().endsWith(name.slice(2)))
  if (model === undefined) throw new CardwrightError({ code: 'device.no-simulator', class: 'operator', values: { profile: profile.profile } })
  const path = folder === undefined ? undefined : join(folder, `${device}.json`)
  const state = path === undefined ? undefined : readState(path)
  const hearers = new Set<(progress: ModuleProgress) => void>()
  const machine = new Machine({
    clock,
    start: state ? { state } : { model, mode: SimulatorMode.parse(mode), speed: link.speed, blanks, chip: practiceChip, chipSeed: Math.floor(clock.now() / 1000) },
    onModule: (module) => {
      if (module !== undefined) for (const hear of hearers) hear({ module, basis: 'machine' })
    },
  })
  if (machine.picture().mode !== mode) machine.act({ do: 'mode', mode: SimulatorMode.parse(mode) })
  const stopKeeping = path === undefined ? () => {} : keepState(machine, path, clock)
  const recorder = new Recorder({ clock })
  const opener = recorder.opener(memoryOpener((far) => machine.attach(far), { name: 'simulator' }))
  const paced = scaledClock(clock, () => machine.picture().speed)
  const driver = createCpxDriver({ profile, mode, opener, clock: paced, onTrace: (text) => recorder.note(text) })
  return {
    driver: seenFromInside(driver, hearers),
    stations: new Map(machine.station && driver.capabilities.chip ? [[driver.capabilities.chip.stations[0]!, machine.station]] : []),
    trace: (after) => recorder.entries(after),
    practice: { act: (action) => machine.act(action), picture: () => machine.picture(), onChange: (listener) => machine.onChange(listener) },
    dispose: () => Promise.resolve(stopKeeping()),
  }
}

/** The practice machine's modules are seen, not reckoned by the clock: its own word takes the place of the driver's guess. */
function seenFromInside(driver: EmbosserDriver, hearers: Set<(progress: ModuleProgress) => void>): EmbosserDriver {
  type Command = EmbosserDriver['personalize']
  const watched = (command: Command): Command => (card, { onProgress, ...options }, presented): CommandRun => {
    if (onProgress) hearers.add(onProgress)
    const run = command(card, options, presented)
    void run.completed.then(() => onProgress && hearers.delete(onProgress))
    return run
  }
  return new Proxy(driver, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target)
      if (typeof value !== 'function') return value
      const bound = value.bind(target) as Command
      return name === 'personalize' || name === 'spoil' ? watched(bound) : bound
    },
  })
}
