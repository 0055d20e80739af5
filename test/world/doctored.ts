/** Histories by hand, honest and doctored, for the tests of the oracle itself. */
import type { Blank, BlankPlace } from '#drivers/cpx/simulator/plastic.ts'
import type { Fact, JournalRow } from '#shared/journal/events.ts'
import { rowHash } from './journal-reading.ts'
import { stripeBits } from './plastic-reading.ts'
import type { ExpectedCard, WitnessedBlank } from './plastic-reading.ts'

export const job = 'J-000001'
export const run = 'R-000001'
export const device = 'D-01'
export const carries = ['stripe', 'emboss', 'topping', 'deliver'] as const

/** Rows with a chain that holds. */
export function journalOf(facts: readonly Fact[]): JournalRow[] {
  let previous = '0'.repeat(64)
  return facts.map((fact, index) => {
    const row = { sequence: index + 1, at: 1_800_000_000_000 + index, by: 'system' as const, fact, previous }
    const hash = rowHash(row)
    previous = hash
    return { ...row, hash }
  })
}

export function cardOf(record: number): ExpectedCard {
  const number = `400000123456${String(7000 + record)}`
  return {
    job,
    record,
    number,
    tracks: { track1: `B${number}^HOLDER/${'ABCDEFG'[record]}^29121010000`, track2: `${number}=29121010000` },
    lines: [
      { text: number.replace(/(.{4})(?=.)/g, '$1 '), x: 10_185, y: 21_412, pitch: 3629, font: 2, kind: 'emboss', side: 'front' },
      { text: `CARD HOLDER ${record}`, x: 10_185, y: 8331, pitch: 2540, font: 1, kind: 'emboss', side: 'front' },
      { text: '123', x: 50_000, y: 29_000, pitch: 1700, font: 8, kind: 'indent', side: 'back' },
    ],
    topping: true,
  }
}

let blanks = 0

export function freshBlank(place: BlankPlace = { kind: 'hopper' }): Blank {
  return { id: `blank-${++blanks}`, place, stripe: { 1: '', 2: '', 3: '' }, writes: 0, damagedStripe: false, stamps: [] }
}

/** A blank that carries the whole card. */
export function finishedBlank(card: ExpectedCard, place: BlankPlace = { kind: 'output-tray' }): Blank {
  const track = (number: 1 | 2 | 3, density: number) => {
    const data = card.tracks[`track${number}`]
    return data === undefined ? '' : ('0'.repeat(Math.round((7.44 / 25.4) * density)) + stripeBits(number, data)).padEnd(3 * density, '0')
  }
  return {
    ...freshBlank(place),
    stripe: { 1: track(1, 210), 2: track(2, 75), 3: track(3, 210) },
    writes: 2,
    stamps: card.lines.flatMap((line) =>
      Array.from(line.text).flatMap((character, index) => {
        const seen = line.x + index * line.pitch
        const { y, font, kind, side, pitch } = line
        return character === ' ' ? [] : [{ character, x: side === 'front' ? seen : 85_725 - seen, y, font, kind, side, pitch, topped: kind === 'emboss' && card.topping }]
      }),
    ),
  }
}

export const onMachine = (...found: Blank[]): WitnessedBlank[] => found.map((blank) => ({ device, blank }))

export const started: Fact = { kind: 'run.started', run, job, device }
export const ended: Fact = { kind: 'run.ended', run, why: 'complete' }
export const requeued = (record = 1): Fact => ({ kind: 'record.requeued', job, record })

/** Facts of attempt `turn` of record `record`. */
export function attempt(record: number, turn: number) {
  const name = `${job}/${record}.${turn}`
  const outcome = (fact: Omit<Extract<Fact, { kind: 'attempt.outcome' }>, 'kind' | 'attempt' | 'command'>): Fact => ({
    kind: 'attempt.outcome',
    attempt: name,
    command: 'personalize',
    ...fact,
  })
  return {
    name,
    claimed: { kind: 'attempt.claimed', attempt: name, run, device } as Fact,
    intended: { kind: 'attempt.intended', attempt: name, command: 'personalize', carries: [...carries] } as Fact,
    spoiling: { kind: 'attempt.intended', attempt: name, command: 'spoil', carries: ['void', 'deliver'] } as Fact,
    done: outcome({ outcome: 'done', delivered: true }),
    failed: outcome({ outcome: 'failed', effect: 'applied', card: 'reject-tray' }),
    unknown: outcome({ outcome: 'unknown' }),
    closed: (verdict: 'rejected' | 'unused'): Fact => ({ kind: 'attempt.closed', attempt: name, verdict }),
    resolved: (verdict: 'good' | 'rejected' | 'unused'): Fact => ({ kind: 'attempt.resolved', attempt: name, verdict, basis: 'people', choice: 'card-good' }),
  }
}

/** The whole of a good attempt. */
export function goodAttempt(record: number, turn = 1): Fact[] {
  const { claimed, intended, done } = attempt(record, turn)
  return [claimed, intended, done]
}
