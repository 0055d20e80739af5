/** The station for practice cards: what the port promises, in simulated time. */
import { describe, expect, it } from 'vitest'
import { VirtualClock } from '#drivers/clock/virtual-clock.ts'
import { createCard } from '#drivers/virtual-card/cards.ts'
import { createPracticeStation } from '#drivers/virtual-card/station.ts'
import type { VirtualCard } from '#drivers/virtual-card/virtual-card.ts'
import type { ChipAnswer } from '#main/ports/chip-station.ts'
import { fromHex, toHex } from '#shared/bytes.ts'
import type { ChipFault, PracticeCardType } from '#shared/chip/practice-card.ts'

const select = fromHex('00A4040008A00000015100000000')
const lifeCycleData = fromHex('80CA9F7F00')

function laidOut(type: PracticeCardType = 'gp-scp02-15', ...faults: ChipFault[]) {
  const clock = new VirtualClock()
  const station = createPracticeStation({ name: 'Practice 1', clock })
  const card = createCard(type, { seed: 3, baudRate: 9600 })
  for (const fault of faults) card.arm(fault)
  return { clock, station, card, run: <Value>(work: Promise<Value>) => clock.run(work) }
}

async function connected(type?: PracticeCardType, ...faults: ChipFault[]) {
  const made = laidOut(type, ...faults)
  made.station.insert(made.card)
  return { ...made, connection: await made.run(made.station.connect()) }
}

const shown = (answer: ChipAnswer) => (answer.kind === 'response' ? `${toHex(answer.data)} ${answer.status.toString(16)}` : answer)

describe('a station', () => {
  it('tells what lies in it', async () => {
    const { station, card, run } = laidOut()
    const seen: string[] = []
    const stop = station.onState(() => seen.push(station.state().state))
    const waiting = station.waitFor(['card'])
    station.insert(card)
    expect(await run(waiting)).toBe('card')
    expect(() => station.insert(card)).toThrow(RangeError)
    station.loseReader()
    expect(station.state().reasons).toMatchObject([{ code: 'reader-absent' }])
    station.returnReader()
    expect(station.remove()).toBe(card)
    card.arm({ kind: 'dead' })
    station.insert(card)
    stop()
    await station.close()
    expect(seen).toEqual(['card', 'no-reader', 'card', 'empty', 'mute'])
    expect(station.state().state).toBe('no-reader')
  })

  it('stops waiting when it is told so', async () => {
    const { station } = laidOut()
    const stop = new AbortController()
    const waiting = station.waitFor(['card'], stop.signal)
    stop.abort(new Error('enough'))
    await expect(waiting).rejects.toThrow('enough')
    await expect(station.waitFor(['card'], stop.signal)).rejects.toThrow('enough')
  })

  it('refuses a connection where there is nothing to connect to', async () => {
    const { station, card, run } = laidOut()
    await expect(station.connect()).rejects.toThrow('chip.no-card')
    station.loseReader()
    await expect(station.connect()).rejects.toThrow('chip.no-reader')
    station.returnReader()
    station.insert(card)
    const connection = await run(station.connect())
    await expect(station.connect()).rejects.toThrow('chip.in-use')
    await connection.release('unpower')
    expect(await connection.transmit(select)).toEqual({ kind: 'lost', loss: 'cancelled', sent: false })
    card.arm({ kind: 'dead' })
    await expect(station.connect()).rejects.toThrow('chip.mute')
    expect(station.state().state).toBe('mute')
  })
})

describe('a connection', () => {
  it.each(['gp-scp02-15', 'gp-scp03-128'] as const)('carries commands and responses whole, and takes the time that they take: %s', async (type) => {
    const { clock, connection, run } = await connected(type)
    const began = clock.elapsed()
    expect(shown(await run(connection.transmit(select)))).toBe('6F108408A000000151000000A5049F6501FF 9000')
    expect(shown(await run(connection.transmit(lifeCycleData)))).toMatch(/^9F7F2A[0-9A-F]{84} 9000$/)
    // 103 bytes at least cross the line at 9600 bit/s, a character in 1.15 ms or more
    expect(clock.elapsed() - began).toBeGreaterThan(103 * 1.14)
    expect(clock.elapsed() - began).toBeLessThan(350)
  })

  it('ends a command at its deadline, and the card is off until it is reset', async () => {
    const { clock, connection, run } = await connected('gp-scp02-15', { kind: 'slow', milliseconds: 9_000, command: 2 })
    await run(connection.transmit(select))
    const began = clock.elapsed()
    expect(await run(connection.transmit(lifeCycleData, { deadline: 500 }))).toEqual({ kind: 'lost', loss: 'deadline', sent: true })
    expect(clock.elapsed() - began).toBe(500)
    expect(await run(connection.transmit(select))).toEqual({ kind: 'lost', loss: 'deadline', sent: false })
    expect(await run(connection.reset())).toMatchObject({ kind: 'ready' })
    expect(shown(await run(connection.transmit(select)))).toMatch(/9000$/)
  })

  it('ends a command when it is cancelled, and says whether the card saw it', async () => {
    const { connection, clock, run } = await connected('gp-scp02-15', { kind: 'slow', milliseconds: 9_000 })
    const before = AbortSignal.abort()
    expect(await run(connection.transmit(select, { signal: before }))).toEqual({ kind: 'lost', loss: 'cancelled', sent: false })
    await run(connection.reset())
    const during = new AbortController()
    const transmitting = connection.transmit(select, { signal: during.signal })
    await clock.advance(100)
    during.abort()
    expect(await run(transmitting)).toEqual({ kind: 'lost', loss: 'cancelled', sent: true })
  })

  it('is lost when the card is pulled from under a command, for good', async () => {
    const { station, card, connection, clock, run } = await connected('gp-scp02-15', { kind: 'slow', milliseconds: 9_000 })
    const transmitting = connection.transmit(select)
    await clock.advance(100)
    expect(station.remove()).toBe(card)
    expect(await run(transmitting)).toEqual({ kind: 'lost', loss: 'card-removed', sent: true })
    station.insert(card)
    expect(await run(connection.reset())).toEqual({ kind: 'lost', loss: 'card-removed' })
    expect(await run(connection.transmit(select))).toEqual({ kind: 'lost', loss: 'card-removed', sent: false })
    expect(shown(await run((await run(station.connect())).transmit(select)))).toMatch(/9000$/)
  })

  it.each([
    [{ kind: 'mute', executed: true }, 'mute', 'card'],
    [{ kind: 'removed', moment: 'during' }, 'card-removed', 'empty'],
    [{ kind: 'reader-lost', moment: 'before' }, 'reader-lost', 'no-reader'],
  ] as const)('tells the faults of a card apart: %j', async (fault, loss, state) => {
    const { station, connection, run } = await connected('gp-scp02-15', fault)
    expect(await run(connection.transmit(select))).toEqual({ kind: 'lost', loss, sent: true })
    expect(station.state().state).toBe(state)
    expect(await run(connection.transmit(select))).toEqual({ kind: 'lost', loss, sent: false })
    if (loss === 'mute') expect(await run(connection.reset())).toMatchObject({ kind: 'ready' })
    else expect(await run(connection.reset())).toEqual({ kind: 'lost', loss })
  })

  it('serves two stations at the same time', async () => {
    const clock = new VirtualClock()
    const stations = [1, 2].map((number) => createPracticeStation({ name: `Practice ${number}`, clock }))
    const cards: VirtualCard[] = stations.map((_, index) => createCard('gp-scp03-128', { seed: index, baudRate: 9600 }))
    stations.forEach((station, index) => station.insert(cards[index]!))
    const read = async (index: number) => shown(await (await stations[index]!.connect()).transmit(lifeCycleData))
    const alone = await clock.run(read(0).then((data) => ({ data, took: clock.elapsed() })))
    stations[0]!.remove()
    stations[0]!.insert(cards[0]!)
    const began = clock.elapsed()
    const both = await clock.run(Promise.all([read(0), read(1)]))
    expect(clock.elapsed() - began).toBeCloseTo(alone.took, 6)
    expect(both[0]).toBe(alone.data)
    expect(both[1]).not.toBe(alone.data)
  })
})
