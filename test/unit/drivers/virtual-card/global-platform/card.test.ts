/** The GlobalPlatform card's commands: what each answers, and with which status it refuses. */
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createCard, restoreCard } from '#drivers/virtual-card/cards.ts'
import { aesEncryptCbc, desEncryptEcb } from '#drivers/virtual-card/crypto.ts'
import { emvCpsKeys, kdf3Keys, masterKeys } from '#drivers/virtual-card/global-platform/practice-keys.ts'
import type { VirtualCard } from '#drivers/virtual-card/virtual-card.ts'
import { concatenate, fromHex, numberToBytes, toHex } from '#shared/bytes.ts'
import { findTlv, lengthBytes, parseTlv } from '#shared/tlv/ber.ts'
import { Host, send } from '../../../../support/global-platform-host.ts'

const types = ['gp-scp02-15', 'gp-scp02-55', 'gp-scp03-128', 'gp-scp03-192', 'gp-scp03-256'] as const
type Type = (typeof types)[number]

const master = { 'gp-scp02-15': 16, 'gp-scp02-55': 16, 'gp-scp03-128': 16, 'gp-scp03-192': 24, 'gp-scp03-256': 32 } as const
const keysOf = (type: Type) => (diversification: Uint8Array) =>
  type.startsWith('gp-scp02') ? emvCpsKeys(masterKeys[16], diversification) : kdf3Keys(masterKeys[master[type]], diversification)

function poweredCard(type: Type, seed = 7): VirtualCard {
  const card = createCard(type, { seed, baudRate: 115_200 })
  card.powerOn()
  send(card, '00A4040008A000000151000000')
  return card
}

const open = (card: VirtualCard, level = 0x01) => new Host(card, { keys: keysOf(card.type as Type), level })

const lv = (hex: string) => `${(hex.length / 2).toString(16).padStart(2, '0')}${hex}`
const command = (header: string, data: string) => `${header}${lv(data)}00`

const packageId = 'F04357000001'
const moduleId = 'F0435700000101'
const instanceId = 'F0435700000102'

/** The components of a CAP file with one applet that this card reads, and one that it passes over. */
function capFile(): Uint8Array {
  const component = (tag: number, content: Uint8Array) => concatenate([tag], numberToBytes(content.length, 2), content)
  const header = component(1, fromHex(`DECAFFED 0102 04 0001 ${lv(packageId)}`))
  const applets = component(3, fromHex(`01 ${lv(moduleId)} 0010`))
  return concatenate(header, applets, component(7, new Uint8Array(600).fill(0x55)))
}

function loadCommands(code: Uint8Array, hash = ''): string[] {
  const file = concatenate([0xc4], lengthBytes(code.length), code)
  const blocks = Array.from({ length: Math.ceil(file.length / 200) }, (_, index) => toHex(file.subarray(index * 200, (index + 1) * 200)))
  const loads = blocks.map((block, index) => command(`80E8${index === blocks.length - 1 ? '80' : '00'}${index.toString(16).padStart(2, '0')}`, block))
  return [command('80E60200', `${lv(packageId)}00${lv(hash)}0000`), ...loads]
}

const install = (p1 = '0C', privileges = '00') => command(`80E6${p1}00`, `${lv(packageId)}${lv(moduleId)}${lv(instanceId)}${lv(privileges)}02C90000`)

describe.each(types)('%s', (type) => {
  const levels = type.startsWith('gp-scp02') ? [0x00, 0x01, 0x03] : [0x00, 0x01, 0x03, 0x11, 0x13, 0x33]

  it.each(levels)('opens a channel at security level %i and lists itself through it', (level) => {
    const host = open(poweredCard(type), level)
    const { data, status } = host.send('80F28002024F0000')
    expect(status).toBe('9000')
    expect(toHex(findTlv(fromHex(data), '4F')!)).toBe('A000000151000000')
    expect(toHex(findTlv(fromHex(data), '9F70')!)).toBe('07')
    expect(toHex(findTlv(fromHex(data), 'C5')!)).toBe('9EFE80')
  })

  it('counts the channels that were opened, and none that were not', () => {
    const card = poweredCard(type)
    const sequence = () => toHex(findTlv(fromHex(send(card, '80CA00C100').data), 'C1')!)
    send(card, '80500000080102030405060708' + '00')
    send(card, '00A4040000')
    // Two bytes with SCP02, three with SCP03.
    const of = (count: string) => (type.startsWith('gp-scp02') ? count.slice(2) : count)
    expect(sequence()).toBe(of('000000'))
    open(card)
    send(card, '00A4040000')
    expect(sequence()).toBe(of('000001'))
  })

  it('refuses a wrong host cryptogram, and after fifteen any', () => {
    const card = poweredCard(type)
    const wrongKeys = () => ({ encryption: new Uint8Array(master[type]), mac: new Uint8Array(master[type]), data: new Uint8Array(master[type]) })
    for (let tries = 0; tries < 15; tries++) expect(() => new Host(card, { keys: wrongKeys, level: 1 })).toThrow('EXTERNAL AUTHENTICATE: 6982')
    expect(() => open(card)).toThrow('INITIALIZE UPDATE: 6983')
  })

  it('wants the channel for what changes it', () => {
    const card = poweredCard(type)
    for (const plain of ['80F28002024F0000', install(), command('80E40000', `4F${lv(packageId)}`), '80F0800F', '80E28000054203123456', '80D8000100']) {
      expect(send(card, plain).status).toBe('6982')
    }
    const host = open(card)
    expect(send(card, '80F28002024F0000').status).toBe('6982')
    expect(host.send('80F28002024F0000').status).toBe('9000')
  })

  it('keeps new keys, and opens channels under them alone', () => {
    const card = poweredCard(type)
    const length = master[type]
    const aes = !type.startsWith('gp-scp02')
    const fresh = [0x11, 0x22, 0x33].map((byte) => new Uint8Array(length).fill(byte))
    const check = (key: Uint8Array) => toHex(aes ? aesEncryptCbc(key, new Uint8Array(16).fill(1)) : desEncryptEcb(key, new Uint8Array(8))).slice(0, 6)
    const keyData = (host: Host, key: Uint8Array, value = check(key)) => {
      const whole = concatenate(key, new Uint8Array(aes ? (16 - (length % 16)) % 16 : 0))
      const sealed = toHex(host.encrypted(whole))
      return aes ? `88${lv(lv(sealed).replace(/^../, length.toString(16).padStart(2, '0')))}03${value}` : `80${lv(sealed)}03${value}`
    }
    const host = open(card)
    const putKey = (replaced: string, version: string, value?: string) => command(`80D8${replaced}81`, version + fresh.map((key) => keyData(host, key, value)).join(''))
    expect(host.send(putKey('01', '20', '000000')).status).toBe('9485')
    expect(host.send(putKey('77', '20')).status).toBe('6A88')
    expect(host.send(putKey('01', '20'))).toEqual({ data: `20${fresh.map(check).join('')}`, status: '9000' })
    send(card, '00A4040000')
    expect(toHex(findTlv(fromHex(send(card, '80CA00E000').data), 'C0')!)).toBe(`0120${aes ? '88' : '80'}${length.toString(16)}`)
    expect(() => open(card)).toThrow('6982')
    const [encryption, mac, data] = fresh as [Uint8Array, Uint8Array, Uint8Array]
    expect(new Host(card, { keys: () => ({ encryption, mac, data }), level: 1 }).keyVersion).toBe(0x20)
    expect(() => new Host(card, { keys: keysOf(type), level: 1, keyVersion: 1 })).toThrow('INITIALIZE UPDATE: 6A88')
  })

  it('loads code, lists its modules, makes an instance of one, and deletes them', () => {
    const card = poweredCard(type)
    const host = open(card, 0x03)
    const digest = toHex(createHash('sha256').update(capFile()).digest())
    for (const load of loadCommands(capFile(), digest)) expect(host.send(load)).toEqual({ data: '00', status: '9000' })
    const modules = parseTlv(fromHex(host.send(command('80F21002', `4F${lv(packageId)}`)).data))
    expect(toHex(findTlv(modules[0]!.value, '84')!)).toBe(moduleId)

    expect(host.send(install('04')).status).toBe('9000')
    expect(host.send(install('04')).status).toBe('6985')
    expect(send(card, `00A40400${lv(instanceId)}00`).status).toBe('6A82')
    send(card, '00A4040000')
    const again = open(card, 0x03)
    expect(again.send(command('80E60800', `0000${lv(instanceId)}01000000`)).status).toBe('9000')
    const [application] = parseTlv(fromHex(again.send('80F24002024F0000').data))
    expect(toHex(findTlv(application!.value, '9F70')!)).toBe('07')
    expect(again.send(command('80E40000', `4F${lv(packageId)}`)).status).toBe('6985')
    expect(again.send(command('80E40080', `4F${lv(packageId)}`)).status).toBe('9000')
    expect(again.send('80F24002024F0000').status).toBe('6A88')
    expect(again.send(command('80E40000', `4F${lv(packageId)}`)).status).toBe('6A88')
  })
})

describe('card content', () => {
  const hosted = () => open(poweredCard('gp-scp03-128'), 0x01)

  it('ends a load whose blocks do not follow one another, whose hash differs, or that is no code', () => {
    const host = hosted()
    const [begin, first, second] = loadCommands(capFile()) as [string, string, string]
    host.send(begin)
    host.send(first)
    expect(host.send(first).status).toBe('6A86')
    expect(host.send(second).status).toBe('6985')
    expect(loadCommands(capFile(), '00'.repeat(32)).map((load) => host.send(load).status).at(-1)).toBe('6A80')
    expect(loadCommands(new Uint8Array(20)).map((load) => host.send(load).status).at(-1)).toBe('6A80')
    expect(host.send(command('80F22002', `4F${lv(packageId)}`)).status).toBe('6A88')
  })

  it('forgets code of a load that a reset broke off', () => {
    const card = poweredCard('gp-scp03-128')
    const before = JSON.stringify((card.save() as { room: number }).room)
    const host = open(card)
    for (const load of loadCommands(capFile()).slice(0, 3)) host.send(load)
    expect((card.save() as { room: number }).room).not.toBe(before)
    card.powerOn()
    send(card, '00A4040000')
    open(card)
    expect(Object.keys((card.save() as { memory: object }).memory).filter((name) => name.startsWith('code/'))).toEqual([])
  })

  it('refuses what the specification refuses', () => {
    const host = hosted()
    const refused: Record<string, string> = {
      [install()]: '6A88',
      [command('80E60C00', `${lv(packageId)}00`)]: '6A80',
      [command('80E61000', '00')]: '6A86',
      [command('80E60C01', '00')]: '6A86',
      [command('80E62000', `0000${lv('0102030405060708')}000000`)]: '6A88',
      [command('80E40000', '4F08A000000151000000')]: '6985',
      [command('80E40000', 'D20101')]: '6985',
      [command('80E40000', 'D20155')]: '6A88',
      [command('80E40000', '5001')]: '6A80',
      '80F08001': '6985',
      '80F08055': '6A80',
      '80F02007': '6A86',
      [command('80F04080', instanceId)]: '6A88',
      '80F24003024F0000': '6985',
      '80F20002024F0000': '6A86',
      '80E88000': '6985',
      '80200000': '6D00',
    }
    for (const [plain, status] of Object.entries(refused)) expect([plain, host.send(plain).status]).toEqual([plain, status])
  })

  it('gives a long list in parts', () => {
    const host = hosted()
    for (const load of loadCommands(capFile())) host.send(load)
    const names = Array.from({ length: 12 }, (_, index) => `F0435700000110${index.toString().padStart(2, '0')}`)
    for (const name of names) host.send(command('80E60C00', `${lv(packageId)}${lv(moduleId)}${lv(name)}010002C90000`))
    let answer = host.send('80F24002024F0000')
    const found: string[] = []
    for (const parts of [0, 1, 2, 3]) {
      found.push(...parseTlv(fromHex(answer.data)).map(({ value }) => toHex(findTlv(value, '4F')!)))
      if (answer.status !== '6310') break
      expect(parts).toBeLessThan(3)
      answer = host.send('80F24003024F0000')
    }
    expect(found).toEqual(names)
    expect(host.send('80F24000024F0000').data.slice(0, 26)).toBe(`${lv(names[0]!)}0700${lv(names[1]!).slice(0, 4)}`.slice(0, 26))
  })
})

describe('life of the card', () => {
  it('goes forward, is locked and unlocked, and ends', () => {
    const card = poweredCard('gp-scp02-55')
    const host = open(card)
    expect(host.send('80F0807F').status).toBe('6985')
    expect(host.send('80F0800F').status).toBe('9000')
    expect(host.send('80F0807F').status).toBe('9000')
    expect(host.send(install()).status).toBe('6985')
    expect(send(card, '00A4040000').status).toBe('6283')
    const again = open(card)
    expect(again.send('80F0800F').status).toBe('9000')
    expect(again.send('80F080FF').status).toBe('9000')
    expect(send(card, '00A4040000').status).toBe('6A81')
    expect(send(card, '80CA9F7F00').status).toBe('9000')
  })

  it('locks an application', () => {
    const card = poweredCard('gp-scp02-55')
    const host = open(card)
    for (const load of loadCommands(capFile())) host.send(load)
    host.send(install('0C', '04'))
    expect(host.send(command('80F04080', instanceId)).status).toBe('9000')
    expect(send(card, `00A40400${lv(instanceId)}00`).status).toBe('6A82')
    send(card, '00A4040008A000000151000000')
    expect(open(card).send(command('80F04007', instanceId)).status).toBe('9000')
    expect(send(card, `00A40400${lv(instanceId)}00`).status).toBe('9000')
    expect(send(card, '8050000000').status).toBe('6700')
  })

  it('selects the application with the privilege to be selected by itself', () => {
    const card = poweredCard('gp-scp02-15')
    const host = open(card)
    for (const load of loadCommands(capFile())) host.send(load)
    host.send(install('0C', '04'))
    card.powerOn()
    expect(send(card, '80F28002024F0000').status).toBe('6D00')
    expect(send(card, '00A4040008A00000015100000000').status).toBe('9000')
  })

  it('is the same card after it was saved and restored', () => {
    const card = poweredCard('gp-scp03-256')
    const host = open(card)
    expect(host.send('80E29000' + lv('4203123456')).status).toBe('9000')
    expect(host.send('80E29000' + lv('5003123456')).status).toBe('6A80')
    const restored = restoreCard(JSON.parse(JSON.stringify(card.save())))
    restored.powerOn()
    expect(send(restored, '80CA004200').data).toBe('4203123456')
    expect(send(restored, '80CA9F7F00').data).toBe(host.send('80CA9F7F00').data)
    expect(() => open(restored)).not.toThrow()
  })

  it('refuses logical channels and other classes', () => {
    const card = poweredCard('gp-scp03-128')
    expect(send(card, '0070000001').status).toBe('6881')
    expect(send(card, '8150000008010203040506070800').status).toBe('6881')
    expect(send(card, '00E60C0000').status).toBe('6E00')
    expect(send(card, 'FFCA000000').status).toBe('6E00')
    expect(send(card, '80F4000000').status).toBe('6D00')
    expect(send(card, '00A4040007A000000003101000').status).toBe('6A82')
    expect(send(card, '00A4040005A00000015100').status).toBe('9000')
    expect(send(card, '00A4040205A00000015100').status).toBe('6A82')
    expect(send(card, '00A4000C023F00').status).toBe('6A86')
  })
})

describe('faults', () => {
  it('have other keys than they should', () => {
    const card = poweredCard('gp-scp03-128')
    card.arm({ kind: 'wrong-key' })
    expect(() => open(card)).toThrow('6982')
    card.disarm()
    expect(() => open(card)).not.toThrow()
  })

  it('open no channel when the tries are spent', () => {
    const card = poweredCard('gp-scp02-15')
    card.arm({ kind: 'retry-counter-spent' })
    expect(() => open(card)).toThrow('INITIALIZE UPDATE: 6983')
  })

  it('leave a key set whole, the old or the new one, wherever PUT KEY is torn', () => {
    const found = new Set<string>()
    for (let byte = 0; byte < 120; byte += 3) {
      const card = poweredCard('gp-scp02-55')
      const host = open(card)
      const sealed = toHex(host.encrypted(new Uint8Array(16).fill(0x11)))
      card.arm({ kind: 'torn-write', ins: 0xd8, byte })
      const plain = command('80D80181', `20${`80${lv(sealed)}00`.repeat(3)}`)
      expect(() => host.send(plain)).toThrow('mute')
      card.powerOn()
      send(card, '00A4040000')
      found.add(send(card, '80CA00E000').data)
    }
    expect([...found].sort()).toEqual(['E012C00401018010C00402018010C00403018010', 'E012C00401208010C00402208010C00403208010'])
  })
})
