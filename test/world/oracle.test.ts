import { describe, expect, test } from 'vitest'
import type { Fact } from '#shared/journal/events.ts'
import { attempt, cardOf, ended, finishedBlank, freshBlank, goodAttempt, job, journalOf, onMachine, requeued, started } from './doctored.ts'
import type { Breach, WitnessedBlank } from './oracle.ts'
import { judge, judgeEnd } from './oracle.ts'

const first = cardOf(1)
const second = cardOf(2)
const reject = { kind: 'reject-tray' } as const
const inside = { kind: 'inside', module: 'embosser' } as const

const close = (counts: { good: number; rejected: number; picked: number }): Fact => ({ kind: 'job.closed', job, records: 1, skipped: 0, resolved: 0, ...counts })

function judged(facts: readonly Fact[], blanks: readonly WitnessedBlank[], cards = [first, second]): Breach['invariant'][] {
  return invariants(judge({ rows: journalOf(facts), blanks, cards }))
}

function judgedAtEnd(facts: readonly Fact[], blanks: readonly WitnessedBlank[], cards = [first]): Breach['invariant'][] {
  return invariants(judgeEnd({ rows: journalOf(facts), blanks, cards }))
}

function invariants(breaches: readonly Breach[]): Breach['invariant'][] {
  return [...new Set(breaches.map(({ invariant }) => invariant))]
}

describe('honest histories', () => {
  test('two cards made and released', () => {
    const facts = [started, ...goodAttempt(1), ...goodAttempt(2), ended, close({ good: 2, rejected: 0, picked: 2 })]
    expect(judgedAtEnd(facts, onMachine(finishedBlank(first), finishedBlank(second), freshBlank()), [first, second])).toEqual([])
  })

  test('a card spoiled in the machine, then made on a second blank', () => {
    const [one, two] = [attempt(1, 1), attempt(1, 2)]
    const facts = [started, one.claimed, one.intended, one.failed, one.closed('rejected'), requeued(), two.claimed, two.intended, two.done, ended]
    const half = { ...finishedBlank(first, reject), stamps: [] }
    expect(judgedAtEnd(facts, onMachine(half, finishedBlank(first)))).toEqual([])
  })

  test('while a card is in work its blank may or may not have been picked', () => {
    const { claimed, intended } = attempt(1, 1)
    expect(judged([started, claimed, intended], onMachine(freshBlank()))).toEqual([])
    expect(judged([started, claimed, intended], onMachine(finishedBlank(first, inside)))).toEqual([])
  })

  test('a stripe half written, a line half embossed', () => {
    const { claimed, intended } = attempt(1, 1)
    const whole = finishedBlank(first, inside)
    const half = { ...whole, stripe: { ...whole.stripe, 1: whole.stripe[1].slice(0, 300) }, stamps: whole.stamps.slice(0, 5) }
    expect(judged([started, claimed, intended], onMachine(half))).toEqual([])
  })

  test('a blank made void after a stripe failure', () => {
    const { claimed, intended, failed, spoiling, name } = attempt(1, 1)
    const facts = [started, claimed, intended, failed, spoiling, { kind: 'attempt.outcome', attempt: name, command: 'spoil', outcome: 'done', delivered: true } as Fact]
    const blank = finishedBlank(first)
    const voided = { ...blank, stamps: blank.stamps.filter((stamp) => stamp.y === 21_412).map((stamp) => ({ ...stamp, character: '0' })) }
    expect(judged(facts, onMachine(voided))).toEqual([])
  })
})

describe('1: at most one good card per record', () => {
  test('two complete cards of one record among the good ones', () => {
    const [one, two] = [attempt(1, 1), attempt(1, 2)]
    const facts = [started, one.claimed, one.intended, one.unknown, one.resolved('rejected'), requeued(), two.claimed, two.intended, two.done]
    expect(judged(facts, onMachine(finishedBlank(first), finishedBlank(first)))).toContain(1)
  })

  test('a second attempt after a good one', () => {
    expect(judged([started, ...goodAttempt(1), ...goodAttempt(1, 2)], onMachine(finishedBlank(first), finishedBlank(first)))).toContain(1)
  })
})

describe('2: no effect without an earlier durable intent', () => {
  test('a mark and no attempt at all', () => {
    expect(judged([started], onMachine(finishedBlank(first, inside)))).toContain(2)
  })

  test('a mark while the attempt is only claimed', () => {
    expect(judged([started, attempt(1, 1).claimed], onMachine(finishedBlank(first, inside)))).toContain(2)
  })

  test('marks of another record than the one that was intended', () => {
    const { claimed, intended } = attempt(1, 1)
    expect(judged([started, claimed, intended], onMachine(finishedBlank(second, inside)))).toContain(2)
  })

  test('marks on another machine than the one it was sent to', () => {
    const { claimed, intended } = attempt(1, 1)
    expect(judged([started, claimed, intended], [{ device: 'D-02', blank: finishedBlank(first, inside) }])).toContain(2)
  })

  test('a void pattern that nobody intended', () => {
    const { claimed, intended } = attempt(1, 1)
    const blank = finishedBlank(first, inside)
    const voided = { ...blank, stamps: blank.stamps.map((stamp) => ({ ...stamp, character: 'X' })) }
    expect(judged([started, claimed, intended], onMachine(voided))).toContain(2)
  })
})

describe('3: a touched blank never goes back', () => {
  test('an attempt ends unused although its blank is marked', () => {
    const { claimed, intended, unknown, resolved } = attempt(1, 1)
    expect(judged([started, claimed, intended, unknown, resolved('unused')], onMachine(finishedBlank(first, inside)))).toContain(3)
  })

  test('one attempt, two blanks', () => {
    const { claimed, intended } = attempt(1, 1)
    expect(judged([started, claimed, intended], onMachine(finishedBlank(first, inside), finishedBlank(first, reject)))).toContain(3)
  })

  test('a new attempt while the former is in doubt', () => {
    const [one, two] = [attempt(1, 1), attempt(1, 2)]
    expect(judged([started, one.claimed, one.intended, one.unknown, two.claimed], onMachine(freshBlank()))).toContain(3)
  })

  test('a new attempt after a rejected one, asked for by nobody', () => {
    const [one, two] = [attempt(1, 1), attempt(1, 2)]
    expect(judged([started, one.claimed, one.intended, one.failed, one.closed('rejected'), two.claimed], onMachine(freshBlank(reject)))).toContain(3)
  })

  test('a command whose end is unknown is sent again', () => {
    const { claimed, intended, unknown } = attempt(1, 1)
    expect(judged([started, claimed, intended, unknown, intended], onMachine(freshBlank()))).toContain(3)
  })

  test('a spoiled card is closed as unused', () => {
    const { claimed, intended, failed, closed } = attempt(1, 1)
    expect(judged([started, claimed, intended, failed, closed('unused')], onMachine(freshBlank()))).toContain(3)
  })
})

describe('4: picked = good + rejected + in doubt', () => {
  test('a blank is gone and no attempt answers for it', () => {
    const { claimed, closed } = attempt(1, 1)
    expect(judged([started, claimed, closed('unused')], onMachine(freshBlank({ kind: 'lost' })))).toContain(4)
  })

  test('a rejected card that never was', () => {
    const { claimed, intended, unknown, resolved } = attempt(1, 1)
    expect(judged([started, claimed, intended, unknown, resolved('rejected')], onMachine(freshBlank()))).toContain(4)
  })

  test('a job closes with more blanks than its rows hold', () => {
    expect(judged([started, ...goodAttempt(1), ended, close({ good: 1, rejected: 1, picked: 2 })], onMachine(finishedBlank(first)))).toContain(4)
  })
})

describe('5: good means that every operation is done', () => {
  const facts = [started, ...goodAttempt(1)]
  const whole = finishedBlank(first)

  test.each([
    ['a bit of the stripe is wrong', { ...whole, stripe: { ...whole.stripe, 1: flip(whole.stripe[1], 200) } }],
    ['track 2 is missing', { ...whole, stripe: { ...whole.stripe, 2: '' } }],
    ['a track that was not asked for', { ...whole, stripe: { ...whole.stripe, 3: whole.stripe[2] } }],
    ['the stripe starts in the wrong place', { ...whole, stripe: { ...whole.stripe, 2: `00000000${whole.stripe[2]}` } }],
    ['a character is missing', { ...whole, stamps: whole.stamps.slice(1) }],
    ['a character is wrong', { ...whole, stamps: whole.stamps.map((stamp, index) => (index === 3 ? { ...stamp, character: '9' } : stamp)) }],
    ['a character is struck twice', { ...whole, stamps: [...whole.stamps, whole.stamps[0]!] }],
    ['a line is half a millimetre off', { ...whole, stamps: whole.stamps.map((stamp) => ({ ...stamp, y: stamp.y + 500 })) }],
    ['the wrong font', { ...whole, stamps: whole.stamps.map((stamp) => ({ ...stamp, font: 5 })) }],
    ['the back line stands on the front', { ...whole, stamps: whole.stamps.map((stamp) => ({ ...stamp, side: 'front' as const })) }],
    ['the topping is missing', { ...whole, stamps: whole.stamps.map((stamp) => ({ ...stamp, topped: false })) }],
    ['it lies in the reject tray', { ...whole, place: reject }],
    ['it is still inside', { ...whole, place: inside }],
    ['it is another card', finishedBlank(second)],
  ])('%s', (_, blank) => {
    expect(judged(facts, onMachine(blank))).toContain(5)
  })

  test('a complete card came out that the journal has given up', () => {
    const { claimed, intended, unknown, resolved } = attempt(1, 1)
    expect(judged([started, claimed, intended, unknown, resolved('rejected')], onMachine(whole))).toContain(5)
  })
})

describe('6: a job can not close over a doubt', () => {
  test('closed with a card in doubt', () => {
    const { claimed, intended, unknown } = attempt(1, 1)
    expect(judged([started, claimed, intended, unknown, ended, close({ good: 0, rejected: 0, picked: 0 })], onMachine(freshBlank()))).toContain(6)
  })

  test('a card is begun after the close', () => {
    expect(judged([close({ good: 0, rejected: 0, picked: 0 }), started, attempt(1, 1).claimed], onMachine(freshBlank()))).toContain(6)
  })
})

describe('7: recovery', () => {
  test('sends a card again', () => {
    const { claimed, intended, name } = attempt(1, 1)
    const facts = [started, claimed, { kind: 'recovery.found', attempts: [name] } as Fact, intended]
    expect(judged(facts, onMachine(freshBlank()))).toContain(7)
  })

  test('overlooks an open card', () => {
    const { claimed, intended } = attempt(1, 1)
    expect(judged([started, claimed, intended, { kind: 'recovery.found', attempts: [] }], onMachine(freshBlank()))).toContain(7)
  })

  test('twice in a row is no breach', () => {
    const { claimed, intended, unknown, name } = attempt(1, 1)
    const found: Fact = { kind: 'recovery.found', attempts: [name] }
    expect(judged([started, claimed, intended, found, unknown, found], onMachine(freshBlank()))).toEqual([])
  })
})

describe('9: once faults stop, every card reaches an end', () => {
  test.each([
    ['a card in doubt', [started, attempt(1, 1).claimed, attempt(1, 1).intended, attempt(1, 1).unknown, ended]],
    ['a rejected card that was never made again', [started, attempt(1, 1).claimed, attempt(1, 1).intended, attempt(1, 1).failed, attempt(1, 1).closed('rejected'), ended]],
    ['a record that never began', [started, ended]],
    ['a run without an end', [started, ...goodAttempt(1)]],
  ])('%s', (_, facts) => {
    expect(judgedAtEnd(facts, onMachine(freshBlank()))).toContain(9)
  })

  test('a spoiled card that is left in the machine', () => {
    const [one, two] = [attempt(1, 1), attempt(1, 2)]
    const facts = [started, one.claimed, one.intended, one.failed, one.closed('rejected'), requeued(), two.claimed, two.intended, two.done, ended]
    expect(judgedAtEnd(facts, onMachine({ ...finishedBlank(first, inside), stamps: [] }, finishedBlank(first)))).toContain(9)
  })
})

describe('the journal itself', () => {
  const rows = journalOf([started, ...goodAttempt(1), ended])
  const blanks = onMachine(finishedBlank(first))

  test('a row that was changed afterwards', () => {
    const forged = rows.map((row, index) => (index === 2 ? { ...row, at: row.at + 1 } : row))
    expect(invariants(judgeEnd({ rows: forged, blanks, cards: [first] }))).toEqual(['chain'])
  })

  test('a row that was taken out', () => {
    expect(invariants(judgeEnd({ rows: rows.filter((_, index) => index !== 2), blanks, cards: [first] }))).toContain('chain')
  })
})

function flip(bits: string, index: number): string {
  return bits.slice(0, index) + (bits[index] === '1' ? '0' : '1') + bits.slice(index + 1)
}
