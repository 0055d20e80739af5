/** GET STATUS (GlobalPlatform 2.3, 11.4) and SET STATUS (11.10). */
import { concatenate, fromHex, toHex } from '#shared/bytes.ts'
import { buildTlv, buildTlvs } from '#shared/tlv/ber.ts'
import { CardStatus, done } from '../application.ts'
import type { Answer, Command } from '../application.ts'
import type { CardState } from './card-state.ts'
import { objectsOf } from './content.ts'
import { cardLife, life } from './registry.ts'
import type { Entry } from './registry.ts'

/** P1 of GET STATUS (table 11-33). */
const scope = { issuer: 0x80, applications: 0x40, loadFiles: 0x20, modules: 0x10 } as const

/** Bytes of one response, so that response MAC and encryption still fit. */
const longest = 224

interface Listed {
  aid: string
  life: number
  privileges?: Uint8Array
  loadFile?: string
  modules?: readonly string[]
}

/** GET STATUS goes on where it stopped, while nothing else comes between. */
export class StatusList {
  #rest: Uint8Array[] = []

  forget(): void {
    this.#rest = []
  }

  /** Throws CardStatus: 6A88 where nothing fits, 6985 for a next occurrence without a first. */
  get({ p1, p2, data }: Command, state: CardState): Answer {
    if ((p1 & 0x0f) !== 0 || p1 === 0 || (p2 & ~0x03) !== 0) throw new CardStatus(0x6a86)
    const next = (p2 & 0x01) !== 0
    if (next && this.#rest.length === 0) throw new CardStatus(0x6985)
    if (!next) {
      const wanted = objectsOf(data).find(({ tag }) => tag === '4F')
      if (wanted === undefined) throw new CardStatus(0x6a80)
      const write = (p2 & 0x02) !== 0 ? inTemplate : inOldForm
      this.#rest = listed(p1, state)
        .filter(({ aid }) => aid.startsWith(toHex(wanted.value)))
        .map((entry) => write(entry, state.registry.issuer))
      if (this.#rest.length === 0) throw new CardStatus(0x6a88)
    }
    return this.#take()
  }

  #take(): Answer {
    let taken: Uint8Array = new Uint8Array(0)
    while (this.#rest.length > 0 && (taken.length === 0 || taken.length + this.#rest[0]!.length <= longest)) taken = concatenate(taken, this.#rest.shift()!)
    return { data: taken, status: this.#rest.length > 0 ? 0x6310 : 0x9000 }
  }
}

function listed(p1: number, { registry }: CardState): Listed[] {
  const issuer: Listed = { aid: registry.issuer, life: registry.cardLife, privileges: registry.issuerPrivileges }
  const files = registry.loadFiles().map(({ aid, life, modules }): Listed => (p1 & scope.modules) !== 0 ? { aid, life, modules } : { aid, life })
  return [
    ...((p1 & scope.issuer) !== 0 ? [issuer] : []),
    ...((p1 & scope.applications) !== 0 ? registry.applications() : []).map(({ aid, life, privileges, loadFile }): Listed => ({ aid, life, privileges, loadFile })),
    ...((p1 & (scope.loadFiles | scope.modules)) !== 0 ? files : []),
  ]
}

/** Table 11-36: tag E3. */
function inTemplate({ aid, life, privileges, loadFile, modules = [] }: Listed, issuer: string): Uint8Array {
  const objects = [{ tag: '4F', value: fromHex(aid) }, { tag: '9F70', value: Uint8Array.of(life) }]
  if (privileges !== undefined) objects.push({ tag: 'C5', value: privileges })
  if (loadFile !== undefined) objects.push({ tag: 'C4', value: fromHex(loadFile) })
  objects.push(...modules.map((module) => ({ tag: '84', value: fromHex(module) })))
  if (aid !== issuer) objects.push({ tag: 'CC', value: fromHex(issuer) })
  return buildTlv('E3', buildTlvs(objects))
}

/** The form of P2 b2 = 0, which the specification keeps for old hosts: lengths and values, one byte of privileges. */
function inOldForm({ aid, life, privileges, modules }: Listed): Uint8Array {
  const name = (hex: string) => concatenate([hex.length / 2], fromHex(hex))
  return concatenate(name(aid), [life, privileges?.[0] ?? 0], modules === undefined ? [] : [modules.length], ...(modules ?? []).map(name))
}

/** SET STATUS by the issuer security domain. Throws CardStatus. */
export function setStatus({ p1, p2, data }: Command, state: CardState): Answer {
  if (p1 === 0x80) setCardLife(p2, state)
  else if (p1 === 0x40 || p1 === 0x60) setLock(toHex(data), p2, state)
  else throw new CardStatus(0x6a86)
  return done
}

/** Which states follow one another (5.1.2, figure 5-1); locking is the only way that leads back. */
const cardTransitions: Readonly<Record<number, readonly number[]>> = {
  [cardLife.opReady]: [cardLife.initialized, cardLife.terminated],
  [cardLife.initialized]: [cardLife.secured, cardLife.terminated],
  [cardLife.secured]: [cardLife.locked, cardLife.terminated],
  [cardLife.locked]: [cardLife.secured, cardLife.terminated],
}

function setCardLife(next: number, { registry }: CardState): void {
  const allowed = cardTransitions[registry.cardLife] ?? []
  if (!Object.values(cardLife).some((known) => known === next)) throw new CardStatus(0x6a80)
  if (!allowed.includes(next)) throw new CardStatus(0x6985)
  registry.cardLife = next
}

/** Bit 8 of P2 locks an application, its absence unlocks it (table 11-87); the other bits are the application's own. */
function setLock(aid: string, p2: number, { registry }: CardState): void {
  const entry: Entry | undefined = registry.find(aid)
  if (entry?.kind !== 'application') throw new CardStatus(0x6a88)
  const lock = (p2 & life.lockedBit) !== 0
  const locked = (entry.life & life.lockedBit) !== 0
  if (lock === locked) throw new CardStatus(0x6985)
  registry.put({ ...entry, life: lock ? entry.life | life.lockedBit : entry.life & ~life.lockedBit })
}
