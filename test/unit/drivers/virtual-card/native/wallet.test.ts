/** Points and money on the native wallet: docs/native-card.md, the terminal's and the issuer's side computed here. */
import { describe, expect, it } from 'vitest'
import { desEncryptEcb, padded, retailMac } from '#drivers/virtual-card/crypto.ts'
import { fromHex, toHex } from '#shared/bytes.ts'
import { create, NativeHost, nativeCard, send, withData } from './host.ts'

const credit = '11'.repeat(16)
const debit = '22'.repeat(16)
const proof = '44'.repeat(16)
const money = 2

function wallet(): NativeHost['card'] {
  const host = new NativeHost(nativeCard('native-wallet'))
  host.open()
  host.done(create('820138830220008405D643570001A503820103'))
  host.done(create('82050C21003C018302 00F1 8800 A503810101'.replaceAll(' ', '')), withData('00E20000', `03012103022203032303${host.sealed(credit + debit + proof)}`))
  host.done(create('8002000882010183020102'), withData('00D60000', '0000006400000BB8'))
  host.done(create('8205062100190383020103'))
  host.done(create('82050221000802830201048C0100'), withData('00E20020', '0000000000000000'), withData('00E20020', '0000000000000000'))
  host.done('00440000023F00')
  expect(send(host.card, '00A4040005D643570001')).toContain('9000')
  return host.card
}

const terminal = 'A1A2A3A4A5A6'
const time = '20261125120000'
const mac4 = (key: string, data: string) => toHex(retailMac(fromHex(key), padded(fromHex(data), 8)).slice(0, 4))

/** Runs one transaction as its terminal does; answers the status word, or the certificate and 9000. */
function transact(card: NativeHost['card'], kind: 'load' | 'purchase', amount: string, options: { key?: string; value?: number; twice?: boolean } = {}): string {
  const value = `0${options.value ?? money}`
  const [p1, number, type, ins] = kind === 'load' ? ['00', '01', '02', '52'] : ['01', '02', '06', '54']
  const told = send(card, withData(`8050${p1}${value}`, `${number}${amount}${terminal}`))
  if (told.length === 4) return told
  const [balance, counter, random, mac] = [told.slice(0, 8), told.slice(8, 12), told.slice(12, 20), told.slice(20, 28)]
  const key = fromHex(options.key ?? (kind === 'load' ? credit : debit))
  const block = fromHex(`${random}${counter}8000`)
  const session = toHex(desEncryptEcb(key, fromHex(toHex(block) + toHex(block.map((byte) => byte ^ 0xff)))))
  if (options.key === undefined) expect(mac).toBe(mac4(session, `${balance}${amount}${type}${value}${terminal}`))
  const signed = `${amount}${type}${value}${terminal}${time}`
  const finish = withData(`80${ins}0000`, time + mac4(session, signed))
  const answered = send(card, finish)
  if (answered.length > 4) {
    const after = Number.parseInt(balance, 16) + (kind === 'load' ? 1 : -1) * Number.parseInt(amount, 16)
    expect(answered).toBe(`${mac4(proof, after.toString(16).padStart(8, '0') + counter + signed)}9000`)
  }
  return options.twice === true ? send(card, finish) : answered
}

describe('a wallet in use', () => {
  it('grows by a load, shrinks by a purchase, and writes both down', () => {
    const card = wallet()
    expect(send(card, '805C000204')).toBe('000000009000')
    expect(transact(card, 'load', '000003E8')).toMatch(/9000$/)
    expect(transact(card, 'purchase', '000000FA')).toMatch(/9000$/)
    expect(send(card, '805C000204')).toBe('000002EE9000')
    expect(send(card, '00B2011C19')).toBe(`0000000000FA0602${terminal}${time}000002EE9000`)
    expect(send(card, '00B2021C19')).toBe(`0000000003E80202${terminal}${time}000003E89000`)
  })

  it('keeps points apart from money', () => {
    const card = wallet()
    expect(transact(card, 'load', '00000064', { value: 1 })).toMatch(/9000$/)
    expect(send(card, '805C000104')).toBe('000000649000')
    expect(send(card, '805C000204')).toBe('000000009000')
    expect(send(card, '805C000304')).toBe('6A88')
  })

  it('refuses too much, too little, a wrong MAC and the same once more', () => {
    const card = wallet()
    expect(transact(card, 'load', '00000BB9')).toBe('9402')
    expect(transact(card, 'purchase', '00000001')).toBe('9401')
    expect(transact(card, 'load', '00000001', { key: debit })).toBe('9302')
    expect(transact(card, 'load', '00000001', { twice: true })).toBe('6985')
    expect(send(card, '805C000204')).toBe('000000019000')
  })

  it('is changed by nobody through its file', () => {
    const card = wallet()
    expect(send(card, withData('00DC0224', '00000BB800000000'))).toBe('6982')
    expect(send(card, '00B2022400')).toBe('6982')
  })

  it('loses nothing when it is pulled while it writes', () => {
    for (const byte of [0, 1, 5, 20, 30]) {
      const card = wallet()
      transact(card, 'load', '000003E8')
      card.arm({ kind: 'torn-write', ins: 0x54, byte })
      expect(transact(card, 'purchase', '000000FA')).toBe('mute')
      card.powerOn()
      send(card, '00A4040C05D643570001')
      const [balance, newest] = [send(card, '805C000204'), send(card, '00B2011C19').slice(12, 14)]
      expect([`000003E89000 02`, `000002EE9000 06`]).toContain(`${balance} ${newest}`)
    }
  })
})
