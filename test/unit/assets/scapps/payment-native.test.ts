/** vsdc-native and mchip-native from prepared data to a payment: server, ScApp and native card, then a terminal and an issuer. */
import { describe, expect, it } from 'vitest'
import { createCard } from '#drivers/virtual-card/cards.ts'
import type { VirtualCard } from '#drivers/virtual-card/virtual-card.ts'
import type { ChipTask } from '#shared/chip/task.ts'
import { cardData, keysOfCard, usualIdentifier } from '../../../support/emv-card-data.ts'
import type { DemoCard, Pki } from '../../../support/emv-card-data.ts'
import { authenticationData, expectedCryptogram } from '../../../support/emv-issuer.ts'
import type { TransactionData } from '../../../support/emv-issuer.ts'
import { Terminal } from '../../../support/emv-terminal.ts'
import { vectorFile } from '../../../support/vectors.ts'
import { send } from '../../drivers/virtual-card/native/host.ts'
import { endOf, groupsOf, personalize } from './run.ts'

const known = vectorFile('test-pki.json') as Omit<Pki, 'index'> | undefined

const kinds = [
  { task: 'vsdc-native', type: 'native-vsdc', scheme: 'visa-10', other: 'native-mchip' },
  { task: 'mchip-native', type: 'native-mchip', scheme: 'mchip', other: 'native-vsdc' },
] as const

function demo(scheme: DemoCard['scheme']): DemoCard {
  return { scheme, number: '4276550000000018', expiry: '2912', name: 'IVANOV/IVAN', authentication: 'SDA', pki: { index: '92', ...known! } }
}

const blank = (type: (typeof kinds)[number]['type'], seed = 1): VirtualCard => createCard(type, { seed, baudRate: 115_200 })
const applications = (scheme: DemoCard['scheme'], change: (data: Record<string, string>) => Record<string, string> = (data) => data) => [
  { application: 'payment', groups: groupsOf(change(cardData(demo(scheme))), ['8000', '8010']) },
]

function terminalAt(card: VirtualCard, identifier: string): Terminal {
  card.powerOn()
  const exchange = (command: string) => {
    const answered = send(card, command)
    return { data: answered.slice(0, -4), status: answered.slice(-4) }
  }
  return new Terminal(exchange, { authorities: { [`${identifier.slice(0, 10)}92`]: { modulus: known!.ca.modulus, exponent: known!.ca.publicExponent } }, values: { '9F37': '01020304' } })
}

describe.skipIf(!known).each(kinds)('$task', ({ task, type, scheme, other }) => {
  const identifier = usualIdentifier[scheme]

  it('makes a card that pays', async () => {
    const card = blank(type)
    const run = await personalize(task, card, applications(scheme))
    expect(endOf(run)).toBe('done')
    expect(run.result).toMatchObject({ kind: 'done', report: { verified: scheme === 'mchip' ? 13 : 14 } })

    const terminal = terminalAt(card, identifier)
    expect(await terminal.directory()).toEqual([{ identifier, label: scheme === 'mchip' ? 'MASTERCARD' : 'VISA DEBIT' }])
    expect(await terminal.select(identifier)).toBe('9000')
    await terminal.initiate()
    await terminal.read()
    expect(terminal.authenticateStatic()).toBe('DAC0')
    expect(send(card, '0020008008241234FFFFFFFFFF')).toBe('9000')
    const given = await terminal.generate('ARQC', 'first', false)
    const keys = keysOfCard(demo(scheme))
    const data: TransactionData = {
      terminal: Object.fromEntries(['9F02', '9F03', '9F1A', '95', '5F2A', '9A', '9C', '9F37'].map((tag) => [tag, terminal.values[tag]!])) as TransactionData['terminal'],
      interchangeProfile: terminal.card['82']!,
      counter: given.counter,
      issuerApplicationData: given.issuerApplicationData,
    }
    expect(given.cryptogram).toBe(expectedCryptogram(scheme, keys, data))
    expect(authenticationData(scheme, keys, given.cryptogram, given.counter, scheme === 'mchip' ? '0012' : '3030')).toHaveLength(20)
  })

  it('spends PIN tries that it was given, and keeps them over a reset', async () => {
    const card = blank(type)
    await personalize(task, card, applications(scheme, (data) => ({ ...data, 9010: '0202' })))
    const terminal = terminalAt(card, identifier)
    await terminal.select(identifier)
    await terminal.initiate()
    expect(send(card, '0020008008241111FFFFFFFFFF')).toBe('63C1')
    card.powerOn()
    await terminal.select(identifier)
    await terminal.initiate()
    expect(send(card, '0020008008241111FFFFFFFFFF')).toBe('63C0')
    expect(send(card, '80CA9F1700')).toMatch(/^9F1701009000$/)
  })

  it('refuses another card, and one that was personalized before', async () => {
    expect(endOf(await personalize(task, blank(other), applications(scheme)))).toContain('chip-wrong-card')
    const again = blank(type)
    await personalize(task, again, applications(scheme))
    expect(endOf(await personalize(task, again, applications(scheme)))).toContain('chip-wrong-card')
    // without what the server asks by the task, the script still does
    const change = (document: ChipTask) => {
      delete document.card.keyVersion
      delete document.card.atr
    }
    expect(endOf(await personalize(task, again, applications(scheme), { change }))).toContain('activated')
    expect(endOf(await personalize(task, blank(other), applications(scheme), { change }))).toContain('wrong-mask')
  })

  it('refuses data that the card has no place for, and keys that are others', async () => {
    expect(endOf(await personalize(task, blank(type), applications(scheme, (data) => ({ ...data, 8201: '00'.repeat(64) }))))).toContain('unknown-group')
    expect(endOf(await personalize(task, blank(type), applications(scheme, (data) => ({ ...data, 9000: '00'.repeat(9) }))))).toContain('check-value')
    expect(endOf(await personalize(task, blank(type), applications(scheme), { master: '4F4E4D4C4B4A49484746454443424140' }))).toContain('wrong-key')
  })
})
