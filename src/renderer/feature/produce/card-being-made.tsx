/** The card in the machine as it will look; while there is none, the next one of the job. */
import { useState } from 'react'
import type { CardPreview, JobView, RunView } from '#shared/job/job.ts'
import { useAnswer } from '../../client/use-answer.ts'
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
  const waiting = job && job.counts.queued > 0 && !job.purged ? job : undefined
  const queue = useAnswer('job.records', waiting && { job: waiting.job, states: ['queued'], offset: 0, limit: 1 }, waiting?.counts.queued)
  const record = queue.value?.rows[0]?.record
  const preview = useAnswer('job.card', waiting && record !== undefined ? { job: waiting.job, record } : undefined).value
  return record === undefined || preview === undefined ? undefined : { record, preview }
}
