/**
 * Everything before card data goes out. Each step answers with the reason that ends the command, or undefined: as long
 * as no card data was sent, nothing has happened to any blank.
 */
import type { Reason } from '#shared/device/device.ts'
import { isSamePlace, type Frames, type Place } from './card-layout.ts'
import type { HeardStatus } from './conversation.ts'
import { conclude, isTrouble, reasonOf } from './outcomes.ts'
import type { Errand, Session } from './session.ts'

type Hindrance = Reason | undefined

/** A machine that never falls quiet is not waited for. */
const patience = 100

/** From the first enquiry to the moment before the card data. */
export async function approach(session: Session, frames: Frames, errand: Errand): Promise<Hindrance> {
  const { mode } = session
  if (mode.pickPause > 0 && !errand.presented) await session.pause(mode.pickPause, errand)
  const hindrance =
    (await untilMachineReady(session, errand)) ??
    (frames.format && (await sendFormat(session, frames.format, errand))) ??
    (mode.enquireBetween ? await askUntilReady(session, errand) : undefined)
  if (hindrance === undefined && errand.signal.aborted) return session.interruption()
  return hindrance
}

/** One damaged frame can cost a machine several letters: while it is still telling them, nothing new is begun. */
async function untilQuiet({ conversation, timings }: Session, errand: Errand): Promise<void> {
  for (let heard = 0; heard < patience; heard++) {
    const { kind } = await conversation.hear(timings.afterFormat, errand.signal)
    if (kind !== 'status' && kind !== 'reply') return
  }
}

async function untilMachineReady(session: Session, errand: Errand): Promise<Hindrance> {
  if (session.standing === 'failed') await untilQuiet(session, errand)
  if (session.mode.readyUnasked) return listenUntilReady(session, errand)
  if (session.mode.enquireBefore || session.unclean) return askUntilReady(session, errand)
  return undefined
}

/**
 * ENQ until the machine is ready and owes no answer. Completions that come here belong to earlier cards.
 * After a command that went wrong the machine may have one letter left to tell: it is asked once more.
 */
export async function askUntilReady(session: Session, errand: Errand): Promise<Hindrance> {
  const { conversation, timings, clock } = session
  conversation.discard()
  let lastHeard = clock.elapsed()
  let busySince: number | undefined
  let leftOver = session.unclean
  for (;;) {
    if (!(await conversation.enquire())) return conclude('link-lost')
    const heard = await conversation.hear(timings.answer, errand.signal)
    if (heard.kind === 'lost' || heard.kind === 'cancelled') return session.interruption()
    if (heard.kind === 'silence' && clock.elapsed() - lastHeard >= timings.silence) return conclude('no-answer')
    if (heard.kind !== 'status') continue
    lastHeard = clock.elapsed()
    if (counts(session, heard)) {
      if (await owesNothing(session, errand)) return undefined
      continue
    }
    if (heard.status.class === 'retry') {
      busySince ??= lastHeard
      if (lastHeard - busySince >= timings.busyLimit) return conclude('busy-too-long')
      await session.pause(timings.busy, errand)
      continue
    }
    busySince = undefined
    if (!isTrouble(heard.status)) await session.pause(timings.near, errand)
    else if (heard.status.waits) {
      const given = await session.attend(heard, false, errand)
      if (given !== undefined) return given
      lastHeard = clock.elapsed()
    } else if (leftOver) leftOver = false
    else return reasonOf(heard)
  }
}

function counts({ mode, unclean }: Session, { name, status }: HeardStatus): boolean {
  return mode.accept.includes(name) || (unclean && status.class === 'ok')
}

/**
 * Waits for answers to earlier enquiries, and for a completion that was lost and may be late: either could be taken for
 * the answer about the card to come. False where something was heard that has to be asked about again.
 */
async function owesNothing(session: Session, errand: Errand): Promise<boolean> {
  const { conversation, timings, clock } = session
  while (conversation.unanswered > 0) {
    const heard = await conversation.hear(timings.answer, errand.signal)
    if (heard.kind === 'silence') conversation.forgetUnanswered()
    else if (heard.kind !== 'status' || heard.status.class !== 'ok') return false
  }
  while (session.lateUntil !== undefined) {
    const left = session.lateUntil - clock.elapsed()
    if (left <= 0) {
      session.lateUntil = undefined
      return true
    }
    const heard = await conversation.hear(left, errand.signal)
    if (heard.kind !== 'silence') return false
    session.lateUntil = undefined
  }
  return true
}

/** In a mode where the machine is never asked it says ready by itself, perhaps long ago. */
async function listenUntilReady(session: Session, errand: Errand): Promise<Hindrance> {
  while (!session.readyUnasked) {
    const hindrance = await listen(session, errand, session.timings.silence)
    if (hindrance === 'silence') return conclude('no-answer')
    if (typeof hindrance === 'object') return hindrance
  }
  return undefined
}

async function sendFormat(session: Session, format: NonNullable<Frames['format']>, errand: Errand): Promise<Hindrance> {
  const { mode, timings, conversation } = session
  if (isHeld(session, format.places)) return undefined
  if (errand.signal.aborted) return session.interruption()
  conversation.discard()
  session.format = undefined
  session.readyUnasked = false
  if (!(await conversation.send(format.frame))) return conclude('link-lost')
  for (const expected of mode.formatAnswer) {
    const heard = await listen(session, errand, timings.silence, expected)
    if (heard === 'silence') return conclude('no-answer')
    if (typeof heard === 'object') return heard
  }
  const until = session.clock.elapsed() + timings.afterFormat
  for (let left = timings.afterFormat; left > 0; left = until - session.clock.elapsed()) {
    const heard = await listen(session, errand, left)
    if (typeof heard === 'object') return heard
    if (heard === 'silence') break
  }
  session.format = { places: format.places, usedAt: session.clock.elapsed() }
  return undefined
}

/** The machine holds this format already, unless it may have been switched off since. */
function isHeld({ mode, unclean, format, clock, timings }: Session, places: readonly Place[]): boolean {
  if (mode.formatFrame === 'every-card' || unclean || format?.places.length !== places.length) return false
  if (!format.places.every((place, index) => isSamePlace(place, places[index]!))) return false
  return clock.elapsed() - format.usedAt < timings.formatAgain
}

/** Hears one status, or `expected`; trouble ends the command unless a person mends it. Sends nothing. */
async function listen(session: Session, errand: Errand, milliseconds: number, expected?: string): Promise<Hindrance | 'silence'> {
  for (;;) {
    const heard = await session.conversation.hear(milliseconds, errand.signal)
    if (heard.kind === 'silence') return 'silence'
    if (heard.kind === 'lost' || heard.kind === 'cancelled') return session.interruption()
    if (heard.kind !== 'status') continue
    if (isTrouble(heard.status)) {
      const given = heard.status.waits ? await session.attend(heard, false, errand) : reasonOf(heard)
      if (given !== undefined) return given
    }
    if (expected === undefined || heard.name === expected) return undefined
  }
}
