/**
 * What public terminals (emv-utils, javaemvreader, emv-tools) send to a payment card, and what they refuse in an answer. The transport is
 * emv-utils' as its source has it: it gives up where a card breaks ISO/IEC 7816-3 or EMV Book 1, annex A, which other readers pass over.
 */
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
import type { CardAnswer } from '../../../../support/emv-terminal.ts'
import { Host, send } from '../../../../support/global-platform-host.ts'
import { demo, schemes, testPki } from '../emv/ready.ts'

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

/** Case 1 to 4 (ISO/IEC 7816-3, 12.1.3) of a short command. */
const caseOf = (length: number, lc: number) => (length === 4 ? 1 : length === 5 ? 2 : length === lc + 5 ? 3 : 4)

/** One command over emv-utils' terminal transport layer, in the mode in which a PC/SC reader takes whole commands. Throws where it gives up. */
function exchange(card: VirtualCard, command: string): CardAnswer {
  const bytes = fromHex(command)
  const form = caseOf(bytes.length, bytes[4] ?? 0)
  let [next, data, status] = [bytes, '', '']
  for (let step = 0; step < 8; step += 1) {
    const response = card.transmit(next)
    if (response.kind === 'none') throw new Error(response.why)
    const answer = toHex(response.bytes)
    const [body, sw1, sw2] = [answer.slice(0, -4), answer.slice(-4, -2), answer.slice(-2)]
    if (body !== '' && (form === 1 || form === 3)) throw new Error(`data for a command of case ${form}`)
    data += body
    if (sw1 === '61' || sw1 === '6C') {
      if (form === 1 || form === 3) throw new Error(`${sw1}${sw2} for a command of case ${form}`)
      next = sw1 === '61' ? fromHex(`00C00000${sw2}`) : concatenate(next.subarray(0, 4), fromHex(sw2))
      continue
    }
    const warned = status === '' && form === 4 && body === '' && (sw1 === '62' || sw1 === '63') && data === ''
    status ||= sw1 + sw2
    if (!warned) return { data, status }
    next = fromHex('00C0000000')
  }
  throw new Error('the card never comes to an end')
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
