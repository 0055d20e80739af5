/** Keys for cards out of the key store's file: sealed under its own key, opened into handles, used only for what they are for. */
import { createHash, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import type { CardKeys, KeyHandle, WrappedSecret } from '#main/ports/card-keys.ts'
import type { Random } from '#main/ports/random.ts'
import { concatenate, toHex } from '#shared/bytes.ts'
import { KeyView, keyLengths } from '#shared/chip/keys.ts'
import type { KeyAlgorithm, KeyPurpose } from '#shared/chip/keys.ts'
import { CardwrightError } from '#shared/faults.ts'
import { blockLength, checkValue, cmac, decrypt, encrypt, fullDes3Mac, isDes, isWeakDes, oddParity, retailMac } from './ciphers.ts'
import type { CipherKey } from './ciphers.ts'

/** How a key stands in the file. What is said of it is authenticated with its value. */
export const CardKeyEntry = KeyView.extend({ sealed: z.string() }).strict()
export type CardKeyEntry = z.infer<typeof CardKeyEntry>

/** Where keys are kept; the store's own key never leaves it. */
export interface CardKeyVault {
  entries(): readonly CardKeyEntry[]
  save(entries: CardKeyEntry[]): void
  /** Both throw `key.locked`. Base64. */
  seal(plain: Uint8Array, context: string): string
  unseal(sealed: string, context: string): Uint8Array
  /** Changes when the store is locked: handles from before are worth nothing then. */
  readonly session: number
}

interface Held extends CipherKey {
  session: number
}

export function createCardKeys(vault: CardKeyVault, random: Random): CardKeys {
  const held = new WeakMap<KeyHandle, Held>()

  const hold = (algorithm: KeyAlgorithm, purpose: KeyPurpose, bytes: Uint8Array): KeyHandle => {
    const handle: KeyHandle = Object.freeze({ algorithm, purpose })
    held.set(handle, { algorithm, bytes, session: vault.session })
    return handle
  }
  const use = (handle: KeyHandle, ...purposes: readonly KeyPurpose[]): CipherKey => {
    const key = held.get(handle)
    if (key === undefined) throw new CardwrightError({ code: 'key.released', class: 'bug' })
    if (key.session !== vault.session) throw new CardwrightError({ code: 'key.locked', class: 'operator' })
    if (!purposes.includes(handle.purpose)) throw wrongPurpose(handle.purpose, 'bug')
    return key
  }
  const unsealed = (name: string, purpose: KeyPurpose): CipherKey => {
    const entry = vault.entries().find((candidate) => candidate.name === name)
    if (entry === undefined) throw new CardwrightError({ code: 'key.no-such-key', class: 'operator', values: { name } })
    if (entry.purpose !== purpose) throw wrongPurpose(entry.purpose, 'operator', name)
    return { algorithm: entry.algorithm, bytes: vault.unseal(entry.sealed, contextOf(entry)) }
  }
  /** The clear value of a secret, for `work` alone. */
  const withSecret = <Value>(secret: WrappedSecret, work: (clear: Uint8Array) => Value): Value => {
    const key = unsealed(secret.under, 'transport')
    const text = opened(secret, key)
    try {
      return work(text.subarray(0, secret.clearLength))
    } finally {
      text.fill(0)
      key.bytes.fill(0)
    }
  }

  return {
    list: () => vault.entries().map((entry) => KeyView.parse(entry)),

    importKey({ name, algorithm, purpose, value, demo = false }) {
      try {
        if (vault.entries().some((entry) => entry.name === name)) throw new CardwrightError({ code: 'key.name-taken', class: 'operator', values: { name } })
        if (value.length !== keyLengths[algorithm]) throw new CardwrightError({ code: 'key.wrong-length', class: 'operator', values: { length: keyLengths[algorithm], given: value.length } })
        const bytes = isDes(algorithm) ? oddParity(value) : Uint8Array.from(value)
        if (isDes(algorithm) ? isWeakDes(bytes) : bytes.every((byte) => byte === bytes[0])) throw new CardwrightError({ code: 'key.weak', class: 'operator', values: { name } })
        const view = KeyView.parse({ name, algorithm, purpose, checkValue: toHex(checkValue({ algorithm, bytes })), demo } satisfies KeyView)
        vault.save([...vault.entries(), { ...view, sealed: vault.seal(bytes, contextOf(view)) }])
        bytes.fill(0)
        return view
      } finally {
        value.fill(0)
      }
    },

    removeKey(name) {
      const rest = vault.entries().filter((entry) => entry.name !== name)
      if (rest.length === vault.entries().length) throw new CardwrightError({ code: 'key.no-such-key', class: 'operator', values: { name } })
      vault.save(rest)
    },

    async open(name, purpose) {
      const { algorithm, bytes } = unsealed(name, purpose)
      return hold(algorithm, purpose, bytes)
    },

    async derive(from, derivation) {
      const parent = use(from, 'master', 'card')
      if (derivation.kind === 'same') return hold(parent.algorithm, 'card', Uint8Array.from(parent.bytes))
      const { algorithm } = derivation
      const text = derivation.kind === 'cmac' ? concatenate(...derivation.inputs.map((input) => cmac(parent, input))) : encrypt(parent, derivation.data, derivation.mode)
      if (text.length < keyLengths[algorithm]) throw new RangeError(`${text.length} bytes are no ${algorithm} key`)
      const bytes = text.slice(0, keyLengths[algorithm])
      text.fill(0)
      return hold(algorithm, derivation.purpose, derivation.kind === 'encrypted' && derivation.parity === 'odd' ? oddParity(bytes) : bytes)
    },

    // What a master key encrypts may be a card's key: it encrypts nothing for others.
    encrypt: async (key, data, { mode, iv }) => encrypt(use(key, 'card', 'session'), data, mode, iv),
    decrypt: async (key, data, { mode, iv }) => decrypt(use(key, 'session'), data, mode, iv),

    async mac(handle, algorithm, data, iv) {
      const key = use(handle, 'card', 'session')
      if (algorithm === 'cmac') return cmac(key, data, iv)
      return algorithm === 'retail' ? retailMac(key, data, iv) : fullDes3Mac(key, data, iv)
    },

    async wrap(key, under, { mode, iv }) {
      const wrapping = use(under, 'card', 'session')
      const { bytes } = use(key, 'card', 'session')
      // Keys of 24 bytes under AES are filled with zeros to whole blocks (GlobalPlatform amendment D, 7.2).
      const size = blockLength(wrapping.algorithm)
      const whole = new Uint8Array(Math.ceil(bytes.length / size) * size)
      whole.set(bytes)
      try {
        return encrypt(wrapping, whole, mode, iv)
      } finally {
        whole.fill(0)
      }
    },

    async translate(secret, to, { mode, iv, padding }) {
      const key = use(to, 'card', 'session')
      const size = blockLength(key.algorithm)
      return withSecret(secret, (clear) => {
        if (padding === 'none' && clear.length % size !== 0) throw new CardwrightError({ code: 'key.bad-padding', class: 'data', values: { length: clear.length } })
        const text = padding === 'none' ? Uint8Array.from(clear) : padded(clear, size)
        try {
          return encrypt(key, text, mode, iv)
        } finally {
          text.fill(0)
        }
      })
    },

    checkValue: async (key, length = 3) => checkValue(use(key, 'master', 'card', 'session'), length),

    secretCheckValue: async (secret, { offset, length }) =>
      withSecret(secret, (clear) => {
        const bytes = clear.subarray(offset, offset + length)
        if (bytes.length !== length || (length !== 16 && length !== 24)) throw new CardwrightError({ code: 'key.wrong-length', class: 'data', values: { length, given: bytes.length } })
        return checkValue({ algorithm: length === 16 ? 'des2' : 'des3', bytes })
      }),

    async authenticate(keys, challenge) {
      const encryption = use(keys.encryption, 'card', 'session')
      const mac = use(keys.mac, 'card', 'session')
      const [number, half] = [random.bytes(8), random.bytes(16)]
      const text = encrypt(encryption, concatenate(number, challenge, half), 'cbc')
      return {
        token: concatenate(text, retailMac(mac, padded(text, 8))),
        async complete(response) {
          const [answer, code] = [response.subarray(0, 32), response.subarray(32)]
          if (response.length !== 40 || !timingSafeEqual(retailMac(mac, padded(answer, 8)), code)) return undefined
          const plain = decrypt(encryption, answer, 'cbc')
          if (!timingSafeEqual(plain.subarray(0, 16), concatenate(challenge, number))) return undefined
          const seed = half.map((byte, at) => byte ^ plain[16 + at]!)
          half.fill(0)
          plain.fill(0)
          // ICAO Doc 9303-11, 9.7.1.1: SHA-1 of the seed and a counter, odd parity.
          const session = (count: number): KeyHandle => hold('des2', 'session', oddParity(createHash('sha1').update(concatenate(seed, [0, 0, 0, count])).digest().subarray(0, 16)))
          const made = { encryption: session(1), mac: session(2), data: session(3), counter: concatenate(challenge.subarray(4), number.subarray(4)) }
          seed.fill(0)
          return made
        },
      }
    },

    release(handle) {
      held.get(handle)?.bytes.fill(0)
      held.delete(handle)
    },
  }
}

/** Clear text of a secret. Throws `key.bad-padding`, also where the transport key is another than the one it was wrapped under. */
function opened(secret: WrappedSecret, key: CipherKey): Uint8Array {
  const bad = (): CardwrightError => new CardwrightError({ code: 'key.bad-padding', class: 'data', values: { name: secret.under } })
  if (secret.data.length === 0 || secret.data.length % blockLength(key.algorithm) !== 0) throw bad()
  const text = decrypt(key, secret.data, secret.mode)
  const { clearLength, padding } = secret
  if (padding === 'none' ? clearLength === text.length : text[clearLength] === 0x80 && text.length - clearLength <= 16 && text.subarray(clearLength + 1).every((byte) => byte === 0)) return text
  text.fill(0)
  throw bad()
}

/** ISO/IEC 9797-1, padding method 2. */
function padded(data: Uint8Array, block: number): Uint8Array {
  const whole = new Uint8Array((Math.floor(data.length / block) + 1) * block)
  whole.set(data)
  whole[data.length] = 0x80
  return whole
}

const contextOf = ({ name, algorithm, purpose, checkValue, demo }: KeyView): string => `card-key/${name}/${algorithm}/${purpose}/${checkValue}/${demo ? 'demo' : 'live'}`

function wrongPurpose(purpose: KeyPurpose, whose: 'operator' | 'bug', name?: string): CardwrightError {
  return new CardwrightError({ code: 'key.wrong-purpose', class: whose, values: { purpose, ...(name === undefined ? {} : { name }) } })
}
