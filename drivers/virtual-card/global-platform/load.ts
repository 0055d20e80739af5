/**
 * INSTALL [for load] and LOAD (GlobalPlatform 2.3, 11.5.2.3.1, 11.6, C.2). A load file data block is a Java Card CAP file without its
 * container: its components one after another (Java Card 3 virtual machine, 6). The card takes from it which modules there are.
 */
import { createHash } from 'node:crypto'
import { concatenate, sameBytes, toHex } from '#shared/bytes.ts'
import { CardStatus } from '../application.ts'
import type { Answer, Command } from '../application.ts'
import { identifierOf } from './card-state.ts'
import type { CardState } from './card-state.ts'
import { Reader } from './reader.ts'
import { life } from './registry.ts'

const lastBlock = 0x80
const hashes: Readonly<Record<number, string>> = { 20: 'sha1', 32: 'sha256', 48: 'sha384', 64: 'sha512' }

interface Loading {
  aid: string
  hash: Uint8Array
  blocks: Uint8Array[]
}

export class Loader {
  readonly #state: CardState
  #loading: Loading | undefined

  constructor(state: CardState) {
    this.#state = state
    this.#clean()
  }

  /** Load file, security domain, hash, parameters, token. Throws CardStatus. */
  begin(reader: Reader): void {
    const { registry } = this.#state
    const aid = identifierOf(reader.lengthAndValue())
    const domain = toHex(reader.lengthAndValue())
    const hash = reader.lengthAndValue()
    reader.lengthAndValue()
    reader.lengthAndValue()
    if (domain !== '' && domain !== registry.issuer) throw new CardStatus(0x6a88)
    if (registry.find(aid) !== undefined || registry.issuer === aid) throw new CardStatus(0x6985)
    if (hash.length > 0 && hashes[hash.length] === undefined) throw new CardStatus(0x6a80)
    this.#clean()
    this.#loading = { aid, hash, blocks: [] }
  }

  /** One block of the load file. Throws CardStatus; then the load has ended. */
  load({ p1, p2, data }: Command): Answer {
    const loading = this.#loading
    if (loading === undefined) throw new CardStatus(0x6985)
    this.#loading = undefined
    if ((p1 & ~lastBlock) !== 0 || p2 !== loading.blocks.length) throw new CardStatus(0x6a86)
    this.#state.card.memory.write(`code/${loading.aid}/${p2}`, data)
    loading.blocks.push(data)
    if (p1 === lastBlock) this.#finish(loading)
    else this.#loading = loading
    return { data: Uint8Array.of(0), status: 0x9000 }
  }

  #finish({ aid, hash, blocks }: Loading): void {
    try {
      const block = codeOf(concatenate(...blocks))
      if (hash.length > 0 && !sameBytes(createHash(hashes[hash.length]!).update(block).digest(), hash)) throw new CardStatus(0x6a80)
      const modules = modulesOf(block, aid)
      this.#state.registry.put({ kind: 'load-file', aid, life: life.loaded, modules })
    } catch (thrown) {
      this.#clean()
      throw thrown
    }
  }

  /** Code that no load file owns: of a load that was broken off. */
  #clean(): void {
    const { card, registry } = this.#state
    for (const name of card.memory.names()) {
      if (name.startsWith('code/') && registry.find(name.split('/')[1]!) === undefined) card.memory.erase(name)
    }
  }
}

/** The load file data block (tag C4, table 11-58). Blocks with signatures for other security domains (E2) are not of this card. */
function codeOf(file: Uint8Array): Uint8Array {
  const reader = new Reader(file)
  if (reader.byte() !== 0xc4) throw new CardStatus(0x6a80)
  const code = reader.lengthAndValue()
  if (!reader.atEnd) throw new CardStatus(0x6a80)
  return code
}

const component = { header: 1, applet: 3 } as const

/** The applets' AIDs (6.5), of a CAP file whose package has this AID (6.3). Throws CardStatus 6A80. */
function modulesOf(code: Uint8Array, aid: string): string[] {
  const reader = new Reader(code)
  const components = new Map<number, Uint8Array>()
  while (!reader.atEnd) components.set(reader.byte(), reader.take(reader.byte() * 256 + reader.byte()))
  const header = new Reader(components.get(component.header) ?? new Uint8Array(0))
  if (toHex(header.take(4)) !== 'DECAFFED') throw new CardStatus(0x6a80)
  header.take(5) // version of the format, flags, version of the package
  if (toHex(header.take(header.byte())) !== aid) throw new CardStatus(0x6a80)
  const applets = components.get(component.applet)
  if (applets === undefined) return []
  const list = new Reader(applets)
  return Array.from({ length: list.byte() }, () => {
    const module = toHex(list.take(list.byte()))
    list.take(2) // where its install method begins
    return module
  })
}
