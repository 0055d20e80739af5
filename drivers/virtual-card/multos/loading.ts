/** Loading and deleting applications on a MULTOS-like card: OPEN, LOAD, CREATE, DELETE, and what they leave in memory (docs/multos-card.md). */
import { concatenate, sameBytes, toHex } from '#shared/bytes.ts'
import { CardStatus } from '../application.ts'
import type { CardMemory, CardServices, Command } from '../application.ts'
import { desDecryptCbc } from '../crypto.ts'
import { checkLoadCertificate, identifierOf, loadCertificateLength, openTransformationUnit, parseOpen, permissionLength, verified } from './certificates.ts'
import type { ApplicationHeader } from './certificates.ts'

/** Parts of a load unit, by the instruction that loads them. */
const parts: Readonly<Record<number, keyof ApplicationHeader['sizes']>> = {
  0x24: 'code',
  0x26: 'data',
  0x20: 'directory',
  0x22: 'control',
  0x28: 'signature',
  0x2a: 'transformation',
}
export const isLoadInstruction = (ins: number): boolean => parts[ins] !== undefined

/** A loaded application: what becomes of its data segment is its program's. */
export interface LoadedApplication {
  identifier: Uint8Array
  code: Uint8Array
  data: Uint8Array
  directory: Uint8Array
  control: Uint8Array
}

/** Cells: `open/header`, `open/PART` while one is loaded; `application/AID/…` of each that was created. */
export class Loader {
  readonly #memory: CardMemory

  constructor(memory: CardMemory) {
    this.#memory = memory
  }

  identifiers(): string[] {
    return [...new Set(this.#memory.within('application/').names().map((name) => name.split('/')[0]!))]
  }

  cells(identifier: string): CardMemory {
    return this.#memory.within(`application/${identifier}/`)
  }

  /** Throws CardStatus 9D21, 9D11, 9D13, 9D50 to 9D53. Opening anew drops what was loaded and not created. */
  open(data: Uint8Array, controls: Uint8Array): void {
    if (data.length !== 157) throw new CardStatus(0x9d21)
    const header = parseOpen(data)
    const length = header.identifier[0]!
    if (length < 5 || length > 16) throw new CardStatus(0x9d11)
    checkPermission(header.permission, controls)
    if (this.identifiers().includes(toHex(identifierOf(header)))) throw new CardStatus(0x9d13)
    this.#memory.transaction(() => {
      this.#close()
      this.#memory.write('open/header', data)
      for (const part of Object.values(parts)) if (header.sizes[part] > 0) this.#memory.write(`open/${part}`, new Uint8Array(header.sizes[part]))
    })
  }

  /** P1 P2: offset within the part. Throws CardStatus 9D15, 9D17. */
  load({ ins, p1, p2, data }: Command): void {
    if (this.#opened() === undefined) throw new CardStatus(0x9d15)
    const part = this.#memory.read(`open/${parts[ins]!}`)
    const offset = (p1 << 8) | p2
    if (part === undefined || data.length === 0 || offset + data.length > part.length) throw new CardStatus(0x9d17)
    this.#memory.update(`open/${parts[ins]!}`, offset, data)
  }

  /**
   * With the whole load certificate: the signature of the application is checked, the data segment decrypted, `settle` makes cells of it. All or
   * nothing. Throws CardStatus 9D1A to 9D20, and those of the certificate.
   */
  create(certificate: Uint8Array, card: CardServices, controls: Uint8Array, settle: (loaded: LoadedApplication, cells: CardMemory) => void): void {
    const opened = this.#opened()
    if (opened === undefined) throw new CardStatus(0x9d15)
    if (certificate.length !== loadCertificateLength) throw new CardStatus(0x9d19)
    const provider = checkLoadCertificate(certificate, opened)
    const [code, loaded, directory, control] = [this.#part('code'), this.#part('data'), this.#part('directory'), this.#part('control')]
    const signature = this.#memory.read('open/signature')
    if (signature === undefined) throw new CardStatus(0x9d1e)
    card.compute({ kind: 'rsa-public', bits: 1024 })
    card.compute({ kind: 'rsa-public', bits: 1024 })
    if (!verified(provider, concatenate(code, loaded, directory, control), signature)) throw new CardStatus(0x9d1a)
    const header = parseOpen(opened)
    const data = this.#decrypted(header, loaded, card, controls)
    const identifier = identifierOf(header)
    this.#memory.transaction(() => {
      const cells = this.cells(toHex(identifier))
      cells.write('code', code)
      cells.write('directory', directory)
      cells.write('control', control)
      settle({ identifier, code, data, directory, control }, cells)
      this.#close()
    })
  }

  delete(identifier: string): void {
    const cells = this.cells(identifier)
    if (!this.identifiers().includes(identifier)) throw new CardStatus(0x9d20)
    this.#memory.transaction(() => cells.names().forEach((name) => cells.erase(name)))
  }

  /** The data segment in clear. One without a transformation unit is not confidential. */
  #decrypted({ identifier }: ApplicationHeader, loaded: Uint8Array, card: CardServices, controls: Uint8Array): Uint8Array {
    const unit = this.#memory.read('open/transformation')
    if (unit === undefined) return loaded
    card.compute({ kind: 'rsa-private', bits: 1024 })
    const { identifier: meant, card: number, areas } = openTransformationUnit(unit)
    if (!sameBytes(meant, identifier) || !fits(number, controls.subarray(6, permissionLength))) throw new CardStatus(0x9d1b)
    const data = loaded.slice()
    for (const { start, length, key } of areas) {
      if (length % 8 !== 0 || start + length > data.length) throw new CardStatus(0x9d1b)
      card.compute({ kind: 'des3', blocks: length / 8 })
      data.set(desDecryptCbc(card.ownKey(key), data.subarray(start, start + length)), start)
    }
    return data
  }

  #opened = (): Uint8Array | undefined => this.#memory.read('open/header')
  #part = (part: keyof ApplicationHeader['sizes']): Uint8Array => this.#memory.read(`open/${part}`) ?? new Uint8Array(0)

  #close(): void {
    for (const name of this.#memory.names()) if (name.startsWith('open/')) this.#memory.erase(name)
  }
}

/** Zeros mean any card; product and issuer, date and number are asked for one by one. Throws CardStatus 9D50 to 9D53. */
export function checkPermission(permission: Uint8Array, controls: Uint8Array): void {
  const fields = [
    { from: 0, to: 1, status: 0x9d50 },
    { from: 1, to: 5, status: 0x9d51 },
    { from: 5, to: 6, status: 0x9d52 },
    { from: 6, to: 14, status: 0x9d53 },
  ]
  for (const { from, to, status } of fields) if (!fits(permission.subarray(from, to), controls.subarray(from, to))) throw new CardStatus(status)
}

const fits = (asked: Uint8Array, is: Uint8Array): boolean => asked.every((byte) => byte === 0) || sameBytes(asked, is)

