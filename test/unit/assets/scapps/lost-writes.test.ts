/**
 * A card that confirms a command and does not keep what it wrote: whichever command it is, no card is good that is not, to its last
 * cell, the card that was to be made. The card's memory is the witness; neither server nor script can see it.
 */
import { describe, expect, it } from 'vitest'
import { createCard } from '#drivers/virtual-card/cards.ts'
import type { SavedCard } from '#drivers/virtual-card/saved.ts'
import type { VirtualCard } from '#drivers/virtual-card/virtual-card.ts'
import type { Pki } from '../../../support/emv-card-data.ts'
import { vectorFile } from '../../../support/vectors.ts'
import { endOf, personalize } from './run.ts'
import { samples } from './samples.ts'

const known = vectorFile('test-pki.json') as Omit<Pki, 'index'> | undefined
const pki: Pki = { index: '92', ...known! }

const contentOf = (card: VirtualCard) => (card.save() as SavedCard).memory

describe.skipIf(!known).each(known ? samples(pki) : [])('$task', ({ task, type, applications }) => {
  const blank = () => createCard(type, { seed: 3, baudRate: 115_200 })

  it('tells when a write was lost', async () => {
    const whole = blank()
    const run = await personalize(task, whole, applications)
    expect(endOf(run)).toBe('done')
    const commands = run.trace.filter((entry) => entry.kind === 'apdu' && entry.response !== undefined && entry.step !== 'verify').length
    let struck = 0
    for (let command = 1; command <= commands; command += 1) {
      const card = blank()
      card.arm({ kind: 'silent-loss', command })
      const { result } = await personalize(task, card, applications)
      if (card.armed().length > 0) continue
      struck += 1
      if (result.kind === 'done') expect(contentOf(card), `command ${command} of ${commands}`).toEqual(contentOf(whole))
    }
    expect(struck).toBeGreaterThan(5)
  })
})
