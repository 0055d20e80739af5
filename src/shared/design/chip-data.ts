/** The chip's data of one card: groups of bytes as a design makes them of a record. Every mistake is told; no byte is ever shown. */
import type { ChipGroup, GroupSecret, PreparedChip } from '../chip/prepared-chip.ts'
import { fromHex, toHex } from '../bytes.ts'
import { CardwrightError } from '../cardwright-error.ts'
import { findTlv } from '../tlv/ber.ts'
import { parseGroupings } from '../tlv/groupings.ts'
import type { CardDesign, DesignChip, DesignGroup } from './design.ts'
import type { BoundExpression } from './render.ts'
import type { MistakeValues } from './tell.ts'

type DesignSecret = NonNullable<DesignGroup['secret']>

/** A design's chip, its expressions bound to the columns of one file. */
export interface BoundChip {
  readonly task: string
  readonly applications: readonly BoundApplication[]
}

interface BoundApplication {
  readonly application: string
  readonly groups: readonly { readonly design: DesignGroup; readonly bytes: BoundExpression }[]
  readonly groupings: BoundExpression | undefined
  /** By the grouping's name. */
  readonly secrets: ReadonlyMap<string, DesignSecret>
}

export function bindChip(chip: DesignChip, bind: (source: string) => BoundExpression): BoundChip {
  return {
    task: chip.task,
    applications: chip.applications.map(({ application, groups, groupings, secretGroupings = [] }) => ({
      application,
      groups: groups.map((design) => ({ design, bytes: bind(design.bytes) })),
      groupings: groupings === undefined ? undefined : bind(groupings),
      secrets: new Map(secretGroupings.flatMap(({ groups: names, ...secret }) => names.map((name) => [name, secret] as const))),
    })),
  }
}

/** What a record's check gives the chip's data: values, a place for mistakes, and what has to agree. */
export interface ChipWork {
  /** Undefined where this row has a value that can't be used, which has been told. */
  value(expression: BoundExpression): string | undefined
  tell(code: string, column: string | undefined, values: MistakeValues): void
  readonly number: string
  /** YYMM. */
  readonly expiry: string | undefined
  /** As it will be encoded. */
  readonly track2: string | undefined
}

export function prepareChip(chip: BoundChip, work: ChipWork): PreparedChip {
  return { task: chip.task, applications: chip.applications.map((application) => ({ application: application.application, groups: groupsOf(application, work) })) }
}

/** What the screens may know of it. */
export function chipSummary({ task, applications }: PreparedChip) {
  return {
    task,
    applications: applications.map(({ application, groups }) => ({
      application,
      groups: groups.length,
      bytes: groups.reduce((sum, { value, secret }) => sum + (secret?.clearLength ?? value.length / 2), 0),
    })),
  }
}

function groupsOf({ application, groups, groupings, secrets }: BoundApplication, work: ChipWork): ChipGroup[] {
  const made: { group: ChipGroup; column: string | undefined }[] = []
  for (const { design, bytes } of groups) {
    const text = work.value(bytes)
    if (text === undefined) continue
    if (text.trim() === '') {
      if (design.optional !== true) work.tell('data.chip-group-empty', bytes.column, { application, group: design.group })
      continue
    }
    const read = readBytes(text, application, design.group, bytes.column, work)
    if (read !== undefined) made.push({ group: groupOf(design.group, read, design.secret, application, bytes.column, work), column: bytes.column })
  }
  if (groupings !== undefined) {
    for (const { dgi, value } of streamOf(groupings, application, work)) {
      made.push({ group: groupOf(dgi, value, secrets.get(dgi), application, groupings.column, work), column: groupings.column })
    }
  }
  made.forEach(({ group, column }, index) => {
    if (made.findIndex((other) => other.group.name === group.name) < index) work.tell('data.chip-group-twice', column, { application, group: group.name })
    if (group.secret === undefined) checkAgreement(group, application, column, work)
  })
  return made.map(({ group }) => group)
}

function readBytes(text: string, application: string, group: string, column: string | undefined, work: ChipWork): Uint8Array | undefined {
  const digits = text.replace(/\s+/g, '')
  const wrong = digits.search(/[^0-9A-Fa-f]/)
  if (wrong >= 0) work.tell('data.chip-not-hex', column, { application, group, position: wrong + 1 })
  else if (digits.length % 2 === 1) work.tell('data.chip-odd-digits', column, { application, group, length: digits.length })
  else return fromHex(digits)
  return undefined
}

function streamOf(expression: BoundExpression, application: string, work: ChipWork): { dgi: string; value: Uint8Array }[] {
  const text = work.value(expression)
  if (text === undefined) return []
  if (text.trim() === '') {
    work.tell('data.chip-group-empty', expression.column, { application, group: 'groupings' })
    return []
  }
  const bytes = readBytes(text, application, 'groupings', expression.column, work)
  if (bytes === undefined) return []
  try {
    return parseGroupings(bytes)
  } catch (thrown) {
    if (!(thrown instanceof CardwrightError)) throw thrown
    work.tell('data.chip-groupings', expression.column, { application, offset: thrown.faults[0].values?.['offset'] ?? 0 })
    return []
  }
}

/** Block of the cipher that wraps secrets: eight bytes of DES; of AES sixteen, which are two of these. */
const block = 8

function groupOf(name: string, bytes: Uint8Array, secret: DesignSecret | undefined, application: string, column: string | undefined, work: ChipWork): ChipGroup {
  const value = toHex(bytes)
  if (secret === undefined) return { name, value }
  const { under, mode, padding, clearLength = bytes.length } = secret
  if (bytes.length === 0 || bytes.length % block !== 0) work.tell('data.chip-secret-blocks', column, { application, group: name, length: bytes.length, block })
  else if (clearLength > bytes.length) work.tell('data.chip-secret-length', column, { application, group: name, length: bytes.length, clearLength })
  const marked: GroupSecret = { under, mode, padding, clearLength: Math.max(1, clearLength) }
  return { name, value, secret: marked }
}

/**
 * The three must agree: what is embossed, what is on the stripe, and what the chip says. Of track 2 equivalent data (tag 57)
 * everything up to the service code; what follows verifies the stripe, and is another on the chip (EMV Book 3, annex A).
 */
function checkAgreement({ name, value }: ChipGroup, application: string, column: string | undefined, work: ChipWork): void {
  const bytes = fromHex(value)
  const told = (what: 'number' | 'expiry' | 'track2') => work.tell(`data.chip-${what}-differs`, column, { application, group: name })
  const number = tagOf(bytes, '5A')?.replace(/F+$/, '')
  if (number !== undefined && number !== work.number) told('number')
  const expiry = tagOf(bytes, '5F24')
  if (expiry !== undefined && work.expiry !== undefined && expiry.slice(0, 4) !== work.expiry) told('expiry')
  const equivalent = tagOf(bytes, '57')
  if (equivalent === undefined) return
  const [own = '', rest = ''] = equivalent.split('D')
  if (own !== work.number) told('number')
  if (work.expiry !== undefined && rest.slice(0, 4) !== work.expiry) told('expiry')
  const [stripe = '', further = ''] = work.track2?.split('=') ?? []
  if (work.track2 !== undefined && (stripe !== own || further.slice(0, 7) !== rest.slice(0, 7))) told('track2')
}

/** The value of a tag, as hex; undefined where the group is no BER-TLV or does not hold it. */
function tagOf(bytes: Uint8Array, tag: string): string | undefined {
  try {
    const found = findTlv(bytes, tag)
    return found && toHex(found)
  } catch (thrown) {
    if (thrown instanceof CardwrightError) return undefined
    throw thrown
  }
}

/** Paths and codes of what a design's chip asks for and can't be, before any record is seen. */
export function chipMistakes(design: CardDesign): { code: string; path: string; values: MistakeValues }[] {
  const { chip, contacts } = design
  if (chip === undefined) return []
  const found: { code: string; path: string; values: MistakeValues }[] = []
  if (!contacts) found.push({ code: 'design.chip-without-contacts', path: 'contacts', values: {} })
  chip.applications.forEach(({ application, groups, groupings, secretGroupings = [] }, index) => {
    const path = `chip.applications[${index}]`
    if (chip.applications.findIndex((other) => other.application === application) < index) found.push({ code: 'design.chip-application-twice', path, values: { application } })
    if (groups.length === 0 && groupings === undefined) found.push({ code: 'design.chip-empty', path, values: { application } })
    groups.forEach(({ group, secret }, position) => {
      const place = `${path}.groups[${position}]`
      if (groups.findIndex((other) => other.group === group) < position) found.push({ code: 'design.chip-group-twice', path: place, values: { group } })
      if (secret?.padding === 'iso-9797-2' && secret.clearLength === undefined) found.push({ code: 'design.chip-clear-length', path: `${place}.secret`, values: { group } })
    })
    secretGroupings.forEach(({ padding, groups: names }, position) => {
      if (padding === 'iso-9797-2') found.push({ code: 'design.chip-clear-length', path: `${path}.secretGroupings[${position}]`, values: { group: names.join(', ') } })
    })
  })
  return found
}
