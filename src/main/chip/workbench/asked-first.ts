/**
 * A reader whose card is asked for its own number before anybody else speaks to it. A task is edited on the workbench: what it says
 * about the card's number, or the commands by which it asks, are nothing to rely on.
 */
import type { ChipConnection, ChipStation } from '../../ports/chip-station.ts'
import { toHex } from '#shared/bytes.ts'
import { CardEnds } from '../endings.ts'
import { unaskedNumber } from '../identify.ts'

/** @param known hears of the card with every connection; `personalized-before` ends it with `CardEnds` before any further command */
export function askedFirst(station: ChipStation, known: (card: { atr: string; chip?: string }) => 'go-on' | 'personalized-before'): ChipStation {
  return {
    name: station.name,
    state: () => station.state(),
    onState: (listener) => station.onState(listener),
    waitFor: (states, signal) => station.waitFor(states, signal),
    close: () => station.close(),
    async connect() {
      const made = await station.connect()
      try {
        const chip = await unaskedNumber(made)
        if (known({ atr: toHex(made.atr), ...(chip !== undefined && { chip }) }) === 'personalized-before') throw new CardEnds('chip-personalized-before', 'spoiled')
        return chip === undefined ? made : ofOneCard(made, chip)
      } catch (thrown) {
        await made.release('unpower')
        throw thrown
      }
    },
  }
}

/** After it was switched on again, it has to be the same card; one that tells no number any more is left to the task. */
function ofOneCard(made: ChipConnection, chip: string): ChipConnection {
  return {
    atr: made.atr,
    protocol: made.protocol,
    transmit: (command, options) => made.transmit(command, options),
    release: (how) => made.release(how),
    async reset() {
      const answer = await made.reset()
      const now = answer.kind === 'ready' ? await unaskedNumber(made) : undefined
      return now === undefined || now === chip ? answer : { kind: 'lost', loss: 'card-removed' }
    },
  }
}
