/** A demo card before a terminal, personalized from the test payment system's keys. */
import { expect } from 'vitest'
import { cardData, keysOfCard, usualIdentifier } from '../../../../support/emv-card-data.ts'
import type { DemoCard, Pki } from '../../../../support/emv-card-data.ts'
import { loneCard } from '../../../../support/emv-card.ts'
import { Terminal } from '../../../../support/emv-terminal.ts'
import { vectorFile } from '../../../../support/vectors.ts'

export const testPki = vectorFile('test-pki.json') as Omit<Pki, 'index'> | undefined
export const schemes = ['visa-10', 'visa-18', 'mchip'] as const

export function demo(scheme: DemoCard['scheme'], authentication: DemoCard['authentication'] = 'CDA', more: Partial<DemoCard> = {}): DemoCard {
  return { scheme, number: '4276550000000018', expiry: '2912', name: 'IVANOV/IVAN', authentication, pki: { index: '92', ...testPki! }, ...more }
}

/** Personalized, not yet selected. `again` begins a transaction. */
export function begin(card: DemoCard, values: Record<string, string> = {}) {
  const identifier = usualIdentifier[card.scheme]
  const lone = loneCard(identifier)
  expect(lone.personalize(cardData(card)).every((status) => status === '9000')).toBe(true)
  const { modulus, publicExponent } = testPki!.ca
  const authorities = { [`${identifier.slice(0, 10)}92`]: { modulus, exponent: publicExponent } }
  const terminal = new Terminal(lone.exchange, { authorities, values: { '9F37': '01020304', ...values } })
  const again = async (status = '9000') => {
    expect(await terminal.select(identifier)).toBe(status)
    await terminal.initiate()
    await terminal.read()
  }
  return { lone, terminal, keys: keysOfCard(card), identifier, again }
}

export async function ready(card: DemoCard, values: Record<string, string> = {}) {
  const begun = begin(card, values)
  await begun.again()
  return begun
}
