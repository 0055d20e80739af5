/** An EMV payment application from its load file to its first answers, by EMV CPS over every secure channel, in the two ways that GlobalPlatform has. */
import { describe, expect, it } from 'vitest'
import { createCard, restoreCard } from '#drivers/virtual-card/cards.ts'
import { desEncryptEcb } from '#drivers/virtual-card/crypto.ts'
import { paymentLoadFile, paymentProgram } from '#drivers/virtual-card/emv/programs.ts'
import { emvCpsKeys, kdf3Keys, masterKeys } from '#drivers/virtual-card/global-platform/practice-keys.ts'
import type { VirtualCard } from '#drivers/virtual-card/virtual-card.ts'
import { concatenate, fromHex, toHex } from '#shared/bytes.ts'
import { buildTlv } from '#shared/tlv/ber.ts'
import { buildGrouping } from '#shared/tlv/groupings.ts'
import { Host, send } from '../../../../support/global-platform-host.ts'

const identifier = 'A0000000031010'
const lv = (hex: string) => `${(hex.length / 2).toString(16).padStart(2, '0').toUpperCase()}${hex}`
const command = (header: string, data: string) => `${header}${lv(data)}00`
const installData = `${lv(paymentLoadFile)}${lv(paymentProgram.module)}${lv(identifier)}010002C90000`

const cases = [
  { type: 'gp-scp02-15', length: 16, level: 0x03 },
  { type: 'gp-scp02-55', length: 16, level: 0x01 },
  { type: 'gp-scp03-128', length: 16, level: 0x33 },
  { type: 'gp-scp03-192', length: 24, level: 0x03 },
  { type: 'gp-scp03-256', length: 32, level: 0x13 },
] as const

const keys = new Uint8Array(48).map((_, index) => index + 1)
const tlv = (tag: string, value: string) => buildTlv(tag, fromHex(value))
const record = buildTlv('70', concatenate(tlv('5A', '4761739001010010'), tlv('5F24', '291231'), tlv('5F34', '01')))
const proprietary = buildTlv('A5', concatenate(tlv('50', '56495341'), tlv('87', '01')))
const processing = concatenate(tlv('82', '1C00'), tlv('94', '08010100'))

function openOn(card: VirtualCard, length: 16 | 24 | 32, level: number): Host {
  const keysOf = (data: Uint8Array) => (card.type.startsWith('gp-scp02') ? emvCpsKeys(masterKeys[16], data) : kdf3Keys(masterKeys[length], data))
  return new Host(card, { keys: keysOf, level })
}

/** The stream of groupings, cut into blocks regardless of where one ends; keys travel encrypted in a block of their own. */
function storeData(host: Host, order: readonly ('plain' | 'keys' | 'end')[], given = keys): string[] {
  const groupings = [{ dgi: '0101', value: record }, { dgi: '9102', value: proprietary }, { dgi: '9104', value: processing }]
  const plain = concatenate(...groupings.map(buildGrouping))
  const checks = concatenate(...[0, 16, 32].map((offset) => desEncryptEcb(keys.subarray(offset, offset + 16), new Uint8Array(8)).slice(0, 3)))
  const blocks = order.flatMap((part) => {
    if (part === 'keys') return [{ p1: 0x60, data: buildGrouping({ dgi: '8000', value: host.encrypted(given) }) }]
    if (part === 'end') return [{ p1: 0x80, data: buildGrouping({ dgi: '9000', value: checks }) }]
    return Array.from({ length: Math.ceil(plain.length / 30) }, (_, index) => ({ p1: 0x00, data: plain.subarray(index * 30, index * 30 + 30) }))
  })
  return blocks.map(({ p1, data }, number) => host.send(`80E2${toHex(Uint8Array.of(p1, number))}${lv(toHex(data))}`).status)
}

describe.each(cases)('$type at level $level', ({ type, length, level }) => {
  function installed(): VirtualCard {
    const card = createCard(type, { seed: 11, baudRate: 115_200 })
    card.powerOn()
    send(card, '00A4040008A00000015100000000')
    expect(openOn(card, length, level).send(command('80E60C00', installData))).toEqual({ data: '00', status: '9000' })
    return card
  }

  function behaves(card: VirtualCard): void {
    const template = buildTlv('6F', concatenate(tlv('84', identifier), proprietary))
    expect(send(card, `00A40400${lv(identifier)}00`)).toEqual({ data: toHex(template), status: '9000' })
    expect(send(card, '80A8000002830000').data).toContain('1C0008010100')
    expect(send(card, '00B2010C00')).toEqual({ data: toHex(record), status: '9000' })
  }

  it('is personalized by STORE DATA to the application itself', () => {
    const card = installed()
    send(card, `00A40400${lv(identifier)}00`)
    const host = openOn(card, length, level)
    expect([...new Set(storeData(host, ['plain', 'keys', 'end']))]).toEqual(['9000'])
    expect(storeData(host, ['end'])).toEqual(['6985'])
    card.powerOn()
    behaves(card)
  })

  it('is personalized through its security domain, and remembers it', () => {
    const card = installed()
    send(card, '00A4040008A00000015100000000')
    const host = openOn(card, length, level)
    expect(host.send(command('80E62000', `0000${lv(identifier)}000000`))).toEqual({ data: '00', status: '9000' })
    expect([...new Set(storeData(host, ['keys', 'plain', 'end']))]).toEqual(['9000'])
    expect(host.send(command('80F24002', `4F${lv(identifier)}`)).data).toContain('9F70010F')
    const restored = restoreCard(JSON.parse(JSON.stringify(card.save())))
    restored.powerOn()
    behaves(restored)
  })

  it('refuses keys that do not have their check values, and data outside of a channel', () => {
    const card = installed()
    send(card, `00A40400${lv(identifier)}00`)
    expect(send(card, '80E2800003010100').status).toBe('6982')
    const host = openOn(card, length, level)
    expect(storeData(host, ['plain', 'keys', 'end'], new Uint8Array(48)).at(-1)).toBe('6A80')
    expect(new Set(storeData(host, ['plain', 'keys', 'end']))).toEqual(new Set(['9000']))
  })
})
