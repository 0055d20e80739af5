/**
 * The operating system of a GlobalPlatform card (Card Specification 2.3.1): which application is selected, which secure channel is
 * open, who gets a command. The issuer security domain's commands are `issuer.ts`.
 */
import { fromHex, toHex } from '#shared/bytes.ts'
import { logicalChannel } from '#shared/chip/apdu.ts'
import { buildTlv, buildTlvs } from '#shared/tlv/ber.ts'
import { answer, CardStatus } from '../application.ts'
import type { Answer, ApplicationProgram, CardServices, CardSystem, Command } from '../application.ts'
import { CardState } from './card-state.ts'
import { Channels, instruction } from './channels.ts'
import type { ChannelProfile } from './channels.ts'
import { IssuerData } from './data.ts'
import { Issuer } from './issuer.ts'
import type { StaticKeys } from './channel.ts'
import { cardLife, life, privilege } from './registry.ts'
import type { Application } from './registry.ts'

/** What makes one type of GlobalPlatform card out of this system. */
export interface GlobalPlatformProfile extends ChannelProfile {
  /** AID of the issuer security domain, hex. */
  issuer: string
  keyVersion: number
  /** Ten bytes of key diversification data for a chip, and the keys that follow from them. */
  diversification(serial: Uint8Array): Uint8Array
  keys(diversification: Uint8Array): StaticKeys
  /** Life cycle state of the blank (5.1.1). */
  life: number
  /** Sequence counter of the first channel. */
  sequence?: number
  /** What lies on the card from the factory, ready to be installed. */
  programs: readonly ApplicationProgram[]
}

const select = 0xa4
const manageChannel = 0x70

/** State while there is power. */
interface Session {
  state: CardState
  data: IssuerData
  channels: Channels
  issuer: Issuer
  /** The application that is selected, or undefined for the issuer security domain. */
  selected: string | undefined
}

export class GlobalPlatformSystem implements CardSystem {
  readonly #profile: GlobalPlatformProfile
  #session: Session | undefined

  constructor(profile: GlobalPlatformProfile) {
    this.#profile = profile
  }

  format(card: CardServices): void {
    const { issuer, life, keyVersion, protocol, parameter, programs, sequence = 0 } = this.#profile
    const diversification = this.#profile.diversification(card.serial)
    const keys = this.#profile.keys(diversification)
    const { registry, keySets } = new CardState(card, programs)
    registry.issuer = issuer
    registry.cardLife = life
    keySets.format(keyVersion, protocol === 2 ? 'des' : 'aes', keys)
    keySets.setSequence(keyVersion, sequence)
    dataOf(card).format(card.serial, diversification, { protocol, parameter, keyLength: keys.mac.length })
    for (const { loadFile } of programs) {
      const modules = programs.filter((program) => program.loadFile === loadFile).map(({ module }) => module)
      registry.put({ kind: 'load-file', aid: loadFile, life: 0x01, modules })
    }
  }

  reset(card: CardServices): void {
    const state = new CardState(card, this.#profile.programs)
    const data = dataOf(card)
    const channels = new Channels(this.#profile, state, data)
    const first = state.registry.applications().find((entry) => selectable(entry) && (entry.privileges[0]! & privilege.cardReset) !== 0)
    this.#session = { state, data, channels, issuer: new Issuer(state, data, channels), selected: first?.aid }
  }

  process(command: Command, card: CardServices): Answer {
    const session = this.#session!
    if (command.cla === 0xff) throw new CardStatus(0x6e00)
    if (logicalChannel(command.cla) !== 0) throw new CardStatus(0x6881)
    const interindustry = (command.cla & 0x80) === 0
    if (interindustry && command.ins === manageChannel) throw new CardStatus(0x6881) // there is the basic channel alone
    if (session.state.registry.cardLife === cardLife.terminated) return terminated(command, session)
    if (interindustry && command.ins === select && command.p1 === 0x04) return this.#select(command, session)
    return session.selected === undefined ? session.issuer.process(command) : this.#toApplication(command, session, session.selected, card)
  }

  spendRetryCounters(card: CardServices): void {
    const state = this.#session?.state ?? new CardState(card, this.#profile.programs)
    Channels.spend(card)
    for (const entry of state.registry.applications()) state.instance(entry).spendRetryCounters(state.servicesOf(entry.aid))
  }

  /** SELECT by name (11.9, 6.4.2): the first application whose AID begins so, or with P2 02 the next one after the selected. */
  #select(command: Command, session: Session): Answer {
    const { registry } = session.state
    const next = command.p2 === 0x02
    if (command.p2 !== 0x00 && !next) throw new CardStatus(0x6a86)
    const wanted = toHex(command.data)
    if (wanted.length > 32) throw new CardStatus(0x6a80)
    const names = [registry.issuer, ...registry.applications().filter(selectable).map(({ aid }) => aid)]
    const after = next ? names.indexOf(session.selected ?? registry.issuer) + 1 : 0
    const found = names.slice(after).find((aid) => aid.startsWith(wanted))
    if (found === undefined) throw new CardStatus(0x6a82)
    const locked = registry.cardLife === cardLife.locked
    if (locked && found !== registry.issuer) throw new CardStatus(0x6a82)
    this.#leave(session)
    if (found === registry.issuer) return answer(issuerTemplate(found), locked ? 0x6283 : 0x9000)
    session.selected = found
    const { state } = session
    return state.instance(registry.application(found)!).select(command, state.servicesOf(found))
  }

  /** Whatever is selected now is no longer: its channel ends (10.2.3). */
  #leave(session: Session): void {
    const { state, selected } = session
    const entry = selected === undefined ? undefined : state.registry.application(selected)
    if (entry !== undefined) state.instance(entry).deselect(state.servicesOf(entry.aid))
    session.channels.close()
    session.issuer.deselect()
    session.selected = undefined
  }

  /** An application uses its security domain for personalization (7.3.1, EMV CPS 1.1, 4): the channel's commands and STORE DATA are not its own. */
  #toApplication(command: Command, { state, channels }: Session, aid: string, card: CardServices): Answer {
    const entry = state.registry.application(aid)
    if (entry === undefined) throw new CardStatus(0x6999)
    if (channels.opens(command)) return channels.open(command, fromHex(aid), card)
    if (command.ins === instruction.storeData && (command.cla & 0x80) !== 0) return channels.carry(command, (plain) => channels.personalize(entry, plain))
    return state.instance(entry).process(command, state.servicesOf(aid))
  }
}

/** 5.1.1.5: such a card tells what it was, and no more. SELECT is answered as EMV 4.3 Book 3, 6.5.3 has it for a blocked card. */
function terminated(command: Command, { issuer, channels }: Session): Answer {
  if (command.ins === select) throw new CardStatus(0x6a81)
  if (command.ins !== instruction.getData) throw new CardStatus(0x6985)
  channels.close()
  return issuer.process(command)
}

const dataOf = (card: CardServices) => new IssuerData(card.memory.within('data/'))

function selectable(entry: Application): boolean {
  return entry.life >= life.selectable && (entry.life & life.lockedBit) === 0
}

/** 11.9.3.1: the FCI with the AID and the longest data field of a command. */
function issuerTemplate(aid: string): Uint8Array {
  const proprietary = buildTlvs([{ tag: '9F65', value: Uint8Array.of(0xff) }])
  return buildTlv('6F', buildTlvs([{ tag: '84', value: fromHex(aid) }, { tag: 'A5', value: proprietary }]))
}
