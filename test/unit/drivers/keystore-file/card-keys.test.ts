import { describe, expect, it } from 'vitest'
import { memoryKeyFile } from '#drivers/keystore-file/key-file.ts'
import { openFileKeyStore } from '#drivers/keystore-file/file-key-store.ts'
import { encrypt, isWeakDes, oddParity } from '#drivers/keystore-file/ciphers.ts'
import { systemRandom } from '#drivers/random/random.ts'
import type { KeyHandle } from '#main/ports/card-keys.ts'
import { fromHex, toHex } from '#shared/bytes.ts'

const cost = { logN: 4, r: 8, p: 1 }
const master = '404142434445464748494A4B4C4D4E4F'
const kek = '0123456789ABCDEFFEDCBA9876543210'

async function opened(file = memoryKeyFile()) {
  const store = openFileKeyStore({ file, random: systemRandom, cost })
  if (store.exists) await store.unlock('P-01', 'password')
  else await store.create('P-01', 'password')
  return { store, keys: store.cardKeys, file }
}

const import2 = (keys: Awaited<ReturnType<typeof opened>>['keys'], name = 'kmc', value = master, purpose: 'master' | 'transport' = 'master') => keys.importKey({ name, algorithm: 'des2', purpose, value: fromHex(value) })

const sessionOf = (keys: Awaited<ReturnType<typeof opened>>['keys'], from: KeyHandle) =>
  keys.derive(from, { kind: 'encrypted', mode: 'cbc', data: new Uint8Array(16), algorithm: 'des2', purpose: 'session', parity: 'as-is' })

describe('keys for cards', () => {
  it('outlive the program, sealed, and say only what they are', async () => {
    const { keys, file } = await opened()
    const value = fromHex(master)
    const view = keys.importKey({ name: 'kmc', algorithm: 'des2', purpose: 'master', value, demo: true })
    // GlobalPlatform's example key has the check value that every tool shows for it.
    expect(view).toEqual({ name: 'kmc', algorithm: 'des2', purpose: 'master', checkValue: '8BAF47', demo: true })
    expect(toHex(value)).toBe('00'.repeat(16))
    expect(file.read()).not.toMatch(new RegExp(Buffer.from(oddParity(fromHex(master))).toString('base64').slice(0, 12)))
    const again = await opened(file)
    expect(again.keys.list()).toEqual([view])
    expect(toHex(await again.keys.checkValue(await again.keys.open('kmc', 'master')))).toBe('8BAF47')
  })

  it('are refused where they protect nothing, or are there already', async () => {
    const { keys } = await opened()
    import2(keys)
    expect(() => import2(keys)).toThrow('key.name-taken')
    expect(() => import2(keys, 'same', '0123456789ABCDEF'.repeat(2))).toThrow('key.weak')
    expect(() => import2(keys, 'weak', `0101010101010101${master.slice(0, 16)}`)).toThrow('key.weak')
    expect(() => keys.importKey({ name: 'short', algorithm: 'aes256', purpose: 'master', value: fromHex(master) })).toThrow('key.wrong-length')
    expect(isWeakDes(fromHex('FE01FE01FE01FE01FEDCBA9876543210'))).toBe(true)
  })

  it('are not told from their document by changing what is said of them', async () => {
    const { keys, file } = await opened()
    import2(keys, 'kek', kek, 'transport')
    file.write(file.read()!.replace('"transport"', '"master"'))
    const again = await opened(file)
    await expect(again.keys.open('kek', 'master')).rejects.toThrow('key.unreadable')
  })

  it('are worth nothing once the store is locked', async () => {
    const { store, keys } = await opened()
    import2(keys)
    const handle = await keys.open('kmc', 'master')
    store.lock()
    await expect(keys.checkValue(handle)).rejects.toThrow('key.locked')
    await expect(keys.open('kmc', 'master')).rejects.toThrow('key.locked')
    expect(() => import2(keys, 'other')).toThrow('key.locked')
  })

  it('are used for nothing but their purpose', async () => {
    const { keys } = await opened()
    import2(keys)
    import2(keys, 'kek', kek, 'transport')
    const [kmc, transport] = [await keys.open('kmc', 'master'), await keys.open('kek', 'transport')]
    const card = await keys.derive(kmc, { kind: 'same', purpose: 'card' })
    const session = await sessionOf(keys, card)
    const block = new Uint8Array(8)
    await expect(keys.open('kek', 'master')).rejects.toThrow('key.wrong-purpose')
    await expect(keys.encrypt(kmc, block, { mode: 'ecb' })).rejects.toThrow('key.wrong-purpose')
    await expect(keys.encrypt(transport, block, { mode: 'ecb' })).rejects.toThrow('key.wrong-purpose')
    await expect(keys.decrypt(card, block, { mode: 'ecb' })).rejects.toThrow('key.wrong-purpose')
    await expect(sessionOf(keys, transport)).rejects.toThrow('key.wrong-purpose')
    await expect(sessionOf(keys, session)).rejects.toThrow('key.wrong-purpose')
    await expect(keys.wrap(transport, session, { mode: 'ecb' })).rejects.toThrow('key.wrong-purpose')
    expect(await keys.decrypt(session, await keys.encrypt(session, block, { mode: 'cbc' }), { mode: 'cbc' })).toEqual(block)
    keys.release(session)
    await expect(keys.encrypt(session, block, { mode: 'ecb' })).rejects.toThrow('key.released')
  })
})

describe('a secret', () => {
  const transport = { algorithm: 'des2', bytes: fromHex(kek) } as const

  it('goes from its transport key to a session key, and is seen by nobody', async () => {
    const { keys } = await opened()
    import2(keys)
    import2(keys, 'kek', kek, 'transport')
    const session = await sessionOf(keys, await keys.open('kmc', 'master'))
    const padded = fromHex('00112233445566778899AABBCCDDEEFF8000000000000000')
    const secret = { data: encrypt(transport, padded, 'cbc'), under: 'kek', mode: 'cbc', padding: 'iso-9797-2', clearLength: 16 } as const
    const sealed = await keys.translate(secret, session, { mode: 'ecb', padding: 'none' })
    expect(toHex(await keys.decrypt(session, sealed, { mode: 'ecb' }))).toBe('00112233445566778899AABBCCDDEEFF')
    const again = await keys.translate(secret, session, { mode: 'cbc', padding: 'iso-9797-2' })
    expect(await keys.decrypt(session, again, { mode: 'cbc' })).toEqual(padded)
    const whole = { algorithm: 'des2', bytes: padded.subarray(0, 16) } as const
    expect(await keys.secretCheckValue(secret, { offset: 0, length: 16 })).toEqual(encrypt(whole, new Uint8Array(8), 'ecb').subarray(0, 3))
    await expect(keys.translate({ ...secret, clearLength: 15 }, session, { mode: 'ecb', padding: 'none' })).rejects.toThrow('key.bad-padding')
    await expect(keys.translate({ ...secret, under: 'kmc' }, session, { mode: 'ecb', padding: 'none' })).rejects.toThrow('key.wrong-purpose')
    await expect(keys.translate({ ...secret, under: 'none' }, session, { mode: 'ecb', padding: 'none' })).rejects.toThrow('key.no-such-key')
  })
})
