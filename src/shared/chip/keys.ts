/** Keys for cards as people see them: names, what for, check values. Never a byte of a key. */
import { z } from 'zod'

/** `des2`: two-key triple DES, 16 bytes; `des3`: three keys, 24. */
export const KeyAlgorithm = z.enum(['des2', 'des3', 'aes128', 'aes192', 'aes256'])
export type KeyAlgorithm = z.infer<typeof KeyAlgorithm>

export const KeyPurpose = z.enum([
  'master', //    of many cards: keys of a card are derived from it (KMC), or it opens a channel as it stands
  'transport', // wraps secrets between data preparation and here (KEK, KEK2): takes part in `translate` alone
  'card', //      of one card
  'session', //   of one channel
])
export type KeyPurpose = z.infer<typeof KeyPurpose>

export const KeyName = z.string().max(60).regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/)

export const KeyView = z.object({
  name: KeyName,
  algorithm: KeyAlgorithm,
  purpose: KeyPurpose,
  /** Hex, three bytes. */
  checkValue: z.string(),
  /** A publicly known value, for practice alone. */
  demo: z.boolean(),
})
export type KeyView = z.infer<typeof KeyView>

export const keyLengths: Readonly<Record<KeyAlgorithm, number>> = { des2: 16, des3: 24, aes128: 16, aes192: 24, aes256: 32 }
