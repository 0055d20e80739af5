import { describe, expect, test, vi } from 'vitest'
import { VirtualClock } from '#drivers/clock/virtual-clock.ts'
import { createDeskReaderDriver, deskStation } from '#drivers/desk-reader/desk-reader.ts'
import type { ChipStation, StationState } from '#main/ports/chip-station.ts'
import type { CommandOptions, Decision } from '#main/ports/embosser-driver.ts'
import type { PreparedCard } from '#shared/card/prepared.ts'

const card: PreparedCard = { number: '4000001234567899', lines: [], tracks: {}, topping: false }

/** What hands do to a reader; nobody powers its cards here. */
class HandStation implements ChipStation {
  readonly name = 'Reader 1'
  #state: StationState
  #listeners = new Set<() => void>()

  constructor(state: StationState) {
    this.#state = state
  }

  become(state: StationState): void {
    this.#state = state
    for (const listener of this.#listeners) listener()
  }
  state() {
    return { state: this.#state, reasons: [] }
  }
  onState(listener: () => void) {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
  waitFor(states: readonly StationState[], signal?: AbortSignal): Promise<StationState> {
    return new Promise((resolve, reject) => {
      const look = () => {
        if (!states.includes(this.#state)) return
        stop()
        resolve(this.#state)
      }
      const stop = this.onState(look)
      signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
      look()
    })
  }
  connect(): never {
    throw new Error('not powered here')
  }
  close() {
    return Promise.resolve()
  }
}

/** Somebody who is asked, and does what `answer` says. */
function person(answer: (code: string) => Decision | Promise<Decision>) {
  const asked: { code: string; sent: boolean; withdrawn: boolean }[] = []
  const options: CommandOptions = {
    async onAttention({ code }, sent, over) {
      const question = { code, sent, withdrawn: false }
      asked.push(question)
      over?.addEventListener('abort', () => (question.withdrawn = true))
      return answer(code)
    },
  }
  return { asked, options }
}

const never = new Promise<Decision>(() => {})

async function deskWith(state: StationState) {
  const station = new HandStation(state)
  const driver = createDeskReaderDriver({ station, clock: new VirtualClock() })
  await driver.connect()
  return { station, driver }
}

async function presented(driver: Awaited<ReturnType<typeof deskWith>>['driver'], options: CommandOptions) {
  const answer = await driver.present(options)
  if (answer.kind !== 'presented') throw new Error(answer.reason.code)
  return answer.card
}

describe('a reader on the desk', () => {
  test('takes the card that lies in it, and is done when its chip is made: nobody is waited for', async () => {
    const { driver } = await deskWith('card')
    const { options, asked } = person(() => never)
    const given = await presented(driver, options)
    expect(given.station).toBe(deskStation)
    const run = driver.personalize(card, options, given)
    expect(await run.completed).toEqual({ kind: 'done', evidence: { statuses: ['card'] }, card: 'operator' })
    expect(await run.accepted).toBe('accepted')
    expect(driver.state().state).toBe('idle')
    expect(asked).toEqual([])
  })

  test('waits for the finished card to be taken out before it asks for the next', async () => {
    const { station, driver } = await deskWith('card')
    const { options, asked } = person(() => never)
    await driver.personalize(card, options, await presented(driver, options)).completed
    const waiting = driver.present(options)
    expect(driver.state().state).toBe('processing')
    station.become('empty')
    await vi.waitFor(() => expect(asked.length).toBe(2))
    station.become('card')
    expect(await waiting).toMatchObject({ kind: 'presented' })
    expect(asked).toEqual([
      { code: 'take-card-out', sent: false, withdrawn: true },
      { code: 'insert-card', sent: false, withdrawn: true },
    ])
  })

  test('asks for a card, and takes the question back when one is put in', async () => {
    const { station, driver } = await deskWith('empty')
    const { options, asked } = person(() => never)
    const waiting = driver.present(options)
    station.become('card')
    expect(await waiting).toMatchObject({ kind: 'presented' })
    expect(asked).toEqual([{ code: 'insert-card', sent: false, withdrawn: true }])
  })

  test('an answer without a card is asked again', async () => {
    const { station, driver } = await deskWith('empty')
    let answers = 0
    const { options, asked } = person(() => {
      if (++answers === 3) station.become('card')
      return 'continue'
    })
    expect(await driver.present(options)).toMatchObject({ kind: 'presented' })
    expect(asked.map(({ code }) => code)).toEqual(['insert-card', 'insert-card', 'insert-card'])
  })

  test('a card that was presented is never presented again: it is taken out first', async () => {
    const { station, driver } = await deskWith('card')
    const { options, asked } = person((code) => {
      station.become(code === 'take-card-out' ? 'empty' : 'card')
      return 'continue'
    })
    const first = await presented(driver, options)
    const second = await presented(driver, options)
    expect(asked.map(({ code }) => code)).toEqual(['take-card-out', 'insert-card'])
    expect(second.ticket).not.toBe(first.ticket)
    expect(await driver.personalize(card, options, first).completed).toMatchObject({ kind: 'refused', reason: { code: 'card-not-presented' } })
  })

  test('a card that was taken out before anybody asked is delivered', async () => {
    const { station, driver } = await deskWith('card')
    const { options, asked } = person(() => never)
    const given = await presented(driver, options)
    station.become('empty')
    expect(await driver.personalize(card, options, given).completed).toMatchObject({ kind: 'done' })
    expect(asked).toEqual([])
  })

  test('giving up before a card is there touches nothing', async () => {
    const { driver } = await deskWith('empty')
    expect(await driver.present(person(() => 'give-up').options)).toMatchObject({ kind: 'refused', reason: { code: 'insert-card' } })
    expect(driver.state().state).toBe('idle')
  })

  test('giving up with a finished card inside touches no other', async () => {
    const { driver } = await deskWith('card')
    const { options } = person(() => 'give-up')
    expect(await driver.personalize(card, options, await presented(driver, options)).completed).toMatchObject({ kind: 'done' })
    expect(await driver.present(options)).toMatchObject({ kind: 'refused', reason: { code: 'take-card-out' } })
  })

  test('a run that is given up ends what waits', async () => {
    const { driver } = await deskWith('empty')
    const stop = new AbortController()
    const waiting = driver.present({ ...person(() => never).options, signal: stop.signal })
    stop.abort(new Error('cancelled'))
    expect(await waiting).toMatchObject({ kind: 'refused', reason: { code: 'cancelled' } })
  })

  test('can spoil nothing: a person takes the card out', async () => {
    const { driver } = await deskWith('card')
    expect(driver.capabilities).toMatchObject({ rejectWay: 'operator-removal', carries: ['deliver'], chip: { feed: 'by-hand', holds: 1 } })
    const { options } = person(() => never)
    expect(await driver.spoil(card, options).completed).toMatchObject({ kind: 'refused', reason: { code: 'verb-missing' } })
  })

  test('says that its reader is gone, and goes on when it is back', async () => {
    const { station, driver } = await deskWith('card')
    const told: string[] = []
    driver.onState(() => told.push(driver.state().reasons.map(({ code }) => code).join()))
    station.become('no-reader')
    expect(driver.state()).toMatchObject({ state: 'stopped', reasons: [{ code: 'reader-missing' }] })
    expect(await driver.probe()).toEqual({ answered: false, status: 'no-reader' })
    station.become('empty')
    expect(driver.state()).toMatchObject({ state: 'idle', connected: true })
    expect(told).toEqual(['reader-missing', ''])
  })

  test('a reader that is not found in time is no connection', async () => {
    const clock = new VirtualClock()
    const driver = createDeskReaderDriver({ station: new HandStation('no-reader'), clock })
    await expect(clock.run(driver.connect())).rejects.toMatchObject({ faults: [{ code: 'chip.no-reader' }] })
    const { options } = person(() => never)
    expect(await driver.present(options)).toMatchObject({ kind: 'refused', reason: { code: 'not-connected' } })
  })

  test('two commands at once are one too many', async () => {
    const { station, driver } = await deskWith('empty')
    const { options } = person(() => never)
    const first = driver.present(options)
    expect(await driver.present(options)).toMatchObject({ kind: 'refused', reason: { code: 'command-under-way' } })
    station.become('card')
    expect(await first).toMatchObject({ kind: 'presented' })
  })
})
