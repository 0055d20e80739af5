/** Card content management: INSTALL (GlobalPlatform 2.3, 11.5) and DELETE (11.2). Loading is `load.ts`. */
import { concatenate } from '#shared/bytes.ts'
import { parseTlv } from '#shared/tlv/ber.ts'
import { CardStatus } from '../application.ts'
import type { Answer, Command } from '../application.ts'
import { identifierOf } from './card-state.ts'
import type { CardState } from './card-state.ts'
import type { Loader } from './load.ts'
import { Reader } from './reader.ts'
import { life, privilege } from './registry.ts'
import type { Application } from './registry.ts'

/** P1 of INSTALL (table 11-41), by bit. */
const forLoad = 0x02
const forInstall = 0x04
const forMakeSelectable = 0x08
const forPersonalization = 0x20

/** Length 00: no confirmation (11.5.3.1). */
const noConfirmation: Answer = { data: Uint8Array.of(0), status: 0x9000 }

/** INSTALL. `personalize` is told which application STORE DATA goes to from now on. Throws CardStatus. */
export function install(command: Command, state: CardState, loader: Loader, personalize: (aid: string) => void): Answer {
  if (command.p2 !== 0) throw new CardStatus(0x6a86)
  const reader = new Reader(command.data)
  switch (command.p1) {
    case forLoad:
      loader.begin(reader)
      return noConfirmation
    case forInstall:
    case forInstall | forMakeSelectable:
      installInstance(reader, state, command.p1 === forInstall ? life.installed : life.selectable)
      return noConfirmation
    case forMakeSelectable:
      makeSelectable(reader, state)
      return noConfirmation
    case forPersonalization:
      personalize(forPersonalizing(reader, state))
      return noConfirmation
    default:
      // extradition and registry update need another security domain or a token; there is neither
      throw new CardStatus(0x6a86)
  }
}

/** 11.5.2.3.2: load file, module, instance, privileges, parameters, token. */
function installInstance(reader: Reader, state: CardState, first: number): void {
  const { registry } = state
  const [loadFile, module, aid] = [identifierOf(reader.lengthAndValue()), identifierOf(reader.lengthAndValue()), identifierOf(reader.lengthAndValue())]
  const privileges = privilegesOf(reader.lengthAndValue())
  const parameters = parametersOf(reader.lengthAndValue())
  reader.lengthAndValue() // a token, which the issuer's own security domain needs none of
  const file = registry.find(loadFile)
  if (file?.kind !== 'load-file' || !file.modules.includes(module)) throw new CardStatus(0x6a88)
  if (registry.find(aid) !== undefined || registry.issuer === aid) throw new CardStatus(0x6985)
  const entry: Application = { kind: 'application', aid, life: first, privileges, loadFile, module }
  state.card.memory.transaction(() => {
    if ((privileges[0]! & privilege.cardReset) !== 0) takeCardReset(state)
    registry.put(entry)
    state.instance(entry).install(parameters, state.servicesOf(aid))
  })
}

/** Only one application is selected by itself after a reset (6.6.2). */
function takeCardReset({ registry }: CardState): void {
  for (const other of registry.applications()) {
    if ((other.privileges[0]! & privilege.cardReset) === 0) continue
    registry.put({ ...other, privileges: concatenate([other.privileges[0]! & ~privilege.cardReset], other.privileges.subarray(1)) })
  }
}

/** One byte, or three (11.1.2). Security domains can't be made on this card. */
function privilegesOf(bytes: Uint8Array): Uint8Array {
  if (bytes.length !== 1 && bytes.length !== 3) throw new CardStatus(0x6a80)
  if ((bytes[0]! & privilege.securityDomain) !== 0) throw new CardStatus(0x6a80)
  return concatenate(bytes, new Uint8Array(3 - bytes.length))
}

/** The application's own parameters (tag C9, mandatory: table 11-49). */
function parametersOf(bytes: Uint8Array): Uint8Array {
  const own = objectsOf(bytes).find(({ tag }) => tag === 'C9')
  if (own === undefined) throw new CardStatus(0x6a80)
  return own.value
}

/** 11.5.2.3.3: two lengths of zero, the instance, its privileges. Of these Card Reset may be given here, to an application that can be selected already too. */
function makeSelectable(reader: Reader, state: CardState): void {
  const { registry, card } = state
  reader.lengthAndValue()
  reader.lengthAndValue()
  const entry = registry.application(identifierOf(reader.lengthAndValue()))
  const [given = 0] = reader.lengthAndValue()
  if (entry === undefined) throw new CardStatus(0x6a88)
  const first = (given & privilege.cardReset) !== 0
  if (entry.life !== life.installed && (!first || (entry.life & life.lockedBit) !== 0)) throw new CardStatus(0x6985)
  card.memory.transaction(() => {
    if (first) takeCardReset(state)
    const privileges = first ? concatenate([entry.privileges[0]! | privilege.cardReset], entry.privileges.subarray(1)) : entry.privileges
    registry.put({ ...entry, privileges, life: entry.life === life.installed ? life.selectable : entry.life })
  })
}

/** 11.5.2.3.6: two lengths of zero, the instance, three lengths of zero. */
function forPersonalizing(reader: Reader, { registry }: CardState): string {
  reader.lengthAndValue()
  reader.lengthAndValue()
  const entry = registry.application(identifierOf(reader.lengthAndValue()))
  if (entry === undefined) throw new CardStatus(0x6a88)
  if (entry.life < life.selectable || (entry.life & life.lockedBit) !== 0) throw new CardStatus(0x6985)
  return entry.aid
}

/** DELETE of an application, a load file (P2 80: with what was made of it), or keys. Throws CardStatus. */
export function remove({ p1, p2, data }: Command, state: CardState): Answer {
  if (p1 !== 0 || (p2 & 0x7f) !== 0) throw new CardStatus(0x6a86)
  const objects = objectsOf(data)
  const value = (tag: string) => objects.find((object) => object.tag === tag)?.value
  if (objects.filter(({ tag }) => tag === '4F').length > 1) throw new CardStatus(0x6a80) // one at a time (table 11-22)
  const aid = value('4F')
  const [identifier, version] = [value('D0')?.[0], value('D2')?.[0]]
  if (aid !== undefined) removeContent(identifierOf(aid), (p2 & 0x80) !== 0, state)
  else if (identifier === undefined && version === undefined) throw new CardStatus(0x6a80)
  else state.keySets.remove(version, identifier)
  return noConfirmation
}

function removeContent(aid: string, related: boolean, state: CardState): void {
  const { registry, card } = state
  if (aid === registry.issuer) throw new CardStatus(0x6985)
  const entry = registry.find(aid)
  if (entry === undefined) throw new CardStatus(0x6a88)
  const instances = entry.kind === 'application' ? [entry] : registry.applications().filter(({ loadFile }) => loadFile === aid)
  if (entry.kind === 'load-file' && instances.length > 0 && !related) throw new CardStatus(0x6985)
  card.memory.transaction(() => {
    for (const instance of instances) {
      registry.remove(instance.aid)
      state.forget(instance.aid)
    }
    if (entry.kind !== 'load-file') return
    registry.remove(aid)
    for (const name of card.memory.names()) if (name.startsWith(`code/${aid}/`)) card.memory.erase(name)
  })
}

/** Data objects of a command's data. Throws CardStatus 6A80 where it is none. */
export function objectsOf(bytes: Uint8Array): { tag: string; value: Uint8Array }[] {
  try {
    return parseTlv(bytes)
  } catch {
    throw new CardStatus(0x6a80)
  }
}
