/**
 * The chip of one attempt, before anything else is done to its blank. Writing begins only after the card's identity is durable: a
 * contact lost before that has touched nothing, a contact lost after it has spoiled the blank.
 */
import type { PreparedChip } from '#shared/chip/prepared-chip.ts'
import type { FactOf } from '#shared/journal/events.ts'
import type { Reason } from '#shared/device/device.ts'
import type { ChipReport, ChipResult } from '../chip/personalization.ts'
import { stationPatience } from './run-chip.ts'
import type { Presented, RunChip } from './run-chip.ts'
import type { ChipProgress, Work } from './work.ts'

export type ChipEnd = { kind: 'done' } | { kind: 'refused'; reason: Reason } | { kind: 'failed'; reason: Reason }

/** From the intent to the durable outcome. Throws only what the store throws. */
export async function makeChip(work: Work, chip: PreparedChip, run: RunChip): Promise<ChipEnd> {
  work.intend('chip')
  const presented = await run.present(work.options(['chip']))
  if (presented.kind === 'refused') {
    work.append('system', [chipOutcome(work, { outcome: 'refused', reason: presented.reason })])
    return presented
  }
  const result = await personalize(work, chip, run, presented)
  work.progress = undefined
  work.append('system', [chipOutcome(work, outcomeOf(result))])
  // A blank of which nothing is known but that it was not written to is the next one again.
  if (result.kind === 'refused' && presented.watch.occupied) work.driver.handBack?.(presented.card)
  return result
}

async function personalize(work: Work, chip: PreparedChip, run: RunChip, { card, watch }: Presented & { kind: 'presented' }): Promise<ChipResult> {
  const { attempt, side } = work
  const { store } = side.context
  let broken: { thrown: unknown } | undefined
  const show = (progress: Omit<ChipProgress, 'station'>) => {
    work.progress = { station: card.station, ...progress }
    side.changed()
  }
  show({})
  const result = await run.session.personalize({
    station: watch.station,
    chip,
    patience: stationPatience,
    signal: side.cancelled,
    onProgress: show,
    identified: ({ atr, chip: identity }) => {
      if (identity !== undefined && store.chipSeen(identity) !== undefined) return 'personalized-before'
      try {
        work.append('system', [{ kind: 'attempt.chip-identified', attempt, station: card.station, atr, ...(identity !== undefined && { chip: identity }) }])
      } catch (thrown) {
        // The disk is full: nothing may be written to the card, and the run ends as it does on every failure of the store.
        broken = { thrown }
        return 'personalized-before'
      }
      work.lying = { card, stay: watch.begin() }
      return 'go-on'
    },
  })
  if (broken !== undefined) throw broken.thrown
  // A blank that is none that may be used lies there as well, and has to be led out.
  if (result.kind === 'failed') work.lying ??= { card, stay: watch.begin() }
  return result
}

type ChipOutcome = Omit<FactOf<'attempt.outcome'>, 'kind' | 'attempt' | 'command'>

function chipOutcome({ attempt }: Work, outcome: ChipOutcome): FactOf<'attempt.outcome'> {
  return { kind: 'attempt.outcome', attempt, command: 'chip', ...outcome }
}

function outcomeOf(result: ChipResult): ChipOutcome {
  const told = (report: ChipReport) => ({ chip: { ...report, accompanying: { ...report.accompanying } } })
  switch (result.kind) {
    case 'done':
      return { outcome: 'done', delivered: false, ...told(result.report) }
    case 'refused':
      return { outcome: 'refused', reason: result.reason }
    case 'failed':
      return { outcome: 'failed', effect: 'applied', card: 'inside', reason: result.reason, ...told(result.report) }
  }
}
