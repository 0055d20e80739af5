/** What the file would become: every mistake, the cards as they will look, and the rows as they were read. */
import { CircleCheck } from 'lucide-react'
import { useState } from 'react'
import type { IntakePreview } from '#shared/contract/calls.ts'
import { useWords } from '../../i18n/provider.tsx'
import { CardPicture, Progress, Segments } from '../../ui/index.ts'
import { MistakeList } from './mistake-list.tsx'
import { useReading } from './use-import.ts'
import type { Import } from './use-import.ts'

export function ImportResult({ form, contacts }: { form: Import; contacts: boolean }) {
  const { say } = useWords()
  const { preview, busy } = form
  const reading = useReading(form)
  return (
    <div className="import-scroll" aria-busy={busy === 'reading'}>
      {busy === 'reading' && <Progress label={reading ? say('import.reading.records', { records: reading.records }) : say('import.reading')} value={reading?.share} />}
      {preview === undefined && busy === undefined && form.faults.length === 0 && <p className="import-wait soft">{say('import.wait')}</p>}
      {preview && (
        <div className="stack" data-stale={busy === 'reading' || undefined}>
          {preview.mistakeCount === 0 ? <Sound preview={preview} /> : <MistakeList mistakes={preview.mistakes} total={preview.mistakeCount} name={form.name} />}
          <Cards preview={preview} contacts={contacts} />
          <Rows preview={preview} />
        </div>
      )}
    </div>
  )
}

function Sound({ preview }: { preview: IntakePreview }) {
  const { say } = useWords()
  return (
    <section className="import-sound" role="status">
      <CircleCheck size={24} aria-hidden />
      <div>
        <h2>{say('import.sound', { count: preview.records })}</h2>
        <p>{say('import.sound.text')}</p>
      </div>
    </section>
  )
}

type Side = 'front' | 'back'

function Cards({ preview, contacts }: { preview: IntakePreview; contacts: boolean }) {
  const { say } = useWords()
  const [side, setSide] = useState<Side>('front')
  if (preview.cards.length === 0) return null
  return (
    <section className="stack" data-tight>
      <div className="spread">
        <h2>{say('import.cards.list')}</h2>
        <Segments<Side>
          label={say('card.side')}
          options={[
            { id: 'front', text: say('card.front') },
            { id: 'back', text: say('card.back') },
          ]}
          value={side}
          onChange={setSide}
        />
      </div>
      <ul className="import-cards" tabIndex={0} aria-label={say('import.cards.list')}>
        {preview.cards.map((card, index) => (
          <li key={index}>
            <CardPicture preview={card} side={side} chip={contacts} />
          </li>
        ))}
      </ul>
    </section>
  )
}

function Rows({ preview }: { preview: IntakePreview }) {
  const { say } = useWords()
  if (preview.rows.length === 0) return null
  return (
    <section className="stack" data-tight>
      <h2>
        {say('import.rows')} <span className="small soft">{say('import.count', { count: preview.records })}</span>
      </h2>
      <div className="import-rows" tabIndex={0} role="region" aria-label={say('import.rows.table')}>
        <table>
          <thead>
            <tr>
              {preview.columns.map((column, index) => (
                <th key={index} scope="col">
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {preview.rows.map((row, index) => (
              <tr key={index}>
                {row.map((value, at) => (
                  <td key={at}>{value}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}
