import { describe, expect, test } from 'vitest'
import type { AttemptLife } from '#shared/card/life.ts'
import type { Fact } from '#shared/journal/events.ts'
import type { OpenAttempt } from '#main/ports/store.ts'
import { operationsOf, recover } from '#main/controller/recovery.ts'

const open = (record: number, life: AttemptLife): OpenAttempt => ({
  attempt: `J-000001/${record}.1`,
  job: 'J-000001',
  record,
  run: 'R-000001',
  device: 'D-01',
  life,
})

const nothing = () => []

describe('after a crash', () => {
  test('nothing was open: nothing is said', () => {
    expect(recover([], [], nothing)).toEqual({ facts: [], questions: [] })
  })

  test('a card that was only claimed used no blank, and nobody is asked', () => {
    const { facts, questions } = recover([open(1, { state: 'claimed', touched: false })], [], nothing)
    expect(questions).toEqual([])
    expect(facts).toContainEqual(expect.objectContaining({ kind: 'attempt.closed', verdict: 'unused' }))
  })

  test('a command without an outcome puts its card in doubt, and only that card is asked about', () => {
    const { facts, questions } = recover(
      [open(1, { state: 'claimed', touched: false }), open(2, { state: 'intended', touched: false, before: 'claimed' })],
      [{ run: 'R-000001', job: 'J-000001', device: 'D-01' }],
      nothing,
    )
    expect(questions.map(({ record, life }) => [record, life.state])).toEqual([[2, 'in-doubt']])
    expect(facts).toContainEqual({ kind: 'run.ended', run: 'R-000001', why: 'interrupted' })
  })

  test('a spoiled card whose voiding was cut off is still spoiled, never in doubt', () => {
    const { questions } = recover([open(1, { state: 'intended', touched: true, before: 'spoiled' })], [], nothing)
    expect(questions[0]?.life.state).toBe('spoiled')
  })

  test('a second crash during recovery: what was written the first time is not written again', () => {
    const first = recover([open(1, { state: 'intended', touched: false, before: 'claimed' })], [], nothing)
    const second = recover(first.questions, [], nothing)
    expect(second.facts.map((fact) => fact.kind)).toEqual(['recovery.found'])
    expect(second.questions).toEqual(first.questions)
  })
})

describe('after a crash at a chip', () => {
  const attempt = 'J-000001/1.1'
  const intended: Fact = { kind: 'attempt.intended', attempt, command: 'chip', carries: ['chip'] }
  const identified: Fact = { kind: 'attempt.chip-identified', attempt, station: 'chip', atr: '3B00' }
  const life: AttemptLife = { state: 'intended', touched: false, before: 'claimed' }

  test('a chip that was not identified was not written to: the blank is used by nobody', () => {
    const { facts, questions } = recover([open(1, life)], [], () => [intended])
    expect(questions).toEqual([])
    expect(facts).toContainEqual(expect.objectContaining({ kind: 'attempt.outcome', command: 'chip', outcome: 'refused' }))
    expect(facts).toContainEqual(expect.objectContaining({ kind: 'attempt.closed', verdict: 'unused' }))
  })

  test('one that was identified is spoiled, and has to be taken out', () => {
    const { questions } = recover([open(1, life)], [], () => [intended, identified])
    expect(questions[0]?.life).toEqual({ state: 'spoiled', touched: true })
  })

  test('a card whose chip is made is asked about, and can not become unused', () => {
    const { facts, questions } = recover([open(1, { state: 'working', touched: true })], [], () => [intended, identified])
    expect(facts.map(({ kind }) => kind)).toEqual(['recovery.found'])
    expect(questions[0]?.life).toEqual({ state: 'working', touched: true })
  })

  test('embossing that was cut off behind a made chip leaves the card in doubt, and touched', () => {
    const personalize: Fact = { kind: 'attempt.intended', attempt, command: 'personalize', carries: ['emboss'] }
    const { questions } = recover([open(1, { state: 'intended', touched: true, before: 'working' })], [], () => [intended, identified, personalize])
    expect(questions[0]?.life).toEqual({ state: 'in-doubt', touched: true })
  })
})

test('what is certain of a card is read from its own facts', () => {
  const attempt = 'J-000001/1.1'
  const { done, doubtful } = operationsOf([
    { kind: 'attempt.intended', attempt, command: 'personalize', carries: ['stripe'] },
    { kind: 'attempt.outcome', attempt, command: 'personalize', outcome: 'done', delivered: false },
    { kind: 'attempt.intended', attempt, command: 'personalize', carries: ['emboss', 'deliver'] },
  ])
  expect({ done, doubtful }).toEqual({ done: ['stripe'], doubtful: ['emboss', 'deliver'] })
})
