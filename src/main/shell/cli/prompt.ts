/** A question of the machine on the terminal: what happened, what is certain, what to do, and the answers by number. */
import type { Operation } from '#shared/card/life.ts'
import { groupNumber } from '#shared/card/number.ts'
import { CardwrightError } from '#shared/faults.ts'
import type { Prompt, PromptChoice } from '#shared/job/job.ts'
import type { Client } from '../client.ts'
import { putRight } from '../practice-hands.ts'
import { faultLines } from './report.ts'
import type { Setting } from './setting.ts'

/**
 * Answers the question in the person's name. False where the input has ended. A practice machine has no hands but these:
 * it is put right with the answer.
 */
export async function askPrompt(setting: Setting, client: Client, prompt: Prompt, practice: boolean): Promise<boolean> {
  const { words, terminal } = setting
  for (const line of promptLines(setting, prompt)) terminal.print(line)
  for (;;) {
    const given = await terminal.ask(words.say('cli.prompt.which', { count: prompt.choices.length }))
    if (given === undefined) return false
    const choice = prompt.choices[Number(given.trim()) - 1]
    if (choice === undefined || (choice.final && !(await confirmed(setting)))) continue
    const second = choice.needsSecond ? await secondPerson(setting) : undefined
    try {
      if (practice) await putRight(client, prompt)
      await client.call('prompt.answer', { prompt: prompt.id, choice: choice.id, ...(second && { second }) })
      return true
    } catch (thrown) {
      if (!(thrown instanceof CardwrightError)) throw thrown
      for (const line of faultLines(words, thrown.faults)) terminal.complain(line)
    }
  }
}

function promptLines({ words }: Setting, prompt: Prompt): string[] {
  const { kind, reason, certain, choices, number } = prompt
  const say = words.sayIfKnown
  const card = number === undefined ? '' : `  ·  ${groupNumber(number)}`
  return [
    '',
    `■ ${say(`prompt.${kind}.title`) ?? kind}${card}`,
    `  ${words.say('prompt.happened')}: ${words.reason(reason)}`,
    `  ${words.say('prompt.certain')}: ${certainty(words, certain)}`,
    `  ${words.say('prompt.do')}: ${[say(`action.${reason.action}`), say(`prompt.${kind}.do`)].filter((text) => text !== undefined).join(' ')}`,
    ...choices.map(({ id, final, needsSecond }, index) => `  ${index + 1}) ${choiceLine(words, kind, id, final, needsSecond)}`),
  ]
}

function certainty(words: Setting['words'], { done, notDone, unknown }: Prompt['certain']): string {
  const list = (key: 'done' | 'not-done' | 'unknown', operations: readonly Operation[]) =>
    operations.length === 0 ? [] : [`${words.say(`prompt.certain.${key}`)} ${operations.map((operation) => words.say(`operation.${operation}`)).join(', ')}.`]
  const parts = [...list('done', done), ...list('not-done', notDone), ...list('unknown', unknown)]
  return parts.length === 0 ? words.say('prompt.certain.untouched') : parts.join(' ')
}

function choiceLine(words: Setting['words'], kind: Prompt['kind'], id: PromptChoice, final: boolean, needsSecond: boolean): string {
  const text = words.sayIfKnown(`prompt.${kind}.choice.${id}`) ?? words.sayIfKnown(`fact.choice.${id}`) ?? id
  const consequence = words.sayIfKnown(`prompt.${kind}.consequence.${id}`)
  const marks = [final && words.say('prompt.for-good'), needsSecond && `${words.say('prompt.needs-second')}.`].filter((mark) => mark !== false)
  return [`${text}.`, consequence, ...marks].filter((part) => part !== undefined).join(' ')
}

async function confirmed({ words, terminal }: Setting): Promise<boolean> {
  const answer = await terminal.ask(words.say('cli.prompt.sure'))
  return answer !== undefined && [words.say('cli.yes'), words.say('cli.yes')[0]].includes(answer.trim().toLowerCase())
}

async function secondPerson({ words, terminal }: Setting): Promise<{ name: string; password: string }> {
  terminal.print(words.say('prompt.second.lead'))
  const name = (await terminal.ask(`${words.say('prompt.second.name')}: `)) ?? ''
  const password = (await terminal.askHidden(`${words.say('prompt.second.password')}: `)) ?? ''
  return { name, password }
}
