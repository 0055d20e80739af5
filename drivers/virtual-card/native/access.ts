/** Who may do what with a file: compact security attributes (ISO/IEC 7816-4, 9.3.3). */
import type { FileControl } from './file-control.ts'

/** Bits of the access mode byte, for files and for directories (tables 43 and 44). */
const modes = { delete: 0x40, terminate: 0x20, activate: 0x10, deactivate: 0x08, append: 0x04, update: 0x02, read: 0x01 } as const
export type Access = keyof typeof modes

/** What the other side has shown in this session. Keys and PINs by their number in the current DF. */
export interface Shown {
  /** The command came under secure messaging. */
  protected: boolean
  keys: ReadonlySet<number>
  pins: ReadonlySet<number>
}

/** With no attributes, everybody may read working files, and nobody do anything else. */
export function permits(file: FileControl, access: Access, shown: Shown): boolean {
  if (file.access === undefined) return access === 'read' && file.purpose === undefined
  return meets(conditionOf(file.access, access), shown)
}

/** One condition byte for each bit that is set in the mode byte, from the left; an access whose bit is not set is nobody's. */
function conditionOf(attributes: Uint8Array, access: Access): number {
  const [mode = 0, ...conditions] = attributes
  if ((mode & modes[access]) === 0) return 0xff
  const above = [0x40, 0x20, 0x10, 0x08, 0x04, 0x02, 0x01].filter((bit) => bit > modes[access] && (mode & bit) !== 0).length
  return conditions[above] ?? 0xff
}

/**
 * Security condition byte (table 46): 00 always, FF never, else secure messaging (b7), external authentication (b6), user
 * authentication (b5), one of them or (b8) all. The number in its lower half names the key and the PIN.
 */
function meets(condition: number, shown: Shown): boolean {
  if (condition === 0x00) return true
  if (condition === 0xff) return false
  const number = condition & 0x0f
  const asked = [
    (condition & 0x40) !== 0 ? shown.protected : undefined,
    (condition & 0x20) !== 0 ? shown.keys.has(number) : undefined,
    (condition & 0x10) !== 0 ? shown.pins.has(number) : undefined,
  ].filter((met) => met !== undefined)
  return asked.length > 0 && ((condition & 0x80) !== 0 ? asked.every(Boolean) : asked.some(Boolean))
}
