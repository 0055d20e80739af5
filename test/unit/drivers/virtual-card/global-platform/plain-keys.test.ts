import { describe, expect, it } from 'vitest'
import { createCard, restoreCard } from '#drivers/virtual-card/cards.ts'
import type { VirtualCard } from '#drivers/virtual-card/virtual-card.ts'
import { fromHex, toHex } from '#shared/bytes.ts'

function ask(card: VirtualCard, command: string): string {
  const response = card.transmit(fromHex(command))
  return response.kind === 'response' ? toHex(response.bytes) : response.why
}

describe('a test card as makers deliver it', () => {
  for (const type of ['gp-scp02-55', 'gp-scp03-128'] as const) {
    it(`${type}: tells key version FF, also when it was kept in a file`, () => {
      const card = createCard(type, { seed: 1, baudRate: 9600, keys: 'plain' })
      card.powerOn()
      expect(ask(card, '8050000008000102030405060700').slice(20, 22)).toBe('FF')
      const kept = restoreCard(JSON.parse(JSON.stringify(card.save())))
      kept.powerOn()
      expect(ask(kept, '80CA00E000')).toMatch(/^E012C00401FF/)
    })
  }

  it('has keys of its own as a blank for a bank', () => {
    const card = createCard('gp-scp03-128', { seed: 1, baudRate: 9600 })
    card.powerOn()
    expect(ask(card, '8050000008000102030405060700').slice(20, 22)).toBe('01')
  })
})
