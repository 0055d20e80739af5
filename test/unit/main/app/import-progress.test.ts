/** A screen that waits for a long file is told how far it is. */
import { expect, test } from 'vitest'
import debitCard from '#assets/templates/debit-card.json' with { type: 'json' }
import { importHandlers } from '#main/app/imports.ts'
import type { ImportsParts } from '#main/app/imports.ts'
import { createUploads } from '#main/app/uploads.ts'
import type { CheckedBatch } from '#main/intake/check-file.ts'
import { systemRandom } from '#drivers/random/random.ts'

test('progress grows while a file is read, and ends with it', async () => {
  const uploads = createUploads(systemRandom)
  const upload = uploads.add({ path: 'cards.csv', name: 'cards.csv' })
  const batch = (records: number, bytes: number): CheckedBatch => ({ columns: ['number'], mistakes: [], mistakeCount: 0, records, bytes, cards: [] })
  const seen: unknown[] = []
  const parts = {
    uploads,
    clock: { now: () => 0 },
    jobs: { known: () => [] },
    store: { design: () => ({ document: JSON.stringify(debitCard) }) },
    sources: {
      head: () => Promise.resolve(new TextEncoder().encode('number\n4000001234567899\n')),
      async *check() {
        yield batch(1000, 20_000)
        seen.push(await ask())
        yield batch(2000, 40_000)
        seen.push(await ask())
      },
    },
  } as unknown as ImportsParts
  const handlers = importHandlers(parts)
  const context = {} as never
  const ask = () => handlers['intake.progress']({ upload }, context)

  expect(await ask()).toEqual({ reading: false, bytes: 0, records: 0 })
  await handlers['intake.preview']({ upload, design: 'debit-card' }, context)
  expect(seen).toEqual([
    { reading: true, bytes: 20_000, records: 1000 },
    { reading: true, bytes: 40_000, records: 2000 },
  ])
  expect(await ask()).toMatchObject({ reading: false })
})
