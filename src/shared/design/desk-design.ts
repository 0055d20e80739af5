/**
 * One card for a reader on the desk: a record with a column for each application or each group of a chip task, and the design that
 * brings it onto the chip. There is no embosser, so the design has no lines and no tracks.
 */
import { fromHex, toHex } from '../bytes.ts'
import { CardwrightError } from '../cardwright-error.ts'
import type { PreparedChip } from '../chip/prepared-chip.ts'
import type { ChipTask } from '../chip/task.ts'
import { findTlv } from '../tlv/ber.ts'
import type { CardDesign, DesignApplication, DesignColumn, DesignGroup } from './design.ts'

/** Column → value, in the file's order. `number` tells the card from others; `payment` or `payment 0101` hold hex. */
export type DeskRecord = ReadonlyMap<string, string>

/** The record as an import takes it. */
export function asCsv(record: DeskRecord): string {
  const quoted = (cell: string) => `"${cell.replaceAll('"', '""')}"`
  return `${[...record.keys()].map(quoted).join(',')}\n${[...record.values()].map(quoted).join(',')}\n`
}

/** The design of this task for records of this form. */
export function deskDesign(task: ChipTask, record: DeskRecord, applications: DesignApplication[]): CardDesign {
  // A design is read by everybody: nothing of the card, not even its number, stays in it as an example.
  const columns = [...record.keys()].map((name): DesignColumn => ({ name, required: name === 'number', secret: name !== 'number', example: '' }))
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
    chip: { task: task.id, applications },
  }
}

function deskDesignId(task: string): string {
  return `desk-${task}`.slice(0, 60).replace(/-+$/, '')
}

/** Whether a design stands there as it would be saved. */
export function sameDesign(one: CardDesign, other: CardDesign): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}

/** Data that is prepared already, as a record and the applications of its design. Secrets stay wrapped as they came. */
export function deskRecordOf(number: string, chip: PreparedChip): { record: DeskRecord; applications: DesignApplication[] } {
  const filled = chip.applications.filter(({ groups }) => groups.length > 0)
  const column = (application: string, group: string) => `${application} ${group}`
  const cells = filled.flatMap(({ application, groups }) => groups.map(({ name, value }) => [column(application, name), value] as const))
  const applications = filled.map(({ application, groups }) => ({
    application,
    groups: groups.map(({ name, value, secret }): DesignGroup => ({
      group: name,
      bytes: `[${column(application, name)}]`,
      ...(secret && { secret: { under: secret.under, mode: secret.mode, padding: secret.padding, ...(secret.clearLength !== value.length / 2 && { clearLength: secret.clearLength }) } }),
    })),
  }))
  return { record: new Map([['number', number], ...cells]), applications }
}

/** The number that the chip's data say themselves (EMV Book 3, annex A: tag 5A, or the first part of 57); undefined where they say none. */
export function cardNumberOf({ applications }: PreparedChip): string | undefined {
  const plain = applications.flatMap(({ groups }) => groups.filter(({ secret }) => secret === undefined).map(({ value }) => value))
  const first = (tag: string) => plain.map((value) => tagOf(value, tag)).find((value) => value !== undefined)
  return first('5A')?.replace(/F+$/, '') ?? first('57')?.split('D')[0]
}

/** As hex; undefined too where the group is no BER-TLV. */
function tagOf(group: string, tag: string): string | undefined {
  try {
    const found = findTlv(fromHex(group), tag)
    return found && toHex(found)
  } catch (thrown) {
    if (thrown instanceof CardwrightError) return undefined
    throw thrown
  }
}
