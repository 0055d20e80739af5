/** Chip stations: the practice station in process, and real readers of a real PC/SC service. */
import pcsc from 'pcsc-mini'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { systemClock } from '#drivers/clock/system-clock.ts'
import { createPcscReaders } from '#drivers/pcsc/readers.ts'
import { createPracticeStation } from '#drivers/virtual-card/station.ts'
import { insertIntoVpcd, type InsertedCard } from '#drivers/virtual-card/vpcd.ts'
import type { ChipReaders } from '#main/ports/chip-station.ts'
import { toHex } from '#shared/bytes.ts'
import { noPcscdBecause, startPcscd } from '../support/pcscd.ts'
import { PlainCard } from '../support/plain-card.ts'
import { chipStationSuite, type ChipRig } from './chip-station.ts'

type Rig = ChipRig & { readers: ChipReaders }

async function inProcess(): Promise<ChipRig> {
  const stations = [createPracticeStation({ name: 'one', clock: systemClock }), createPracticeStation({ name: 'two', clock: systemClock })] as const
  return {
    stations,
    insert: async (station, card) => stations[station].insert(card),
    remove: async (station) => {
      stations[station].remove()
    },
    loseReaders: async () => stations.forEach((station) => station.loseReader()),
    returnReaders: async () => stations.forEach((station) => station.returnReader()),
    close: async () => {
      await Promise.all(stations.map((station) => station.close()))
    },
  }
}

async function throughPcscd(): Promise<Rig> {
  const service = await startPcscd()
  const readers = createPcscReaders({ clock: systemClock })
  const stations = [readers.station(service.readers[0]), readers.station(service.readers[1])] as const
  const inserted: (InsertedCard | undefined)[] = []
  return {
    readers,
    stations,
    insert: async (station, card) => {
      inserted[station] = await insertIntoVpcd({ place: service.places[station], card, clock: systemClock })
    },
    remove: async (station) => {
      await inserted[station]?.remove()
      inserted[station] = undefined
    },
    loseReaders: () => service.halt(),
    returnReaders: () => service.start(),
    close: async () => {
      await Promise.all(stations.map((station) => station.close()))
      await service.stop()
    },
  }
}

chipStationSuite('a practice station in process', inProcess)

const missing = noPcscdBecause()
if (missing === undefined || process.env['CI']) {
  chipStationSuite('readers of a real PC/SC service', throughPcscd)

  describe('a real PC/SC service', { timeout: 20_000 }, () => {
    let rig: Rig
    beforeAll(async () => {
      rig = await throughPcscd()
      await rig.stations[0].waitFor(['empty'])
    })
    afterAll(() => rig.close())

    test('a card that another program uses is left to it', async () => {
      await rig.insert(0, new PlainCard())
      await rig.stations[0].waitFor(['card'])
      const other = await otherProgram(rig.stations[0].name)
      await expect(rig.stations[0].connect()).rejects.toThrow('chip.in-use')
      await other.leave()
      const connection = await rig.stations[0].connect()
      await expect(otherProgram(rig.stations[0].name)).rejects.toMatchObject({ code: 'SharingViolation' })
      await connection.release('unpower')
      await rig.remove(0)
      await rig.stations[0].waitFor(['empty'])
    })

    test('readers are listed by name, with the answer to reset of a card that was connected to', async () => {
      const names = rig.stations.map(({ name }) => name)
      expect(await rig.readers.list()).toEqual(names.map((name) => ({ name, state: 'empty' })))
      const card = new PlainCard()
      await rig.insert(1, card)
      await rig.stations[1].waitFor(['card'])
      const connection = await rig.stations[1].connect()
      expect(await rig.readers.list()).toEqual([{ name: names[0], state: 'empty' }, { name: names[1], state: 'card', atr: toHex(connection.atr) }])
      await connection.release('unpower')
    })

    test('without the service there are no readers, and its name is in the reason', async () => {
      await rig.loseReaders()
      await rig.stations[0].waitFor(['no-reader'])
      await expect(rig.readers.list()).rejects.toThrow('chip.no-service')
      expect(rig.stations[0].state().reasons[0]?.code).toBe('reader-service-absent')
      await expect(rig.stations[0].connect()).rejects.toThrow('chip.no-service')
    })
  })
} else {
  test.skip(`readers of a real PC/SC service (${missing})`, () => undefined)
}

/** Another program that shares the card in this reader. */
async function otherProgram(name: string): Promise<{ leave(): Promise<void> }> {
  const client = new pcsc.Client()
  const reader = await new Promise<pcsc.Reader>((resolve) => {
    client.on('reader', (each) => {
      if (each.name() === name) resolve(each)
    })
    client.start()
  })
  try {
    const card = await reader.connect(pcsc.CardMode.SHARED, pcsc.Protocol.ANY)
    return { leave: () => card.disconnect(pcsc.CardDisposition.LEAVE) }
  } finally {
    client.stop()
  }
}

describe('where readers can not be had', () => {
  test('a computer without the library is told so, and nothing else fails', async () => {
    const readers = createPcscReaders({ clock: systemClock, load: () => Promise.reject(new Error('libpcsclite.so.1: cannot open shared object file')) })
    await expect(readers.list()).rejects.toThrow('chip.unavailable')
    const station = readers.station('any')
    await expect.poll(() => station.state().reasons[0]?.code).toBe('reader-library-absent')
    expect(station.state().state).toBe('no-reader')
    await expect(station.connect()).rejects.toThrow()
    await station.close()
  })
})
