/** Makes the driver that stands behind a configured device. The shells bind it to real drivers, tests to their rigs. */
import type { ProfileSummary } from '#shared/contract/calls.ts'
import type { MachinePicture, SimulatorAction } from '#shared/device/simulator.ts'
import type { ChipStation } from './chip-station.ts'
import type { EmbosserDriver } from './embosser-driver.ts'
import type { StoredDevice } from './store.ts'

export interface TraceEntry {
  number: number
  /** Wall time, milliseconds. */
  at: number
  direction: 'sent' | 'received' | 'note'
  /** Masked. */
  text: string
}

/** The built-in practice machine's other side: the operator's hands and eyes. */
export interface PracticeMachine {
  act(action: SimulatorAction): void
  picture(): MachinePicture
  onChange(listener: () => void): () => void
}

export interface OpenedDevice {
  driver: EmbosserDriver
  /** By the names in `capabilities.chip.stations`; a station whose reader is not set up is missing. */
  stations: ReadonlyMap<string, ChipStation>
  /** Entries after this number, oldest first. */
  trace(after: number): TraceEntry[]
  practice?: PracticeMachine
  /** Frees what the driver does not: the practice machine's state is saved here. */
  dispose(): Promise<void>
}

export interface DeviceFactory {
  profiles(): ProfileSummary[]
  /** Serial ports found on this computer. */
  ports(): Promise<{ path: string; description?: string | undefined }[]>
  /** Throws `device.*` or `profile.*` faults where the device can't be driven as configured. Opens no line. */
  open(device: StoredDevice): OpenedDevice
}
