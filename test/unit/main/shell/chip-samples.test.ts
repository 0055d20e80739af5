import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { VirtualClock } from '#drivers/clock/virtual-clock.ts'
import { limitsOf, modeOf, shippedProfiles } from '#drivers/cpx/profile.ts'
import { memoryKeyFile } from '#drivers/keystore-file/key-file.ts'
import { openFileKeyStore } from '#drivers/keystore-file/file-key-store.ts'
import { systemRandom } from '#drivers/random/random.ts'
import { createCard } from '#drivers/virtual-card/cards.ts'
import { createPracticeStation } from '#drivers/virtual-card/station.ts'
import { createLocalEngine } from '#main/chip/sandbox/local-engine.ts'
import { createPersonalizationServer } from '#main/chip/server.ts'
import { checkFile } from '#main/intake/check-file.ts'
import { guessSource } from '#main/intake/guess.ts'
import { importDemoKeys } from '#main/shell/demo-keys.ts'
import type { PreparedChip } from '#shared/chip/prepared-chip.ts'
import { libraryOf } from '../../../support/chip-work.ts'
import { template } from '../../shared/design/samples.ts'
import { chipSamples, samplePath, secretGroupings } from '../../../support/make-chip-samples.ts'

const content = readFileSync(samplePath)

async function* stream(): AsyncGenerator<Uint8Array> {
  yield content
}

async function sampleChips(): Promise<PreparedChip[]> {
  const dc450 = shippedProfiles.find(({ profile }) => profile === 'dc450')!
  const limits = limitsOf(dc450, modeOf(dc450, 'chip-fast'))
  const chips: PreparedChip[] = []
  for await (const batch of checkFile(stream(), guessSource(content).options, template('chip-debit-card'), { limits, today: '2026-11-23' })) {
    expect(batch.mistakes).toEqual([])
    chips.push(...batch.cards.map(({ card }) => card.chip!))
  }
  return chips
}

describe('chip-debit-cards.csv', () => {
  test('is what the tool makes', () => {
    expect(content.toString('utf8')).toBe(chipSamples())
  })

  test('is guessed and good, and every secret of it comes wrapped', async () => {
    const chips = await sampleChips()
    expect(chips).toHaveLength(12)
    for (const { task, applications } of chips) {
      expect(task).toBe('emv-debit')
      expect(applications.map(({ application }) => application)).toEqual(['payment', 'directory', 'proximity'])
      const secret = applications[0]!.groups.filter((group) => group.secret !== undefined)
      expect(secret.map(({ name }) => name).toSorted()).toEqual([...secretGroupings])
      expect(secret.every((group) => group.secret?.under === 'demo-transport')).toBe(true)
      // A PIN block begins with its length; wrapped it looks like nothing.
      expect(secret.find(({ name }) => name === '8010')!.value).not.toMatch(/^24.*FFFFFFFF/)
    }
  })

  test.each(['gp-scp02-55', 'gp-scp02-15'] as const)('becomes twelve cards by the shipped task, on %s', async (type) => {
    const keys = openFileKeyStore({ file: memoryKeyFile(), random: systemRandom, cost: { logN: 4, r: 8, p: 1 } })
    await keys.create('P-01', 'password')
    importDemoKeys(keys.cardKeys)
    const clock = new VirtualClock()
    const server = createPersonalizationServer({ library: libraryOf({}), keys: keys.cardKeys, clock, random: systemRandom, engine: createLocalEngine() })
    const session = await server.begin({ task: 'emv-debit', device: 'D-02', answers: {} })
    for (const [index, chip] of (await sampleChips()).entries()) {
      const station = createPracticeStation({ name: 'chip', clock })
      station.insert(createCard(type, { seed: index + 1, baudRate: 115_200 }))
      const result = await clock.run(session.personalize({ station, chip, identified: () => 'go-on' }))
      expect(result).toMatchObject({ kind: 'done', report: { verified: 11, lastStatus: '9000' } })
    }
  })
})
