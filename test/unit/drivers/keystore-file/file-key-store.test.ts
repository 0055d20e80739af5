import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openFileKeyStore } from '#drivers/keystore-file/file-key-store.ts'
import { keyFileAt, memoryKeyFile } from '#drivers/keystore-file/key-file.ts'
import { sealBytes, unsealBytes } from '#drivers/keystore-file/sealing.ts'
import { knownAnswers, selfTest } from '#drivers/keystore-file/self-test.ts'
import { systemRandom } from '#drivers/random/random.ts'

const cost = { logN: 4, r: 8, p: 1 }
const open = (file = memoryKeyFile()) => openFileKeyStore({ file, random: systemRandom, cost })
const text = (value: string) => new TextEncoder().encode(value)

describe('a key store in a file', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'keys-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  test('opens again with the password of anybody who has a slot, and with no other', async () => {
    const file = keyFileAt(join(folder, 'keys.json'))
    const store = open(file)
    await store.create('P-01', 'correct horse battery')
    await store.setSlot('P-02', 'другой длинный пароль')
    const { wrapped } = store.createDataKey()
    const sealed = store.seal(wrapped, text('4000001234567899'), 'J-000001/1')

    const again = open(file)
    expect(again.locked).toBe(true)
    expect(await again.unlock('P-01', 'wrong')).toBe(false)
    expect(await again.unlock('P-09', 'correct horse battery')).toBe(false)
    expect(again.locked).toBe(true)
    expect(await again.unlock('P-02', 'другой длинный пароль')).toBe(true)
    expect(Buffer.from(again.unseal(wrapped, sealed, 'J-000001/1')).toString()).toBe('4000001234567899')
    expect(again.mac('number', text('x'))).toEqual(store.mac('number', text('x')))
  })

  test('a text opens only in the place that it was sealed for, and only unchanged', async () => {
    const store = open()
    await store.create('P-01', 'p')
    const { wrapped } = store.createDataKey()
    const sealed = store.seal(wrapped, text('secret'), 'J-000001/1')
    expect(() => store.unseal(wrapped, sealed, 'J-000001/2')).toThrow('key.unreadable')
    expect(() => store.unseal(store.createDataKey().wrapped, sealed, 'J-000001/1')).toThrow('key.unreadable')
    for (let index = 0; index < sealed.length; index++) {
      const changed = Uint8Array.from(sealed)
      changed[index]! ^= 1
      expect(() => store.unseal(wrapped, changed, 'J-000001/1')).toThrow('key.unreadable')
    }
  })

  test('locked, it does nothing; a person whose slot is gone can not open it', async () => {
    const file = memoryKeyFile()
    const store = open(file)
    await store.create('P-01', 'one')
    await store.setSlot('P-02', 'two')
    await store.removeSlot('P-02')
    store.lock()
    expect(() => store.createDataKey()).toThrow('key.locked')
    await expect(store.setSlot('P-03', 'three')).rejects.toThrow('key.locked')
    expect(await store.unlock('P-02', 'two')).toBe(false)
    expect(await store.unlock('P-01', 'one')).toBe(true)
  })

  test('no nonce is used twice', async () => {
    const store = open()
    await store.create('P-01', 'one')
    const { wrapped } = store.createDataKey()
    const nonces = Array.from({ length: 2_000 }, () => Buffer.from(store.seal(wrapped, text(''), '').subarray(0, 12)).toString('hex'))
    expect(new Set(nonces).size).toBe(nonces.length)
  })

  test('locked while a slot is being made, it makes none', async () => {
    const store = open()
    await store.create('P-01', 'one')
    const made = store.setSlot('P-02', 'two')
    store.lock()
    await expect(made).rejects.toThrow('key.locked')
    expect(await store.unlock('P-02', 'two')).toBe(false)
  })

  test('keys of different purposes differ', async () => {
    const store = open()
    await store.create('P-01', 'one')
    expect(store.mac('journal', text('x'))).not.toEqual(store.mac('number', text('x')))
  })

  test('the file is for its owner alone and is written whole or not at all', async () => {
    const path = join(folder, 'keys.json')
    const store = open(keyFileAt(path))
    await store.create('P-01', 'correct horse battery')
    if (process.platform !== 'win32') expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(readFileSync(path, 'utf8')).not.toContain('correct horse')
    writeFileSync(path, readFileSync(path, 'utf8').slice(0, 40))
    expect(() => open(keyFileAt(path))).toThrow('key.file-damaged')
  })
})

// McGrew and Viega, The Galois/Counter Mode of Operation, test case 16: AES-256 with additional data.
test('sealing is AES-256-GCM', () => {
  const hex = (value: string) => new Uint8Array(Buffer.from(value, 'hex'))
  const key = hex('feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308')
  const nonce = hex('cafebabefacedbaddecaf888')
  const plain = hex('d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39')
  // The published additional data is binary; ours is text, so that the tag differs while the text must not.
  const sealed = sealBytes(key, nonce, plain, 'context')
  expect(Buffer.from(sealed.subarray(12, -16)).toString('hex')).toBe(
    '522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662',
  )
  expect(unsealBytes(key, sealed, 'context')).toEqual(Buffer.from(plain))
})

describe('the known answers', () => {
  test.each(knownAnswers.map(({ name }) => name))('hold for %s', (name) => {
    expect(() => selfTest(knownAnswers.filter((known) => known.name === name))).not.toThrow()
  })

  test('that do not hold keep the key store shut', () => {
    const wrong = knownAnswers.map((known) => ({ ...known, expected: known.expected.replace(/^./, 'x') }))
    expect(() => selfTest(wrong)).toThrow('key.self-test-failed')
  })
})
