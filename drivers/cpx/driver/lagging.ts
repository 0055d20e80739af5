/** Modes in which the machine takes the next card before it has told the end of this one. Completions count in order. */
import type { HeardStatus } from './conversation.ts'
import type { Flight } from './flight.ts'
import { conclude, isComplete, isTrouble, troubleEnds, type ConcludedReason } from './outcomes.ts'
import type { Errand, Session } from './session.ts'

/**
 * A status arrived, whoever waits for it. The oldest card is the one that completed. Trouble that no person mends is
 * certain knowledge only where one card is under way; with two, nobody knows which of them it struck.
 */
export function attribute(session: Session, heard: HeardStatus): void {
  const { flights, mode, conversation } = session
  const [oldest] = flights
  if (oldest === undefined) return
  for (const flight of flights) flight.heard(heard.name)
  if (isComplete(heard, mode)) {
    if (mode.enquireAfter && conversation.enquiries <= oldest.enquiriesBefore) session.note(`${heard.name} before this card was asked about`)
    else land(session, 1)
  } else if (isTrouble(heard.status) && !heard.status.waits) endAll(session, heard)
}

/** The `count` oldest cards are complete. */
function land(session: Session, count: number): void {
  for (const flight of session.flights.splice(0, count)) flight.done()
}

/** Ends every card under way on trouble. */
function endAll(session: Session, heard: HeardStatus): void {
  const flights = session.flights.splice(0)
  const ending = troubleEnds(heard)
  for (const flight of flights) flight.end(flights.length === 1 || ending.kind !== 'failed' ? ending : { kind: 'unknown', reason: ending.reason })
  session.standing = 'failed'
}

/** Nobody will tell the end of any card under way. */
export function loseAll(session: Session, code: ConcludedReason): void {
  for (const flight of session.flights.splice(0)) flight.end({ kind: 'unknown', reason: conclude(code) })
  session.standing = 'failed'
  if (code !== 'link-lost') session.lateUntil = session.clock.elapsed() + session.timings.late
}

/** Waits until the machine says by itself that it took the card data. */
export async function untilAccepted(session: Session, flight: Flight, errand: Errand): Promise<void> {
  const { conversation, mode, clock } = session
  const deadline = clock.elapsed() + mode.cardLimit
  while (flight.outcome === undefined) {
    const heard = await conversation.hear(Math.max(0, deadline - clock.elapsed()), errand.signal)
    if (heard.kind === 'silence') return loseAll(session, 'no-answer')
    if (heard.kind === 'lost' || heard.kind === 'cancelled') return loseOne(session, flight)
    if (heard.kind !== 'status') continue
    if (mode.accept.includes(heard.name) && !isComplete(heard, mode)) {
      if (mode.acceptCompletes) land(session, session.flights.indexOf(flight))
      return
    }
    await mend(session, heard, errand)
  }
}

/** The controller gave up the card that is under way last; those before it still have their end to come. */
function loseOne(session: Session, flight: Flight): void {
  session.flights = session.flights.filter((other) => other !== flight)
  session.standing = 'failed'
  flight.end({ kind: 'unknown', reason: session.interruption() })
}

/** Asks until no more than `most` cards are under way, or the errand is interrupted. */
export async function untilFlights(session: Session, most: number, errand: Errand): Promise<void> {
  const { conversation, clock, mode, timings } = session
  let lastHeard = clock.elapsed()
  let readySince: number | undefined
  const deadline = lastHeard + mode.cardLimit
  let nextEnquiry = lastHeard
  while (session.flights.length > most) {
    const heard = await conversation.hear(Math.max(0, nextEnquiry - clock.elapsed()), errand.signal)
    const now = clock.elapsed()
    if (heard.kind === 'lost' || heard.kind === 'cancelled') return
    if (heard.kind === 'silence') {
      if (now >= deadline) return loseAll(session, 'completion-overdue')
      if (now - lastHeard >= timings.silence) return loseAll(session, 'no-answer')
      nextEnquiry = now + timings.answer
      await conversation.enquire()
    }
    if (heard.kind !== 'status') continue
    lastHeard = now
    // Ready may mean ready for the next card: only a machine that stays ready has nothing more to tell.
    readySince = heard.status.class === 'ok' ? (readySince ?? now) : undefined
    if (readySince !== undefined && now - readySince >= timings.silence) return loseAll(session, 'ready-without-complete')
    nextEnquiry = now + (isComplete(heard, mode) ? timings.near : timings.busy)
    if (await mend(session, heard, errand)) lastHeard = clock.elapsed()
  }
}

/** Has a person mend what can be mended; giving up ends every card under way. True where a person was asked. */
async function mend(session: Session, heard: HeardStatus, errand: Errand): Promise<boolean> {
  if (!isTrouble(heard.status) || !heard.status.waits) return false
  const given = await session.attend(heard, true, errand)
  if (given === undefined) return true
  if (given.status !== undefined) endAll(session, heard)
  return true
}
