/** Every fault of a chip at every command to it, every crash around them, and every fault of the machine beside them. */
import { chipCard } from './chips.ts'
import { exhaust } from './exhaustive.ts'

const file = 'test/world/exhaustive-chip.test.ts'

await exhaust({ name: 'one chip card, standard mode', file, machine: { profile: 'dc450', mode: 'standard' }, cards: [chipCard(1)] })
