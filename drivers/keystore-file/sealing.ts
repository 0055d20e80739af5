/** AES-256-GCM (NIST SP 800-38D) with a random 96-bit nonce in front and the 128-bit tag behind: nonce ‖ text ‖ tag. */
import { createCipheriv, createDecipheriv } from 'node:crypto'
import type { CipherKey } from 'node:crypto'
import { CardwrightError } from '#shared/faults.ts'

export const nonceLength = 12
const tagLength = 16

/** `context` is authenticated, not stored: the text opens only where it belongs. */
export function sealBytes(key: CipherKey, nonce: Uint8Array, plain: Uint8Array, context: string): Uint8Array {
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  cipher.setAAD(Buffer.from(context, 'utf8'))
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()])
}

/** Throws `key.unreadable` when key, text or context is not the one that was sealed. */
export function unsealBytes(key: CipherKey, sealed: Uint8Array, context: string): Uint8Array {
  if (sealed.length < nonceLength + tagLength) throw unreadable()
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, nonceLength), { authTagLength: tagLength })
  decipher.setAAD(Buffer.from(context, 'utf8'))
  decipher.setAuthTag(sealed.subarray(-tagLength))
  try {
    return Buffer.concat([decipher.update(sealed.subarray(nonceLength, -tagLength)), decipher.final()])
  } catch (cause) {
    throw unreadable(cause)
  }
}

function unreadable(cause?: unknown): CardwrightError {
  return new CardwrightError({ code: 'key.unreadable', class: 'data' }, { cause })
}
