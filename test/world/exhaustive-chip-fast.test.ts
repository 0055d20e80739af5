/**
 * The same where the machine holds two cards, and the chip of the next is made while one is embossed: a tenth of all faults, spread over
 * every kind of them.
 */
import { chipCard } from './chips.ts'
import { exhaust } from './exhaustive.ts'

await exhaust({
  name: 'two chip cards, chip fast mode',
  file: 'test/world/exhaustive-chip-fast.test.ts',
  machine: { profile: 'dc450', mode: 'chip-fast' },
  cards: [chipCard(1), chipCard(2)],
  singles: (_strike, index) => index % 10 === 7,
})
