/** A key store in memory with keys for cards in it, open. */
import { memoryKeyFile } from '#drivers/keystore-file/key-file.ts'
import { openFileKeyStore } from '#drivers/keystore-file/file-key-store.ts'
import { systemRandom } from '#drivers/random/random.ts'
import type { CardKeys } from '#main/ports/card-keys.ts'
import { fromHex } from '#shared/bytes.ts'
import type { KeyAlgorithm, KeyPurpose } from '#shared/chip/keys.ts'

export async function cardKeys(keys: Record<string, { algorithm: KeyAlgorithm; purpose: KeyPurpose; value: string }>): Promise<CardKeys> {
  const store = openFileKeyStore({ file: memoryKeyFile(), random: systemRandom, cost: { logN: 4, r: 8, p: 1 } })
  await store.create('P-01', 'password')
  for (const [name, { algorithm, purpose, value }] of Object.entries(keys)) store.cardKeys.importKey({ name, algorithm, purpose, value: fromHex(value), demo: true })
  return store.cardKeys
}
