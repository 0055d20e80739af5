/** The shipped tasks for native and MULTOS-like cards, made in a reader of a real PC/SC service: pcscd, vpcd, T=0. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { systemClock } from '#drivers/clock/system-clock.ts'
import { createPcscReaders } from '#drivers/pcsc/readers.ts'
import { createCard } from '#drivers/virtual-card/cards.ts'
import { insertIntoVpcd } from '#drivers/virtual-card/vpcd.ts'
import type { ChipStation } from '#main/ports/chip-station.ts'
import type { Clock } from '#main/ports/clock.ts'
import type { Pki } from '../support/emv-card-data.ts'
import { noPcscdBecause, startPcscd } from '../support/pcscd.ts'
import type { PcscService } from '../support/pcscd.ts'
import { vectorFile } from '../support/vectors.ts'
import { endOf, personalizeIn } from '../unit/assets/scapps/run.ts'
import { samples } from '../unit/assets/scapps/samples.ts'

const missing = noPcscdBecause()
const known = vectorFile('test-pki.json') as Omit<Pki, 'index'> | undefined

/** What the card would take is not waited for. */
const hurried: Clock = { now: () => systemClock.now(), elapsed: () => systemClock.elapsed(), sleep: () => Promise.resolve() }

if (known === undefined || (missing !== undefined && !process.env['CI'])) {
  test.skip(`native cards in a real reader: ${missing ?? 'published vectors are missing'}`, () => undefined)
} else {
  describe('native cards in a reader of a real PC/SC service', { timeout: 30_000 }, () => {
    let service: PcscService
    let station: ChipStation
    beforeAll(async () => {
      service = await startPcscd()
      station = createPcscReaders({ clock: systemClock }).station(service.readers[0])
      await station.waitFor(['empty'])
    })
    afterAll(async () => {
      await station.close()
      await service.stop()
    })

    test.each(samples({ index: '92', ...known }))('$task', async ({ task, type, applications }) => {
      const inserted = await insertIntoVpcd({ place: service.places[0], card: createCard(type, { seed: 21, baudRate: 115_200 }), clock: hurried })
      const run = await personalizeIn(station, task, applications)
      await inserted.remove()
      await station.waitFor(['empty'])
      expect(endOf(run)).toBe('done')
    })
  })
}
