/** The card in the machine as it will look; while there is none, the next one of the job. */
import { useEffect, useState } from 'react'
import type { CardPreview, JobView, RunView } from '#shared/job/job.ts'
import { call } from '../../client/client.ts'
import { useWords } from '../../i18n/provider.tsx'
import { CardPicture, Segments } from '../../ui/index.ts'
import { useContacts } from './contacts.ts'

type Side = 'front' | 'back'

export function CardBeingMade({ run, job }: { run: RunView | undefined; job: JobView | undefined }) {
  const words = useWords()
  const [side, setSide] = useState<Side>('front')
  const contacts = useContacts(job?.design)
  const inWork = run?.cards.at(-1)
  const next = useNextCard(inWork === undefined ? job : undefined)
  const shown = inWork ?? next
  const caption = shown && words.say(inWork ? 'produce.card-in-work' : 'produce.card-next', { record: shown.record })
  return (
    <section className="card-being-made" aria-label={words.say('produce.card')}>
      <div className="spread">
        <p className="card-caption">{caption ?? words.say('produce.card-none')}</p>
        {shown && (
          <Segments<Side>
            label={words.say('card.side')}
            value={side}
            onChange={setSide}
            options={[
              { id: 'front', text: words.say('card.front') },
              { id: 'back', text: words.say('card.back') },
            ]}
          />
        )}
      </div>
      {shown ? <CardPicture preview={shown.preview} side={side} chip={contacts} /> : <div className="card-absent" />}
    </section>
  )
}

/** The first card of the job that waits; undefined where none does or it can't be shown. */
function useNextCard(job: JobView | undefined): { record: number; preview: CardPreview } | undefined {
  const [next, setNext] = useState<{ job: string; record: number; preview: CardPreview }>()
  const waiting = job && job.counts.queued > 0 && !job.purged
  const revision = job && `${job.job} ${job.counts.queued} ${job.counts.inWork}`
  const id = job?.job
  useEffect(() => {
    if (!waiting || id === undefined) return
    let wanted = true
    const load = async () => {
      const { rows } = await call('job.records', { job: id, states: ['queued'], offset: 0, limit: 1 })
      const [first] = rows
      if (!first || !wanted) return
      const preview = await call('job.card', { job: id, record: first.record })
      if (wanted) setNext({ job: id, record: first.record, preview })
    }
    load().catch(() => wanted && setNext(undefined))
    return () => {
      wanted = false
    }
  }, [waiting, id, revision])
  return waiting && next?.job === id ? next : undefined
}
