import { describe, expect, test } from 'vitest'
import { conveyorTiming, slowestModule } from '#drivers/conveyor/simulator/model.ts'
import { discardMark, isMarked } from '#drivers/conveyor/simulator/works.ts'
import { isTouched, readableTracks, readEmbossing } from '#drivers/cpx/simulator/plastic.ts'
import type { CommandOptions } from '#main/ports/embosser-driver.ts'
import { cardOf, conveyorRig, makeCards, serialOf, type ConveyorRig, type Hands, type Made } from './rig.ts'

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1)

/** Numbers from 0 to 1 that follow from a seed (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

const texts = (blank: Parameters<typeof readEmbossing>[0]) => readEmbossing(blank).map(({ text }) => text)

/** Judges by the plastic and the chips alone: no blank carries anything of two records, and what is said of a record is true. */
function judge({ machine }: ConveyorRig, made: readonly Made[]): void {
  const blanks = machine.blanks()
  const byNumber = new Map(made.map((one) => [cardOf(one.record).number, one]))
  for (const blank of blanks) {
    const { track1, track2 } = readableTracks(blank)
    const numbers = [track1?.slice(1, 17), track2?.slice(0, 16), ...texts(blank).filter((text) => /^\d{16}$/.test(text))].filter((number) => number !== undefined)
    expect(new Set(numbers).size, blank.id).toBeLessThanOrEqual(1)
    const [number] = numbers
    const one = number === undefined ? undefined : byNumber.get(number)
    if (one !== undefined) {
      // The plastic and the chip are of one card.
      expect(serialOf(machine.chipOf(blank.id)), blank.id).toBe(one.chip)
      expect(one.command).toBe('personalize')
    }
    if (blank.place.kind === 'output-tray' || (blank.place.kind === 'hand' && blank.place.from === 'output-tray')) {
      expect(one?.outcome.kind, blank.id).toBe('done')
      expect(readableTracks(blank)).toEqual(cardOf(one!.record).tracks)
      expect(texts(blank)).toEqual(cardOf(one!.record).lines.map(({ text }) => text))
      expect(readEmbossing(blank).every(({ topped }) => topped)).toBe(true)
      expect(isMarked(blank)).toBe(false)
    }
    if (blank.place.kind === 'reject-tray') {
      expect(texts(blank).map((text) => text.replaceAll(' ', '')), blank.id).toEqual([discardMark])
      expect(readableTracks(blank)).toEqual({})
    }
    if (blank.place.kind === 'hopper') expect(isTouched(blank)).toBe(false)
  }
  const delivered = blanks.filter(({ place }) => place.kind === 'output-tray').map((blank) => readableTracks(blank).track2?.slice(0, 16))
  // Good cards are as many as is said, and the later record has the later blank.
  expect(delivered).toEqual(made.filter(({ command, outcome }) => command === 'personalize' && outcome.kind === 'done').map(({ record }) => cardOf(record).number))
}

const calm: Hands = { mend: () => {}, chipTime: () => 15_000 }

describe('a conveyor', () => {
  test('makes cards in order with seven chips at once, whatever each of them takes', async () => {
    const rig = await conveyorRig(7, 40)
    const random = seeded(7)
    const made = await makeCards(rig, upTo(30), { ...calm, chipTime: () => 5_000 + random() * 30_000 })
    expect(made.map(({ record }) => record)).toEqual(upTo(30))
    expect(made.every(({ outcome }) => outcome.kind === 'done')).toBe(true)
    expect(new Set(made.map(({ presented }) => presented.station)).size).toBe(7)
    judge(rig, made)
  })

  test('its modules work at the same time: with stations enough, a card takes what the slowest module takes', async () => {
    const rig = await conveyorRig(7, 60)
    const began = rig.clock.elapsed()
    await makeCards(rig, upTo(50), calm)
    const perCard = (rig.clock.elapsed() - began) / 50
    expect(slowestModule).toBe(conveyorTiming.embosser + conveyorTiming.move)
    expect(perCard / slowestModule).toBeLessThan(1.12)
    expect(perCard / slowestModule).toBeGreaterThan(1)
  })

  test('a card whose chip fails goes untouched by the modules to the marking station and the reject stacker', async () => {
    const rig = await conveyorRig(3, 10)
    rig.machine.act({ do: 'arm-chip', fault: { kind: 'mute', command: 1, executed: false } })
    const made = await makeCards(rig, upTo(6), calm)
    expect(made.map(({ command }) => command)).toEqual(['spoil', ...Array(5).fill('personalize')])
    expect(rig.machine.picture()).toMatchObject({ outputTray: { count: 5 }, rejectTray: { count: 1 }, hopper: { count: 4 } })
    judge(rig, made)
  })

  test('an empty hopper is asked for once, and the cards inside go on meanwhile', async () => {
    const rig = await conveyorRig(4, 5)
    const asked: string[] = []
    const made = await makeCards(rig, upTo(9), {
      ...calm,
      mend: (reason) => {
        asked.push(reason.code)
        rig.machine.act({ do: 'refill', blanks: 10 })
      },
    })
    expect(asked).toEqual(['hopper-empty'])
    expect(made).toHaveLength(9)
    judge(rig, made)
  })

  test('a full reject stacker holds one card up, until a hand empties it', async () => {
    const rig = await conveyorRig(7, 130)
    const asked: string[] = []
    const records = upTo(104)
    for (const _ of records) rig.machine.act({ do: 'arm-chip', fault: { kind: 'dead' } })
    const made = await makeCards(rig, records, {
      chipTime: () => 100,
      mend: (reason) => {
        asked.push(reason.code)
        rig.machine.act({ do: 'empty-tray', tray: 'reject' })
      },
    })
    expect(asked).toEqual(['reject-tray-full'])
    expect(made.every(({ command, outcome }) => command === 'spoil' && outcome.kind === 'done')).toBe(true)
    expect(rig.machine.picture().rejectTray.count).toBe(4)
  })

  test('a jam puts one card in question, and no other', async () => {
    const rig = await conveyorRig(5, 20)
    rig.machine.act({ do: 'arm', fault: { kind: 'alarm', status: 'b', stage: 'emboss', moment: 'halfway', times: 1 } })
    const made = await makeCards(rig, upTo(12), { ...calm, mend: () => rig.machine.act({ do: 'clear-jam' }) })
    const unknown = made.filter(({ outcome }) => outcome.kind === 'unknown')
    expect(unknown).toMatchObject([{ record: 1, outcome: { reason: { code: 'module-jam', status: 'jam' } } }])
    expect(rig.machine.blanks().filter(({ place }) => place.kind === 'hand')).toHaveLength(1)
    judge(rig, made)
  })

  test('a station whose reader is lost is left out, its card is discarded, and hands bring it back', async () => {
    const rig = await conveyorRig(3, 20)
    rig.machine.act({ do: 'arm-chip', fault: { kind: 'reader-lost', command: 1, moment: 'before' } })
    const made = await makeCards(rig, upTo(7), calm)
    const [lost] = made.filter(({ command }) => command === 'spoil')
    expect(lost).toMatchObject({ record: 1, outcome: { kind: 'done' } })
    expect(new Set(made.slice(3).map(({ presented }) => presented.station))).not.toContain(lost!.presented.station)
    judge(rig, made)
    rig.machine.act({ do: 'clear-jam' })
    expect(rig.machine.stations.get(lost!.presented.station)!.state().state).toBe('empty')
  })

  test('without any station the line says so', async () => {
    const rig = await conveyorRig(1, 3)
    rig.machine.stations.get('station-1')!.loseReader()
    const options: CommandOptions = { onAttention: () => Promise.resolve('give-up') }
    expect(await rig.clock.run(rig.driver.present(options))).toMatchObject({ kind: 'refused', reason: { code: 'stations-lost' } })
    expect(rig.driver.state()).toMatchObject({ state: 'stopped', reasons: [{ code: 'stations-lost' }] })
  })

  test('a line that is lost leaves what was sent to people, and what lies in the carousel is discarded', async () => {
    const rig = await conveyorRig(2, 10)
    const { clock, driver, machine } = rig
    const options: CommandOptions = { onAttention: () => Promise.resolve('give-up') }
    const [first, second] = [await clock.run(driver.present(options)), await clock.run(driver.present(options))]
    if (first.kind !== 'presented' || second.kind !== 'presented') throw new Error('not presented')
    const sent = driver.personalize(cardOf(1), options, first.card)
    await clock.advance(2_000)
    machine.act({ do: 'arm', fault: { kind: 'link-drop', times: 1 } })
    expect(await sent.completed).toMatchObject({ kind: 'unknown', reason: { code: 'link-lost' } })
    expect(driver.state().connected).toBe(false)
    expect(await driver.personalize(cardOf(2), options, second.card).completed).toMatchObject({ kind: 'refused', reason: { code: 'not-connected' } })
    await clock.run(driver.connect())
    expect(await driver.personalize(cardOf(2), options, second.card).completed).toMatchObject({ kind: 'failed', card: 'reject-tray', reason: { code: 'line-purged' } })
    await clock.advance(60_000)
    expect(machine.picture()).toMatchObject({ outputTray: { count: 1 }, rejectTray: { count: 1 }, inside: [] })
  })

  test('a card that a hand pulls out of the carousel holds nobody up', async () => {
    const rig = await conveyorRig(3, 20)
    rig.machine.act({ do: 'arm-chip', fault: { kind: 'removed', command: 1, moment: 'before' } })
    const made = await makeCards(rig, upTo(6), calm)
    const [pulled, ...others] = made.toSorted((one, other) => one.record - other.record)
    expect(pulled).toMatchObject({ record: 1, command: 'spoil', outcome: { kind: 'refused', reason: { code: 'card-not-presented' } } })
    expect(others.every(({ outcome }) => outcome.kind === 'done')).toBe(true)
    expect(rig.machine.blanks().map(({ place }) => place.kind).filter((kind) => kind === 'hand')).toHaveLength(1)
    judge(rig, made)
  })

  test('a run that is given up leaves an empty carousel', async () => {
    const { clock, driver, machine } = await conveyorRig(2, 10)
    const stop = new AbortController()
    const options: CommandOptions = { onAttention: () => Promise.resolve('give-up'), signal: stop.signal }
    const [first, second] = [await clock.run(driver.present(options)), await clock.run(driver.present(options))]
    if (first.kind !== 'presented' || second.kind !== 'presented') throw new Error('not presented')
    const waiting = driver.personalize(cardOf(2), options, second.card)
    stop.abort(new Error('given up'))
    expect(await waiting.completed).toMatchObject({ kind: 'refused', reason: { code: 'cancelled' } })
    await clock.advance(60_000)
    expect(machine.picture()).toMatchObject({ inside: [], rejectTray: { count: 2 } })
    const next: CommandOptions = { onAttention: () => Promise.resolve('give-up') }
    const third = await clock.run(driver.present(next))
    if (third.kind !== 'presented') throw new Error('not presented')
    expect(await clock.run(driver.personalize(cardOf(3), next, third.card).completed)).toMatchObject({ kind: 'done' })
  })

  test('a blank that was handed back is the next one, and holds nobody up', async () => {
    const { clock, driver, machine } = await conveyorRig(2, 10)
    const options: CommandOptions = { onAttention: () => Promise.resolve('give-up') }
    const take = async () => {
      const answer = await clock.run(driver.present(options))
      if (answer.kind !== 'presented') throw new Error(answer.reason.code)
      return answer.card
    }
    const [first, second] = [await take(), await take()]
    const waiting = driver.personalize(cardOf(2), options, second)
    driver.handBack?.(first)
    expect(await clock.run(waiting.completed)).toMatchObject({ kind: 'done' })
    const again = await take()
    expect(again.station).toBe(first.station)
    expect(await clock.run(driver.spoil(cardOf(1), options, again).completed)).toMatchObject({ kind: 'done' })
    expect(machine.picture()).toMatchObject({ hopper: { count: 8 }, outputTray: { count: 1 }, rejectTray: { count: 1 } })
  })

  test('has a SAM station beside each chip station, and four that all share', async () => {
    const { machine } = await conveyorRig(6, 0)
    expect([...machine.stations.keys()]).toEqual(upTo(6).map((index) => `station-${index}`))
    expect([...machine.samStations.keys()]).toEqual([...upTo(6).map((index) => `sam-${index}`), ...upTo(4).map((index) => `shared-sam-${index}`)])
  })

  test.each(upTo(25))('order and data never mix: seed %i', async (seed) => {
    const random = seeded(seed)
    const pick = <Value>(values: readonly Value[]) => values[Math.floor(random() * values.length)]!
    const rig = await conveyorRig(1 + Math.floor(random() * 7), 25)
    const mend: Hands['mend'] = ({ code }) => {
      const { machine } = rig
      if (code === 'hopper-empty') machine.act({ do: 'refill', blanks: 5 })
      else if (code === 'output-tray-full') machine.act({ do: 'empty-tray', tray: 'output' })
      else if (code === 'reject-tray-full') machine.act({ do: 'empty-tray', tray: 'reject' })
      else machine.act({ do: 'clear-jam' })
    }
    for (let faults = Math.floor(random() * 8); faults > 0; faults--) {
      const stage = pick(['pick', 'encode', 'emboss', 'topper', 'deliver'] as const)
      rig.machine.act(
        random() < 0.5
          ? { do: 'arm', fault: { kind: 'alarm', status: 'b', stage, moment: pick(['before', 'halfway', 'after'] as const), times: 1 } }
          : { do: 'arm-chip', fault: pick([{ kind: 'dead' }, { kind: 'mute', executed: true }, { kind: 'removed', moment: 'during' }, { kind: 'reader-lost', moment: 'after' }] as const) },
      )
    }
    const made = await makeCards(rig, upTo(30), { mend, chipTime: () => random() * 40_000 })
    expect(made).toHaveLength(30)
    judge(rig, made)
    const places = rig.machine.blanks().map(({ place }) => place.kind)
    expect(places.filter((kind) => kind === 'inside')).toEqual([])
  })
})
