/**
 * The secrets of one card, by reference. A script passes references about; only here they become bytes, and only bytes that are
 * encrypted for a channel, or that the operator typed.
 */
import { fromHex } from '#shared/bytes.ts'
import type { ChipGroup } from '#shared/chip/prepared-chip.ts'
import type { CardKeys, WrappedSecret } from '../ports/card-keys.ts'
import type { SecureChannel } from './channel/channel.ts'
import { pad } from './channel/padding.ts'
import { ScriptError } from './endings.ts'

type Secret =
  /** Of the card's data. */
  | { kind: 'group'; wrapped: WrappedSecret; group: string }
  /** An operator's answer. */
  | { kind: 'typed'; value: Uint8Array }

export interface SecretView {
  secret: string
  length: number
}

export class Secrets {
  private readonly byReference = new Map<string, Secret>()
  private readonly keys: CardKeys

  constructor(keys: CardKeys) {
    this.keys = keys
  }

  addGroup(group: ChipGroup): SecretView | undefined {
    const wrapped = wrappedSecret(group)
    if (wrapped === undefined) return undefined
    const reference = `g${this.byReference.size}`
    this.byReference.set(reference, { kind: 'group', wrapped, group: group.name })
    return { secret: reference, length: wrapped.clearLength }
  }

  addTyped(text: string): SecretView {
    const value = new TextEncoder().encode(text)
    const reference = `t${this.byReference.size}`
    this.byReference.set(reference, { kind: 'typed', value })
    return { secret: reference, length: value.length }
  }

  /** Whether it stands for something here. */
  has(reference: string): boolean {
    return this.byReference.has(reference)
  }

  /** The group that a reference stands for, or undefined where it stands for a typed value. */
  groupOf(reference: string): string | undefined {
    const secret = this.of(reference)
    return secret.kind === 'group' ? secret.group : undefined
  }

  wrapped(reference: string): WrappedSecret | undefined {
    const secret = this.of(reference)
    return secret.kind === 'group' ? secret.wrapped : undefined
  }

  /** Encrypted for a channel, as it stands in a command's data. */
  async sealed(reference: string, channel: SecureChannel, padding: 'none' | 'iso-9797-2'): Promise<Uint8Array> {
    const secret = this.of(reference)
    const { key, mode } = channel.sealing
    if (secret.kind === 'group') {
      if (padding === 'none' && secret.wrapped.clearLength % channel.block !== 0) throw new ScriptError(`the secret ${secret.group} needs padding`)
      return this.keys.translate(secret.wrapped, key, { mode, padding })
    }
    if (padding === 'none' && secret.value.length % channel.block !== 0) throw new ScriptError('a typed secret needs padding')
    return this.keys.encrypt(key, padding === 'none' ? secret.value : pad(secret.value, channel.block), { mode })
  }

  /** As it was typed. Secrets of the card's data never go in clear. */
  typed(reference: string): Uint8Array {
    const secret = this.of(reference)
    if (secret.kind !== 'typed') throw new ScriptError('a secret of the card never goes in clear')
    return secret.value
  }

  wipe(): void {
    for (const secret of this.byReference.values()) if (secret.kind === 'typed') secret.value.fill(0)
    this.byReference.clear()
  }

  private of(reference: string): Secret {
    const secret = this.byReference.get(reference)
    if (secret === undefined) throw new ScriptError('no such secret')
    return secret
  }
}

export function wrappedSecret({ value, secret }: ChipGroup): WrappedSecret | undefined {
  if (secret === undefined) return undefined
  return { data: fromHex(value), under: secret.under, mode: secret.mode, padding: secret.padding, clearLength: secret.clearLength }
}
