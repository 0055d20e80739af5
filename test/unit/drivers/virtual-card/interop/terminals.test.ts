/** What public terminals (emv-utils, javaemvreader, emv-tools) send to a payment card, and what they refuse in an answer. */
import { describe, expect, it } from 'vitest'
import { createCard } from '#drivers/virtual-card/cards.ts'
import { directoryProgram, paymentLoadFile, paymentProgram } from '#drivers/virtual-card/emv/programs.ts'
import { masterKeys } from '#drivers/virtual-card/global-platform/practice-keys.ts'
import type { VirtualCard } from '#drivers/virtual-card/virtual-card.ts'
import { concatenate, fromHex, toHex } from '#shared/bytes.ts'
import { buildGrouping, groupingHeader } from '#shared/tlv/groupings.ts'
import { cardData, directoryNames, keysOfCard, paymentDirectory, proximityDirectory, usualIdentifier } from '../../../../support/emv-card-data.ts'
import { authenticationData, scriptCommand } from '../../../../support/emv-issuer.ts'
import { find, objectsOf, Terminal } from '../../../../support/emv-terminal.ts'
import { exchange } from '../../../../support/emv-transport.ts'
import { Host, send } from '../../../../support/global-platform-host.ts'
import { demo, schemes, testPki } from '../emv/ready.ts'
import { endOf, groupsOf, personalize as make } from '../../../assets/scapps/run.ts'
import { multosGroups } from '../../../assets/scapps/samples.ts'

const lv = (hex: string) => `${toHex(Uint8Array.of(hex.length / 2))}${hex}`
const types = ['gp-scp02-15', 'gp-scp02-55', 'gp-scp03-256'] as const
const master = { 'gp-scp02-15': masterKeys[16], 'gp-scp02-55': masterKeys[16], 'gp-scp03-256': masterKeys[32] } as const

function whole(value: Uint8Array, block: number): Uint8Array {
  if (value.length % block === 0) return value
  const open = concatenate(value, [0x80])
  return concatenate(open, new Uint8Array((block - (open.length % block)) % block))
}

function personalize(card: VirtualCard, identifier: string, module: string, groupings: Record<string, string>): void {
  send(card, '00A4040000')
  const key = master[card.type as keyof typeof master]
  const host = new Host(card, { keys: () => ({ encryption: key, mac: key, data: key }), level: 0x03 })
  expect(host.send(`80E60C00${lv(`${lv(paymentLoadFile)}${lv(module)}${lv(identifier)}010002C90000`)}`).status).toBe('9000')
  expect(host.send(`80E62000${lv(`0000${lv(identifier)}000000`)}00`).status).toBe('9000')
  const block = card.type.startsWith('gp-scp03') ? 16 : 8
  const stream = concatenate(...Object.entries(groupings).map(([dgi, hex]) => {
    if (!dgi.startsWith('8')) return buildGrouping({ dgi, value: fromHex(hex) })
    const sealed = host.encrypted(whole(fromHex(hex), block))
    return concatenate(groupingHeader(dgi, sealed.length), sealed)
  }))
  const blocks = Array.from({ length: Math.ceil(stream.length / 220) }, (_, at) => toHex(stream.subarray(at * 220, at * 220 + 220)))
  // With Le, as gp sends STORE DATA.
  blocks.forEach((data, at) => expect(host.send(`80E2${at === blocks.length - 1 ? 'A0' : '20'}${toHex(Uint8Array.of(at))}${lv(data)}00`)).toEqual({ data: '', status: '9000' }))
}

describe.skipIf(!testPki).each(types)('terminals with %s', (type) => {
  function payCard(scheme: (typeof schemes)[number]) {
    const card = createCard(type, { seed: 9, baudRate: 115_200, keys: 'plain' })
    card.powerOn()
    const identifier = usualIdentifier[scheme]
    const entry = [{ identifier, label: 'CARD', priority: 1 }]
    personalize(card, identifier, paymentProgram.module, cardData(demo(scheme)))
    personalize(card, directoryNames.payment, directoryProgram.module, paymentDirectory(entry))
    personalize(card, directoryNames.proximity, directoryProgram.module, proximityDirectory(entry))
    card.powerOn()
    return { card, identifier }
  }

  it.each(schemes)('%s: emv-utils pays, from the directory to a script', async (scheme) => {
    const { card, identifier } = payCard(scheme)
    const { modulus, publicExponent } = testPki!.ca
    const terminal = new Terminal((command) => exchange(card, command), { authorities: { [`${identifier.slice(0, 10)}92`]: { modulus, exponent: publicExponent } } })
    expect(await terminal.directory()).toEqual([expect.objectContaining({ identifier })])
    expect(await terminal.select(identifier)).toBe('9000')
    // The name has to be the one that was asked for (Book 1, 12.4).
    expect(find(exchange(card, `00A40400${lv(identifier)}00`).data, '84')).toBe(identifier)
    await terminal.initiate()
    await terminal.read()
    await terminal.authenticateDynamic()
    expect(await terminal.verifyEncipheredPin('1234')).toBe('9000')
    const request = await terminal.generate('ARQC', 'first', false)
    const keys = keysOfCard(demo(scheme))
    const data = authenticationData(scheme, keys, request.cryptogram, request.counter, scheme === 'visa-10' ? '3030' : '00820000')
    if (scheme !== 'mchip') await terminal.externalAuthenticate(data)
    await terminal.generate('AAC', 'second', false)
    // APPLICATION BLOCK; the application is then selected with a warning, and its name comes with it (12.3.3, step 3).
    expect(exchange(card, scriptCommand(scheme, keys, request.cryptogram, request.counter, '841E0000', '')).status).toBe('9000')
    const blocked = exchange(card, `00A40400${lv(identifier)}00`)
    expect(blocked.status).toBe('6283')
    expect(find(blocked.data, '84')).toBe(identifier)
  })

  it('gp personalizes it from a file of groupings, one in a command (--store-dgi-file), and its terminal sees no difference', async () => {
    const card = createCard(type, { seed: 9, baudRate: 115_200, keys: 'plain' })
    card.powerOn()
    const identifier = usualIdentifier['visa-18']
    const key = master[type]
    const host = new Host(card, { keys: () => ({ encryption: key, mac: key, data: key }), level: 0x01 })
    expect(host.send(`80E60C00${lv(`${lv(paymentLoadFile)}${lv(paymentProgram.module)}${lv(identifier)}010002C90000`)}`).status).toBe('9000')
    expect(host.send(`80E62000${lv(`0000${lv(identifier)}000000`)}00`).status).toBe('9000')
    const block = type.startsWith('gp-scp03') ? 16 : 8
    const groupings = Object.entries(cardData(demo('visa-18')))
    groupings.forEach(([dgi, hex], at) => {
      const secret = dgi.startsWith('8')
      const value = secret ? host.encrypted(whole(fromHex(hex), block)) : fromHex(hex)
      const payload = toHex(concatenate(groupingHeader(dgi, value.length), value))
      const p1 = (secret ? 0x60 : 0x00) | (at === groupings.length - 1 ? 0x80 : 0x00)
      expect(host.send(`80E2${toHex(Uint8Array.of(p1, at))}${lv(payload)}00`).status).toBe('9000')
    })
    const terminal = new Terminal((command) => exchange(card, command))
    expect(await terminal.select(identifier)).toBe('9000')
    await terminal.initiate()
    await terminal.read()
    expect((await terminal.generate('ARQC', 'first', false)).counter).toBe('0001')
  })

  it('gp says in STORE DATA that it expects a response (P1 b1): the block is taken all the same', () => {
    const card = createCard(type, { seed: 9, baudRate: 115_200, keys: 'plain' })
    card.powerOn()
    const key = master[type]
    const host = new Host(card, { keys: () => ({ encryption: key, mac: key, data: key }), level: 0x01 })
    expect(host.send('80E281000642041234567800').status).toBe('9000')
    const identifier = usualIdentifier['visa-18']
    expect(host.send(`80E60C00${lv(`${lv(paymentLoadFile)}${lv(paymentProgram.module)}${lv(identifier)}010002C90000`)}`).status).toBe('9000')
    expect(host.send(`80E62000${lv(`0000${lv(identifier)}000000`)}00`).status).toBe('9000')
    expect(host.send('80E20100070101047002570000').status).toBe('9000')
  })

  it('lists of applications: partial names and the next ones, to the end', () => {
    const { card, identifier } = payCard('visa-10')
    const rid = identifier.slice(0, 10)
    expect(find(exchange(card, `00A40400${lv(rid)}00`).data, '84')).toBe(identifier)
    expect(exchange(card, `00A40402${lv(rid)}00`)).toEqual({ data: '', status: '6A82' })
    expect(exchange(card, `00A40400${lv('A0000000999999')}00`)).toEqual({ data: '', status: '6A82' })
  })

  it('javaemvreader looks around: master file, both directories, counters, challenge', () => {
    const { card, identifier } = payCard('mchip')
    for (const masterFile of ['00A40000023F0000', '00A4000000']) expect(exchange(card, masterFile).status).toMatch(/^6[A-E]/)
    const directory = exchange(card, `00A40400${lv(directoryNames.payment)}00`)
    const file = Number.parseInt(find(directory.data, '88')!, 16)
    const record = (number: number) => exchange(card, `00B2${toHex(Uint8Array.of(number, (file << 3) | 4))}00`)
    expect(objectsOf(record(1).data).map(([tag]) => tag)).toEqual(['70'])
    // Anything but 6A83 behind the last record, and emv-utils reads on for ever.
    expect(record(2).status).toBe('6A83')
    expect(find(exchange(card, `00A40400${lv(directoryNames.proximity)}00`).data, '4F')).toBe(identifier)
    exchange(card, `00A40400${lv(identifier)}00`)
    expect(exchange(card, '80A8000002830000').status).toBe('9000')
    expect(exchange(card, '80A8000002830000').status).toBe('6985')
    for (const tag of ['9F36', '9F13', '9F17', '9F4F']) expect(exchange(card, `80CA${tag}00`).status).toMatch(/^(9000|6A88)$/)
    expect(exchange(card, '0084000000').data).toHaveLength(16)
    expect(exchange(card, '0020008008241234FFFFFFFFFF')).toEqual({ data: '', status: '9000' })
  })

  it('emv-tools authenticates, then asks for the tries, then verifies and declines', async () => {
    const { card, identifier } = payCard('visa-18')
    const terminal = new Terminal((command) => exchange(card, command))
    await terminal.select(identifier)
    await terminal.initiate()
    await terminal.read()
    expect(exchange(card, '008800000412345779' + '00').status).toBe('9000')
    expect(exchange(card, '80CA9F1700')).toEqual({ data: '9F170103', status: '9000' })
    expect(exchange(card, '0020008008241111FFFFFFFFFF').status).toBe('63C2')
    await terminal.generate('ARQC', 'first', false)
    terminal.values['8A'] = '5A33'
    expect((await terminal.generate('AAC', 'second', false)).kind).toBe('AAC')
    for (const tag of ['9F36', '9F13']) expect(exchange(card, `80CA${tag}00`).status).toBe('9000')
  })
})

describe.skipIf(!testPki)('terminals with cards of other systems', () => {
  const { modulus, publicExponent } = testPki?.ca ?? { modulus: '', publicExponent: '' }
  const cases = [
    { task: 'vsdc-native', type: 'native-vsdc', scheme: 'visa-10', groups: () => groupsOf(cardData(demo('visa-10', 'SDA')), ['8000', '8010']), directory: true },
    { task: 'mchip-native', type: 'native-mchip', scheme: 'mchip', groups: () => groupsOf(cardData(demo('mchip', 'SDA')), ['8000', '8010']), directory: true },
    { task: 'mchip-multos', type: 'multos', scheme: 'mchip', groups: () => groupsOf(multosGroups({ index: '92', ...testPki! }), []), directory: false },
  ] as const

  it.each(cases)('$type: emv-utils finds the application, reads it and asks for a cryptogram', async ({ task, type, scheme, groups, directory }) => {
    const card = createCard(type, { seed: 1, baudRate: 115_200 })
    expect(endOf(await make(task, card, [{ application: 'payment', groups: groups() }]))).toBe('done')
    card.powerOn()
    const identifier = usualIdentifier[scheme]
    const terminal = new Terminal((command) => exchange(card, command), { authorities: { [`${identifier.slice(0, 10)}92`]: { modulus, exponent: publicExponent } } })
    const found = exchange(card, `00A40400${lv(directoryNames.payment)}00`)
    expect(found.status).toBe(directory ? '9000' : '6A82')
    if (directory) {
      const place = toHex(Uint8Array.of((Number.parseInt(find(found.data, '88')!, 16) << 3) | 4))
      expect(exchange(card, `00B201${place}00`).status).toBe('9000')
      expect(exchange(card, `00B202${place}00`).status).toBe('6A83')
    }
    expect(find(exchange(card, `00A40400${lv(identifier.slice(0, 10))}00`).data, '84')).toBe(identifier)
    expect(exchange(card, `00A40402${lv(identifier.slice(0, 10))}00`).status).toBe('6A82')
    expect(await terminal.select(identifier)).toBe('9000')
    await terminal.initiate()
    await terminal.read()
    for (const tag of ['9F36', '9F13', '9F17']) expect(exchange(card, `80CA${tag}00`).status).toMatch(/^(9000|6A88)$/)
    expect((await terminal.generate('ARQC', 'first', false)).counter).toBe('0001')
  })
})
