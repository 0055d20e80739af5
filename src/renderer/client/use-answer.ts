/** The answer to a question, asked again whenever the question or its revision changes. */
import { useCallback, useEffect, useState } from 'react'
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
  const [times, setTimes] = useState(0)
  useEffect(() => {
    if (question === undefined) return
    let mine = true
    const [, asked] = JSON.parse(question) as [Name, InputOf<Name>]
    call(name, asked).then(
      (value) => mine && setAnswer({ question, value, faults: [] }),
      (thrown: unknown) => mine && setAnswer((before) => ({ ...(before?.question === question && before), question, faults: faultsOf(thrown) })),
    )
    return () => {
      mine = false
    }
  }, [name, question, revision, times])
  const ask = useCallback(() => setTimes((count) => count + 1), [])
  const fitting = answer !== undefined && answer.question === question ? answer : undefined
  return { value: fitting?.value, faults: fitting?.faults ?? [], ask }
}
