/** What a file is: its control parameters as CREATE FILE brings them (ISO/IEC 7816-4, 7.4.3; 7816-9, 6.1), and who may do what with it. */
import { bytesToNumber, concatenate, numberToBytes, toHex } from '#shared/bytes.ts'
import { buildTlv, parseTlv } from '#shared/tlv/ber.ts'
import { CardStatus } from '../application.ts'

export type FileKind = 'df' | 'transparent' | 'linear-fixed' | 'linear-variable' | 'cyclic'

/** What an internal file is for: tag 81 in the proprietary template A5. Internal files are the card's own: keys and PINs never go out. */
export type FilePurpose = 'keys' | 'pins' | 'parameters'

/** Which program of the mask a DF is given to: tag 82 in A5. */
export type ApplicationKind = 'vsdc' | 'mchip' | 'wallet' | 'identification'

export interface FileControl {
  id: number
  kind: FileKind
  /** DF name: an application identifier. */
  name?: Uint8Array
  /** Short identifier, 1 to 30. */
  sfi?: number
  /** Bytes of a transparent file; of all records of a linear variable one; 0 where nothing was said. */
  size: number
  recordSize: number
  /** Most records. */
  records: number
  purpose?: FilePurpose
  application?: ApplicationKind
  /** Compact security attributes, tag 8C. */
  access?: Uint8Array
}

/** File descriptor byte (7816-4, table 14), without the bit for internal files. */
const kinds: Readonly<Record<number, FileKind>> = { 0x38: 'df', 0x01: 'transparent', 0x02: 'linear-fixed', 0x04: 'linear-variable', 0x06: 'cyclic' }
const purposes: readonly FilePurpose[] = ['keys', 'pins', 'parameters']
const applications: readonly ApplicationKind[] = ['vsdc', 'mchip', 'wallet', 'identification']
const internalBit = 0x08
const wrong = () => new CardStatus(0x6a80)

/** Of the template 62. Throws CardStatus 6A80 for what is no file. */
export function parseFileControl(data: Uint8Array): FileControl {
  const values = objectsOf(templateOf(data))
  const descriptor = values.get('82') ?? new Uint8Array(0)
  const byte = (descriptor[0] ?? 0) & 0xbf // the bit for shareable files says nothing here
  const kind = kinds[byte] ?? kinds[byte & ~internalBit]
  const id = values.get('83')
  if (kind === undefined || id?.length !== 2) throw wrong()
  const internal = kind !== 'df' && (byte & internalBit) !== 0
  const proprietary = objectsOf(values.get('A5') ?? new Uint8Array(0))
  const purpose = numbered(purposes, proprietary.get('81'))
  const application = numbered(applications, proprietary.get('82'))
  if (internal !== (purpose !== undefined) || (application !== undefined && kind !== 'df')) throw wrong()
  const records = kind === 'df' || kind === 'transparent' ? { recordSize: 0, records: 0 } : recordsOf(descriptor)
  const name = values.get('84')
  if (name !== undefined && (kind !== 'df' || name.length < 1 || name.length > 16)) throw wrong()
  const sfi = kind === 'df' ? undefined : shortIdentifier(values.get('88'), bytesToNumber(id))
  const access = values.get('8C')
  const size = values.get('80') ?? new Uint8Array(0)
  if (size.length > 2) throw wrong()
  return {
    id: bytesToNumber(id),
    kind,
    size: bytesToNumber(size),
    ...records,
    ...(name && { name }),
    ...(sfi !== undefined && { sfi }),
    ...(purpose && { purpose }),
    ...(application && { application }),
    ...(access && { access }),
  }
}

function templateOf(data: Uint8Array): Uint8Array {
  const [template, ...more] = readObjects(data)
  if (template?.tag !== '62' || more.length > 0) throw wrong()
  return template.value
}

const objectsOf = (data: Uint8Array): Map<string, Uint8Array> => new Map(readObjects(data).map(({ tag, value }) => [tag, value]))

function readObjects(data: Uint8Array) {
  try {
    return parseTlv(data)
  } catch {
    throw wrong()
  }
}

/** Descriptor, data coding, record size in two bytes, number of records in one or two. */
function recordsOf(descriptor: Uint8Array): { recordSize: number; records: number } {
  const recordSize = bytesToNumber(descriptor.subarray(2, 4))
  const records = bytesToNumber(descriptor.subarray(4))
  if (descriptor.length < 5 || descriptor.length > 6 || recordSize < 1 || recordSize > 255 || records < 1 || records > 254) throw wrong()
  return { recordSize, records }
}

/** Tag 88 (7816-4, 7.4.3): upper five bits; empty for none; absent for the lower five of the file identifier. */
function shortIdentifier(value: Uint8Array | undefined, id: number): number | undefined {
  if (value?.length === 0) return undefined
  const sfi = value === undefined ? id & 0x1f : value[0]! >> 3
  return sfi >= 1 && sfi <= 30 ? sfi : undefined
}

function numbered<Name>(names: readonly Name[], value: Uint8Array | undefined): Name | undefined {
  if (value === undefined) return undefined
  const name = value.length === 1 ? names[value[0]! - 1] : undefined
  if (name === undefined) throw wrong()
  return name
}

/** For SELECT: the content of 62 or 6F. Security attributes stay inside. */
export function controlParameters(file: FileControl, life: number): Uint8Array {
  const descriptor = Number(Object.keys(kinds).find((key) => kinds[Number(key)] === file.kind)) | (file.purpose === undefined ? 0 : internalBit)
  const shape = file.recordSize === 0 ? [descriptor] : [descriptor, 0x21, ...numberToBytes(file.recordSize, 2), file.records]
  return concatenate(
    file.kind === 'df' ? [] : buildTlv('80', numberToBytes(file.size, 2)),
    buildTlv('82', Uint8Array.from(shape)),
    buildTlv('83', numberToBytes(file.id, 2)),
    file.name === undefined ? [] : buildTlv('84', file.name),
    file.sfi === undefined ? [] : buildTlv('88', Uint8Array.of(file.sfi << 3)),
    buildTlv('8A', Uint8Array.of(life)),
  )
}

/** As a path names a file: four digits. */
export const idHex = (id: number): string => toHex(numberToBytes(id, 2))
