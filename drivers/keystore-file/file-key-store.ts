/**
 * A key store in one file: a master key of 32 random bytes, wrapped once per person under scrypt (RFC 7914) of the
 * password. Working keys are derived from it by HKDF-SHA-256 (RFC 5869), one per purpose, and never leave this file's
 * functions. The file holds nothing that opens anything without a password.
 */
import { createHmac, createSecretKey, hkdfSync, scrypt } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { z } from 'zod'
import type { CardKeys } from '#main/ports/card-keys.ts'
import type { KeyStore, KeyStoreSlots } from '#main/ports/key-store.ts'
import type { Random } from '#main/ports/random.ts'
import { CardwrightError } from '#shared/faults.ts'
import { CardKeyEntry, createCardKeys } from './card-keys.ts'
import type { KeyFile } from './key-file.ts'
import { nonceLength, sealBytes, unsealBytes } from './sealing.ts'
import { selfTest } from './self-test.ts'

/** Cost of one password guess; the product's takes about half a second and 128 MB. */
export interface ScryptCost {
  /** log2 of N. */
  logN: number
  r: number
  p: number
}

export const productCost: ScryptCost = { logN: 17, r: 8, p: 1 }

const Base64 = z.string().regex(/^[A-Za-z0-9+/]+=*$/)

const Slot = z.strictObject({
  person: z.string(),
  logN: z.number().int().min(1).max(24),
  r: z.number().int().positive(),
  p: z.number().int().positive(),
  salt: Base64,
  /** The master key, sealed under scrypt of the password, context `slot/PERSON`. */
  wrapped: Base64,
})

export const KeyDocument = z.strictObject({
  cardwright: z.literal('key-store'),
  version: z.literal(1),
  slots: z.array(Slot),
  /** Keys for cards; absent in stores that never had one. */
  cardKeys: z.array(CardKeyEntry).optional(),
})
type KeyDocument = z.infer<typeof KeyDocument>
type Slot = z.infer<typeof Slot>

const keyLength = 32

export interface FileKeyStoreOptions {
  file: KeyFile
  random: Random
  cost?: ScryptCost
}

/** A store of this file, with the keys for cards in it. */
export interface FileKeyStore extends KeyStore, KeyStoreSlots {
  readonly cardKeys: CardKeys
}

/** Throws `key.file-damaged` when the file is there and is not a key store, `key.self-test-failed` where the ciphers are wrong. */
export function openFileKeyStore({ file, random, cost = productCost }: FileKeyStoreOptions): FileKeyStore {
  selfTest()
  let document = read(file)
  let master: Uint8Array | undefined
  /** Counts how often it was locked. */
  let session = 0
  const purposes = new Map<string, KeyObject>()
  let dataKeys = new WeakMap<Uint8Array, KeyObject>()

  const nonce = createNonces(random)

  const unlocked = (): Uint8Array => {
    if (master === undefined) throw new CardwrightError({ code: 'key.locked', class: 'operator' })
    return master
  }

  /** The working key of a purpose, prepared once: a key given as bytes costs more than the work that it does. */
  const key = (purpose: string): KeyObject => {
    const secret = unlocked()
    let derived = purposes.get(purpose)
    if (derived === undefined) {
      derived = secretKey(new Uint8Array(hkdfSync('sha256', secret, new Uint8Array(), `cardwright/${purpose}`, keyLength)))
      purposes.set(purpose, derived)
    }
    return derived
  }

  const forget = () => {
    master?.fill(0)
    purposes.clear()
    dataKeys = new WeakMap()
    master = undefined
    session += 1
  }

  /** Unwrapped once for each array that wraps it: an import seals a million cards under the same key. */
  const dataKey = (wrapped: Uint8Array): KeyObject => {
    const wrapping = key('wrap')
    const known = dataKeys.get(wrapped)
    if (known) return known
    const opened = secretKey(unsealBytes(wrapping, wrapped, 'data-key'))
    dataKeys.set(wrapped, opened)
    return opened
  }

  /** `secret` is asked for only when the password has been stretched: the store may have been locked meanwhile. */
  const makeSlot = async (person: string, password: string, secret: () => Uint8Array): Promise<Slot> => {
    const salt = random.bytes(16)
    const guard = await stretch(password, salt, cost)
    const wrapped = sealBytes(guard, nonce(), secret(), `slot/${person}`)
    return { person, ...cost, salt: base64(salt), wrapped: base64(wrapped) }
  }

  const save = (change: Partial<Pick<KeyDocument, 'slots' | 'cardKeys'>>) => {
    const next: KeyDocument = { cardwright: 'key-store', version: 1, slots: [], ...document, ...change }
    file.write(JSON.stringify(next, undefined, 2))
    document = next
  }

  const cardKeys = createCardKeys(
    {
      entries: () => document?.cardKeys ?? [],
      save: (entries) => {
        unlocked()
        save({ cardKeys: entries })
      },
      seal: (plain, context) => base64(sealBytes(key('card-keys'), nonce(), plain, context)),
      unseal: (sealed, context) => unsealBytes(key('card-keys'), bytes(sealed), context),
      get session() {
        return session
      },
    },
    random,
  )

  return {
    cardKeys,
    get locked() {
      return master === undefined
    },
    get exists() {
      return document !== undefined
    },

    createDataKey: () => ({ wrapped: sealBytes(key('wrap'), nonce(), random.bytes(keyLength), 'data-key') }),
    seal: (wrapped, plain, context) => sealBytes(dataKey(wrapped), nonce(), plain, context),
    unseal: (wrapped, sealed, context) => unsealBytes(dataKey(wrapped), sealed, context),
    mac: (name, data) => createHmac('sha256', key(`mac/${name}`)).update(data).digest(),

    async create(person, password) {
      if (document !== undefined) throw new CardwrightError({ code: 'key.exists', class: 'operator' })
      const secret = random.bytes(keyLength)
      save({ slots: [await makeSlot(person, password, () => secret)] })
      master = secret
    },

    async unlock(person, password) {
      const slot = document?.slots.find((candidate) => candidate.person === person)
      // Somebody unknown costs the same time as a wrong password, so that names can't be told apart by it.
      const { salt, wrapped, ...slotCost } = slot ?? decoy(document?.slots[0] ?? cost)
      const guard = await stretch(password, bytes(salt), slotCost)
      try {
        const secret = unsealBytes(guard, bytes(wrapped), `slot/${person}`)
        if (master === undefined) master = secret
        else secret.fill(0)
        return true
      } catch (thrown) {
        if (thrown instanceof CardwrightError) return false
        throw thrown
      }
    },

    async setSlot(person, password) {
      unlocked()
      const slot = await makeSlot(person, password, unlocked)
      save({ slots: [...(document?.slots.filter((other) => other.person !== person) ?? []), slot] })
    },

    removeSlot(person) {
      if (document) save({ slots: document.slots.filter((slot) => slot.person !== person) })
      return Promise.resolve()
    },

    lock: forget,
  }
}

function read(file: KeyFile): KeyDocument | undefined {
  const text = file.read()
  if (text === undefined) return undefined
  try {
    return KeyDocument.parse(JSON.parse(text))
  } catch (cause) {
    throw new CardwrightError({ code: 'key.file-damaged', class: 'device', place: file.name }, { cause })
  }
}

/** scrypt of the password, NFKC-normalized so that the same keys typed on another system give the same bytes. */
function stretch(password: string, salt: Uint8Array, { logN, r, p }: ScryptCost): Promise<Uint8Array> {
  const N = 2 ** logN
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, keyLength, { N, r, p, maxmem: 256 * N * r }, (error, derived) => {
      if (error) reject(error)
      else resolve(derived)
    })
  })
}

/** Nonces cut from larger draws: asking the system for twelve bytes costs as much as sealing a card. */
function createNonces(random: Random): () => Uint8Array {
  let drawn = new Uint8Array()
  let at = 0
  return () => {
    if (at === drawn.length) {
      drawn = new Uint8Array(random.bytes(256 * nonceLength))
      at = 0
    }
    return drawn.subarray(at, (at += nonceLength))
  }
}

/** A slot that no password opens. */
function decoy({ logN, r, p }: ScryptCost): Omit<Slot, 'person'> {
  return { logN, r, p, salt: base64(new Uint8Array(16)), wrapped: base64(new Uint8Array(nonceLength + keyLength + 16)) }
}

/** The prepared key; the bytes that it was made of are wiped. */
function secretKey(data: Uint8Array): KeyObject {
  const prepared = createSecretKey(data)
  data.fill(0)
  return prepared
}

const base64 = (data: Uint8Array) => Buffer.from(data).toString('base64')
const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'base64'))
