/** Points and money on the native wallet: docs/native-card.md, the terminal's and the issuer's side computed here. */
import { describe, expect, it } from 'vitest'
import { purseTerminal as terminal, purseTime as time, transact } from '../../../../support/purse-terminal.ts'
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

const keys = { credit, debit, proof }
const run = (card: NativeHost['card'], kind: 'load' | 'purchase', amount: string, more: { value?: number; key?: string } = {}) =>
  transact((command) => send(card, command), { kind, amount, keys, value: money, ...more })

describe('a wallet in use', () => {
  it('grows by a load, shrinks by a purchase, and writes both down', () => {
    const card = wallet()
    expect(send(card, '805C000204')).toBe('000000009000')
    expect(run(card, 'load', '000003E8').status).toBe('9000')
    expect(run(card, 'purchase', '000000FA').status).toBe('9000')
    expect(send(card, '805C000204')).toBe('000002EE9000')
    expect(send(card, '00B2011C19')).toBe(`0000000000FA0602${terminal}${time}000002EE9000`)
    expect(send(card, '00B2021C19')).toBe(`0000000003E80202${terminal}${time}000003E89000`)
  })

  it('keeps points apart from money', () => {
    const card = wallet()
    expect(run(card, 'load', '00000064', { value: 1 }).status).toBe('9000')
    expect(send(card, '805C000104')).toBe('000000649000')
    expect(send(card, '805C000204')).toBe('000000009000')
    expect(send(card, '805C000304')).toBe('6A88')
  })

  it('refuses too much, too little, a wrong MAC and the same once more', () => {
    const card = wallet()
    expect(run(card, 'load', '00000BB9').status).toBe('9402')
    expect(run(card, 'purchase', '00000001').status).toBe('9401')
    expect(run(card, 'load', '00000001', { key: debit }).status).toBe('9302')
    expect(send(card, run(card, 'load', '00000001').again)).toBe('6985')
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
      run(card, 'load', '000003E8')
      card.arm({ kind: 'torn-write', ins: 0x54, byte })
      expect(run(card, 'purchase', '000000FA').status).toBe('mute')
      card.powerOn()
      send(card, '00A4040C05D643570001')
      const [balance, newest] = [send(card, '805C000204'), send(card, '00B2011C19').slice(12, 14)]
      expect([`000003E89000 02`, `000002EE9000 06`]).toContain(`${balance} ${newest}`)
    }
  })
})
