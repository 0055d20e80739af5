/** Profiles: machines as data. What a profile offers to the rest of the program is worked out here. */
import type { Capabilities, RejectWay } from '#shared/device/device.ts'
import type { DeviceLimits } from '#shared/device/limits.ts'
import { CardwrightError } from '#shared/faults.ts'
import { loadProfile, type Profile } from './profile/load.ts'
import type { Mode } from './profile/schema.ts'
import type { Framing } from './codec.ts'
import dc150i from './profiles/dc150i.json' with { type: 'json' }
import dc280p from './profiles/dc280p.json' with { type: 'json' }
import dc450 from './profiles/dc450.json' with { type: 'json' }

export { loadProfile }
export type { Profile } from './profile/load.ts'
export type { Mode, Status } from './profile/schema.ts'

/** The documents that ship with the program, for `extends`. */
export const shippedDocuments: readonly unknown[] = [dc450, dc280p, dc150i]

export const shippedProfiles: readonly Profile[] = shippedDocuments.map((document) => loadProfile(document, shippedDocuments))

/** The mode by name. Throws `profile.no-such-mode` (class operator). */
export function modeOf(profile: Profile, name: string): Mode {
  const mode = profile.modes.get(name)
  if (mode === undefined) {
    throw new CardwrightError({
      code: 'profile.no-such-mode',
      class: 'operator',
      place: `modes.${name}`,
      values: { mode: name, profile: profile.profile, modes: [...profile.modes.keys()].join(', ') },
    })
  }
  return mode
}

/** How this mode cuts its frames. */
export function framingOf(profile: Profile, mode: Mode): Framing {
  return Object.assign({}, profile.framing, mode.framing)
}

/** What the design checks need to know of this machine in this mode. */
export function limitsOf(profile: Profile, mode: Mode): DeviceLimits {
  const map = profile.characterMap === null ? undefined : profile.characterMaps[profile.characterMap]
  return {
    fonts: profile.fonts.map(({ number, name, kind, side, pitch, height, mirrored, characters }) => {
      return { number, name, kind, side, pitch, height, mirrored, characters: map?.characters[name] ?? characters }
    }),
    characterMap: map?.letters ?? {},
    maximumLines: Math.min(profile.limits.maximumLines, framingOf(profile, mode).lineDigits.length),
    horizontalStarts: framingOf(profile, mode).form === 'classic' ? 'first-and-others' : 'any',
    area: profile.limits.area,
    mirrorStart: profile.mirrorStart,
    // 1/1000 inch, the wire's unit.
    unit: 25.4,
    tracks: profile.limits.tracks,
    maximumFrameBytes: profile.limits.maximumFrameBytes,
  }
}

export function capabilitiesOf(profile: Profile, mode: Mode): Capabilities {
  return {
    carries: profile.carries,
    completionLag: mode.lag,
    rejectWay: rejectWayOf(profile),
    canReadStripe: profile.verbs.readTracks !== null && !mode.readyUnasked,
    chip: chipOf(profile, mode),
    missingVerbs: missingVerbs(profile),
  }
}

/** The chip station, where the machine has one and this mode, or a verb that is known, brings cards there. */
function chipOf({ chip, verbs }: Profile, mode: Mode): Capabilities['chip'] {
  if (chip === null || mode.chip === null || (mode.chip.feed === 'by-command' && verbs.feed === null)) return null
  const { feed, holds } = mode.chip
  return { stations: [...chip.stations], feed, holds }
}

/** Verbs whose token stands in the vendor's manual alone. */
export function missingVerbs(profile: Profile): string[] {
  return Object.entries(profile.verbs).flatMap(([name, verb]) => (verb === null ? [name] : []))
}

/** The first of the profile's ways that this machine can go; taking the card out by hand is always one. */
function rejectWayOf(profile: Profile): RejectWay {
  const possible: Record<RejectWay, boolean> = {
    'reject-verb': profile.verbs.reject !== null,
    'void-pattern': profile.voidPattern !== null,
    'operator-removal': true,
  }
  return profile.rejectWays.find((way) => possible[way]) ?? 'operator-removal'
}

/** The profile as the screen lists it (`ProfileSummary` of the contract); limits are those of its first mode. */
export function profileSummary(profile: Profile): {
  profile: string
  model: string
  modes: string[]
  evidence: string[]
  missingVerbs: string[]
  limits: DeviceLimits
} {
  const modes = [...profile.modes.keys()]
  return {
    profile: profile.profile,
    model: profile.model,
    modes,
    evidence: profile.evidence.map(({ statement }) => statement),
    missingVerbs: missingVerbs(profile),
    limits: limitsOf(profile, modeOf(profile, modes[0] ?? '')),
  }
}
