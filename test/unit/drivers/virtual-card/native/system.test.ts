/** The native card as a blank and in use: docs/native-card.md, command by command. */
import { describe, expect, it } from 'vitest'
import { keyPair } from '#drivers/virtual-card/native/authentication.ts'
import type { SavedCard } from '#drivers/virtual-card/saved.ts'
import { fromHex } from '#shared/bytes.ts'
import { create, NativeHost, nativeCard, send, withData } from './host.ts'

const transparent = (id: string, size: string, more = '') => create(`8002${size}820101 8302${id}${more}`.replaceAll(' ', ''))
const directory = create('820138830210008405A000000001')

function opened(type: 'native-id' | 'native-wallet' = 'native-id'): NativeHost {
  const host = new NativeHost(nativeCard(type))
  expect(host.open()).toBe('9000')
  return host
}

describe('a blank', () => {
  it('tells its number and its transport key', () => {
    const card = nativeCard('native-id')
    expect(send(card, '00CA010108')).toMatch(/^43570401.{8}9000$/)
    expect(send(card, '00CA010204')).toBe('01010A039000')
    expect(send(nativeCard('native-id', 2), '00CA010108')).not.toBe(send(card, '00CA010108'))
  })

  it('counts wrong tries before they are made, and forgives them', () => {
    const card = nativeCard('native-id')
    const host = new NativeHost(card)
    const wrong = keyPair(fromHex('00'.repeat(16)))
    expect(host.open({ keys: wrong, number: 0 })).toBe('63C9')
    expect(send(card, '00CA010204')).toBe('010109039000')
    expect(host.open()).toBe('9000')
    expect(send(card, '00CA010204')).toBe('01010A039000')
  })

  it('is closed for good after ten of them', () => {
    const host = new NativeHost(nativeCard('native-id'))
    for (let left = 9; left >= 0; left--) expect(host.open({ keys: keyPair(fromHex('00'.repeat(16))), number: 0 })).toBe(`63C${left}`)
    expect(host.open()).toBe('6983')
  })

  it('uses a challenge once', () => {
    const host = new NativeHost(nativeCard('native-id'))
    host.open()
    expect(send(host.card, withData('00820000', '00'.repeat(40)))).toBe('6984')
  })

  it('lets nobody create or write without the channel', () => {
    const host = opened()
    host.done(directory, transparent('0101', '0010'))
    expect(send(host.card, directory)).toBe('6982')
    expect(send(host.card, '00A4040005A000000001')).toContain('9000')
    expect(send(host.card, '00A40000020101')).toContain('9000')
    expect(send(host.card, '00D600000101')).toBe('6982')
    expect(send(host.card, '00B0000004')).toBe('000000009000')
  })

  it('is another with the fault of a wrong key', () => {
    const host = new NativeHost(nativeCard('native-id'))
    host.card.arm({ kind: 'wrong-key' })
    expect(host.open()).toBe('63C9')
  })
})

describe('the channel', () => {
  it('ends with a command in clear, and with one that was tampered with', () => {
    const host = opened()
    expect(host.send('00CA010204')).toBe('01010A039000')
    send(host.card, '00CA010204')
    expect(host.send('00CA010204')).toBe('6982')
    const other = opened()
    other.keys!.mac[0]! ^= 0x10
    expect(other.send('00CA010204')).toBe('6988')
    expect(other.send('00CA010204')).toBe('6982')
  })

  it('protects errors', () => {
    expect(opened().send('00A40000020999')).toBe('6A82')
  })

  it('takes 231 bytes in one command and gives as many', () => {
    const host = opened()
    host.done(transparent('0101', '0200'))
    const content = 'A5'.repeat(231)
    host.done(withData('00D60000', content))
    expect(host.send('00B0000000')).toBe(`${content}9000`)
  })
})

describe('files', () => {
  it('are found by identifier, path, name and short identifier', () => {
    const host = opened()
    host.done(directory, transparent('0105', '0004'), withData('00D60000', '01020304'), create('820138830210018406A00000000102'))
    const { card } = host
    expect(send(card, '00A4080C0410000105')).toBe('9000')
    expect(send(card, '00B0000004')).toBe('010203049000')
    expect(send(card, '00A4040C05A000000001')).toBe('9000')
    expect(send(card, '00B0850202')).toBe('03049000')
    expect(send(card, '00A4020402010500')).toBe('62118002000482010183020105880128 8A0103 9000'.replaceAll(' ', ''))
    expect(send(card, '00A4040204A0000000')).toContain('8406A00000000102')
    expect(send(card, '00A4040204A0000000')).toBe('6A82')
    expect(send(card, '00A4030C')).toBe('9000')
    expect(send(card, '00A4000C')).toBe('9000')
    expect(send(card, '00A4020C020105')).toBe('6A82')
    expect(send(card, '00A4010C021000')).toBe('9000')
    expect(send(card, '00A4020C020105')).toBe('9000')
  })

  it('are created once', () => {
    const host = opened()
    host.done(directory)
    // in itself, under another identifier
    expect(host.send(directory.replace('1000', '1001'))).toBe('6A8A')
    host.done(transparent('0105', '0004'))
    expect(host.send(transparent('0105', '0004'))).toBe('6A89')
    expect(host.send(transparent('0165', '0004'))).toBe('6A89')
    expect(host.send(create('830201018002000482010F'))).toBe('6A80')
  })

  it('keep records by number, variable, fixed and cyclic', () => {
    const host = opened()
    host.done(directory, create('800200208205042100100383020101'), withData('00E20000', '010203'), withData('00E20008', '0405060708'))
    expect(host.send('00B2010C00')).toBe('0102039000')
    host.done(withData('00DC010C', 'AABB'))
    expect(host.send('00B2010C00')).toBe('AABB9000')
    expect(host.send('00B2030C00')).toBe('6A83')
    expect(host.send(withData('00DC030C', 'AABB'))).toBe('6A83')
    expect(host.send(withData('00E20008', '00'.repeat(17)))).toBe('6A85')
    host.done(withData('00E20008', '00'))
    expect(host.send(withData('00E20008', '00'))).toBe('6A84')
    host.done(create('82050221000202830201 02'.replaceAll(' ', '')), withData('00E20010', '0102'))
    expect(host.send(withData('00E20010', '01'))).toBe('6A85')
    host.done(create('8205062100010383020103'), ...['01', '02', '03', '04'].map((value) => withData('00E20018', value)))
    expect([1, 2, 3, 4].map((number) => host.send(`00B20${number}1C00`))).toEqual(['049000', '039000', '029000', '6A83'])
  })

  it('hold what they are sized for', () => {
    const host = opened()
    host.done(transparent('0101', '0004'))
    expect(host.send('00D600030201 02'.replace(' ', ''))).toBe('6A84')
    expect(host.send('00D600050101')).toBe('6B00')
    expect(send(host.card, '00A40000020101')).toContain('9000')
    expect(send(host.card, '00B0000210')).toBe('00006282')
  })

  it('are gone when deleted, with what is in them', () => {
    const host = opened()
    host.done(directory, transparent('0105', '0004'), '00A4000C', '00E40000021000')
    expect(host.send('00A4040C05A000000001')).toBe('6A82')
  })
})

describe('keys and PINs', () => {
  const key = '404142434445464748494A4B4C4D4E4F'
  const keyFile = create('82050C2100280283 0200F1 8800 8C0201 00 A503810101'.replaceAll(' ', ''))
  const pinFile = create('82050C21000B0183 0200F2 8800 8C020100 A503810102'.replaceAll(' ', ''))

  function withSecrets(): NativeHost {
    const host = opened()
    host.done(create('820138830210008405A000000001A503820104'))
    host.done(keyFile, withData('00E20000', `02011103 02120 0${host.sealed(key + key)}`.replaceAll(' ', '')))
    host.done(pinFile, withData('00E20000', `0103${host.sealed('241234FFFFFFFFFF')}`))
    host.done(transparent('0103', '0002', '8C0201E1'), transparent('0104', '0002', '8C020111'))
    return host
  }

  it('tell check values and tries, never themselves', () => {
    const { card } = withSecrets()
    send(card, '00A4040C05A000000001')
    send(card, '00A4020C0200F1')
    expect(send(card, '00B2010400')).toBe('0111038BAF470212008BAF479000')
    send(card, '00A4020C0200F2')
    expect(send(card, '00B2010400')).toBe('0103039000')
  })

  it('open files by their conditions once the card is activated', () => {
    const host = withSecrets()
    host.done('00440000023F00')
    const { card } = host
    send(card, '00A4040C05A000000001')
    expect(send(card, '00B0840002')).toBe('6982')
    expect(send(card, '00200001081111111111111111')).toBe('63C2')
    expect(send(card, '0020000108241234FFFFFFFFFF')).toBe('9000')
    expect(send(card, '00B0840002')).toBe('00009000')
    expect(send(card, '00B0830002')).toBe('6982')
    expect(host.open({ keys: keyPair(fromHex(key)), number: 1 })).toBe('9000')
    expect(host.send('00B0830002')).toBe('00009000')
    expect(send(card, '00B0830002')).toBe('6982')
    expect(host.open({ keys: keyPair(fromHex(key)), number: 0 })).toBe('9000')
    expect(host.open({ keys: keyPair(fromHex('00'.repeat(16))), number: 1 })).toBe('63C2')
  })

  it('spend their tries', () => {
    const host = withSecrets()
    host.done('00440000023F00')
    send(host.card, '00A4040C05A000000001')
    for (const left of [2, 1, 0]) expect(send(host.card, '00200001081111111111111111')).toBe(`63C${left}`)
    expect(send(host.card, '0020000108241234FFFFFFFFFF')).toBe('6983')
  })

  it('prove a chip by its key', () => {
    const host = withSecrets()
    expect(host.send('00880002081122334455667788')).toBe('6985')
    host.done('00440000023F00')
    send(host.card, '00A4040C05A000000001')
    expect(send(host.card, '00880002081122334455667788')).toMatch(/^.{16}9000$/)
    expect(send(host.card, '00880003081122334455667788')).toBe('6A88')
  })
})

describe('activation', () => {
  it('kills the transport key, for this card as it is saved too', () => {
    const host = opened()
    host.done(transparent('0101', '0004'), '00440000023F00')
    expect(host.send('00CA010204')).toBe('6982')
    const restored = nativeCard('native-id', 1, host.card.save() as SavedCard)
    for (const card of [host.card, restored]) {
      expect(send(card, '00CA010204')).toBe('000100059000')
      expect(new NativeHost(card).open()).toBe('6985')
      expect(send(card, '00A4000C020101')).toBe('9000')
      expect(send(card, '00B0000004')).toBe('000000009000')
      expect(send(card, '00D600000101')).toBe('6982')
    }
  })
})
