/** A payment card from the blank to the terminal: installed, personalized by EMV CPS over a secure channel, read and paid with. */
import { describe, expect, it } from 'vitest'
import { createCard, restoreCard } from '#drivers/virtual-card/cards.ts'
import { directoryProgram, paymentLoadFile, paymentProgram } from '#drivers/virtual-card/emv/programs.ts'
import { emvCpsKeys, kdf3Keys, masterKeys } from '#drivers/virtual-card/global-platform/practice-keys.ts'
import type { VirtualCard } from '#drivers/virtual-card/virtual-card.ts'
import { concatenate, fromHex, toHex } from '#shared/bytes.ts'
import { buildGrouping, groupingHeader } from '#shared/tlv/groupings.ts'
import { cardData, directoryNames, keysOfCard, paymentDirectory } from '../../../../support/emv-card-data.ts'
import { authenticationData, scriptCommand } from '../../../../support/emv-issuer.ts'
import { Terminal } from '../../../../support/emv-terminal.ts'
import { Host, send } from '../../../../support/global-platform-host.ts'
import { demo, testPki } from './ready.ts'

const lv = (hex: string) => `${toHex(Uint8Array.of(hex.length / 2))}${hex}`
const cases = [{ type: 'gp-scp02-55', length: 16 }, { type: 'gp-scp03-128', length: 16 }, { type: 'gp-scp03-256', length: 32 }] as const
const secret = (dgi: string): boolean => dgi.startsWith('8')
const block = (type: string): number => (type.startsWith('gp-scp03') ? 16 : 8)

function padded(value: Uint8Array, size: number): Uint8Array {
  if (value.length % size === 0) return value
  const open = concatenate(value, [0x80])
  return concatenate(open, new Uint8Array((size - (open.length % size)) % size))
}

function openOn(card: VirtualCard, length: 16 | 32): Host {
  return new Host(card, { keys: (data) => (card.type.startsWith('gp-scp02') ? emvCpsKeys(masterKeys[16], data) : kdf3Keys(masterKeys[length], data)), level: 0x03 })
}

/** INSTALL, SELECT, and STORE DATA in blocks of 200 bytes; all secret groupings encrypted, P1 20 throughout. */
function personalize(card: VirtualCard, length: 16 | 32, identifier: string, module: string, groupings: Record<string, string>): void {
  send(card, '00A4040000')
  const install = `${lv(paymentLoadFile)}${lv(module)}${lv(identifier)}010002C90000`
  expect(openOn(card, length).send(`80E60C00${lv(install)}00`).status).toBe('9000')
  send(card, `00A40400${lv(identifier)}00`)
  const host = openOn(card, length)
  const stream = concatenate(...Object.entries(groupings).map(([dgi, hex]) => {
    const value = fromHex(hex)
    if (!secret(dgi)) return buildGrouping({ dgi, value })
    const encrypted = host.encrypted(padded(value, block(card.type)))
    return concatenate(groupingHeader(dgi, encrypted.length), encrypted)
  }))
  const blocks = Array.from({ length: Math.ceil(stream.length / 200) }, (_, index) => toHex(stream.subarray(index * 200, index * 200 + 200)))
  blocks.forEach((data, index) => expect(host.send(`80E2${index === blocks.length - 1 ? 'A0' : '20'}${toHex(Uint8Array.of(index))}${lv(data)}`).status).toBe('9000'))
}

describe.skipIf(!testPki).each(cases)('$type', ({ type, length }) => {
  it('is made, found by its directory, authenticated, paid with online and offline, and blocked', async () => {
    const made = createCard(type, { seed: 5, baudRate: 115_200 })
    made.powerOn()
    const card = demo('visa-18')
    personalize(made, length, 'A0000000031010', paymentProgram.module, cardData(card))
    personalize(made, length, directoryNames.payment, directoryProgram.module, paymentDirectory([{ identifier: 'A0000000031010', label: 'VISA' }]))

    const restored = restoreCard(JSON.parse(JSON.stringify(made.save())))
    restored.powerOn()
    const terminal = new Terminal((command) => send(restored, command), { authorities: { A00000000392: { modulus: testPki!.ca.modulus, exponent: testPki!.ca.publicExponent } } })
    expect(await terminal.directory()).toEqual([{ identifier: 'A0000000031010', label: 'VISA' }])
    expect(await terminal.select('A000000003')).toBe('9000')
    await terminal.initiate()
    await terminal.read()
    expect((await terminal.authenticateDynamic()).length).toBe(16)
    expect(await terminal.verifyEncipheredPin('1234')).toBe('9000')
    const request = await terminal.generate('ARQC', 'first', true)
    const keys = keysOfCard(card)
    expect(await terminal.externalAuthenticate(authenticationData('visa-18', keys, request.cryptogram, request.counter, '00820000'))).toBe('9000')
    expect((await terminal.generate('TC', 'second', true)).kind).toBe('TC')
    expect((await terminal.send(scriptCommand('visa-18', keys, request.cryptogram, request.counter, '84160000', ''))).status).toBe('9000')
    for (const name of ['A000000003', directoryNames.payment]) expect(await terminal.select(name)).toBe('6A81')
    expect((await terminal.send('80CA9F7F00')).status).toBe('9000')
  })
})

describe.skipIf(!testPki)('power lost in a command', () => {
  it('costs a try of the PIN at most, and no transaction counts twice', async () => {
    for (let cut = 0; cut < 4; cut += 1) {
      const card = createCard('gp-scp02-55', { seed: 7, baudRate: 115_200 })
      card.powerOn()
      personalize(card, 16, 'A0000000031010', paymentProgram.module, cardData(demo('visa-10')))
      const terminal = new Terminal((command) => send(card, command))
      await terminal.select('A0000000031010')
      await terminal.initiate()
      card.arm({ kind: 'torn-write', ins: 0x20, byte: cut })
      card.transmit(fromHex('0020008008241234FFFFFFFFFF'))
      card.powerOn()
      await terminal.select('A0000000031010')
      await terminal.initiate()
      expect((await terminal.getData('9F36')).data).toBe('9F36020002')
      expect(['9F170102', '9F170103']).toContain((await terminal.getData('9F17')).data)
      expect(await terminal.verifyPin('1234')).toBe('9000')
    }
  })
})
