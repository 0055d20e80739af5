/**
 * What a payment application keeps over a reset, in cells of the card's memory. Any card may carry it: a GlobalPlatform card gives the
 * cells of the instance, a card of files or of MULTOS puts its own files behind the same names (`EmvCells`).
 *
 * Cells, by name:
 *   life                   one byte of `Life`
 *   record/SSRR            a record as READ RECORD answers it (SFI and number in hex): template 70 and all
 *   tag/T                  the value of the data element T: 82, 94, 9F36, 9F17, A5 (content of the FCI's proprietary template) ...
 *   key/ac key/smi key/smc key/idn   double length DES keys of the card
 *   rsa/icc/X rsa/pin/X    private keys, X of p q dp dq qinv, or n d
 *   pin                    the reference PIN as a block of format 2 (ISO 9564-1): 24 12 34 FF FF FF FF FF
 *   options                80 or 77 where processing options came in that template
 *   check/USE              check values of keys that are still to come
 *   group/DGI              groupings that have no meaning here; they are kept as they came
 *   risk/N                 counters and indicators of the card's risk management (`risk.ts`)
 *   log/NNNN               records of the transaction log, by ATC
 */
import { bytesToNumber, numberToBytes, toHex } from '#shared/bytes.ts'
import type { CardMemory } from '../application.ts'

/** The part of a card's memory that a payment application uses. */
export type EmvCells = Pick<CardMemory, 'read' | 'write' | 'erase' | 'names' | 'transaction'>

/** Life of the application (EMV CPS 1.1, 2.2; Book 3, 6.5.1 and 6.5.3). `blocked`: by a script, until another unblocks it. */
export const life = { fresh: 0x00, personalizing: 0x01, personalized: 0x0f, blocked: 0x8f, cardBlocked: 0xff } as const
export type Life = (typeof life)[keyof typeof life]

export type DesKeyUse =
  | 'ac' //  application cryptogram
  | 'smi' // secure messaging for integrity
  | 'smc' // secure messaging for confidentiality
  | 'idn' // M/Chip: ICC dynamic number
export type RsaKeyUse = 'icc' | 'pin'

/** By the Chinese remainder theorem (DGI 8201 to 8205), or modulus and exponent (DGI 8101 to 8104). Parts as they were stored, padding and all. */
export type StoredRsaKey =
  | { form: 'crt'; p: Uint8Array; q: Uint8Array; dp: Uint8Array; dq: Uint8Array; qinv: Uint8Array }
  | { form: 'exponent'; n: Uint8Array; d: Uint8Array }

/** Names, meaning and sizes of the cells in one place. Absent elements are undefined; numbers that are absent are 0. */
export class EmvState {
  readonly cells: EmvCells

  constructor(cells: EmvCells) {
    this.cells = cells
  }

  get life(): Life {
    return (this.cells.read('life')?.[0] ?? life.fresh) as Life
  }

  set life(value: Life) {
    this.cells.write('life', Uint8Array.of(value))
  }

  /** `name`: hex, upper case. */
  tag(name: string): Uint8Array | undefined {
    return this.cells.read(`tag/${name}`)
  }

  setTag(name: string, value: Uint8Array): void {
    this.cells.write(`tag/${name}`, value)
  }

  /** A whole number in a data element, such as the ATC. */
  number(name: string): number {
    return bytesToNumber(this.tag(name) ?? new Uint8Array(0))
  }

  setNumber(name: string, value: number, length: number): void {
    this.setTag(name, numberToBytes(value, length))
  }

  /** Counters and indicators of the risk management. */
  risk(name: string): number {
    return bytesToNumber(this.cells.read(`risk/${name}`) ?? new Uint8Array(0))
  }

  /** Writes only what changes: each write wears the memory and takes its time. */
  setRisk(name: string, value: number, length = 1): void {
    if (this.risk(name) !== value) this.cells.write(`risk/${name}`, numberToBytes(value, length))
  }

  record(sfi: number, number: number): Uint8Array | undefined {
    return this.cells.read(recordCell(sfi, number))
  }

  setRecord(sfi: number, number: number, value: Uint8Array): void {
    this.cells.write(recordCell(sfi, number), value)
  }

  /** Whether any record of this file is there. */
  hasFile(sfi: number): boolean {
    return this.cells.names().some((name) => name.startsWith(`record/${toHex(Uint8Array.of(sfi))}`))
  }

  key(use: DesKeyUse): Uint8Array | undefined {
    return this.cells.read(`key/${use}`)
  }

  setKey(use: DesKeyUse, key: Uint8Array): void {
    this.cells.write(`key/${use}`, key)
  }

  rsaKey(use: RsaKeyUse): StoredRsaKey | undefined {
    const part = (name: string) => this.cells.read(`rsa/${use}/${name}`)
    const [p, q, dp, dq, qinv, n, d] = [part('p'), part('q'), part('dp'), part('dq'), part('qinv'), part('n'), part('d')]
    if (p && q && dp && dq && qinv) return { form: 'crt', p, q, dp, dq, qinv }
    return n && d ? { form: 'exponent', n, d } : undefined
  }

  setRsaPart(use: RsaKeyUse, part: 'p' | 'q' | 'dp' | 'dq' | 'qinv' | 'n' | 'd', value: Uint8Array): void {
    this.cells.write(`rsa/${use}/${part}`, value)
  }

  /** Reference PIN, a block of format 2. */
  get pin(): Uint8Array | undefined {
    return this.cells.read('pin')
  }

  set pin(block: Uint8Array) {
    this.cells.write('pin', block)
  }
}

function recordCell(sfi: number, number: number): string {
  return `record/${toHex(Uint8Array.of(sfi, number))}`
}
