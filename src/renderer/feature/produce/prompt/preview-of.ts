/** The picture of the card that a question is about: from the run, or, for a question left by an earlier start, from the core. */
import { useEffect, useState } from 'react'
import type { AttemptRef } from '#shared/card/life.ts'
import type { CardPreview, RunView } from '#shared/job/job.ts'
import { call } from '../../../client/client.ts'

/** `J-000012/7.2` → job `J-000012`, record 7. */
export function recordOf(attempt: AttemptRef): { job: string; record: number } {
  const [job = '', rest = ''] = attempt.split('/')
  return { job, record: Number.parseInt(rest, 10) }
}

export function usePreviewOf(attempt: AttemptRef | undefined, run: RunView | undefined): CardPreview | undefined {
  const known = run?.cards.find((card) => card.attempt === attempt)?.preview
  const [asked, setAsked] = useState<{ attempt: AttemptRef; preview: CardPreview }>()
  const missing = attempt !== undefined && known === undefined
  useEffect(() => {
    if (!missing) return
    let wanted = true
    call('job.card', recordOf(attempt)).then(
      (preview) => wanted && setAsked({ attempt, preview }),
      () => {},
    )
    return () => {
      wanted = false
    }
  }, [missing, attempt])
  return known ?? (asked !== undefined && asked.attempt === attempt ? asked.preview : undefined)
}
