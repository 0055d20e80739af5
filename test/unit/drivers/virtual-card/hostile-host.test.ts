/** Whatever a host sends: a card answers, or is silent where a fault says so; it never breaks. */
import { describe, expect, it } from 'vitest'
import { createCard, practiceCardTypes, restoreCard } from '#drivers/virtual-card/cards.ts'
import { seededRandom } from '#drivers/random/random.ts'
import { concatenate, fromHex } from '#shared/bytes.ts'

const known = ['00A4040007A0000000031010', '00A4040008A000000151000000', '80500000080102030405060708', '80CA9F7F00', '00B2010C00', '80A8000002830000', '00840000', '80E28000054203123456', '00A40000023F00', '80E60C0000', '80F28002024F0000']

describe.each(practiceCardTypes)('$type', ({ type }) => {
  it('answers any bytes with data and a status word, and can be saved at any time', () => {
    const random = seededRandom(`hostile ${type}`)
    let card = createCard(type, { seed: 1, baudRate: 115_200 })
    card.powerOn()
    for (let turn = 0; turn < 4_000; turn++) {
      const base = fromHex(known[random.below(known.length)]!)
      const kind = random.below(4)
      const command =
        kind === 0
          ? random.bytes(random.below(40))
          : kind === 1
            ? base.map((byte) => (random.below(8) === 0 ? random.below(256) : byte))
            : kind === 2
              ? concatenate(base.subarray(0, 4), [random.below(30)], random.bytes(random.below(30)))
              : base
      const response = card.transmit(command)
      if (response.kind !== 'response') throw new Error(`silent: ${response.why}`)
      expect(response.bytes.length).toBeGreaterThanOrEqual(2)
      expect(response.cost.line).toBeGreaterThan(0)
      if (turn % 500 === 499) {
        card = restoreCard(JSON.parse(JSON.stringify(card.save())))
        card.powerOn()
      }
    }
  })
})
