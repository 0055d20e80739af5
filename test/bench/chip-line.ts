/**
 * What the chip station adds to PC/SC: commands a second through a real service to a card that answers at once, beside a bare loop
 * over `pcsc-mini` with the same command, the same card and the same reader, in turns.
 */
import pcsc from 'pcsc-mini'
import { systemClock } from '#drivers/clock/system-clock.ts'
import { createPcscReaders } from '#drivers/pcsc/readers.ts'
import { insertIntoVpcd } from '#drivers/virtual-card/vpcd.ts'
import type { ChipStation } from '#main/ports/chip-station.ts'
import { fromHex } from '#shared/bytes.ts'
import { noPcscdBecause, startPcscd } from '../support/pcscd.ts'
import { PlainCard } from '../support/plain-card.ts'
import { type Metric, metric } from './metric.ts'

const rounds = 7
const commandsEach = 500
/** READ BINARY of 200 bytes. */
const command = fromHex('00B00000C8')

export async function measureChipLine(): Promise<Metric[]> {
  const missing = noPcscdBecause()
  if (missing !== undefined) throw new Error(`apdu_per_second_pcsc can not be measured here: ${missing}`)
  const service = await startPcscd()
  const station = createPcscReaders({ clock: systemClock }).station(service.readers[0])
  const bare = await bareReader(service.readers[0])
  const card = await insertIntoVpcd({ place: service.places[0], card: new PlainCard() })
  try {
    await station.waitFor(['card'])
    await throughStation(station)
    await throughLibrary(bare.reader)
    const pairs: { station: number; library: number }[] = []
    for (let round = 0; round < rounds; round += 1) {
      pairs.push({ station: await throughStation(station), library: await throughLibrary(bare.reader) })
    }
    return [metric('apdu_per_second_pcsc', median(pairs.map((pair) => pair.station)), 'APDU/s', median(pairs.map((pair) => pair.library)))]
  } finally {
    await card.remove()
    await station.close()
    bare.stop()
    await service.stop()
  }
}

function bareReader(name: string): Promise<{ reader: pcsc.Reader; stop: () => void }> {
  const client = new pcsc.Client()
  return new Promise((resolve) => {
    client.on('reader', (reader) => {
      if (reader.name() === name) resolve({ reader, stop: () => client.stop() })
    })
    client.start()
  })
}

async function throughStation(station: ChipStation): Promise<number> {
  const connection = await station.connect()
  const rate = await perSecond(async () => {
    const answer = await connection.transmit(command)
    if (answer.kind !== 'response' || answer.data.length !== 200) throw new Error('the station did not bring the response')
  })
  await connection.release('unpower')
  return rate
}

async function throughLibrary(reader: pcsc.Reader): Promise<number> {
  const card = await reader.connect(pcsc.CardMode.EXCLUSIVE, pcsc.Protocol.ANY)
  const buffer = new ArrayBuffer(65_538)
  const rate = await perSecond(async () => {
    const response = await card.transmit(command, buffer)
    if (response.length !== 202) throw new Error('the library did not bring the response')
  })
  await card.disconnect(pcsc.CardDisposition.UNPOWER)
  return rate
}

async function perSecond(work: () => Promise<void>): Promise<number> {
  const started = performance.now()
  for (let done = 0; done < commandsEach; done += 1) await work()
  return (commandsEach * 1000) / (performance.now() - started)
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}
