/**
 * The file system of a native card in cells of its memory: `control/PATH` holds the control parameters as they came, `life/PATH` the life
 * cycle status, `data/PATH` a transparent file, `data/PATH/NN` a record. PATH is file identifiers from the MF on, `3F00` and so forth.
 * In a cyclic file record 01 is the newest (ISO/IEC 7816-4, 7.3.1); cells are numbered by age instead, `next/PATH` says which comes.
 */
import { sameBytes, toHex } from '#shared/bytes.ts'
import { CardStatus } from '../application.ts'
import type { CardMemory } from '../application.ts'
import { idHex, parseFileControl } from './file-control.ts'
import type { FileControl } from './file-control.ts'

/** Life cycle status (7816-4, table 13). */
export const fileLife = { initialisation: 0x03, operational: 0x05 } as const

export const masterFile = '3F00'

export class Files {
  readonly #memory: CardMemory

  constructor(memory: CardMemory) {
    this.#memory = memory
  }

  control(path: string): FileControl | undefined {
    const stored = this.#memory.read(`control/${path}`)
    return stored && parseFileControl(stored)
  }

  /** Throws CardStatus 6A82. */
  get(path: string): FileControl {
    const control = this.control(path)
    if (control === undefined) throw new CardStatus(0x6a82)
    return control
  }

  /** A file of an activated card is operational, whatever it was before. */
  life(path: string): number {
    const status = (at: string) => this.#memory.read(`life/${at}`)?.[0] ?? fileLife.initialisation
    return status(masterFile) === fileLife.operational ? fileLife.operational : status(path)
  }

  setLife(path: string, status: number): void {
    this.#memory.write(`life/${path}`, Uint8Array.of(status))
  }

  /** Throws CardStatus 6A89 for a file identifier that is taken here, 6A8A for a DF name that is taken anywhere, 6A80 for a reserved identifier. */
  create(directory: string, template: Uint8Array): string {
    const control = parseFileControl(template)
    if ([0x0000, 0x3f00, 0x3fff, 0xffff].includes(control.id)) throw new CardStatus(0x6a80)
    const path = directory + idHex(control.id)
    if (this.control(path) !== undefined) throw new CardStatus(0x6a89)
    if (control.sfi !== undefined && this.bySfi(directory, control.sfi) !== undefined) throw new CardStatus(0x6a89)
    if (control.name !== undefined && this.byName(control.name, false).some((other) => sameBytes(this.get(other).name!, control.name!))) throw new CardStatus(0x6a8a)
    this.#memory.transaction(() => {
      this.#memory.write(`control/${path}`, template)
      this.setLife(path, fileLife.initialisation)
      if (control.kind === 'transparent') this.#memory.write(`data/${path}`, new Uint8Array(control.size))
    })
    return path
  }

  format(): void {
    this.#memory.write(`control/${masterFile}`, Uint8Array.of(0x62, 0x07, 0x82, 0x01, 0x38, 0x83, 0x02, 0x3f, 0x00))
    this.setLife(masterFile, fileLife.initialisation)
  }

  /** With everything in it. */
  delete(path: string): void {
    this.#memory.transaction(() => {
      for (const name of this.#memory.names()) if (/^(control|life|data|next|work)\//.test(name) && name.split('/')[1]!.startsWith(path)) this.#memory.erase(name)
    })
  }

  /** Paths of the files right under this directory. */
  within(directory: string): string[] {
    return this.#paths().filter((path) => path.length === directory.length + 4 && path.startsWith(directory))
  }

  bySfi(directory: string, sfi: number): string | undefined {
    return this.within(directory).find((path) => this.get(path).sfi === sfi)
  }

  /** Directories with this name, or (`partial`) with one that begins so, in the order in which they were made. */
  byName(name: Uint8Array, partial: boolean): string[] {
    return this.#paths().filter((path) => {
      const own = this.get(path).name
      return own !== undefined && sameBytes(partial ? own.subarray(0, name.length) : own, name)
    })
  }

  #paths(): string[] {
    return this.#memory.within('control/').names()
  }

  binary(path: string): Uint8Array {
    return this.#memory.read(`data/${path}`) ?? new Uint8Array(0)
  }

  /** Throws CardStatus 6B00 beyond the end, 6A84 where the bytes do not fit. */
  updateBinary(path: string, offset: number, bytes: Uint8Array): void {
    const { size } = this.get(path)
    if (offset > size) throw new CardStatus(0x6b00)
    if (offset + bytes.length > size) throw new CardStatus(0x6a84)
    this.#memory.update(`data/${path}`, offset, bytes)
  }

  /** `number` from 1. */
  record(path: string, number: number): Uint8Array | undefined {
    return number > this.get(path).records ? undefined : this.#memory.read(this.#recordCell(path, number))
  }

  recordNumbers(path: string): number[] {
    const count = this.#memory.within(`data/${path}/`).names().length
    return Array.from({ length: count }, (_, index) => index + 1)
  }

  /** A record that exists. Throws CardStatus 6A83; 6A85 for another length in a fixed one; 6A84 beyond what the file may hold. */
  updateRecord(path: string, number: number, value: Uint8Array): void {
    const cell = this.#recordCell(path, number)
    if (this.#memory.read(cell) === undefined) throw new CardStatus(0x6a83)
    this.#checkRecord(path, value, number)
    this.#memory.write(cell, value)
  }

  /** A further record; in a full cyclic file the oldest makes room. Throws CardStatus 6A84, 6A85. */
  appendRecord(path: string, value: Uint8Array): void {
    const { kind, records } = this.get(path)
    const count = this.recordNumbers(path).length
    this.#checkRecord(path, value)
    if (kind !== 'cyclic') {
      if (count >= records) throw new CardStatus(0x6a84)
      return this.#memory.write(this.#recordCell(path, count + 1), value)
    }
    const next = this.#memory.read(`next/${path}`)?.[0] ?? 0
    this.#memory.transaction(() => {
      this.#memory.write(`data/${path}/${toHex(Uint8Array.of(next))}`, value)
      this.#memory.write(`next/${path}`, Uint8Array.of((next + 1) % records))
    })
  }

  #checkRecord(path: string, value: Uint8Array, replaced?: number): void {
    const { kind, recordSize, size } = this.get(path)
    if (value.length > recordSize || (kind !== 'linear-variable' && value.length !== recordSize)) throw new CardStatus(0x6a85)
    if (kind !== 'linear-variable' || size === 0) return
    const others = this.recordNumbers(path).filter((number) => number !== replaced)
    if (others.reduce((sum, number) => sum + this.record(path, number)!.length, value.length) > size) throw new CardStatus(0x6a84)
  }

  #recordCell(path: string, number: number): string {
    const { kind, records } = this.get(path)
    if (kind !== 'cyclic') return `data/${path}/${toHex(Uint8Array.of(number))}`
    const next = this.#memory.read(`next/${path}`)?.[0] ?? 0
    return `data/${path}/${toHex(Uint8Array.of((next - number + records * 2) % records))}`
  }
}

/** The file with this purpose in a directory. */
export function internalFile(files: Files, directory: string, purpose: FileControl['purpose']): string | undefined {
  return files.within(directory).find((path) => files.get(path).purpose === purpose)
}
