/** Devices that are no desktop embosser: the pretended conveyor, and a reader on the desk. */
import { scaledClock } from '#drivers/clock/system-clock.ts'
import { createConveyorDriver } from '#drivers/conveyor/driver.ts'
import { conveyorEvidence, conveyorLimits, conveyorMode, conveyorProfile, mostStations, stationsOf } from '#drivers/conveyor/profile.ts'
import { ConveyorMachine } from '#drivers/conveyor/simulator/machine.ts'
import { createDeskReaderDriver, deskReaderLimits, deskStation } from '#drivers/desk-reader/desk-reader.ts'
import { Recorder } from '#drivers/serial/recorder.ts'
import { createCard } from '#drivers/virtual-card/cards.ts'
import type { PracticeCardType } from '#shared/chip/practice-card.ts'
import type { ProfileSummary } from '#shared/contract/calls.ts'
import { deskReaderProfile } from '#shared/device/desk-reader.ts'
import { CardwrightError } from '#shared/faults.ts'
import type { ChipReaders } from '../ports/chip-station.ts'
import type { Clock } from '../ports/clock.ts'
import type { OpenedDevice } from '../ports/device-factory.ts'
import type { StoredDevice } from '../ports/store.ts'

export const chipDeviceProfiles: readonly ProfileSummary[] = [
  { profile: deskReaderProfile, model: 'Reader', modes: ['by-hand'], evidence: ['evidence.reader.by-hand'], missingVerbs: [], limits: deskReaderLimits },
  ...Array.from({ length: mostStations }, (_, index) => ({
    profile: conveyorProfile(index + 1),
    model: `Conveyor, ${index + 1} × chip`,
    modes: [conveyorMode],
    evidence: [...conveyorEvidence],
    missingVerbs: [],
    limits: conveyorLimits(),
  })),
]

/** The chips of a practice conveyor's blanks, unless hands put in others, and how fast their line is. */
export const conveyorChip = { type: 'gp-scp02-55', baudRate: 9_600 } as const

/**
 * No chip that was ever made comes again, though the machine begins anew with every start. Apart from those of the desktop machines,
 * which count from the second of their start.
 */
function chipSeeds(clock: Clock, device: string): (blank: number) => number {
  const start = Math.floor(clock.now() / 1000) * 1_000 + Number(device.replace(/\D/g, '')) * 100
  return (blank) => 2 ** 31 + ((start + blank) % 2 ** 31)
}

/** Throws `device.no-reader-chosen` (class operator). */
export function openDeskReader({ stations }: StoredDevice, { readers, clock }: { readers: ChipReaders; clock: Clock }): OpenedDevice {
  const reader = stations.find(({ station }) => station === deskStation)?.reader
  if (reader === undefined) throw new CardwrightError({ code: 'device.no-reader-chosen', class: 'operator' })
  const station = readers.station(reader)
  const recorder = new Recorder({ clock })
  const stopNoting = station.onState(() => recorder.note(`${reader}: ${station.state().state}`))
  return {
    driver: createDeskReaderDriver({ station, clock }),
    stations: new Map([[deskStation, station]]),
    trace: (after) => recorder.entries(after),
    async dispose() {
      stopNoting()
      await station.close()
    },
  }
}

/** Undefined where the device is no conveyor. It begins anew with every start of the program. */
export function openConveyor({ device, link, profile }: StoredDevice, { clock, blanks }: { clock: Clock; blanks: number }): OpenedDevice | undefined {
  const stations = stationsOf(profile)
  if (stations === undefined) return undefined
  if (link.kind !== 'simulator') throw new CardwrightError({ code: 'device.practice-only', class: 'operator', values: { profile } })
  const seedOf = chipSeeds(clock, device)
  const chip = (blank: number, type: PracticeCardType = conveyorChip.type) => createCard(type, { seed: seedOf(blank), baudRate: conveyorChip.baudRate })
  const machine = new ConveyorMachine({ clock, limits: conveyorLimits(), stations, blanks, chip, speed: link.speed })
  const recorder = new Recorder({ clock })
  const paced = scaledClock(clock, () => machine.picture().speed)
  return {
    driver: createConveyorDriver({ stations, clock: paced, open: () => machine.attach(), onTrace: (text) => recorder.note(text) }),
    stations: machine.stations,
    trace: (after) => recorder.entries(after),
    practice: { act: (action) => machine.act(action), picture: () => machine.picture(), onChange: (listener) => machine.onChange(listener) },
    dispose: () => Promise.resolve(),
  }
}
