/** What the machine makes of a frame: pure, from the frame's body and the stored card format to a job or a status letter. */
import { checkTrack } from '#shared/card/track.ts'
import type { AlarmLetter } from '#shared/device/simulator.ts'
import type { CardFormat } from '../codec/frames.ts'
import type { HostFrame } from '../codec/host-frame-reader.ts'
import { parseFormat, parseFunctions, type CardFunction } from '../codec/parse.ts'
import type { MachineModel, Wheel } from './model.ts'
import { cardWidth, trackName, trackNumbers, type Stamp } from './plastic.ts'
import type { Format, Job } from './state.ts'

export type Understanding =
  | { kind: 'format'; format: Format }
  | { kind: 'job'; job: Job }
  | { kind: 'question'; question: 'VER' | 'ERR' }
  | { kind: 'mistake'; status: AlarmLetter }

const dataFormatError: Understanding = { kind: 'mistake', status: 'U' }

export function understand(frame: HostFrame, model: MachineModel, format: Format | null): Understanding {
  return frame.head === 'DCL' ? understandFormat(frame.body, model) : understandFunctions(frame.body, model, format)
}

function understandFormat(body: string, model: MachineModel): Understanding {
  const parsed = parseFormat(body)
  if (parsed === undefined || !model.forms.includes(parsed.form)) return dataFormatError
  const format = positioned(parsed)
  const fitted = format.lines.every(({ font }) => model.wheels.some((wheel) => wheel.number === font))
  return fitted && format.lines.length <= model.maximumLines ? { kind: 'format', format } : dataFormatError
}

/** The classic form has a horizontal start for its first line and one for all others. */
function positioned(parsed: CardFormat): Format {
  if (parsed.form === 'template') return { form: 'template', lines: parsed.rows.map(({ font, x, y }) => ({ font, x, y })) }
  const { firstStart, otherStart = firstStart } = parsed
  return { form: 'classic', lines: parsed.lines.map(({ font, y }, index) => ({ font, y, x: index === 0 ? firstStart : otherStart })) }
}

function understandFunctions(body: string, model: MachineModel, format: Format | null): Understanding {
  const functions = parseFunctions(body)
  if (functions === undefined || functions.length === 0) return dataFormatError
  const known = functions.every(({ name }) => name !== 'other' && model.verbs.includes(name))
  const distinct = new Set(functions.map(({ name }) => name)).size === functions.length
  if (!known || !distinct) return dataFormatError
  const [first] = functions as [CardFunction, ...CardFunction[]]
  switch (first.name) {
    case 'VER':
    case 'ERR':
      return functions.length === 1 ? { kind: 'question', question: first.name } : dataFormatError
    case 'FED':
      return functions.length === 1 ? { kind: 'job', job: { kind: 'feed' } } : dataFormatError
    case 'TRK':
      return functions.length === 1 ? { kind: 'job', job: { kind: 'read' } } : dataFormatError
    default:
      return understandCard(functions, model, format)
  }
}

function understandCard(functions: readonly CardFunction[], model: MachineModel, format: Format | null): Understanding {
  const job: Extract<Job, { kind: 'card' }> = { kind: 'card', stamps: [], tracks: {}, copies: 1 }
  for (const part of functions) {
    if (part.name === 'EMB' || part.name === 'GRD') {
      const form = part.name === 'EMB' ? 'classic' : 'template'
      if (format?.form !== form || part.lines.length !== format.lines.length) return dataFormatError
      job.stamps = stampsOf(part.lines, format, model)
    } else if (part.name === 'ENC') job.tracks = part.tracks
    else if (part.name === 'CMP') job.compareTrack2 = part.track2
    else if (part.name === 'REP' && part.copies > 0) job.copies = part.copies
    else return dataFormatError
  }
  if (!encodable(job.tracks)) return dataFormatError
  const { limits, characters, missingCharacter } = model.checks
  if (limits === 'receive' && beyondReach(job.stamps, model)) return { kind: 'mistake', status: 'R' }
  if (characters === 'receive' && missingOnWheel(job.stamps, model)) return { kind: 'mistake', status: missingCharacter }
  return { kind: 'job', job }
}

function encodable(tracks: Extract<Job, { kind: 'card' }>['tracks']): boolean {
  return trackNumbers.every((track) => {
    const data = tracks[trackName(track)]
    return data === undefined || checkTrack(track, data).length === 0
  })
}

/** Every character where the transport will bring it under the wheel. Spaces press nothing. */
function stampsOf(lines: readonly string[], format: Format, model: MachineModel): Stamp[] {
  return format.lines.flatMap(({ font, x, y }, index) => {
    const wheel = wheelOf(font, model)
    return Array.from(lines[index] ?? '').flatMap((character, column) => {
      if (character === ' ' || wheel === undefined) return []
      const along = Math.round(x * 25.4) + column * wheel.pitch
      const { kind, side, pitch } = wheel
      return [{ character, x: wheel.mirrors ? cardWidth - along : along, y: Math.round(y * 25.4), font, kind, side, pitch, topped: false }]
    })
  })
}

function wheelOf(font: number, model: MachineModel): Wheel | undefined {
  return model.wheels.find((wheel) => wheel.number === font)
}

function beyondReach(stamps: readonly Stamp[], { reach }: MachineModel): boolean {
  return stamps.some(({ x, y }) => x < reach.left || x > reach.right || y < reach.bottom || y > reach.top)
}

function missingOnWheel(stamps: readonly Stamp[], model: MachineModel): boolean {
  return stamps.some(({ font, character }) => !wheelOf(font, model)?.characters.includes(character))
}

/** What the wheel can't do, noticed with the card under it, on models that look no earlier. */
export function embossObstacle(stamps: readonly Stamp[], model: MachineModel): AlarmLetter | undefined {
  if (beyondReach(stamps, model)) return 'R'
  return missingOnWheel(stamps, model) ? model.checks.missingCharacter : undefined
}
