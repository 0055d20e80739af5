/** Which answers each kind of question offers, and which of them are for good or need a second person. */
import type { Operation } from '#shared/card/life.ts'
import type { Prompt } from '#shared/job/job.ts'

type Choice = Prompt['choices'][number]

const plain = (id: Choice['id']): Choice => ({ id, needsSecond: false, final: false })

/** The machine waits for a hand. Giving up after card data went out leaves the card in doubt, so it is asked once more. */
export function attentionChoices(sent: boolean): Choice[] {
  return [plain('continue'), { id: 'give-up', needsSecond: false, final: sent }]
}

/** Nothing happened to a blank. */
export const refusedChoices: Choice[] = [plain('retry'), plain('end-run')]

/** The chip is made: the card goes on, or counts as spoiled. */
export const halfMadeChoices: Choice[] = [plain('retry'), { id: 'give-up', needsSecond: false, final: true, verdict: 'rejected' }]

/** The spoiled card has to be in somebody's hand before its record may be made again. */
export const removalChoices: Choice[] = [{ id: 'removed', needsSecond: false, final: true, verdict: 'rejected' }]

/**
 * Look at the card: which of these is it? Calling a card spoiled takes one person, who holds it. Calling it good, or
 * saying that no blank was used, lets the record end or begin again with no spoiled blank to show: that takes two.
 */
export function doubtChoices(possible: { unused: boolean; canAsk: boolean }): Choice[] {
  const choices: Choice[] = [
    { id: 'card-spoiled', needsSecond: false, final: true, verdict: 'rejected' },
    { id: 'card-good', needsSecond: true, final: true, verdict: 'good' },
  ]
  if (possible.unused) choices.push({ id: 'no-card', needsSecond: true, final: true, verdict: 'unused' })
  if (possible.canAsk) choices.unshift(plain('ask-machine'))
  return choices
}

/** What is certain of a blank: what earlier commands did, and what the doubtful one may or may not have done. */
export function certainty(
  done: readonly Operation[],
  doubtful: readonly Operation[],
  effect: 'none' | 'some' | 'unknown',
): Prompt['certain'] {
  const rest = doubtful.filter((operation) => !done.includes(operation))
  return {
    done: [...done],
    notDone: effect === 'none' ? rest : [],
    unknown: effect === 'none' ? [] : rest,
  }
}
