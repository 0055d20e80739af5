/** What can be asked without personalizing: probe, the end of a lost command, the stripe of a blank. */
import type { EmbosserDriver, Outcome } from '#main/ports/embosser-driver.ts'
import type { ProbeReport } from '#shared/device/device.ts'
import { encodeMotion, encodeQuestion, parseTracks, type Reply, type Tracks } from '../codec.ts'
import { framingOf } from '../profile.ts'
import { askUntilReady } from './approach.ts'
import type { HeardStatus } from './conversation.ts'
import { conclude, isComplete, isTrouble, reasonOf, troubleEnds } from './outcomes.ts'
import type { Errand, Session } from './session.ts'

/** Only ENQ, `#VER#` and `#ERR#`: no card moves. */
export async function probe(session: Session): Promise<ProbeReport> {
  const status = await ask(session)
  const version = await question(session, session.profile.verbs.version)
  const error = await question(session, session.profile.verbs.errors)
  return {
    answered: status !== undefined || version !== undefined || error !== undefined,
    ...(status !== undefined && { status: `${status.name} ${status.status.reason}` }),
    ...(version !== undefined && { version }),
    ...(error !== undefined && { error }),
  }
}

/** One enquiry and its answer. */
async function ask(session: Session): Promise<HeardStatus | undefined> {
  const { conversation, timings } = session
  conversation.discard()
  await conversation.enquire()
  for (;;) {
    const heard = await conversation.hear(timings.answer)
    if (heard.kind === 'status') return heard
    if (heard.kind !== 'reply') return undefined
  }
}

async function question(session: Session, token: string | null): Promise<string | undefined> {
  if (token === null) return undefined
  const { conversation, profile, mode, timings } = session
  conversation.awaitReply()
  await conversation.send(encodeQuestion(token, framingOf(profile, mode)))
  for (;;) {
    const heard = await conversation.hear(timings.answer)
    if (heard.kind === 'reply') return heard.reply.payload.join(' ')
    if (heard.kind !== 'status') return conversation.brokenReply()?.payload.join(' ')
  }
}

/** A machine that says complete again and again is asked no further. */
const repeatLimit = 5

/**
 * Complete only where nothing else can be meant: in a mode that asks for completions and has one card under way at a
 * time. A completion that was heard while nothing was under way, since the line was opened, counts.
 */
export async function enquireLost(session: Session): ReturnType<EmbosserDriver['enquireLost']> {
  const { mode } = session
  if (mode.readyUnasked) return { answer: 'no-answer', evidence: { statuses: [] } }
  const statuses: string[] = []
  let claimed = session.earlyComplete
  if (claimed) statuses.push(mode.complete[0] ?? '')
  for (;;) {
    const heard = await ask(session)
    if (heard === undefined && !claimed) return { answer: 'no-answer', evidence: { statuses } }
    if (heard !== undefined) statuses.push(heard.name)
    if (heard !== undefined && isComplete(heard, mode) && statuses.length < repeatLimit) {
      claimed = true
      await session.clock.sleep(session.timings.near)
      continue
    }
    session.earlyComplete = false
    // Busy contradicts the completion: it was an earlier card's.
    if (heard?.status.class === 'retry') return { answer: 'busy', evidence: { statuses } }
    if (!claimed || !mode.enquireAfter || mode.lag > 0) return { answer: 'nothing', evidence: { statuses } }
    session.lateUntil = undefined
    return { answer: 'complete', evidence: { statuses } }
  }
}

type StripeReading = Awaited<ReturnType<EmbosserDriver['readStripe']>>

/** Feeds a card to the reader, where the machine has a verb for it, and reads its stripe. */
export async function readStripe(session: Session, errand: Errand): Promise<StripeReading> {
  const { profile, mode, conversation } = session
  const { feed, readTracks } = profile.verbs
  const framing = framingOf(profile, mode)
  if (readTracks === null || mode.readyUnasked) return unread({ kind: 'refused', reason: conclude('verb-missing') })
  const hindrance = await askUntilReady(session, errand)
  if (hindrance !== undefined) return unread({ kind: 'refused', reason: hindrance })
  session.standing = 'failed'
  if (feed !== null) {
    if (!(await conversation.send(encodeMotion(feed, framing)))) return unread({ kind: 'unknown', reason: conclude('link-lost') })
    const failed = await untilFed(session, errand)
    if (failed !== undefined) return unread(failed)
  }
  conversation.discard()
  conversation.awaitReply()
  if (!(await conversation.send(encodeMotion(readTracks, framing)))) return unread({ kind: 'unknown', reason: conclude('link-lost') })
  const reading = await untilRead(session, errand)
  if (reading.outcome.kind === 'done') session.standing = 'good'
  return reading
}

function unread(outcome: Outcome): StripeReading {
  return { outcome, tracks: {} }
}

/** ENQ until the card lies where it was fed to. */
export async function untilFed(session: Session, errand: Errand): Promise<Outcome | undefined> {
  const { conversation, timings, clock } = session
  let lastHeard = clock.elapsed()
  await session.pause(timings.afterCard, errand)
  conversation.discard()
  for (;;) {
    if (!(await conversation.enquire())) return { kind: 'unknown', reason: conclude('link-lost') }
    const heard = await conversation.hear(timings.answer, errand.signal)
    if (heard.kind === 'lost' || heard.kind === 'cancelled') return { kind: 'unknown', reason: session.interruption() }
    if (heard.kind === 'silence' && clock.elapsed() - lastHeard >= timings.silence) return { kind: 'unknown', reason: conclude('no-answer') }
    if (heard.kind !== 'status') continue
    lastHeard = clock.elapsed()
    if (heard.status.class === 'ok') return undefined
    const failed = await endedBy(session, heard, errand)
    if (failed !== undefined) return failed
    if (!isTrouble(heard.status)) await session.pause(timings.busy, errand)
    lastHeard = clock.elapsed()
  }
}

/** The reply ends with its `@`, or after a quiet second; without any within the silence limit, the machine is gone. */
async function untilRead(session: Session, errand: Errand): Promise<StripeReading> {
  const { conversation, timings, clock } = session
  const deadline = clock.elapsed() + timings.silence
  for (;;) {
    const heard = await conversation.hear(timings.stripeIdle, errand.signal)
    if (heard.kind === 'lost' || heard.kind === 'cancelled') return unread({ kind: 'unknown', reason: session.interruption() })
    if (heard.kind === 'reply') return reading(heard.reply, heard.complete)
    if (heard.kind === 'status') {
      const failed = await endedBy(session, heard, errand)
      if (failed !== undefined) return unread(failed)
      continue
    }
    const broken = conversation.quiet >= timings.stripeIdle ? conversation.brokenReply() : undefined
    if (broken !== undefined) return reading(broken, false)
    if (clock.elapsed() >= deadline) return unread({ kind: 'unknown', reason: conclude('no-answer') })
    conversation.awaitReply()
  }
}

function reading({ echoes, payload }: Reply, complete: boolean): StripeReading {
  const tracks: Tracks | undefined = parseTracks(payload.join(''))
  if (!complete || tracks === undefined) return unread({ kind: 'unknown', reason: conclude('stripe-incomplete') })
  return { outcome: { kind: 'done', evidence: { statuses: echoes } }, tracks }
}

async function endedBy(session: Session, heard: HeardStatus, errand: Errand): Promise<Outcome | undefined> {
  if (!isTrouble(heard.status)) return undefined
  if (!heard.status.waits) return troubleEnds(heard)
  const given = await session.attend(heard, true, errand)
  if (given === undefined) return undefined
  return given.status === reasonOf(heard).status ? troubleEnds(heard) : { kind: 'unknown', reason: given }
}
