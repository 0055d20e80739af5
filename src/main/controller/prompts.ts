/** Questions to the operator: opened by a run, answered over the contract, at most one open per run and doubt. */
import { CardwrightError } from '#shared/faults.ts'
import type { Prompt, PromptChoice } from '#shared/job/job.ts'
import type { PersonId } from '#shared/journal/events.ts'

/** Who answered and how; `second` signed where the choice needs two people. */
export interface PromptAnswer {
  choice: PromptChoice
  by: PersonId
  second?: PersonId
}

export type NewPrompt = Omit<Prompt, 'id'>

export interface PromptDesk {
  /** Opens a question and resolves with its answer. Rejects with the signal's reason when it is withdrawn. */
  ask(prompt: NewPrompt, signal?: AbortSignal): Promise<PromptAnswer>
  /** Throws `prompt.unknown`, `prompt.no-such-choice` or `prompt.needs-second`. */
  answer(id: string, answer: PromptAnswer): Prompt
  get(id: string): Prompt | undefined
  open(): Prompt[]
}

export function createPromptDesk(listeners: { opened(prompt: Prompt): void; closed(id: string): void }): PromptDesk {
  const waiting = new Map<string, { prompt: Prompt; resolve(answer: PromptAnswer): void }>()
  let last = 0

  const withdraw = (id: string) => {
    if (waiting.delete(id)) listeners.closed(id)
  }

  return {
    ask(draft, signal) {
      signal?.throwIfAborted()
      const prompt: Prompt = { ...draft, id: `Q-${++last}` }
      return new Promise((resolve, reject) => {
        const abort = () => {
          withdraw(prompt.id)
          reject(signal?.reason as Error)
        }
        signal?.addEventListener('abort', abort, { once: true })
        waiting.set(prompt.id, {
          prompt,
          resolve: (answer) => {
            signal?.removeEventListener('abort', abort)
            withdraw(prompt.id)
            resolve(answer)
          },
        })
        listeners.opened(prompt)
      })
    },

    answer(id, answer) {
      const entry = waiting.get(id)
      if (entry === undefined) throw new CardwrightError({ code: 'prompt.unknown', class: 'operator' })
      const choice = entry.prompt.choices.find((candidate) => candidate.id === answer.choice)
      if (choice === undefined) throw new CardwrightError({ code: 'prompt.no-such-choice', class: 'operator' })
      if (choice.needsSecond && (answer.second === undefined || answer.second === answer.by)) {
        throw new CardwrightError({ code: 'prompt.needs-second', class: 'operator' })
      }
      entry.resolve(answer)
      return entry.prompt
    },

    get: (id) => waiting.get(id)?.prompt,
    open: () => [...waiting.values()].map((entry) => entry.prompt),
  }
}
