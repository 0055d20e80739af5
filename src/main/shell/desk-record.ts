/**
 * One card for a reader on the desk: a record file with a column for each application or each group of a chip task, and the design that
 * brings it onto the chip. There is no embosser, so the design has no lines and no tracks.
 */
import type { CardDesign, DesignApplication, DesignColumn } from '#shared/design/design.ts'
import type { ChipTask, TaskApplication } from '#shared/chip/task.ts'
import { CardwrightError } from '#shared/faults.ts'

/** Column → value, in the file's order. `number` tells the card from others; `payment` or `payment 0101` hold hex. */
export type DeskRecord = ReadonlyMap<string, string>

/**
 * Reads `{"number": "…", "payment": "…"}` or `{"number": "…", "payment": {"0101": "…"}}`, or a CSV file of a header and one row.
 * Throws `cli.record-unreadable`, `cli.record-one-card` (class data).
 */
export function readDeskRecord(file: string, text: string): DeskRecord {
  const record = file.toLowerCase().endsWith('.json') ? fromJson(file, text) : fromCsv(file, text)
  if (!record.has('number')) throw new CardwrightError({ code: 'cli.record-unreadable', class: 'data', place: file })
  return record
}

function fromJson(file: string, text: string): DeskRecord {
  const unreadable = (cause?: unknown) => new CardwrightError({ code: 'cli.record-unreadable', class: 'data', place: file }, { cause })
  let document: unknown
  try {
    document = JSON.parse(text)
  } catch (thrown) {
    throw unreadable(thrown)
  }
  if (typeof document !== 'object' || document === null || Array.isArray(document)) throw unreadable()
  const record = new Map<string, string>()
  for (const [name, value] of Object.entries(document) as [string, unknown][]) {
    if (typeof value === 'string') record.set(name, value)
    else if (typeof value === 'object' && value !== null) {
      for (const [group, bytes] of Object.entries(value)) {
        if (typeof bytes !== 'string') throw unreadable()
        record.set(`${name} ${group}`, bytes)
      }
    } else throw unreadable()
  }
  return record
}

/** Values are digits and letters: quotes around them are taken off, and no value holds a delimiter. */
function fromCsv(file: string, text: string): DeskRecord {
  const rows = text.replace(/^\uFEFF/, '').split(/\r?\n/).filter((line) => line.trim() !== '')
  const [head = '', row, ...more] = rows
  if (row === undefined || more.length > 0) throw new CardwrightError({ code: 'cli.record-one-card', class: 'data', place: file, values: { cards: Math.max(0, rows.length - 1) } })
  const cells = (line: string) => line.split(head.includes(';') ? ';' : ',').map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'))
  const values = cells(row)
  return new Map(cells(head).map((name, index) => [name, values[index] ?? '']))
}

/** The record as an import takes it. */
export function asCsv(record: DeskRecord): string {
  const quoted = (cell: string) => `"${cell.replaceAll('"', '""')}"`
  return `${[...record.keys()].map(quoted).join(',')}\n${[...record.values()].map(quoted).join(',')}\n`
}

/** A design for this task and a record of this form. Secrets come wrapped under `transport`. */
export function deskDesign(task: ChipTask, record: DeskRecord, transport: string | undefined): CardDesign {
  const secret = (): { under: string; mode: 'ecb'; padding: 'none' } => {
    if (transport === undefined) throw new CardwrightError({ code: 'cli.which-transport', class: 'operator' })
    return { under: transport, mode: 'ecb', padding: 'none' }
  }
  const columns = [...record].map(([name, value]): DesignColumn => ({ name, required: name === 'number', secret: name !== 'number', example: name === 'number' ? value : '' }))
  return {
    cardwright: 'card-design',
    version: 1,
    id: deskDesignId(task.id),
    name: { en: `${task.name.en}, at the reader`.slice(0, 80), ru: `${task.name.ru}, в считывателе`.slice(0, 80) },
    columns,
    number: { text: 'compact(number)', luhn: false },
    lines: [],
    topping: false,
    contacts: true,
    tracks: {},
    chip: { task: task.id, applications: task.applications.map((application) => applicationOf(application, record, secret)) },
  }
}

export function deskDesignId(task: string): string {
  return `desk-${task}`.slice(0, 60).replace(/-+$/, '')
}

function applicationOf({ application, template }: TaskApplication, record: DeskRecord, secret: () => { under: string; mode: 'ecb'; padding: 'none' }): DesignApplication {
  const secrets = new Set(template.filter((group) => group.secret).map(({ group }) => group))
  const prefix = `${application} `
  const groups = [...record.keys()].filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length))
  const streamed = [...secrets].filter((name) => /^[0-9A-F]{4}$/.test(name))
  return {
    application,
    groups: groups.map((group) => ({ group, bytes: `[${prefix}${group}]`, ...(secrets.has(group) && { secret: secret() }) })),
    ...(record.has(application) && { groupings: `[${application}]`, ...(streamed.length > 0 && { secretGroupings: [{ ...secret(), groups: streamed }] }) }),
  }
}
