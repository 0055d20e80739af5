/** One row of the journal as it is stored. */
import { X } from 'lucide-react'
import type { JournalRow } from '#shared/journal/events.ts'
import { routeTo } from '../../frame/route.ts'
import { useWords } from '../../i18n/provider.tsx'
import { IconButton } from '../../ui/index.ts'
import { useEscape } from '../../ui/shortcuts.tsx'
import { actorName, factSentence } from '#shared/journal/fact-sentence.ts'
import type { Names } from '#shared/journal/fact-sentence.ts'

export function RowDetails({ row, names, onClose }: { row: JournalRow; names: Names; onClose(): void }) {
  const words = useWords()
  const { say } = words
  useEscape(onClose)
  const attempt = 'attempt' in row.fact ? row.fact.attempt : undefined
  return (
    <aside className="audit-row" aria-label={say('audit.details', { sequence: row.sequence })}>
      <div className="spread">
        <h2>{say('audit.details', { sequence: row.sequence })}</h2>
        <IconButton label={say('audit.details.close')} onPress={onClose}>
          <X size={20} />
        </IconButton>
      </div>
      <p>{factSentence(words, names, row.fact)}</p>
      <p className="soft">
        {words.dateTime(row.at)} · {actorName(words, names, row.by)}
      </p>
      {attempt !== undefined && <a href={routeTo('log', [attempt])}>{say('audit.details.attempt')}</a>}
      <div>
        <h3>{say('audit.details.fact')}</h3>
        <pre className="audit-fact" tabIndex={0} aria-label={say('audit.details.fact')}>
          {JSON.stringify(row.fact, undefined, 2)}
        </pre>
      </div>
      <div>
        <h3>{say('audit.details.hash')}</h3>
        <code className="audit-hash">{row.hash}</code>
      </div>
      <div>
        <h3>{say('audit.details.previous')}</h3>
        {row.sequence === 1 ? <p className="soft">{say('audit.details.first')}</p> : <code className="audit-hash">{row.previous}</code>}
      </div>
    </aside>
  )
}
