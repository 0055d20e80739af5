/** The sample cards for a reader on the desk are what their maker makes, and their tasks make cards of them. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { createCard } from '#drivers/virtual-card/cards.ts'
import type { PracticeCardType } from '#shared/chip/practice-card.ts'
import { demoKeys } from '#main/shell/demo-keys.ts'
import { deskFolder, deskSamples, textOf } from '../../support/make-desk-samples.ts'
import { endOf, personalize, shippedTask } from './scapps/run.ts'

const cards: Record<string, PracticeCardType> = {
  'vsdc-native': 'native-vsdc',
  'mchip-native': 'native-mchip',
  'mchip-multos': 'multos',
  'loyalty-native': 'native-wallet',
  identification: 'native-id',
}

describe.each(Object.entries(deskSamples()))('%s', (task, sample) => {
  it('is in its file as it is made', () => {
    expect(readFileSync(new URL(`${task}.json`, deskFolder), 'utf8')).toBe(textOf(sample))
  })

  it('becomes a card', async () => {
    const applications = shippedTask(task).applications.map(({ application, template }) => {
      const secret = new Set(template.filter((group) => group.secret).map(({ group }) => group))
      const groups = Object.entries(sample[application] as Record<string, string>).map(([name, value]) => ({
        name,
        value,
        ...(secret.has(name) && { secret: { under: 'demo-transport', mode: 'ecb' as const, padding: 'none' as const, clearLength: value.length / 2 } }),
      }))
      return { application, groups }
    })
    const card = createCard(cards[task]!, { seed: 5, baudRate: 115_200 })
    expect(endOf(await personalize(task, card, applications, { transport: demoKeys.transport }))).toBe('done')
  })
})
