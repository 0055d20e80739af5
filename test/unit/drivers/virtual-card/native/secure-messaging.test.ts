/** The worked example of ICAO Doc 9303 part 11, appendices D.3 and D.4: the card's half of it. */
import { describe, expect, it } from 'vitest'
import { authenticate, keyPair, transportKeys } from '#drivers/virtual-card/native/authentication.ts'
import { SecureChannel } from '#drivers/virtual-card/native/secure-messaging.ts'
import { fromHex, toHex } from '#shared/bytes.ts'
import { parseCommand } from '#shared/chip/apdu.ts'

const challenge = fromHex('4608F91988702212')
const half = fromHex('0B4F80323EB3191CB04970CB4052790B')
const seed = fromHex('239AB9CB282DAF66231DC5A4DF6BFBAE')
const token = fromHex('72C29C2371CC9BDB65B779B8E8D37B29ECC154AA56A8799FAE2F498F76ED92F25F1448EEA8AD90A7')

function session() {
  const agreed = authenticate(keyPair(seed), challenge, half, token)
  if (agreed === undefined) throw new Error('not authenticated')
  return agreed
}

describe('mutual authentication (D.3)', () => {
  it('derives the document basic access keys', () => {
    const keys = keyPair(seed)
    expect(toHex(keys.encryption)).toBe('AB94FDECF2674FDFB9B391F85D7F76F2')
    expect(toHex(keys.mac)).toBe('7962D9ECE03D1ACD4C76089DCE131543')
  })

  it('answers the token and agrees on the session', () => {
    const { token: answered, session: keys } = session()
    expect(toHex(answered)).toBe('46B9342A41396CD7386BF5803104D7CEDC122B9132139BAF2EEDC94EE178534F2F2D235D074D7449')
    expect(toHex(keys.encryption)).toBe('979EC13B1CBFE9DCD01AB0FED307EAE5')
    expect(toHex(keys.mac)).toBe('F1CB1F1FB5ADF208806B89DC579DC1F8')
    expect(toHex(keys.counter)).toBe('887022120C06C226')
  })

  it.each([0, 31, 32, 39])('refuses a token with another byte %i', (index) => {
    const other = token.slice()
    other[index]! ^= 1
    expect(authenticate(keyPair(seed), challenge, half, other)).toBeUndefined()
  })

  it('refuses a token for another challenge', () => {
    expect(authenticate(keyPair(seed), fromHex('4608F91988702213'), half, token)).toBeUndefined()
  })
})

describe('secure messaging (D.4)', () => {
  const exchanges = [
    { wrapped: '0CA4020C158709016375432908C044F68E08BF8B92D635FF24F800', plain: '00A4020C 011E', data: '', answered: '990290008E08FA855A5D4C50A8ED' },
    { wrapped: '0CB000000D9701048E08ED6705417E96BA5500', plain: '00B00000', data: '60145F01', answered: '8709019FF0EC34F9922651990290008E08AD55CC17140B2DED' },
    {
      wrapped: '0CB000040D9701128E082EA28A70F3C7B53500',
      plain: '00B00004',
      data: '04303130365F36063034303030305C026175',
      answered: '871901FB9235F4E4037F2327DCC8964F1F9B8C30F42C8E2FFF224A990290008E08C8B2787EAEA07D74',
    },
  ]

  it('takes the commands apart and protects the responses', () => {
    const channel = new SecureChannel(session().session)
    for (const { wrapped, plain, data, answered } of exchanges) {
      const command = channel.unwrap(parseCommand(fromHex(wrapped)))
      expect(toHex(Uint8Array.of(command.cla, command.ins, command.p1, command.p2)) + (command.data.length > 0 ? ` ${toHex(command.data)}` : '')).toBe(plain)
      expect(toHex(channel.wrap({ data: fromHex(data), status: 0x9000 }).data)).toBe(answered)
    }
  })

  it('refuses a command once more, one with another header, and one without MAC', () => {
    const again = new SecureChannel(session().session)
    const first = parseCommand(fromHex(exchanges[0]!.wrapped))
    again.unwrap(first)
    expect(() => again.unwrap(first)).toThrow('status 6988')
    expect(() => new SecureChannel(session().session).unwrap({ ...first, p2: 0 })).toThrow('status 6988')
    expect(() => new SecureChannel(session().session).unwrap({ ...first, data: first.data.subarray(0, 11) })).toThrow('status 6987')
  })
})

describe('transport keys', () => {
  const master = fromHex('404142434445464748494A4B4C4D4E4F')

  it('differ by serial number and use, and have odd parity', () => {
    const one = transportKeys(master, fromHex('4357010100000001'))
    const other = transportKeys(master, fromHex('4357010100000002'))
    const all = [one.encryption, one.mac, other.encryption, other.mac].map(toHex)
    expect(new Set(all).size).toBe(4)
    for (const key of all) expect([...fromHex(key)].every((byte) => byte.toString(2).replaceAll('0', '').length % 2 === 1)).toBe(true)
  })
})
