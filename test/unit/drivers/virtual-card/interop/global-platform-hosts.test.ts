/**
 * What the public hosts GlobalPlatformPro (gp) and GPShell send, command by command as their sources have it, and what each needs to find in
 * the answers. The practice cards come with plain keys, as both expect a test card.
 */
import { describe, expect, it } from 'vitest'
import { createCard } from '#drivers/virtual-card/cards.ts'
import { aesEncryptCbc, desEncryptEcb } from '#drivers/virtual-card/crypto.ts'
import { masterKeys } from '#drivers/virtual-card/global-platform/practice-keys.ts'
import type { VirtualCard } from '#drivers/virtual-card/virtual-card.ts'
import { concatenate, fromHex, numberToBytes, toHex } from '#shared/bytes.ts'
import { findTlv, lengthBytes, parseTlv } from '#shared/tlv/ber.ts'
import { Host, send } from '../../../../support/global-platform-host.ts'

const types = ['gp-scp02-15', 'gp-scp02-55', 'gp-scp03-128', 'gp-scp03-192', 'gp-scp03-256'] as const
type Type = (typeof types)[number]
const keyLength = { 'gp-scp02-15': 16, 'gp-scp02-55': 16, 'gp-scp03-128': 16, 'gp-scp03-192': 24, 'gp-scp03-256': 32 } as const
const isDes = (type: string) => type.startsWith('gp-scp02')

const issuer = 'A000000151000000'
const packageId = 'F04357000001'
const moduleId = 'F0435700000101'

const lv = (hex: string) => `${(hex.length / 2).toString(16).padStart(2, '0')}${hex}`
/** Case 3, as both hosts send most commands. */
const plain = (header: string, data: string) => `${header}${lv(data)}`
const listing = (scope: string, p2 = '02') => `80F2${scope}${p2}024F0000`

function testCard(type: Type): VirtualCard {
  const card = createCard(type, { seed: 3, baudRate: 115_200, keys: 'plain' })
  card.powerOn()
  return card
}

function open(card: VirtualCard, level = 0x01, master: Uint8Array = masterKeys[keyLength[card.type as Type]]): Host {
  send(card, `00A40400${lv(issuer)}00`)
  return new Host(card, { keys: () => ({ encryption: master, mac: master, data: master }), level })
}

/** A package with one applet, in the order of components in which both hosts send them. */
function capFile(): Uint8Array {
  const component = (tag: number, content: Uint8Array) => concatenate([tag], numberToBytes(content.length, 2), content)
  const [header, applets] = [component(1, fromHex(`DECAFFED 0102 04 0001 ${lv(packageId)}`)), component(3, fromHex(`01 ${lv(moduleId)} 0010`))]
  return concatenate(header, component(2, new Uint8Array(31)), component(4, new Uint8Array(11)), applets, component(7, new Uint8Array(700).fill(0x7a)))
}

/** INSTALL [for load] naming the security domain, LOAD in blocks of `size`. `lastLe`: GPShell asks for the answer to the last block. */
function loading(size: number, lastLe: string): string[] {
  const code = capFile()
  const file = concatenate([0xc4], lengthBytes(code.length), code)
  const blocks = Array.from({ length: Math.ceil(file.length / size) }, (_, at) => toHex(file.subarray(at * size, (at + 1) * size)))
  return [
    plain('80E60200', `${lv(packageId)}${lv(issuer)}000000`),
    ...blocks.map((block, at) => `${plain(`80E8${at === blocks.length - 1 ? '80' : '00'}${at.toString(16).padStart(2, '0')}`, block)}${at === blocks.length - 1 ? lastLe : ''}`),
  ]
}

const installing = plain('80E60C00', `${lv(packageId)}${lv(moduleId)}${lv(moduleId)}010002C90000`)

/** Entries of GET STATUS as both read them: E3 with AID, state, privileges, load file, modules, security domain. */
function entries(host: Host, scope: string) {
  const { data, status } = host.send(listing(scope))
  expect(status).toBe('9000')
  return parseTlv(fromHex(data)).map(({ tag, value }) => {
    expect(tag).toBe('E3')
    const of = (wanted: string) => parseTlv(value).filter((object) => object.tag === wanted).map((object) => toHex(object.value))
    return { aid: of('4F')[0], life: of('9F70')[0], privileges: of('C5')[0], loadFile: of('C4')[0], modules: of('84'), domain: of('CC')[0] }
  })
}

function newKeys(host: Host, type: Type, version: string, p1: string): { command: string; checkValues: string } {
  const key = new Uint8Array(keyLength[type]).fill(0x66)
  const check = toHex((isDes(type) ? desEncryptEcb(key, new Uint8Array(8)) : aesEncryptCbc(key, new Uint8Array(16).fill(1))).slice(0, 3))
  // gp fills an AES key of 24 bytes up to whole blocks.
  const sealed = toHex(host.encrypted(key.length === 24 ? concatenate(key, new Uint8Array(8)) : key))
  const field = isDes(type) ? `80${lv(sealed)}03${check}` : `88${lv(`${key.length.toString(16)}${sealed}`)}03${check}`
  return { command: plain(`80D8${p1}81`, `${version}${field}${field}${field}`), checkValues: check.repeat(3) }
}

describe.each(types)('gp and GPShell with %s', (type) => {
  it('discover the issuer security domain by an empty SELECT', () => {
    const { data, status } = send(testCard(type), '00A4040000')
    expect(status).toBe('9000')
    expect(toHex(findTlv(fromHex(data), '84')!)).toBe(issuer)
    expect(toHex(findTlv(fromHex(data), '9F65')!)).toBe('FF')
    // gp refuses card recognition data inside the FCI where it does not know the version: there are none in it.
    expect(findTlv(fromHex(data), '73')).toBeUndefined()
  })

  it('read what the card tells of itself', () => {
    const card = testCard(type)
    send(card, '00A4040000')
    const ask = (tag: string, cla = '80') => send(card, `${cla}CA${tag}00`)
    expect(ask('9F7F').data).toMatch(/^9F7F2A.{84}$/)
    expect(ask('9F7F', '00').data).toBe(ask('9F7F').data)
    expect(ask('0042').data).toMatch(/^42/)
    expect(ask('0045').data).toMatch(/^45/)
    expect(ask('00CF').data).toMatch(/^CF0A/)
    expect(ask('00C1').data).toBe(isDes(type) ? 'C1020000' : 'C103000000')
    // Card recognition data in the order in which GPShell reads them: 06, 60, 63, 64.
    const recognition = parseTlv(findTlv(findTlv(fromHex(ask('0066').data), '66') ?? fromHex(''), '73')!)
    expect(recognition.map(({ tag }) => tag)).toEqual(['06', '60', '63', '64'])
    expect(toHex(recognition[1]!.value)).toBe('06092A864886FC6B020203')
    const capability = findTlv(fromHex(ask('0067').data), 'A0')!
    expect(toHex(findTlv(capability, '80')!)).toBe(isDes(type) ? '02' : '03')
    const template = parseTlv(findTlv(fromHex(ask('00E0').data), 'E0')!).map(({ value }) => toHex(value))
    expect(template).toEqual(['01', '02', '03'].map((key) => `${key}FF${isDes(type) ? '80' : '88'}${keyLength[type].toString(16)}`))
  })

  it.each(isDes(type) ? [0x01, 0x03] : [0x01, 0x03, 0x13, 0x33])('load, install, list, lock, make default and delete an applet at level %i', (level) => {
    const card = testCard(type)
    const host = open(card, level)
    expect(host.send(listing('40')).status).toBe('6A88')
    for (const command of loading(level === 0x01 ? 247 : 223, '')) expect(host.send(command)).toMatchObject({ status: '9000', data: '00' })
    expect(host.send(installing).status).toBe('9000')
    expect(entries(host, '80')).toEqual([{ aid: issuer, life: '07', privileges: '9EFE80', loadFile: undefined, modules: [], domain: undefined }])
    expect(entries(host, '40')).toEqual([{ aid: moduleId, life: '07', privileges: '000000', loadFile: packageId, modules: [], domain: issuer }])
    expect(entries(host, '20').map(({ aid }) => aid)).toContain(packageId)
    expect(entries(host, '10').find(({ aid }) => aid === packageId)).toMatchObject({ life: '01', modules: [moduleId], domain: issuer })
    // --lock-applet, --unlock-applet
    expect(host.send(plain('80F04080', moduleId)).status).toBe('9000')
    expect(entries(host, '40')[0]!.life).toBe('87')
    expect(host.send(plain('80F04000', moduleId)).status).toBe('9000')
    // --make-default
    expect(host.send(plain('80E60800', `0000${lv(moduleId)}010400`)).status).toBe('9000')
    expect(entries(host, '40')[0]!.privileges).toBe('040000')
    // GPShell: DELETE with P2 80 and Le
    expect(host.send(`${plain('80E40080', `4F${lv(packageId)}`)}00`)).toEqual({ data: '00', status: '9000' })
    expect(host.send(listing('40')).status).toBe('6A88')
  })

  it('put keys in the place of the maker’s (gp --lock), replace them, and delete none that are the last', () => {
    const card = testCard(type)
    const first = open(card)
    const { command, checkValues } = newKeys(first, type, '01', '00')
    // GPShell compares the check values behind the version.
    expect(first.send(`${command}00`)).toEqual({ data: `01${checkValues}`, status: '9000' })
    const own = new Uint8Array(keyLength[type]).fill(0x66)
    const second = open(card, 0x01, own)
    expect(second.keyVersion).toBe(0x01)
    expect(second.send(newKeys(second, type, '01', '01').command).status).toBe('9000')
    expect(open(card, 0x01, own).send('80E4008003D2010100').status).toBe('6985')
  })

  it('name the card and its security domain anew', () => {
    const card = testCard(type)
    const host = open(card)
    expect(host.send(plain('80E29000', '420412345678')).status).toBe('9000')
    // --set-perso, --set-pre-perso
    for (const [tag, day] of [['9F66', '6329'], ['9F67', '6328']]) expect(host.send(plain('80E28000', `${tag}08${day}${day}00000007`)).status).toBe('9000')
    expect(host.send('80CA9F7F00').data.slice(-32)).toBe('63286328000000076329632900000007')
    const renamed = 'A0000001510000FF'
    expect(host.send(plain('80E29000', `4F${lv(renamed)}`)).status).toBe('9000')
    expect(toHex(findTlv(fromHex(send(card, '00A4040000').data), '84')!)).toBe(renamed)
    expect(send(card, `00A40400${lv(issuer)}00`).status).toBe('6A82')
  })

  it('secure, lock and unlock the card', () => {
    const card = testCard(type)
    const host = open(card)
    expect(host.send('80F0800F').status).toBe('9000')
    expect(host.send('80F0807F').status).toBe('9000')
    const selected = send(card, '00A4040000')
    expect(selected.status).toBe('6283')
    expect(toHex(findTlv(fromHex(selected.data), '84')!)).toBe(issuer)
    expect(open(card).send(plain('80F0800F', issuer)).status).toBe('9000')
  })
})

describe('GPShell', () => {
  it('selects without Le, and lists in the old form', () => {
    const card = testCard('gp-scp02-15')
    expect(send(card, `00A40400${lv(issuer)}`)).toMatchObject({ status: '9000' })
    const host = open(card)
    const { data } = host.send(listing('10', '00'))
    // Length and AID, state, privileges, number of modules, lengths and AIDs: to the last byte.
    const bytes = fromHex(data)
    let at = 0
    while (at < bytes.length) {
      at += 1 + bytes[at]! + 2
      const modules = bytes[at++]!
      for (let count = 0; count < modules; count++) at += 1 + bytes[at]!
    }
    expect(at).toBe(bytes.length)
  })

  it('is told that one DELETE deletes one application, before any is gone', () => {
    const host = open(testCard('gp-scp02-55'))
    for (const command of loading(200, '00')) expect(host.send(command).status).toBe('9000')
    expect(host.send(installing).status).toBe('9000')
    expect(host.send(`${plain('80E40080', `4F${lv(moduleId)}4F${lv(packageId)}`)}00`).status).toBe('6A80')
    expect(entries(host, '40')).toHaveLength(1)
  })
})
