/** One card at a site that knows where its machine leaves a spoiled card: made void by the machine, or taken out by hand. */
import { smallCard } from './cards.ts'
import { exhaust } from './exhaustive.ts'
import type { Strike } from './plan.ts'

/** What this site knows, and others do not: the rest of the pairs is as on the machine that ships. */
function known(strike: Strike): boolean {
  return strike.on === 'stage' && /[HWN]$/.test(strike.fault)
}

for (const profile of ['site-void', 'site-removal'] as const) {
  await exhaust({
    name: `one card, ${profile}`,
    file: 'test/world/exhaustive-site.test.ts',
    machine: { profile, mode: 'standard' },
    cards: [smallCard(1)],
    pairs: (first, second) => known(first) || known(second),
  })
}
