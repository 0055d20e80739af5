/** What the parts of a GlobalPlatform card share while it is powered: registry, keys, the programs and instances of its applications. */
import { fromHex, toHex } from '#shared/bytes.ts'
import { CardStatus, done } from '../application.ts'
import type { ApplicationProgram, CardApplication, CardServices } from '../application.ts'
import { KeySets } from './key-sets.ts'
import { cardLife, Registry } from './registry.ts'
import type { Application } from './registry.ts'

export class CardState {
  readonly card: CardServices
  readonly registry: Registry
  readonly keySets: KeySets
  readonly #programs: readonly ApplicationProgram[]
  readonly #instances = new Map<string, CardApplication>()

  constructor(card: CardServices, programs: readonly ApplicationProgram[]) {
    this.card = card
    this.registry = new Registry(card.memory.within('registry/'))
    this.keySets = new KeySets(card.memory.within('keys/'))
    this.#programs = programs
    for (const entry of this.registry.applications()) this.instance(entry).reset(this.servicesOf(entry.aid))
  }

  /** The running instance of an application. */
  instance(entry: Application): CardApplication {
    const running = this.#instances.get(entry.aid) ?? this.#create(entry)
    this.#instances.set(entry.aid, running)
    return running
  }

  /** The card as one of its applications has it: with its own cells. `blockCard`: CARD BLOCK of an issuer's script (EMV 4.3 Book 3, 6.5.3) ends the card. */
  servicesOf(aid: string): CardServices & { blockCard(): void } {
    const blockCard = () => {
      this.registry.cardLife = cardLife.terminated
    }
    return { ...this.card, memory: this.card.memory.within(cellsOf(aid)), blockCard }
  }

  forget(aid: string): void {
    this.#instances.delete(aid)
    const { memory } = this.card
    for (const name of memory.names()) if (name.startsWith(cellsOf(aid))) memory.erase(name)
  }

  #create({ aid, loadFile, module }: Application): CardApplication {
    const program = this.#programs.find((candidate) => candidate.loadFile === loadFile && candidate.module === module)
    return program?.create(fromHex(aid)) ?? inert
  }
}

const cellsOf = (aid: string) => `app/${aid}/`

/** An instance of code that was loaded: this card keeps it, lists it and selects it, but runs no byte code. */
const inert: CardApplication = {
  install: () => undefined,
  reset: () => undefined,
  select: () => done,
  deselect: () => undefined,
  process: () => {
    throw new CardStatus(0x6d00)
  },
  personalize: () => {
    throw new CardStatus(0x6d00)
  },
  spendRetryCounters: () => undefined,
}

/** Hex of an AID, which has 5 to 16 bytes (ISO/IEC 7816-4, 8.2.1.2). Throws CardStatus 6A80. */
export function identifierOf(bytes: Uint8Array): string {
  if (bytes.length < 5 || bytes.length > 16) throw new CardStatus(0x6a80)
  return toHex(bytes)
}
