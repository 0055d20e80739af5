/** The answer to a question, asked again whenever the question or its revision changes. */
import { useEffect, useReducer, useState } from 'react'
import type { CallName, InputOf, OutputOf } from '#shared/contract/calls.ts'
import { faultsOf } from '#shared/faults.ts'
import type { Fault } from '#shared/faults.ts'
import { call } from './client.ts'

export interface Asked<Value> {
  /** Undefined until the first answer to this very question. A newer revision keeps the old answer in sight. */
  readonly value: Value | undefined
  readonly faults: readonly Fault[]
  ask(): void
}

/** @param input undefined where there is nothing to ask */
export function useAnswer<Name extends CallName>(name: Name, input: InputOf<Name> | undefined, revision = 0): Asked<OutputOf<Name>> {
  const question = input === undefined ? undefined : JSON.stringify([name, input])
  const [answer, setAnswer] = useState<{ question: string; value?: OutputOf<Name>; faults: readonly Fault[] }>()
  const [times, ask] = useReducer((count: number) => count + 1, 0)
  // All that makes one asking differ from the next, by value: an equal input made anew asks nothing again.
  const asking = question === undefined ? undefined : JSON.stringify([question, revision, times])
  useEffect(() => {
    if (asking === undefined) return
    let mine = true
    const [question] = JSON.parse(asking) as [string]
    const [name, input] = JSON.parse(question) as [Name, InputOf<Name>]
    call(name, input).then(
      (value) => mine && setAnswer({ question, value, faults: [] }),
      (thrown: unknown) => mine && setAnswer((before) => ({ ...(before?.question === question && before), question, faults: faultsOf(thrown) })),
    )
    return () => {
      mine = false
    }
  }, [asking])
  const fitting = answer !== undefined && answer.question === question ? answer : undefined
  return { value: fitting?.value, faults: fitting?.faults ?? [], ask }
}
