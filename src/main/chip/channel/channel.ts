/** Secure channels as the host's end of them. What they have in common; each protocol is a file of its own. */
import type { CommandApdu, ResponseApdu } from '#shared/chip/apdu.ts'
import { ScriptError } from '../endings.ts'
import type { CardKeys, KeyHandle } from '../../ports/card-keys.ts'
import type { Random } from '../../ports/random.ts'

export interface SecureChannel {
  readonly protocol: 'scp02' | 'scp03' | 'native'
  /** Diversification data and key version as the card told them. */
  readonly keyData: Uint8Array
  readonly keyVersion: Uint8Array
  /** Bytes of a cipher block. */
  readonly block: 8 | 16
  /** Most plain bytes of data that fit into one short command. */
  readonly room: number
  /** Secrets are encrypted under this key before they are put into a command. */
  readonly sealing: { readonly key: KeyHandle; readonly mode: 'ecb' | 'cbc' }
  /** The command as it goes to the card. Commands are wrapped in the order in which they are sent. */
  wrap(command: CommandApdu): Promise<Uint8Array>
  /** The plain response. Throws `ResponseAltered`. */
  unwrap(response: ResponseApdu): Promise<ResponseApdu>
  close(): void
}

export type Diversification = 'none' | 'emv-cps' | 'visa2' | 'kdf3' | 'serial'

export const securityLevels = {
  mac: 0x01,
  'mac+encryption': 0x03,
  'mac+encryption+response-mac': 0x13,
  'mac+encryption+response-mac+response-encryption': 0x33,
} as const
export type SecurityLevel = keyof typeof securityLevels

export interface ChannelParts {
  keys: CardKeys
  random: Random
  /** Sends one command that is not wrapped by any channel. */
  exchange(command: Uint8Array): Promise<ResponseApdu>
  /** The chip's own number, where it is known. */
  serial?: Uint8Array | undefined
}

export interface ChannelOrder {
  protocol: 'auto' | 'scp02' | 'scp03' | 'native'
  /** Name in the key store. */
  key: string
  diversification: Diversification
  level: SecurityLevel
  keyVersion?: number | undefined
  /** How SCP02 goes on with its chaining value (E.3.4): `encrypted`, where absent, as i=15 and i=55 have it, or `plain`, as i=05 and i=45. */
  initialVector?: 'encrypted' | 'plain' | undefined
}

/** The card does not know the key that it should know. */
export function wrongKey(): ScriptError {
  return new ScriptError('the card does not prove that it knows the key', { code: 'wrong-key' }, 'chip-wrong-key')
}

/** A response that the card did not make, or that was changed on its way. */
export class ResponseAltered extends Error {
  constructor() {
    super('the response is not the one that the card made')
    this.name = 'ResponseAltered'
  }
}

export const answeredWell = 0x9000
