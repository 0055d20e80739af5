/** READ, UPDATE and APPEND of a native card (ISO/IEC 7816-4, 7.2 and 7.3). */
import { concatenate } from '#shared/bytes.ts'
import { parseTlv } from '#shared/tlv/ber.ts'
import { answer, CardStatus, done } from '../application.ts'
import type { Answer, Command } from '../application.ts'
import type { Access } from './access.ts'
import type { FileControl } from './file-control.ts'
import type { Files } from './files.ts'
import { keyRecord, keysTold, pinRecord, pinTold } from './secret-files.ts'
import type { SecureChannel } from './secure-messaging.ts'
import type { Session } from './session.ts'

/** What a command works with. */
export interface Desk {
  files: Files
  session: Session
  /** Throws CardStatus 6982. */
  allow(path: string, access: Access): void
}

export function readBinary(command: Command, desk: Desk): Answer {
  const { path, offset } = binaryPlace(command, desk)
  desk.allow(path, 'read')
  const content = desk.files.binary(path)
  if (offset > content.length || (offset === content.length && offset > 0)) throw new CardStatus(0x6b00)
  const expected = command.expected ?? 256
  const read = content.slice(offset, offset + expected)
  return answer(read, read.length < expected && expected < 231 ? 0x6282 : 0x9000)
}

export function updateBinary(command: Command, desk: Desk): Answer {
  const { path, offset } = binaryPlace(command, desk)
  desk.allow(path, 'update')
  if (command.data.length === 0) throw new CardStatus(0x6700)
  desk.files.updateBinary(path, offset, command.data)
  return done
}

/** P1 with b8: a short identifier and an offset of one byte; without: the current file and an offset of 15 bits. */
function binaryPlace({ p1, p2 }: Command, desk: Desk): { path: string; offset: number } {
  if ((p1 & 0x80) === 0) return { path: checked(desk, current(desk), ['transparent']), offset: (p1 << 8) | p2 }
  if ((p1 & 0x60) !== 0) throw new CardStatus(0x6a86)
  return { path: checked(desk, byShort(desk, p1 & 0x1f), ['transparent']), offset: p2 }
}

const recordKinds = ['linear-fixed', 'linear-variable', 'cyclic'] as const

/** By number alone (P2 b3 to b1: 100), one record. */
export function readRecord({ p1, p2 }: Command, desk: Desk): Answer {
  if ((p2 & 0x07) !== 0x04 || p1 === 0) throw new CardStatus(0x6a86)
  const path = checked(desk, recordFile(p2, desk), recordKinds)
  desk.allow(path, 'read')
  const record = desk.files.record(path, p1)
  if (record === undefined) throw new CardStatus(0x6a83)
  const { purpose } = desk.files.get(path)
  return answer(purpose === 'keys' ? keysTold(record) : purpose === 'pins' ? pinTold(record) : record)
}

/** UPDATE RECORD by number; APPEND RECORD, also as UPDATE RECORD of the previous one in a cyclic file (P1 00, P2 b3 to b1: 011). */
export function writeRecord({ ins, p1, p2, data }: Command, desk: Desk): Answer {
  const path = checked(desk, recordFile(p2, desk), recordKinds)
  const control = desk.files.get(path)
  const mode = p2 & 0x07
  const appending = ins === 0xe2 || (control.kind === 'cyclic' && p1 === 0 && mode === 0x03)
  if (ins === 0xe2 ? p1 !== 0 || mode !== 0 : !appending && mode !== 0x04) throw new CardStatus(0x6a86)
  if (data.length === 0) throw new CardStatus(0x6700)
  desk.allow(path, appending ? 'append' : 'update')
  const record = recordOf(control, data, desk)
  if (appending) desk.files.appendRecord(path, record)
  else desk.files.updateRecord(path, p1, record)
  return done
}

/** What is kept of the bytes that came: secrets are taken out of their encryption. Throws CardStatus 6982 where they came without channel, 6A80 for no data objects. */
function recordOf({ purpose }: FileControl, data: Uint8Array, { session }: Desk): Uint8Array {
  if (purpose === 'parameters' && !isTlv(data)) throw new CardStatus(0x6a80)
  if (purpose !== 'keys' && purpose !== 'pins') return concatenate(data)
  const channel: SecureChannel | undefined = session.protected ? session.channel : undefined
  if (channel === undefined) throw new CardStatus(0x6982)
  return purpose === 'keys' ? keyRecord(data, channel) : pinRecord(data, channel)
}

function isTlv(data: Uint8Array): boolean {
  try {
    return parseTlv(data).length > 0
  } catch {
    return false
  }
}

function recordFile(p2: number, desk: Desk): string {
  return p2 >> 3 === 0 ? current(desk) : byShort(desk, p2 >> 3)
}

function current({ session }: Desk): string {
  if (session.file === undefined) throw new CardStatus(0x6986)
  return session.file
}

/** A file that is meant by its short identifier becomes the current one. */
function byShort({ files, session }: Desk, sfi: number): string {
  const path = files.bySfi(session.directory, sfi)
  if (path === undefined) throw new CardStatus(0x6a82)
  session.file = path
  return path
}

function checked({ files }: Desk, path: string, kinds: readonly FileControl['kind'][]): string {
  if (!kinds.includes(files.get(path).kind)) throw new CardStatus(0x6981)
  return path
}
