/** The issuer security domain: its commands, and what each of them needs (GlobalPlatform 2.3, 11; table 11-1). */
import { fromHex } from '#shared/bytes.ts'
import { CardStatus } from '../application.ts'
import type { Answer, Command } from '../application.ts'
import type { CardState } from './card-state.ts'
import { instruction } from './channels.ts'
import type { Channels } from './channels.ts'
import { install, remove } from './content.ts'
import type { IssuerData } from './data.ts'
import { Loader } from './load.ts'
import { cardLife } from './registry.ts'
import { setStatus, StatusList } from './status.ts'

const lastBlock = 0x80

export class Issuer {
  readonly #state: CardState
  readonly #data: IssuerData
  readonly #channels: Channels
  readonly #loader: Loader
  readonly #status = new StatusList()
  /** Where STORE DATA goes (7.3.3), until its last block. */
  #personalizing: string | undefined

  constructor(state: CardState, data: IssuerData, channels: Channels) {
    this.#state = state
    this.#data = data
    this.#channels = channels
    this.#loader = new Loader(state)
  }

  deselect(): void {
    this.#personalizing = undefined
    this.#status.forget()
  }

  process(command: Command): Answer {
    const { cla, ins } = command
    const { card, registry } = this.#state
    if (cla === 0x00 && ins === 0xa4) throw new CardStatus(0x6a86) // it selects by name alone
    if (cla !== 0x80 && cla !== 0x84 && !(cla === 0x00 && ins === instruction.getData)) throw new CardStatus(0x6e00)
    if (this.#channels.opens(command)) {
      this.deselect()
      return this.#channels.open(command, fromHex(registry.issuer), card)
    }
    // GET DATA is free (11.3), inside and outside of a channel.
    if (ins === instruction.getData && (cla & 0x04) === 0 && !this.#channels.authenticated) return this.#getData(command)
    return this.#channels.carry(command, (plain) => {
      const work = works[ins]
      if (work === undefined) throw new CardStatus(0x6d00)
      if (plain.ins !== instruction.getData && !this.#channels.authenticated) throw new CardStatus(0x6982)
      if (registry.cardLife === cardLife.locked && !allowedWhenLocked.has(plain.ins)) throw new CardStatus(0x6985)
      if (plain.ins !== getStatusInstruction) this.#status.forget()
      return work.call(this, plain)
    })
  }

  install(command: Command): Answer {
    return install(command, this.#state, this.#loader, (aid) => {
      this.#personalizing = aid
    })
  }

  load(command: Command): Answer {
    return this.#loader.load(command)
  }

  delete(command: Command): Answer {
    return remove(command, this.#state)
  }

  getStatus(command: Command): Answer {
    return this.#status.get(command, this.#state)
  }

  setStatus(command: Command): Answer {
    return setStatus(command, this.#state)
  }

  putKey(command: Command): Answer {
    return this.#state.keySets.put(command, this.#channels.channel)
  }

  storeData(command: Command): Answer {
    const entry = this.#personalizing === undefined ? undefined : this.#state.registry.application(this.#personalizing)
    if (entry === undefined) return this.#data.store(command, this.#state.registry)
    const response = this.#channels.personalize(entry, command)
    if ((command.p1 & lastBlock) !== 0) this.#personalizing = undefined
    return response
  }

  #getData(command: Command): Answer {
    return this.#data.get(command, this.#state, this.#channels.sequence)
  }

  getData(command: Command): Answer {
    return this.#getData(command)
  }
}

const getStatusInstruction = 0xf2

const works: Readonly<Record<number, (this: Issuer, command: Command) => Answer>> = {
  [instruction.getData]: Issuer.prototype.getData,
  [instruction.storeData]: Issuer.prototype.storeData,
  0xd8: Issuer.prototype.putKey,
  0xe4: Issuer.prototype.delete,
  0xe6: Issuer.prototype.install,
  0xe8: Issuer.prototype.load,
  0xf0: Issuer.prototype.setStatus,
  [getStatusInstruction]: Issuer.prototype.getStatus,
}

/** In the state CARD_LOCKED (5.1.1.4): only what leads out of it, and what tells. */
const allowedWhenLocked: ReadonlySet<number> = new Set([instruction.getData, 0xf0, getStatusInstruction])
