/** What the oracle reads off a chip: the cells of its memory, as one reads them with the card under the probe. */
import { z } from 'zod'
import type { Blank } from '#drivers/cpx/simulator/plastic.ts'

/** What has to stand in the memory of an application. */
export interface ExpectedChip {
  /** Its identifier. */
  application: string
  cells: Readonly<Record<string, string>>
}

const Kept = z.union([
  z.object({ fresh: z.string(), seed: z.number() }),
  z.object({ memory: z.record(z.string(), z.string()), options: z.object({ seed: z.number() }) }),
])

interface Chip {
  serial: string
  /** Cells that a card does not have when it comes from the factory. */
  written: Map<string, string>
}

/** Undefined on plain plastic. */
function chipOf({ chip }: Blank): Chip | undefined {
  if (chip === undefined) return undefined
  const kept = Kept.parse(chip)
  if ('fresh' in kept) return { serial: serialOf(kept.seed), written: new Map() }
  const cells = Object.entries(kept.memory).filter(([name]) => name.startsWith('app/') || name.startsWith('registry/entry/A'))
  return { serial: serialOf(kept.options.seed), written: new Map(cells) }
}

/** docs/virtual-cards.md: the serial number of the card of a seed. */
function serialOf(seed: number): string {
  const number = BigInt.asUintN(32, BigInt(seed) * 0x9e3779b1n) ^ 0x2c1b3c6dn
  return number.toString(16).toUpperCase().padStart(8, '0')
}

/** Whether anything was ever written to the chip. */
export function isChipTouched(blank: Blank): boolean {
  return (chipOf(blank)?.written.size ?? 0) > 0
}

/** The serial number in a chip's identity, as the journal has it. */
export function hasSerial(blank: Blank, identity: string): boolean {
  const serial = chipOf(blank)?.serial
  return serial !== undefined && identity.includes(serial)
}

/** How far the chip agrees with what was meant. Cells that the application keeps for itself belong to whoever wrote the others. */
export function compareChip(blank: Blank, expected: ExpectedChip | undefined): 'untouched' | 'part' | 'whole' | 'foreign' {
  const written = chipOf(blank)?.written ?? new Map<string, string>()
  if (written.size === 0) return 'untouched'
  if (expected === undefined) return 'foreign'
  const cell = (name: string) => written.get(`app/${expected.application}/${name}`)
  const own = ([name, value]: [string, string]) => cell(name) === undefined || torn(cell(name)!, value)
  const entries = Object.entries(expected.cells)
  if (!entries.every(own)) return 'foreign'
  return entries.every(([name, value]) => cell(name) === value) ? 'whole' : 'part'
}

/** A write that was cut leaves its beginning; behind it stands what was there, or nothing. */
function torn(found: string, value: string): boolean {
  return value === found || found === '' || value.startsWith(found) || /^(FF|00)*$/.test(found.slice(commonLength(found, value)))
}

function commonLength(one: string, other: string): number {
  let length = 0
  while (length < one.length && one[length] === other[length]) length++
  return length - (length % 2)
}
