import { describe, expect, test } from 'vitest'
import { doubtChoices } from '#main/controller/choices.ts'
import { createPromptDesk, type NewPrompt } from '#main/controller/prompts.ts'

const draft: NewPrompt = {
  device: 'D-01',
  kind: 'in-doubt',
  reason: { code: 'link-lost', severity: 'error', action: 'look-at-machine' },
  certain: { done: [], notDone: [], unknown: ['stripe'] },
  choices: doubtChoices({ unused: true, canAsk: false }),
  openedAt: 0,
}

function desk() {
  const closed: string[] = []
  return { closed, prompts: createPromptDesk({ opened: () => {}, closed: (id) => closed.push(id) }) }
}

describe('questions to the operator', () => {
  test('an answer reaches whoever asked, once', async () => {
    const { prompts, closed } = desk()
    const asked = prompts.ask(draft)
    const [prompt] = prompts.open()
    prompts.answer(prompt!.id, { choice: 'card-spoiled', by: 'P-01' })
    await expect(asked).resolves.toEqual({ choice: 'card-spoiled', by: 'P-01' })
    expect(closed).toEqual([prompt!.id])
    expect(() => prompts.answer(prompt!.id, { choice: 'card-spoiled', by: 'P-01' })).toThrow('prompt.unknown')
  })

  test('calling a doubtful card good takes a second person, who is not the first', () => {
    const { prompts } = desk()
    void prompts.ask(draft)
    const { id } = prompts.open()[0]!
    expect(() => prompts.answer(id, { choice: 'card-good', by: 'P-01' })).toThrow('prompt.needs-second')
    expect(() => prompts.answer(id, { choice: 'card-good', by: 'P-01', second: 'P-01' })).toThrow('prompt.needs-second')
    prompts.answer(id, { choice: 'card-good', by: 'P-01', second: 'P-02' })
    expect(prompts.open()).toEqual([])
  })

  test('a choice that was not offered is refused', () => {
    const { prompts } = desk()
    void prompts.ask(draft)
    expect(() => prompts.answer(prompts.open()[0]!.id, { choice: 'retry', by: 'P-01' })).toThrow('prompt.no-such-choice')
  })

  test('a withdrawn question closes and its asker hears why', async () => {
    const { prompts, closed } = desk()
    const stop = new AbortController()
    const asked = prompts.ask(draft, stop.signal)
    stop.abort(new Error('cancelled'))
    await expect(asked).rejects.toThrow('cancelled')
    expect(closed).toHaveLength(1)
  })
})
