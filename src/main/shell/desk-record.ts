/** The record file of one card for a reader on the desk, and what a task's design makes of its columns. */
import type { ChipTask, TaskApplication } from '#shared/chip/task.ts'
import type { DeskRecord } from '#shared/design/desk-design.ts'
import type { DesignApplication } from '#shared/design/design.ts'
import { CardwrightError } from '#shared/faults.ts'

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

/** How the record's columns get onto the chip. Secrets come wrapped under `transport`. Throws `cli.which-transport` (class operator). */
export function deskApplications(task: ChipTask, record: DeskRecord, transport: string | undefined): DesignApplication[] {
  const secret = (): { under: string; mode: 'ecb'; padding: 'none' } => {
    if (transport === undefined) throw new CardwrightError({ code: 'cli.which-transport', class: 'operator' })
    return { under: transport, mode: 'ecb', padding: 'none' }
  }
  return task.applications.map((application) => applicationOf(application, record, secret))
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
