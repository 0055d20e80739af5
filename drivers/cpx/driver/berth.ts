/** The place at the chip station: how a card comes there, and which one waits. Nothing is done to a card here. */
import type { EmbosserDriver, PresentedCard } from '#main/ports/embosser-driver.ts'
import type { Capabilities, Reason } from '#shared/device/device.ts'
import { encodeMotion } from '../codec.ts'
import { framingOf } from '../profile.ts'
import { askUntilReady } from './approach.ts'
import { conclude } from './outcomes.ts'
import { untilFed } from './questions.ts'
import type { Errand, Session } from './session.ts'

type Presentation = Awaited<ReturnType<EmbosserDriver['present']>>

export class Berth {
  #tickets = 0
  /** A card that lies there untouched, and that nobody works at any more. */
  #returned: number | undefined

  handBack({ ticket }: PresentedCard): void {
    this.#returned = ticket
  }

  async bring(session: Session, chip: NonNullable<Capabilities['chip']>, errand: Errand): Promise<Presentation> {
    const returned = this.#returned
    this.#returned = undefined
    const hindrance = chip.feed === 'by-itself' ? await awaitPick(session, errand) : returned === undefined ? await feed(session, errand) : undefined
    if (hindrance === undefined) return { kind: 'presented', card: { station: chip.stations[0]!, ticket: returned ?? ++this.#tickets } }
    this.#returned = returned
    return { kind: 'refused', reason: hindrance }
  }
}

/**
 * The machine picks by itself as soon as it can. While another card is under way it is left alone: its answer would be about that
 * card. Otherwise it is asked what may keep it from picking, such as an empty hopper.
 */
async function awaitPick(session: Session, errand: Errand): Promise<Reason | undefined> {
  await session.pause(session.mode.pickPause, errand)
  if (errand.signal.aborted) return session.interruption()
  return session.flights.length > 0 ? undefined : askUntilReady(session, errand)
}

/** ENQ, the verb that feeds, and ENQ until the card lies there. */
async function feed(session: Session, errand: Errand): Promise<Reason | undefined> {
  const { profile, mode, conversation } = session
  const hindrance = await askUntilReady(session, errand)
  if (hindrance !== undefined) return hindrance
  if (errand.signal.aborted) return session.interruption()
  session.standing = 'failed'
  if (!(await conversation.send(encodeMotion(profile.verbs.feed ?? '', framingOf(profile, mode))))) return conclude('link-lost')
  const failed = await untilFed(session, errand)
  if (failed !== undefined) return failed.kind === 'done' ? undefined : failed.reason
  session.standing = 'good'
  return undefined
}
