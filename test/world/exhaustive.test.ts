/** One card on the machine as it ships, where nobody knows what a letter means for the blank: the first half of all pairs. */
import { smallCard } from './cards.ts'
import { exhaust } from './exhaustive.ts'

await exhaust({
  name: 'one card, standard mode, nothing known of blanks after trouble',
  file: 'test/world/exhaustive.test.ts',
  machine: { profile: 'dc450', mode: 'standard' },
  cards: [smallCard(1)],
  pairs: (_first, _second, index) => index % 2 === 0,
})
