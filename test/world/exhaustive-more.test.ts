/** The second half of the pairs of `exhaustive.test.ts`, so that two cores share them. */
import { smallCard } from './cards.ts'
import { exhaust } from './exhaustive.ts'

await exhaust({
  name: 'one card, standard mode, nothing known of blanks after trouble: the other pairs',
  file: 'test/world/exhaustive-more.test.ts',
  machine: { profile: 'dc450', mode: 'standard' },
  cards: [smallCard(1)],
  pairs: (_first, _second, index) => index % 2 === 1,
})
