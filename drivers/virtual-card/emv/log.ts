/** The transaction log (EMV 4.3 Book 3, annex D): records by the log format 9F4F, in the file that the log entry 9F4D names, the latest first. */
import { toHex } from '#shared/bytes.ts'
import { findTlv } from '#shared/tlv/ber.ts'
import { fillDol, parseDol } from '#shared/tlv/dol.ts'
import { unlessMalformed } from './parsing.ts'
import type { EmvState } from './state.ts'

/** Where the log is and how many records it holds; undefined for a card without. */
export function logFile(state: EmvState): { file: number; records: number } | undefined {
  const entry = unlessMalformed(() => findTlv(state.tag('A5') ?? new Uint8Array(0), '9F4D'))
  return entry?.length === 2 ? { file: entry[0]!, records: entry[1]! } : undefined
}

const entries = (state: EmvState): string[] => state.cells.names().filter((name) => name.startsWith('log/')).toSorted()

/** Number 1 is the latest. */
export function logRecord(state: EmvState, number: number): Uint8Array | undefined {
  const name = number === 0 ? undefined : entries(state).at(-number)
  return name === undefined ? undefined : state.cells.read(name)
}

/** Adds this transaction; the oldest one goes when the log is full. */
export function logTransaction(state: EmvState, values: ReadonlyMap<string, Uint8Array>): void {
  const place = logFile(state)
  const format = unlessMalformed(() => parseDol(state.tag('9F4F') ?? new Uint8Array(0)))
  if (!place || place.records === 0 || !format || format.length === 0) return
  const names = entries(state)
  for (const name of names.slice(0, Math.max(0, names.length - place.records + 1))) state.cells.erase(name)
  state.cells.write(`log/${toHex(state.tag('9F36')!)}`, fillDol(format, values))
}
