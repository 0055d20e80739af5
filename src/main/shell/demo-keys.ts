/**
 * Keys of the demo workspace: published values and invented ones, here for everybody to read. They open the practice cards and the
 * sample data, and nothing else.
 */
import type { CardKeys } from '../ports/card-keys.ts'
import type { KeyAlgorithm, KeyPurpose, KeyView } from '#shared/chip/keys.ts'

/** Hex. The masters are those of the practice cards (docs/virtual-cards.md); the first 16 bytes stand in every published example. */
export const demoKeys = {
  master: '404142434445464748494A4B4C4D4E4F',
  masterAes192: '404142434445464748494A4B4C4D4E4F5051525354555657',
  masterAes256: '404142434445464748494A4B4C4D4E4F505152535455565758595A5B5C5D5E5F',
  /** Wraps the secrets of the sample batches. Invented. */
  transport: 'C1D0F8FB4958670DBA40AB1F3752EF0D',
} as const

const orders: readonly { name: string; algorithm: KeyAlgorithm; purpose: Exclude<KeyPurpose, 'card' | 'session'>; value: string }[] = [
  { name: 'demo-card-master', algorithm: 'des2', purpose: 'master', value: demoKeys.master },
  { name: 'demo-card-master-aes128', algorithm: 'aes128', purpose: 'master', value: demoKeys.master },
  { name: 'demo-card-master-aes192', algorithm: 'aes192', purpose: 'master', value: demoKeys.masterAes192 },
  { name: 'demo-card-master-aes256', algorithm: 'aes256', purpose: 'master', value: demoKeys.masterAes256 },
  { name: 'demo-transport', algorithm: 'des2', purpose: 'transport', value: demoKeys.transport },
]

/** Puts them into an open key store. */
export function importDemoKeys(keys: Pick<CardKeys, 'importKey'>): KeyView[] {
  return orders.map(({ value, ...order }) => keys.importKey({ ...order, value: Uint8Array.from(Buffer.from(value, 'hex')), demo: true }))
}
