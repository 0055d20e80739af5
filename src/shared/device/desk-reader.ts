/** A reader on the desk as a device is set up: the names that its driver, the screens and the core agree on. */
import type { DeviceLink, StationReader } from './device.ts'

/** Name of its one station. */
const station = 'desk'

export const deskReaderProfile = 'desk-reader'

/** What `device.save` takes to set up a reader by its name. */
export function deskReaderDraft(reader: string): { name: string; profile: string; mode: string; link: DeviceLink; stations: StationReader[] } {
  return { name: reader.slice(0, 60), profile: deskReaderProfile, mode: 'by-hand', link: { kind: 'reader' }, stations: [{ station, reader }] }
}

/** The device of this reader, where it is set up already. */
export function findDeskReader<Device extends { link: DeviceLink; stations: readonly { reader?: string | undefined }[] }>(devices: readonly Device[], reader: string): Device | undefined {
  return devices.find(({ link, stations }) => link.kind === 'reader' && stations.some((station) => station.reader === reader))
}
