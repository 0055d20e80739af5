/** Chip stations: the practice station in process, and real readers of a real PC/SC service. */
import { describe, expect, test } from 'vitest'
import { systemClock } from '#drivers/clock/system-clock.ts'
import { createPcscReaders } from '#drivers/pcsc/readers.ts'
import { createPracticeStation } from '#drivers/virtual-card/station.ts'
import { insertIntoVpcd, type InsertedCard } from '#drivers/virtual-card/vpcd.ts'
import { noPcscdBecause, startPcscd } from '../support/pcscd.ts'
import { chipStationSuite, type ChipRig } from './chip-station.ts'

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

async function throughPcscd(): Promise<ChipRig> {
  const service = await startPcscd()
  const readers = createPcscReaders({ clock: systemClock })
  const stations = [readers.station(service.readers[0]), readers.station(service.readers[1])] as const
  const inserted: (InsertedCard | undefined)[] = []
  return {
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
} else {
  test.skip(`readers of a real PC/SC service (${missing})`, () => undefined)
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
