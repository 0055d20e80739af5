/**
 * The oracle: judges the nine invariants of the life of a card ("Card states" in the architecture) by two witnesses
 * alone, the simulated machines' plastic and the rows of the journal. It asks the program nothing and believes no
 * projection, no counter and no driver. `judge` holds at any moment of any history; `judgeEnd` adds what must be true
 * once the faults have stopped and everybody has gone home.
 */
import { closedStates } from '#shared/card/life.ts'
import type { DeviceId, JournalRow } from '#shared/journal/events.ts'
import { hasSerial } from './chip-reading.ts'
import { checkChain, readJournal } from './journal-reading.ts'
import type { AttemptHistory, Breach, JournalReading } from './journal-reading.ts'
import { compare, isConsumed, isMarked, isReleased } from './plastic-reading.ts'
import type { ExpectedCard, Likeness, WitnessedBlank } from './plastic-reading.ts'

export type { Breach } from './journal-reading.ts'
export type { ExpectedCard, ExpectedLine, WitnessedBlank } from './plastic-reading.ts'

export interface Testimony {
  rows: readonly JournalRow[]
  /** All blanks of all machines, those in the hopper too. */
  blanks: readonly WitnessedBlank[]
  /** Every record of every job that may be under way. */
  cards: readonly ExpectedCard[]
  /** Machines that feed a blank ahead of its data: one that is lost or taken out unmarked may be nobody's card. */
  feedAhead?: ReadonlySet<DeviceId>
}

/** Invariants 1 to 7 at this moment. An empty list is a clean bill. */
export function judge({ rows, blanks, cards, feedAhead = new Set() }: Testimony): Breach[] {
  const reading = readJournal(rows)
  const likenesses = likenessesOf(blanks, cards)
  return [
    ...reading.breaches,
    ...judgeReleases(reading, likenesses, cards),
    ...judgeMarks(reading, likenesses),
    ...judgeCounts(reading, blanks, feedAhead),
  ]
}

/** Invariants 1 to 7, the chain, and 9: every card has its end, every run too, and nobody waits for anything. */
export function judgeEnd(testimony: Testimony): Breach[] {
  const reading = readJournal(testimony.rows)
  const breaches: Breach[] = [...checkChain(testimony.rows), ...judge(testimony)]
  for (const { attempt, life } of reading.attempts) {
    if (!closedStates.has(life.state)) breaches.push({ invariant: 9, what: `${attempt} is ${life.state} for ever` })
  }
  for (const run of reading.openRuns) breaches.push({ invariant: 9, what: `${run} never ends` })
  for (const { job, record } of testimony.cards) {
    const history = reading.records.get(`${job}/${record}`)
    const good = history?.attempts.at(-1)?.life.state === 'good'
    if (!good && history?.skipped !== true) breaches.push({ invariant: 9, what: `record ${job}/${record} has no end` })
  }
  for (const { device, blank } of testimony.blanks) {
    if (blank.place.kind === 'inside' && isMarked(blank)) breaches.push({ invariant: 9, what: `${blank.id} of ${device} is left in the machine` })
  }
  return breaches
}

interface BlankLikeness extends WitnessedBlank {
  /** For each card that the marks could belong to. */
  likely: Map<ExpectedCard, Likeness>
}

function likenessesOf(blanks: readonly WitnessedBlank[], cards: readonly ExpectedCard[]): BlankLikeness[] {
  return blanks
    .filter(({ blank }) => isMarked(blank))
    .map(({ device, blank }) => {
      const compared = cards.map((card) => [card, compare(blank, card)] as const)
      return { device, blank, likely: new Map(compared.filter(([, likeness]) => likeness.explains)) }
    })
}

function attemptsOf(reading: JournalReading, { job, record }: ExpectedCard): AttemptHistory[] {
  return reading.records.get(`${job}/${record}`)?.attempts ?? []
}

/** 1: at most one good card per record. 5: good means that everything is on it. And no good card is lost from the books. */
function judgeReleases(reading: JournalReading, blanks: readonly BlankLikeness[], cards: readonly ExpectedCard[]): Breach[] {
  const breaches: Breach[] = []
  for (const card of cards) {
    const name = `record ${card.job}/${card.record}`
    const attempts = attemptsOf(reading, card)
    const good = attempts.filter(({ life }) => life.state === 'good').length
    const open = attempts.some(({ life }) => !closedStates.has(life.state))
    const released = blanks.filter(({ blank, likely }) => likely.get(card)?.complete === true && isReleased(blank)).length
    if (good > 1) breaches.push({ invariant: 1, what: `${name} has ${good} good attempts` })
    if (released > 1) breaches.push({ invariant: 1, what: `${name} has ${released} complete cards among the good ones` })
    if (good > 0 && released === 0) breaches.push({ invariant: 5, what: `${name} is good, and no card with all its bits and characters came out` })
    if (good === 0 && released > 0 && !open) breaches.push({ invariant: 5, what: `${name} lies complete among the good cards, and the journal does not know it` })
  }
  return breaches
}

/**
 * 2: every mark is explained by a durable intent for a record whose marks these are, on the machine it was sent to.
 * 3: one blank per attempt, and none for an attempt that ended unused. Both hold when every marked blank can be given
 * an attempt of its own.
 */
function judgeMarks(reading: JournalReading, blanks: readonly BlankLikeness[]): Breach[] {
  const breaches: Breach[] = []
  const explanations = blanks.map(({ device, blank, likely }) =>
    [...likely].flatMap(([card, likeness]) =>
      attemptsOf(reading, card).filter((attempt) => attempt.device === device && attempt.makes > 0 && (!likeness.void || attempt.voids > 0) && (!likeness.chip || attempt.chips.some((chip) => hasSerial(blank, chip)))),
    ),
  )
  const usable = explanations.map((attempts) => attempts.filter(({ life }) => life.state !== 'unused'))
  const unmatched = new Set(withoutPartner(usable))
  blanks.forEach(({ device, blank }, index) => {
    if (explanations[index]!.length === 0) breaches.push({ invariant: 2, what: `${blank.id} of ${device} carries marks that no durable intent explains` })
    else if (unmatched.has(index)) breaches.push({ invariant: 3, what: `${blank.id} of ${device} was touched, and no attempt is left to answer for it` })
  })
  return breaches
}

/** Indices that stay without a partner in a largest matching (augmenting paths). */
function withoutPartner<Partner>(wishes: readonly (readonly Partner[])[]): number[] {
  const taken = new Map<Partner, number>()
  const place = (index: number, tried: Set<Partner>): boolean =>
    wishes[index]!.some((partner) => {
      if (tried.has(partner)) return false
      tried.add(partner)
      const holder = taken.get(partner)
      if (holder !== undefined && !place(holder, tried)) return false
      taken.set(partner, index)
      return true
    })
  return wishes.map((_, index) => index).filter((index) => !place(index, new Set()))
}

/**
 * 4: blanks picked = good + rejected + in doubt, machine by machine. While attempts are open their blanks may or may not
 * have been picked yet, so the count may lag by as many.
 */
function judgeCounts(reading: JournalReading, blanks: readonly WitnessedBlank[], feedAhead: ReadonlySet<DeviceId>): Breach[] {
  const breaches: Breach[] = []
  for (const device of new Set([...blanks.map((blank) => blank.device), ...reading.attempts.map((attempt) => attempt.device)])) {
    const attempts = reading.attempts.filter((attempt) => attempt.device === device)
    const ended = attempts.filter(({ life }) => life.state === 'good' || life.state === 'rejected').length
    const open = attempts.filter(({ life, makes }) => !closedStates.has(life.state) && makes > 0).length
    const used = blanks.filter((blank) => blank.device === device && isConsumed(blank.blank))
    const picked = used.length
    const clean = feedAhead.has(device) ? used.filter(({ blank }) => !isReleased(blank) && !isMarked(blank)).length : 0
    if (picked < ended || picked - clean > ended + open) {
      breaches.push({ invariant: 4, what: `${device} has used ${picked} blanks; the journal holds ${ended} good and rejected, ${open} open` })
    }
  }
  return breaches
}
