/** What a conveyor of one to seven chip stations can do. The modules behind the carousel are taken to be those of a DC450, wheel for wheel. */
import { limitsOf, modeOf, shippedProfiles } from '#drivers/cpx/profile.ts'
import type { Capabilities } from '#shared/device/device.ts'
import type { DeviceLimits } from '#shared/device/limits.ts'
import { lineModules } from './simulator/model.ts'

export const mostStations = 7

/** `conveyor-1` … `conveyor-7`. */
export function conveyorProfile(stations: number): string {
  return `conveyor-${stations}`
}

/** Undefined where the profile is no conveyor's. */
export function stationsOf(profile: string): number | undefined {
  const [, digit] = /^conveyor-([1-7])$/.exec(profile) ?? []
  return digit === undefined ? undefined : Number(digit)
}

/** As the machine's panel names them. */
export function stationNames(stations: number): string[] {
  return Array.from({ length: stations }, (_, index) => `station-${index + 1}`)
}

export function conveyorCapabilities(stations: number): Capabilities {
  const holds = stations + lineModules.length
  return {
    carries: ['stripe', 'emboss', 'indent', 'topping', 'deliver'],
    completionLag: holds,
    rejectWay: 'reject-verb',
    canReadStripe: false,
    chip: { stations: stationNames(stations), feed: 'by-itself', holds },
    missingVerbs: [],
  }
}

export function conveyorLimits(): DeviceLimits {
  const desktop = shippedProfiles.find(({ profile }) => profile === 'dc450')!
  return { ...limitsOf(desktop, modeOf(desktop, 'standard')), horizontalStarts: 'any', maximumFrameBytes: null }
}

export const conveyorMode = 'standard'

/** Evidence as `statement` keys of the catalogue, see the profile schema of the desktop machines. */
export const conveyorEvidence = ['evidence.conveyor.practice', 'evidence.conveyor.pace'] as const
