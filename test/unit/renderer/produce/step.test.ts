import { describe, expect, test } from 'vitest'
import type { DeviceView } from '#shared/contract/live.ts'
import type { JobCounts, JobView, RunView } from '#shared/job/job.ts'
import { doneOf, nextStep, pickDevice, pickJob, suits } from '../../../../src/renderer/feature/produce/step.ts'

const device = (id: string, connection: DeviceView['connection'] = 'online') => ({ device: id, connection }) as DeviceView
const job = (id: string, counts: Partial<JobCounts> = {}, part: Partial<JobView> = {}) =>
  ({ job: id, state: 'ready', order: 0, counts: { records: 25, queued: 0, inWork: 0, inDoubt: 0, good: 0, rejected: 0, skipped: 0, ...counts }, ...part }) as JobView
const run = (id: string, on: string, of: string, state: RunView['state'] = 'running') => ({ run: id, device: on, job: of, state }) as RunView

const here = device('D-01')

describe('the next step of the Produce page', () => {
  test('without a machine: set one up', () => {
    expect(nextStep(undefined, job('J-000001', { queued: 1 }), []).step).toBe('add-device')
  })

  test('a run on this machine goes before everything, an ended one does not count', () => {
    expect(nextStep(here, undefined, [run('R-000001', 'D-01', 'J-000001')])).toMatchObject({ step: 'run', run: { run: 'R-000001' } })
    expect(nextStep(here, job('J-000001', { queued: 2 }), [run('R-000001', 'D-01', 'J-000001', 'ended')]).step).toBe('start')
  })

  test('a machine that is not connected is connected first', () => {
    expect(nextStep(device('D-01', 'offline'), job('J-000001', { queued: 2 }), []).step).toBe('connect')
    expect(nextStep(device('D-01', 'connecting'), job('J-000001', { queued: 2 }), []).step).toBe('connecting')
  })

  test('a job that is over can be closed without the machine', () => {
    expect(nextStep(device('D-01', 'offline'), job('J-000001', { good: 25 }), []).step).toBe('close')
  })

  test('rejected cards are offered to be made again before the job is closed', () => {
    expect(nextStep(here, job('J-000001', { good: 23, rejected: 2 }), []).step).toBe('make-again')
    expect(nextStep(here, job('J-000001', { good: 20, rejected: 2, queued: 3 }), []).step).toBe('start')
  })

  test('a card in doubt holds the end of the job up', () => {
    expect(nextStep(here, job('J-000001', { good: 24, inDoubt: 1 }), []).step).toBe('settle')
  })

  test('a job that another machine makes is shown there', () => {
    expect(nextStep(here, job('J-000001', { queued: 5, inWork: 1 }), [run('R-000002', 'D-02', 'J-000001')]).step).toBe('job-elsewhere')
  })

  test('a closed job stays closed; without a job one is chosen', () => {
    expect(nextStep(here, job('J-000001', { good: 25 }, { state: 'closed' }), []).step).toBe('closed')
    expect(nextStep(here, undefined, []).step).toBe('choose-job')
  })
})

describe('what the page shows first', () => {
  const anything = () => true

  test('the machine that was named, else the one that runs, else the first', () => {
    const devices = [device('D-01'), device('D-02')]
    const runs = [run('R-000001', 'D-02', 'J-000001')]
    expect(pickDevice('D-01', devices, runs)?.device).toBe('D-01')
    expect(pickDevice(undefined, devices, runs)?.device).toBe('D-02')
    expect(pickDevice('D-99', devices, [])?.device).toBe('D-01')
    expect(pickDevice(undefined, [], [])).toBeUndefined()
  })

  test('the job of the run, else the one named, else the first in the order that has cards to make', () => {
    const jobs = [job('J-000001', {}, { order: 0 }), job('J-000002', { queued: 4 }, { order: 2 }), job('J-000003', { queued: 9 }, { order: 1 })]
    expect(pickJob('J-000001', jobs, run('R-000001', 'D-01', 'J-000002'), anything)?.job).toBe('J-000002')
    expect(pickJob('J-000001', jobs, undefined, anything)?.job).toBe('J-000001')
    expect(pickJob(undefined, jobs, undefined, anything)?.job).toBe('J-000003')
  })

  test('rather a job that fits the machine; none before it is known what fits', () => {
    const jobs = [job('J-000001', { queued: 4 }, { order: 0 }), job('J-000002', { queued: 9 }, { order: 1 })]
    expect(pickJob(undefined, jobs, undefined, ({ job }) => job === 'J-000002')?.job).toBe('J-000002')
    expect(pickJob(undefined, jobs, undefined, () => false)?.job).toBe('J-000001')
    expect(pickJob(undefined, jobs, undefined, undefined)).toBeUndefined()
    expect(pickJob('J-000001', jobs, undefined, undefined)?.job).toBe('J-000001')
  })

  test('a machine that feeds its chip station by itself is there for chips; one without a station is not', () => {
    const machine = (feed: 'by-itself' | 'by-command' | 'by-hand' | undefined) => {
      const plain = device('D-01')
      return { ...plain, capabilities: { ...plain.capabilities, chip: feed === undefined ? null : { stations: ['chip'], feed, holds: 1 } } }
    }
    expect((['by-itself', 'by-command', 'by-hand', undefined] as const).map((feed) => [suits(machine(feed), true), suits(machine(feed), false)])).toEqual([
      [true, false],
      [true, true],
      [true, false],
      [false, true],
    ])
  })

  test('a discarded job is not shown even where it was named', () => {
    expect(pickJob('J-000001', [job('J-000001', { queued: 1 }, { state: 'discarded' })], undefined, anything)).toBeUndefined()
  })
})

test('cards with an end are the good, the rejected and the skipped', () => {
  expect(doneOf(job('J-000001', { good: 18, rejected: 1, skipped: 2, queued: 4 }).counts)).toBe(21)
})
