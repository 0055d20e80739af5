import { describe, expect, test } from 'vitest'
import type { AttemptLife } from '#shared/card/life.ts'
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

describe('after a crash', () => {
  test('nothing was open: nothing is said', () => {
    expect(recover([], [])).toEqual({ facts: [], questions: [] })
  })

  test('a card that was only claimed used no blank, and nobody is asked', () => {
    const { facts, questions } = recover([open(1, { state: 'claimed', touched: false })], [])
    expect(questions).toEqual([])
    expect(facts).toContainEqual(expect.objectContaining({ kind: 'attempt.closed', verdict: 'unused' }))
  })

  test('a command without an outcome puts its card in doubt, and only that card is asked about', () => {
    const { facts, questions } = recover(
      [open(1, { state: 'claimed', touched: false }), open(2, { state: 'intended', touched: false, before: 'claimed' })],
      [{ run: 'R-000001', job: 'J-000001', device: 'D-01' }],
    )
    expect(questions.map(({ record, life }) => [record, life.state])).toEqual([[2, 'in-doubt']])
    expect(facts).toContainEqual({ kind: 'run.ended', run: 'R-000001', why: 'interrupted' })
  })

  test('a spoiled card whose voiding was cut off is still spoiled, never in doubt', () => {
    const { questions } = recover([open(1, { state: 'intended', touched: true, before: 'spoiled' })], [])
    expect(questions[0]?.life.state).toBe('spoiled')
  })

  test('a second crash during recovery: what was written the first time is not written again', () => {
    const first = recover([open(1, { state: 'intended', touched: false, before: 'claimed' })], [])
    const second = recover(first.questions, [])
    expect(second.facts.map((fact) => fact.kind)).toEqual(['recovery.found'])
    expect(second.questions).toEqual(first.questions)
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
