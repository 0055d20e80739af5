import { describe, expect, test } from 'vitest'
import type { AttemptView } from '#shared/job/job.ts'
import { answersOf } from '../../../../src/renderer/feature/log/answer.ts'
import { shortTime } from '../../../../src/renderer/feature/log/short-time.ts'

const attempt = (job: string, record: number, number: number, state: AttemptView['state'], startedAt: number): AttemptView => ({
  attempt: `${job}/${record}.${number}`,
  job,
  jobName: `Job ${job}`,
  record,
  number: '400000••••••7899',
  run: 'R-000001',
  device: 'D-01',
  deviceName: 'DC450',
  operator: 'P-01',
  operatorName: 'Olga',
  startedAt,
  state,
  done: [],
})

describe('the auditor asks what became of every blank', () => {
  test('each card tells its blanks in order and how they ended', () => {
    const answers = answersOf([
      attempt('J-000001', 7, 3, 'good', 30),
      attempt('J-000001', 7, 2, 'spoiled', 20),
      attempt('J-000002', 1, 1, 'good', 90),
      attempt('J-000001', 7, 1, 'rejected', 10),
    ])
    expect(answers.map(({ job, record }) => `${job}/${record}`)).toEqual(['J-000002/1', 'J-000001/7'])
    expect(answers[1]!.attempts.map((one) => one.attempt)).toEqual(['J-000001/7.1', 'J-000001/7.2', 'J-000001/7.3'])
    expect(answers[1]!.counts).toEqual([
      { result: 'good', count: 1 },
      { result: 'rejected', count: 2 },
    ])
  })

  test('nothing found is no answer', () => {
    expect(answersOf([])).toEqual([])
  })
})

describe('moments in a column', () => {
  const now = new Date(2026, 6, 27, 18, 0)
  test.each([
    [new Date(2026, 6, 27, 13, 4, 22), '13:04:22'],
    [new Date(2026, 6, 26, 13, 4, 22), 'Jul 26, 13:04:22'],
    [new Date(2025, 11, 31, 23, 59, 59), 'Dec 31, 2025, 23:59:59'],
  ])('%s', (at, expected) => {
    expect(shortTime('en', at.getTime(), now)).toBe(expected)
  })
})
