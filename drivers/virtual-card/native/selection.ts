/** SELECT (ISO/IEC 7816-4, 7.1.1): which file a command means, and what is told of it. */
import { bytesToNumber, concatenate, toHex } from '#shared/bytes.ts'
import { buildTlv, buildTlvs, parseTlv } from '#shared/tlv/ber.ts'
import type { DataObject } from '#shared/tlv/ber.ts'
import { answer, CardStatus, done } from '../application.ts'
import type { Answer, Command } from '../application.ts'
import { controlParameters, idHex } from './file-control.ts'
import { internalFile, masterFile } from './files.ts'
import type { Files } from './files.ts'

export interface Place {
  directory: string
  file: string | undefined
}

/** Path of the file meant. Throws CardStatus 6A82, 6A86. */
export function meant(files: Files, place: Place, { p1, p2, data }: Command): string {
  switch (p1) {
    case 0x00:
      return byIdentifier(files, place.directory, data)
    case 0x01:
    case 0x02: {
      const path = place.directory + toHex(data)
      if ((files.get(path).kind === 'df') !== (p1 === 0x01)) throw new CardStatus(0x6a82)
      return path
    }
    case 0x03:
      if (place.directory === masterFile) throw new CardStatus(0x6a82)
      return place.directory.slice(0, -4)
    case 0x04:
      return byName(files, place.directory, data, (p2 & 0x03) === 0x02)
    case 0x08:
      return masterFile + toHex(data)
    case 0x09:
      return place.directory + toHex(data)
    default:
      throw new CardStatus(0x6a86)
  }
}

/** In this directory, the directory itself, its parent, or beside it. */
function byIdentifier(files: Files, directory: string, data: Uint8Array): string {
  const id = data.length === 0 ? masterFile : idHex(bytesToNumber(data))
  if (data.length !== 0 && data.length !== 2) throw new CardStatus(0x6a87)
  if (id === masterFile) return masterFile
  const parent = directory.slice(0, -4)
  const candidates = [directory + id, ...(directory.endsWith(id) ? [directory] : []), ...(parent.endsWith(id) ? [parent] : []), parent + id]
  const found = candidates.find((path) => files.control(path) !== undefined)
  if (found === undefined) throw new CardStatus(0x6a82)
  return found
}

/** The first directory whose name begins so, or the next after the current one (7816-4, table 40). */
function byName(files: Files, directory: string, name: Uint8Array, next: boolean): string {
  const all = files.byName(name, true)
  const found = next ? all[all.indexOf(directory) + 1] : all[0]
  if (found === undefined) throw new CardStatus(0x6a82)
  return found
}

/** FCI, file control parameters, or nothing, as P2 asks. An application's FCI is its name and the template A5 among its parameters (EMV Book 1, 11.3.4). */
export function told(files: Files, path: string, p2: number): Answer {
  const control = files.get(path)
  const parameters = controlParameters(control, files.life(path))
  switch (p2 & 0x0c) {
    case 0x00: {
      const proprietary = control.kind === 'df' ? fileParameter(files, path, 'A5') : undefined
      if (control.name === undefined || proprietary === undefined) return answer(buildTlv('6F', parameters))
      return answer(buildTlv('6F', concatenate(buildTlv('84', control.name), buildTlv('A5', proprietary))))
    }
    case 0x04:
      return answer(buildTlv('62', parameters))
    case 0x0c:
      return done
    default:
      throw new CardStatus(0x6a86)
  }
}

/** A data object of a directory's parameter file: its records are one object, or several one after the other. */
export function fileParameter(files: Files, directory: string, tag: string): Uint8Array | undefined {
  for (const { objects } of parameterRecords(files, directory)) {
    const found = objects.find((object) => object.tag === tag)
    if (found) return found.value
  }
  return undefined
}

/** Another value for an object that is there: its record is written anew. Answers whether it was. */
export function changeParameter(files: Files, directory: string, tag: string, value: Uint8Array): boolean {
  const place = parameterRecords(files, directory).find(({ objects }) => objects.some((object) => object.tag === tag))
  if (place === undefined) return false
  const changed = place.objects.map((object) => (object.tag === tag ? { tag, value } : object))
  files.updateRecord(place.path, place.record, buildTlvs(changed))
  return true
}

export function parameterTags(files: Files, directory: string): string[] {
  return parameterRecords(files, directory).flatMap(({ objects }) => objects.map(({ tag }) => tag))
}

function parameterRecords(files: Files, directory: string): { path: string; record: number; objects: DataObject[] }[] {
  const path = internalFile(files, directory, 'parameters')
  return path === undefined ? [] : files.recordNumbers(path).map((record) => ({ path, record, objects: parseTlv(files.record(path, record)!) }))
}
