/**
 * What every chip station has to do, whatever stands behind it: the same cards are put into each, and each is asked the same. A card
 * counts what it was made to do, so that "at most once" is its own word.
 */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { VirtualCard } from '#drivers/virtual-card/virtual-card.ts'
import type { ChipAnswer, ChipConnection, ChipStation } from '#main/ports/chip-station.ts'
import { fromHex, toHex } from '#shared/bytes.ts'
import { CardwrightError } from '#shared/cardwright-error.ts'
import { PlainCard } from '../support/plain-card.ts'

/** Hands and eyes at two stations. */
export interface ChipRig {
  readonly stations: readonly [ChipStation, ChipStation]
  insert(station: 0 | 1, card: VirtualCard): Promise<void>
  /** Does nothing where the card is out already. */
  remove(station: 0 | 1): Promise<void>
  loseReaders(): Promise<void>
  returnReaders(): Promise<void>
  close(): Promise<void>
}

const shown = (answer: ChipAnswer) => (answer.kind === 'lost' ? answer : `${toHex(answer.data)}|${answer.status.toString(16)}`)

async function codeOf(promise: Promise<unknown>): Promise<string> {
  const thrown = await promise.then(
    () => undefined,
    (error: unknown) => error,
  )
  if (thrown instanceof CardwrightError) return `${thrown.faults[0].code}, ${thrown.faults[0].class}`
  throw new Error('no fault', { cause: thrown })
}

export function chipStationSuite(name: string, make: () => Promise<ChipRig>): void {
  describe(name, { timeout: 20_000 }, () => {
    let rig: ChipRig
    let station: ChipStation
    let connection: ChipConnection | undefined

    beforeAll(async () => {
      rig = await make()
      station = rig.stations[0]
    })

    beforeEach(async () => {
      await Promise.all(rig.stations.map((each) => each.waitFor(['empty'])))
    })

    afterEach(async () => {
      await connection?.release('unpower')
      connection = undefined
      await Promise.all([rig.remove(0), rig.remove(1)])
    })

    afterAll(() => rig.close())

    async function connected(card: VirtualCard): Promise<ChipConnection> {
      await rig.insert(0, card)
      await station.waitFor(['card'])
      connection = await station.connect()
      return connection
    }

    const send = async (hex: string) => shown(await connection!.transmit(fromHex(hex)))

    test('the state follows the card', async () => {
      let changes = 0
      const stop = station.onState(() => (changes += 1))
      expect(station.state()).toEqual({ state: 'empty', reasons: [] })
      await rig.insert(0, new PlainCard())
      expect(await station.waitFor(['card', 'mute'])).toBe('card')
      await rig.remove(0)
      expect(await station.waitFor(['empty'])).toBe('empty')
      expect(changes).toBe(2)
      stop()
    })

    test('waiting can be given up', async () => {
      const gaveUp = new AbortController()
      const waiting = station.waitFor(['card'], gaveUp.signal)
      gaveUp.abort(new Error('enough'))
      await expect(waiting).rejects.toThrow('enough')
      await expect(station.waitFor(['card'], gaveUp.signal)).rejects.toThrow('enough')
    })

    test('nothing to connect to', async () => {
      expect(await codeOf(station.connect())).toBe('chip.no-card, device')
    })

    test('a card that does not answer to reset', async () => {
      await rig.insert(0, new PlainCard({ dead: true }))
      expect(await station.waitFor(['mute'])).toBe('mute')
      expect(station.state().reasons.map(({ code }) => code)).toEqual(['reader-card-mute'])
      expect(await codeOf(station.connect())).toBe('chip.mute, device')
    })

    test('a card is one program’s alone', async () => {
      await connected(new PlainCard())
      expect(await codeOf(station.connect())).toBe('chip.in-use, device')
    })

    test.each(['T=0', 'T=1'] as const)('%s: all cases of commands', async (protocol) => {
      const card = new PlainCard({ protocol })
      const { atr } = await connected(card)
      expect(connection!.protocol).toBe(protocol)
      expect(toHex(atr)).toBe(toHex(card.powerOn()!))
      expect(await send('00440000')).toBe('|6d00')
      expect(await send('00D6000003010203')).toBe('|9000')
      expect(await send('00B0000003')).toBe('010203|9000')
      expect(await send('00CB0005025C0000')).toBe('0001020304|9000')
      expect(await send('00CB000400')).toBe('00010203|9000')
      expect(card.updates).toBe(1)
    })

    test.each([
      ['T=0', false],
      ['T=1', false],
      ['T=1', true],
    ] as const)('%s, extended length %s: more than a short command holds', async (protocol, extendedLength) => {
      const card = new PlainCard({ protocol, extendedLength })
      await connected(card)
      const data = toHex(Uint8Array.from({ length: 600 }, (_, index) => (index * 7) % 256))
      expect(await send(`00D60000000258${data}`)).toBe('|9000')
      expect(card.updates).toBe(1)
      expect(toHex(card.memory.subarray(0, 600))).toBe(data)
      const long = await connection!.transmit(fromHex('00CB0258000000'))
      expect(shown(long)).toBe(`${toHex(Uint8Array.from({ length: 600 }, (_, index) => index % 256))}|9000`)
    })

    test('a response of 32,767 bytes', async () => {
      await connected(new PlainCard({ extendedLength: true }))
      const answer = await connection!.transmit(fromHex('00CB7FFF000000'))
      expect(answer).toMatchObject({ kind: 'response', status: 0x9000 })
      expect(answer.kind === 'response' && answer.data.length).toBe(0x7fff)
    })

    test('what is no command reaches no card', async () => {
      await connected(new PlainCard({ onCommand: () => expect.unreachable() }))
      expect(await codeOf(connection!.transmit(fromHex('00A404')))).toBe('apdu.malformed, data')
    })

    test('a reset takes what was volatile', async () => {
      const card = new PlainCard()
      await connected(card)
      expect(await send('0010000501')).toBe('05|9000')
      expect(await send('0010000501')).toBe('0A|9000')
      expect(await connection!.reset()).toMatchObject({ kind: 'ready' })
      expect(await send('0010000101')).toBe('01|9000')
    })

    test('a released card was switched off, and can be taken again', async () => {
      await connected(new PlainCard())
      expect(await send('0010000501')).toBe('05|9000')
      await connection!.release('unpower')
      await connection!.release('unpower')
      expect(await connection!.transmit(fromHex('0010000501'))).toMatchObject({ kind: 'lost', sent: false })
      connection = await station.connect()
      expect(await send('0010000101')).toBe('01|9000')
    })

    test('a card that falls silent: done once, and not again', async () => {
      const card = new PlainCard()
      await connected(card)
      card.afterNext('mute')
      expect(await send('00D6000001AA')).toEqual({ kind: 'lost', loss: 'mute', sent: true })
      expect(await send('00D6000001BB')).toEqual({ kind: 'lost', loss: 'mute', sent: false })
      expect(card.updates).toBe(1)
      expect(await connection!.reset()).toMatchObject({ kind: 'ready' })
      expect(await send('00B0000001')).toBe('AA|9000')
    })

    test('a card pulled out from under a command', async () => {
      const card = new PlainCard()
      await connected(card)
      card.afterNext('removed')
      expect(await send('00D6000001AA')).toEqual({ kind: 'lost', loss: 'card-removed', sent: true })
      expect(await send('00D6000001BB')).toMatchObject({ kind: 'lost', sent: false })
      expect(await connection!.reset()).toMatchObject({ kind: 'lost' })
      expect(await station.waitFor(['empty'])).toBe('empty')
      expect(card.updates).toBe(1)
    })

    test('a card pulled out between commands', async () => {
      const card = new PlainCard()
      await connected(card)
      await rig.remove(0)
      await station.waitFor(['empty'])
      expect(await send('00D6000001AA')).toMatchObject({ kind: 'lost', loss: 'card-removed' })
      expect(card.updates).toBe(0)
    })

    test('a response that comes too late is no response; the card was done with once', async () => {
      const card = new PlainCard()
      await connected(card)
      card.afterNext({ milliseconds: 500 })
      expect(await connection!.transmit(fromHex('00D6000001AA'), { deadline: 50 })).toEqual({ kind: 'lost', loss: 'deadline', sent: true })
      expect(await send('00D6000001BB')).toMatchObject({ kind: 'lost', sent: false })
      expect(await connection!.reset()).toMatchObject({ kind: 'ready' })
      expect(await send('00B0000001')).toBe('AA|9000')
      expect(card.updates).toBe(1)
    })

    test('a command that is cancelled, before it goes and after', async () => {
      const card = new PlainCard()
      await connected(card)
      const cancelled = AbortSignal.abort(new Error('enough'))
      expect(await connection!.transmit(fromHex('00D6000001AA'), { signal: cancelled })).toEqual({ kind: 'lost', loss: 'cancelled', sent: false })
      expect(card.updates).toBe(0)
      expect(await connection!.reset()).toMatchObject({ kind: 'ready' })
      const enough = new AbortController()
      card.afterNext({ milliseconds: 500 })
      const under = connection!.transmit(fromHex('00D6000001AA'), { signal: enough.signal })
      await expect.poll(() => card.updates).toBe(1)
      enough.abort(new Error('enough'))
      expect(await under).toEqual({ kind: 'lost', loss: 'cancelled', sent: true })
    })

    test('two stations work at the same time', async () => {
      const order: string[] = []
      const cards = [0, 1].map((index) => new PlainCard({ onCommand: () => order.push(`in ${index}`) }))
      await Promise.all([rig.insert(0, cards[0]!), rig.insert(1, cards[1]!)])
      await Promise.all(rig.stations.map((each) => each.waitFor(['card'])))
      const both = await Promise.all(rig.stations.map((each) => each.connect()))
      for (const card of cards) card.afterNext({ milliseconds: 300 })
      const answers = both.map(async (each, index) => {
        const answer = await each.transmit(fromHex('00D6000001AA'))
        order.push(`out ${index}`)
        return shown(answer)
      })
      expect(await Promise.all(answers)).toEqual(['|9000', '|9000'])
      expect(order.slice(0, 2).toSorted()).toEqual(['in 0', 'in 1'])
      await Promise.all(both.map((each) => each.release('unpower')))
    })

    test('a reader that goes away, and comes back', async () => {
      const card = new PlainCard()
      await connected(card)
      card.afterNext({ milliseconds: 500 })
      const under = send('00D6000001AA')
      await expect.poll(() => card.updates).toBe(1)
      await rig.loseReaders()
      expect(await under).toEqual({ kind: 'lost', loss: 'reader-lost', sent: true })
      expect(await station.waitFor(['no-reader'])).toBe('no-reader')
      expect(station.state().reasons.length).toBe(1)
      expect(await codeOf(station.connect())).toMatch(/^chip\.(no-reader|no-service|in-use), device$/)
      await connection!.release('unpower')
      await rig.remove(0)
      await rig.returnReaders()
      expect(await station.waitFor(['empty'])).toBe('empty')
      await connected(new PlainCard())
      expect(await send('00D6000001AA')).toBe('|9000')
    })
  })
}
