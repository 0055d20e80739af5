import { describe, expect, test } from 'vitest'
import { ReasonAction } from '#shared/device/device.ts'
import { Prompt } from '#shared/job/job.ts'
import { hasText } from '../../../../src/renderer/i18n/text.ts'

/** What the controller offers to each kind of question. */
const offered: Record<Prompt['kind'], readonly string[]> = {
  attention: ['continue', 'give-up'],
  refused: ['retry', 'end-run'],
  'half-made': ['retry', 'reconnect', 'give-up'],
  'remove-card': ['removed'],
  'void-delivered': ['removed'],
  'in-doubt': ['ask-machine', 'card-spoiled', 'card-good', 'no-card'],
  'link-lost': ['reconnect', 'end-run'],
}

describe('questions to the operator', () => {
  test.each(Prompt.shape.kind.options)('%s has its title, its advice, and a consequence for every answer', (kind) => {
    const needed = [`prompt.${kind}.title`, `prompt.${kind}.do`, ...offered[kind].flatMap((choice) => [`prompt.${kind}.choice.${choice}`, `prompt.${kind}.consequence.${choice}`])]
    expect(needed.filter((key) => !hasText(key))).toEqual([])
  })

  test('every action of a reason that a person can take is put in words', () => {
    expect(ReasonAction.options.filter((action) => action !== 'none' && action !== 'wait' && !hasText(`action.${action}`))).toEqual([])
  })
})
