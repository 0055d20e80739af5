/** The machine's understanding of a frame's body: line locations and functions. A body that breaks the syntax is undefined. */
import type { CardFormat, LineLocation, TemplateRow } from './frames.ts'
import { plainFraming, type Sentinels, type Tracks } from './framing.ts'

/** A function of a `#DCC#` frame. `other` holds tokens that only a site's profile or the vendor's manual knows. */
export type CardFunction =
  | { name: 'EMB'; lines: string[] }
  | { name: 'GRD'; template: number; lines: string[] }
  | { name: 'ENC'; tracks: Tracks }
  | { name: 'CMP'; track2: string }
  | { name: 'REP'; copies: number }
  | { name: 'TRK' | 'FED' | 'VER' | 'ERR' }
  | { name: 'other'; token: string; text: string }

/** Reads the body of a `#DCL#` frame. */
export function parseFormat(body: string): CardFormat | undefined {
  return body.startsWith('#GTW#') ? parseTemplate(body.slice(5)) : parseClassic(body)
}

function parseClassic(body: string): CardFormat | undefined {
  const whole = /^\d\d(\d{4})(\d{4})?((?: [0-9A-Fa-f]#FC\d{1,2}#\d{4})+)(?::P(\d{4}))?$/.exec(body)
  if (whole === null) return undefined
  const [, first, other, locations = '', shift] = whole
  const lines: LineLocation[] = Array.from(locations.matchAll(/ ([0-9A-Fa-f])#FC(\d+)#(\d{4})/g), ([, line, font, y]) => ({
    line: Number.parseInt(line ?? '', 16),
    font: Number(font),
    y: Number(y),
  }))
  return {
    form: 'classic',
    firstStart: Number(first),
    ...(other === undefined ? {} : { otherStart: Number(other) }),
    lines,
    ...(shift === undefined ? {} : { indentShift: Number(shift) }),
  }
}

function parseTemplate(text: string): CardFormat | undefined {
  const [number, ...rows] = quoted(text) ?? []
  if (number === undefined || !/^\d+$/.test(number)) return undefined
  const parsed: TemplateRow[] = []
  for (const row of rows) {
    const columns = /^(\d{4}),(\d{4}),(\d{4}),(\d{4}),(?:\d{4},)*$/.exec(row)
    if (columns === null) return undefined
    parsed.push({ font: Number(columns[2]), x: Number(columns[3]), y: Number(columns[4]) })
  }
  return { form: 'template', template: Number(number), rows: parsed }
}

/** Reads the body of a `#DCC#` frame. Text that stands before any token belongs to the default function, `#EMB#`. */
export function parseFunctions(body: string, sentinels: Sentinels = plainFraming.sentinels): CardFunction[] | undefined {
  const [first = '', ...rest] = body.split('#')
  if (rest.length % 2 !== 0) return undefined
  const functions: CardFunction[] = []
  const add = (parsed: CardFunction | undefined): boolean => {
    if (parsed !== undefined) functions.push(parsed)
    return parsed !== undefined
  }
  if (first !== '' && !add(parseFunction('EMB', first, sentinels))) return undefined
  for (let index = 0; index < rest.length; index += 2) {
    if (!add(parseFunction(rest[index] ?? '', rest[index + 1] ?? '', sentinels))) return undefined
  }
  return functions
}

function parseFunction(token: string, text: string, sentinels: Sentinels): CardFunction | undefined {
  switch (token) {
    case 'EMB': {
      const lines = quoted(text)
      return lines && { name: 'EMB', lines }
    }
    case 'GRD': {
      const [template, ...lines] = quoted(text) ?? []
      return template !== undefined && /^\d+$/.test(template) ? { name: 'GRD', template: Number(template), lines } : undefined
    }
    case 'ENC': {
      const tracks = parseTracks(text, sentinels)
      return tracks && { name: 'ENC', tracks }
    }
    case 'CMP': {
      const { track2, ...others } = parseTracks(text, sentinels) ?? {}
      return track2 !== undefined && Object.keys(others).length === 0 ? { name: 'CMP', track2 } : undefined
    }
    case 'REP':
      return /^\d+$/.test(text) ? { name: 'REP', copies: Number(text) } : undefined
    case 'TRK':
    case 'FED':
    case 'VER':
    case 'ERR':
      return text === '' ? { name: token } : undefined
    default:
      return { name: 'other', token, text }
  }
}

/** Lines that each end with `"`; in the template form a line end follows it. */
function quoted(text: string): string[] | undefined {
  const parts = text.split('"').map((part) => part.replace(/^\r?\n/, ''))
  return parts.pop() === '' ? parts : undefined
}

/** Tracks joined, each between its sentinels: `%…?;…?_;…?`. Undefined where anything is left over. */
export function parseTracks(text: string, sentinels: Sentinels = plainFraming.sentinels): Tracks | undefined {
  const tracks: Tracks = {}
  let rest = text
  while (rest !== '') {
    const name = (['track1', 'track2', 'track3'] as const)
      .filter((candidate) => rest.startsWith(sentinels[candidate].start))
      .toSorted((left, right) => sentinels[right].start.length - sentinels[left].start.length)[0]
    if (name === undefined || tracks[name] !== undefined) return undefined
    const { start, end } = sentinels[name]
    const stop = rest.indexOf(end, start.length)
    if (stop < 0) return undefined
    tracks[name] = rest.slice(start.length, stop)
    rest = rest.slice(stop + end.length)
  }
  return tracks
}
