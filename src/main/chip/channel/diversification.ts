/** How the keys of one card follow from a key of many cards. Each way is a choice of bytes; the key store does the rest. */
import { concatenate } from '#shared/bytes.ts'
import { keyLengths } from '#shared/chip/keys.ts'
import type { CardKeys, KeyHandle } from '../../ports/card-keys.ts'
import { ScriptError } from '../endings.ts'
import type { Diversification } from './channel.ts'
import { counterFirst } from './counter-mode.ts'

export interface CardKeySet {
  encryption: KeyHandle
  mac: KeyHandle
  /** Encrypts keys and secrets (DEK). */
  data: KeyHandle
}

export type CardKeyPurpose = keyof CardKeySet

/** Number of a key in a set, as in the last byte of the derivation data. */
const numbers: Record<CardKeyPurpose, number> = { encryption: 1, mac: 2, data: 3 }

/** The three keys of a card. `keyData`: the ten bytes that it tells (GlobalPlatform E.5.1.4, key diversification data), or its serial number. */
export async function cardKeySet(keys: CardKeys, name: string, how: Diversification, keyData: Uint8Array): Promise<CardKeySet> {
  const master = await keys.open(name, 'master')
  const [encryption, mac, data] = await Promise.all((['encryption', 'mac', 'data'] as const).map((purpose) => cardKey(keys, master, how, keyData, purpose)))
  return { encryption: encryption!, mac: mac!, data: data! }
}

export async function cardKey(keys: CardKeys, master: KeyHandle, how: Diversification, keyData: Uint8Array, purpose: CardKeyPurpose): Promise<KeyHandle> {
  const { algorithm } = master
  const number = numbers[purpose]
  if (how === 'none') return keys.derive(master, { kind: 'same', purpose: 'card' })
  if (how === 'kdf3') {
    const inputs = counterFirst({ label: number, context: keyData, bits: keyLengths[algorithm] * 8 })
    return keys.derive(master, { kind: 'cmac', inputs, algorithm, purpose: 'card' })
  }
  if (keyLengths[algorithm] !== 16) throw new ScriptError(`keys of ${keyLengths[algorithm]} bytes do not follow by ${how}`)
  return keys.derive(master, { kind: 'encrypted', mode: 'ecb', data: blocks[how](keyData, number), algorithm, purpose: 'card', parity: 'as-is' })
}

/** Two blocks that are encrypted under the master key. */
const blocks: Record<'emv-cps' | 'visa2' | 'serial', (keyData: Uint8Array, number: number) => Uint8Array> = {
  /** EMV CPS 2.0, 5.3: the six rightmost bytes of KEYDATA, F0 and the number; again with 0F. */
  'emv-cps': (keyData, number) => halves(keyData.subarray(-6), number),
  /** Visa's variant: the two leftmost bytes of KEYDATA and the four of the chip's serial number in it. */
  visa2: (keyData, number) => halves(concatenate(keyData.subarray(0, 2), keyData.subarray(4, 8)), number),
  /** docs/native-card.md: the number and seven bytes of the serial number, and its complement (EMV Book 2, A1.4.1, option A). */
  serial(keyData, number) {
    const block = new Uint8Array(8)
    const tail = keyData.subarray(-7)
    block.set(tail, 8 - tail.length)
    block[0] = number
    return concatenate(block, block.map((byte) => byte ^ 0xff))
  },
}

function halves(six: Uint8Array, number: number): Uint8Array {
  if (six.length !== 6) throw new ScriptError('the card tells too little to derive its keys')
  return concatenate(six, [0xf0, number], six, [0x0f, number])
}
