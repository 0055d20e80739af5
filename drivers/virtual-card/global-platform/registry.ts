/**
 * The registry of a GlobalPlatform card (2.3, 6.1): issuer security domain, executable load files, applications. Entries lie in the
 * card's memory as data objects with the tags of GET STATUS (table 11-36), one cell for each AID.
 */
import { fromHex, toHex } from '#shared/bytes.ts'
import { buildTlvs, parseTlv } from '#shared/tlv/ber.ts'
import type { CardMemory } from '../application.ts'

/** Life cycle states of the card (5.1.1). */
export const cardLife = { opReady: 0x01, initialized: 0x07, secured: 0x0f, locked: 0x7f, terminated: 0xff } as const

/** Of load files, and of applications (5.2, 5.3); a locked one has bit 8 set. */
export const life = { loaded: 0x01, installed: 0x03, selectable: 0x07, personalized: 0x0f, lockedBit: 0x80 } as const

/** First byte of the privileges (6.6.1, table 6-1), as far as this card gives them a meaning. */
export const privilege = { securityDomain: 0x80, cardLock: 0x10, cardTerminate: 0x08, cardReset: 0x04 } as const

export interface LoadFile {
  kind: 'load-file'
  /** Hex, upper case, like all AIDs here. */
  aid: string
  life: number
  modules: string[]
}

export interface Application {
  kind: 'application'
  aid: string
  life: number
  /** Three bytes. */
  privileges: Uint8Array
  loadFile: string
  module: string
}

export type Entry = LoadFile | Application

/** Privileges of the issuer security domain: all that this card has to give. */
const issuerPrivileges = fromHex('9EFE80')

export class Registry {
  readonly #memory: CardMemory

  constructor(memory: CardMemory) {
    this.#memory = memory
  }

  get cardLife(): number {
    return this.#memory.read('life')![0]!
  }

  set cardLife(value: number) {
    this.#memory.write('life', Uint8Array.of(value))
  }

  /** AID of the issuer security domain. */
  get issuer(): string {
    return toHex(this.#memory.read('issuer')!)
  }

  set issuer(aid: string) {
    this.#memory.write('issuer', fromHex(aid))
  }

  get issuerPrivileges(): Uint8Array {
    return issuerPrivileges
  }

  entries(): Entry[] {
    const cells = this.#memory.within('entry/')
    return cells.names().map((aid) => decode(aid, cells.read(aid)!))
  }

  loadFiles(): LoadFile[] {
    return this.entries().filter((entry) => entry.kind === 'load-file')
  }

  applications(): Application[] {
    return this.entries().filter((entry) => entry.kind === 'application')
  }

  find(aid: string): Entry | undefined {
    const cell = this.#memory.read(`entry/${aid}`)
    return cell === undefined ? undefined : decode(aid, cell)
  }

  application(aid: string): Application | undefined {
    const entry = this.find(aid)
    return entry?.kind === 'application' ? entry : undefined
  }

  put(entry: Entry): void {
    this.#memory.write(`entry/${entry.aid}`, encode(entry))
  }

  remove(aid: string): void {
    this.#memory.erase(`entry/${aid}`)
  }
}

function encode(entry: Entry): Uint8Array {
  const state = { tag: '9F70', value: Uint8Array.of(entry.life) }
  if (entry.kind === 'load-file') return buildTlvs([state, ...entry.modules.map((module) => ({ tag: '84', value: fromHex(module) }))])
  return buildTlvs([state, { tag: 'C5', value: entry.privileges }, { tag: 'C4', value: fromHex(entry.loadFile) }, { tag: '84', value: fromHex(entry.module) }])
}

function decode(aid: string, cell: Uint8Array): Entry {
  const objects = parseTlv(cell)
  const value = (tag: string) => objects.find((object) => object.tag === tag)?.value
  const modules = objects.filter((object) => object.tag === '84').map((object) => toHex(object.value))
  const state = value('9F70')![0]!
  const privileges = value('C5')
  if (privileges === undefined) return { kind: 'load-file', aid, life: state, modules }
  return { kind: 'application', aid, life: state, privileges: privileges.slice(), loadFile: toHex(value('C4')!), module: modules[0]! }
}
