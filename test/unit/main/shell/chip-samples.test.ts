import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { limitsOf, modeOf, shippedProfiles } from '#drivers/cpx/profile.ts'
import { checkFile } from '#main/intake/check-file.ts'
import { guessSource } from '#main/intake/guess.ts'
import { template } from '../../shared/design/samples.ts'
import { chipSamples, samplePath, secretGroupings } from '../../../support/make-chip-samples.ts'

const content = readFileSync(samplePath)

async function* stream(): AsyncGenerator<Uint8Array> {
  yield content
}

describe('chip-debit-cards.csv', () => {
  test('is what the tool makes', () => {
    expect(content.toString('utf8')).toBe(chipSamples())
  })

  test('is guessed and good, and every secret of it comes wrapped', async () => {
    const dc450 = shippedProfiles.find(({ profile }) => profile === 'dc450')!
    const limits = limitsOf(dc450, modeOf(dc450, 'chip-fast'))
    const design = template('chip-debit-card')
    const chips = []
    for await (const batch of checkFile(stream(), guessSource(content).options, design, { limits, today: '2026-11-23' })) {
      expect(batch.mistakes).toEqual([])
      chips.push(...batch.cards.map(({ card }) => card.chip!))
    }
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
})
