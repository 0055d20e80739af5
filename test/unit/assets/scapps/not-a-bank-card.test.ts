/** loyalty-native and identification from prepared data to use. */
import { describe, expect, it } from 'vitest'
import { createCard } from '#drivers/virtual-card/cards.ts'
import { padded, retailMac } from '#drivers/virtual-card/crypto.ts'
import { keyPair } from '#drivers/virtual-card/native/authentication.ts'
import type { ChipGroup } from '#shared/chip/prepared-chip.ts'
import type { PracticeCardType } from '#shared/chip/practice-card.ts'
import { fromHex, toHex } from '#shared/bytes.ts'
import { transact } from '../../../support/purse-terminal.ts'
import { NativeHost, send } from '../../drivers/virtual-card/native/host.ts'
import { clear, endOf, personalize } from './run.ts'
import { accessSeed, chipKey, documentFiles, documentSample, purseKeys, walletSample } from './samples.ts'

const blank = (type: PracticeCardType) => createCard(type, { seed: 7, baudRate: 115_200 })

describe('loyalty-native', () => {
  const keys = purseKeys
  const make = (card = blank('native-wallet')) => personalize('loyalty-native', card, walletSample().applications)

  it('makes a card that gathers points and pays', async () => {
    const card = blank('native-wallet')
    const run = await make(card)
    expect(endOf(run)).toBe('done')
    expect(run.result).toMatchObject({ report: { verified: 7 } })
    card.powerOn()
    expect(send(card, '00A4040C06F04341525701')).toBe('9000')
    expect(send(card, '00B0810000')).toContain(toHex(new TextEncoder().encode('IVANOV/IVAN')))
    const exchange = (command: string) => send(card, command)
    expect(transact(exchange, { kind: 'load', value: 2, amount: '00002710', keys }).status).toBe('9000')
    expect(transact(exchange, { kind: 'purchase', value: 2, amount: '000009C4', keys }).status).toBe('9000')
    expect(transact(exchange, { kind: 'load', value: 1, amount: '00000019', keys }).status).toBe('9000')
    expect(send(card, '805C000204')).toBe('00001D4C9000')
    expect(send(card, '805C000104')).toBe('0000007D9000')
  })

  it('refuses another card and one that is in use', async () => {
    expect(endOf(await make(blank('native-id')))).toContain('chip-wrong-card')
    const card = blank('native-wallet')
    await make(card)
    expect(endOf(await make(card))).toContain('chip-wrong-card')
  })

  it('finds out when a balance was confirmed and not kept', async () => {
    const { trace } = await make()
    const command = trace.filter((entry) => entry.kind === 'apdu' && entry.response !== undefined).findIndex((entry) => entry.kind === 'apdu' && entry.command.includes('0000006400000000')) + 1
    expect(command).toBeGreaterThan(0)
    const card = blank('native-wallet')
    card.arm({ kind: 'silent-loss', command })
    expect((await make(card)).result.kind).toBe('failed')
  })
})

describe('identification', () => {
  const data = documentFiles
  const groups = (): ChipGroup[] => documentSample().applications[0]!.groups
  const make = (card = blank('native-id'), access: 'open' | 'basic' = 'open', prepared = groups()) =>
    personalize('identification', card, [{ application: 'identification', groups: prepared }], {
      change: (task) => {
        const [application] = task.applications
        application!.parameters['access'] = access
        if (access === 'basic') application!.verify = application!.verify.filter(({ read }) => read !== 'binary')
      },
    })

  it('makes a document that everybody reads, and whose chip proves itself', async () => {
    const card = blank('native-id')
    const run = await make(card)
    expect(endOf(run)).toBe('done')
    expect(run.result).toMatchObject({ report: { verified: 5 } })
    card.powerOn()
    expect(send(card, '00A4040C07A0000002471001')).toBe('9000')
    expect(send(card, '00A4020C020101')).toBe('9000')
    expect(send(card, '00B0000000')).toBe(`${data.DG1}9000`)
    expect(send(card, '00880002088877665544332211')).toBe(`${toHex(retailMac(fromHex(chipKey), padded(fromHex('8877665544332211'), 8)))}9000`)
    expect(send(card, '0020000108241234FFFFFFFFFF')).toBe('9000')
  })

  it('makes one that opens by Basic Access Control alone', async () => {
    const card = blank('native-id')
    expect(endOf(await make(card, 'basic'))).toBe('done')
    card.powerOn()
    expect(send(card, '00A4040C07A0000002471001')).toBe('9000')
    expect(send(card, '00A4020C02011E')).toBe('9000')
    expect(send(card, '00B0000000')).toBe('6982')
    const reader = new NativeHost(card)
    expect(reader.open({ keys: keyPair(fromHex(accessSeed)), number: 0 })).toBe('9000')
    reader.done('00A4020C020101')
    expect(reader.send('00B0000000')).toBe(`${data.DG1}9000`)
    reader.done('00A4020C020102')
    expect(reader.send('00B0057000')).toBe(`${data.DG2.slice(0x570 * 2, (0x570 + 231) * 2)}9000`)
  })

  it('refuses another card, one in use, and data without a place', async () => {
    expect(endOf(await make(blank('native-wallet')))).toContain('chip-wrong-card')
    const card = blank('native-id')
    await make(card)
    expect(endOf(await make(card))).toContain('chip-wrong-card')
    expect(endOf(await make(blank('native-id'), 'open', [...groups(), clear('DG99', '00')]))).toContain('unknown-group')
    expect(endOf(await make(blank('native-id'), 'basic', groups().filter(({ name }) => name !== 'ACCESS-KEY')))).toContain('no-access-key')
  })
})
