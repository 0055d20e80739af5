import { describe, expect, it } from 'vitest'
import { decrypt } from '#drivers/keystore-file/ciphers.ts'
import { nativeChannel } from '#main/chip/channel/native.ts'
import { ResponseAltered } from '#main/chip/channel/channel.ts'
import { fromHex, toHex } from '#shared/bytes.ts'
import { parseResponse } from '#shared/chip/apdu.ts'
import { cardKeys } from '../../../support/card-keys.ts'

/** ICAO Doc 9303-11, appendix D.4: session keys and counter of the worked example. */
const encryption = '979EC13B1CBFE9DCD01AB0FED307EAE5'
const mac = 'F1CB1F1FB5ADF208806B89DC579DC1F8'
const counter = '887022120C06C226'

async function channel() {
  const keys = await cardKeys({ encryption: { algorithm: 'des2', purpose: 'master', value: encryption }, mac: { algorithm: 'des2', purpose: 'master', value: mac } })
  const as = async (name: string) => keys.derive(await keys.open(name, 'master'), { kind: 'same', purpose: 'card' })
  const session = { encryption: await as('encryption'), mac: await as('mac'), data: await as('mac'), counter: fromHex(counter) }
  // A key that came by import is none of a session, and the store decrypts under none but those.
  const open = { ...keys, decrypt: async (_: unknown, data: Uint8Array) => decrypt({ algorithm: 'des2', bytes: fromHex(encryption) }, data, 'cbc') }
  return nativeChannel({ keys: open, session, keyData: new Uint8Array(), keyVersion: new Uint8Array() })
}

describe('secure messaging of the native card', () => {
  it('is that of the passport’s worked example', async () => {
    const secure = await channel()
    expect(toHex(await secure.wrap({ cla: 0, ins: 0xa4, p1: 0x02, p2: 0x0c, data: fromHex('011E') }))).toBe('0CA4020C158709016375432908C044F68E08BF8B92D635FF24F800')
    expect(await secure.unwrap(parseResponse(fromHex('990290008E08FA855A5D4C50A8ED9000')))).toEqual({ data: new Uint8Array(), status: 0x9000 })
    expect(toHex(await secure.wrap({ cla: 0, ins: 0xb0, p1: 0, p2: 0, data: new Uint8Array(), expected: 4 }))).toBe('0CB000000D9701048E08ED6705417E96BA5500')
    const read = await secure.unwrap(parseResponse(fromHex('8709019FF0EC34F9922651990290008E08AD55CC17140B2DED9000')))
    expect([toHex(read.data), read.status]).toEqual(['60145F01', 0x9000])
    expect(toHex(await secure.wrap({ cla: 0, ins: 0xb0, p1: 0, p2: 4, data: new Uint8Array(), expected: 18 }))).toBe('0CB000040D9701128E082EA28A70F3C7B53500')
  })

  it('ends with a response that was changed', async () => {
    const secure = await channel()
    await secure.wrap({ cla: 0, ins: 0xa4, p1: 0x02, p2: 0x0c, data: fromHex('011E') })
    await expect(secure.unwrap(parseResponse(fromHex('990290008E08FA855A5D4C50A8EE9000')))).rejects.toThrow(ResponseAltered)
  })
})
