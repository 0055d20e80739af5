/** Every single fault in every other mode, with two cards where completions lag behind. */
import { smallCard } from './cards.ts'
import { exhaust } from './exhaustive.ts'

const file = 'test/world/exhaustive-modes.test.ts'
const one = [smallCard(1)]
const two = [smallCard(1), smallCard(2)]

await exhaust({ name: 'two cards, magstripe fast mode', file, machine: { profile: 'dc450', mode: 'magstripe-fast' }, cards: two })
await exhaust({ name: 'two cards, chip fast mode', file, machine: { profile: 'dc450', mode: 'chip-fast' }, cards: two })
await exhaust({ name: 'one card, 280P, the mode that speaks unasked', file, machine: { profile: 'dc280p', mode: 'legacy-unsolicited', model: 'dc280p' }, cards: one })
await exhaust({ name: 'one card, 150i, template form', file, machine: { profile: 'dc150i', mode: 'standard', model: 'dc150i' }, cards: one })
