/** What became of one blank: where it is, what is certain, every fact in order, and the other blanks of the same card. */
import { X } from 'lucide-react'
import { useEffect, useRef } from 'react'
import type { AttemptView, ChipView } from '#shared/job/job.ts'
import type { JournalRow } from '#shared/journal/events.ts'
import { useAnswer } from '../../client/use-answer.ts'
import { useWords } from '../../i18n/provider.tsx'
import type { Words } from '../../i18n/provider.tsx'
import { useLogRevision } from '../../store/live.ts'
import { FaultPanel, IconButton, Progress, resultOfAttempt, ResultMark } from '../../ui/index.ts'
import { useEscape } from '../../ui/shortcuts.tsx'
import { actorName, factSentence } from '#shared/journal/fact-sentence.ts'
import type { Names } from '#shared/journal/fact-sentence.ts'

export interface DetailsProps {
  attempt: string
  names: Names
  /** Address of another attempt's details. */
  addressOf(attempt: string): string
  onClose(): void
}

export function Details({ attempt, names, addressOf, onClose }: DetailsProps) {
  const { say } = useWords()
  const heading = useRef<HTMLHeadingElement>(null)
  const { value, faults } = useAnswer('log.timeline', { attempt }, useLogRevision())
  useEscape(onClose)
  useEffect(() => {
    if (attempt !== '') heading.current?.focus({ preventScroll: true })
  }, [attempt])
  return (
    <aside className="log-details" aria-label={say('log.details')}>
      <div className="spread">
        <h2 ref={heading} tabIndex={-1}>
          {say('log.details')}
        </h2>
        <IconButton label={say('log.details.close')} onPress={onClose}>
          <X size={20} />
        </IconButton>
      </div>
      <FaultPanel faults={faults} />
      {value === undefined && faults.length === 0 && <Progress label={say('frame.loading')} />}
      {value && (
        <>
          <Blank view={value.view} />
          <Timeline rows={value.rows} names={names} />
          <Siblings view={value.view} addressOf={addressOf} />
        </>
      )}
    </aside>
  )
}

function Blank({ view }: { view: AttemptView }) {
  const words = useWords()
  const { say } = words
  const done = view.done.map((operation) => words.sayIfKnown(`operation.${operation}`) ?? operation).join(', ')
  return (
    <div className="stack" data-tight>
      <p className="log-number">{words.number(view.number)}</p>
      <p className="log-verdict" data-result={resultOfAttempt(view.state)}>
        <ResultMark result={resultOfAttempt(view.state)} size={22} />
        {view.reason && <span>{words.reason(view.reason)}</span>}
      </p>
      <dl className="facts">
        <dt>{say('log.column.attempt')}</dt>
        <dd>{view.attempt}</dd>
        <dt>{say('log.column.job')}</dt>
        <dd>{say('log.details.card', { name: view.jobName, record: view.record })}</dd>
        <dt>{say('log.column.time')}</dt>
        <dd>{spanInWords(words, view)}</dd>
        <dt>{say('log.column.device')}</dt>
        <dd>{view.deviceName}</dd>
        <dt>{say('log.column.operator')}</dt>
        <dd>{view.operatorName}</dd>
        <dt>{say('log.details.place')}</dt>
        <dd>{words.sayIfKnown(`place.${view.place ?? 'unknown'}`)}</dd>
        <dt>{say('log.details.done')}</dt>
        <dd>{done || say('log.details.done.nothing')}</dd>
        {view.chip && (
          <>
            <dt>{say('log.details.chip')}</dt>
            <dd>{chipInWords(words, view.chip)}</dd>
          </>
        )}
        {view.resolvedBy && (
          <>
            <dt>{say('log.details.resolved')}</dt>
            <dd>{say(`log.details.resolved.${view.resolvedBy}`)}</dd>
          </>
        )}
      </dl>
    </div>
  )
}

/** Its number and what was exchanged with it; where it ended is told in the timeline. */
function chipInWords({ say }: Words, { number, apdus, verified = 0 }: ChipView): string {
  const name = number ?? say('log.details.chip.nameless')
  return apdus === undefined ? name : `${name} · ${say('fact.chip.exchanged', { apdus, verified })}`
}

function spanInWords(words: Words, { startedAt, endedAt }: AttemptView): string {
  const start = words.dateTime(startedAt)
  if (endedAt === undefined) return words.say('log.details.open', { start })
  return words.say('log.details.ended', { start, end: words.time(endedAt), duration: words.duration(endedAt - startedAt) })
}

function Timeline({ rows, names }: { rows: readonly JournalRow[]; names: Names }) {
  const words = useWords()
  const { say } = words
  return (
    <section className="stack" data-tight>
      <h3>{say('log.details.timeline')}</h3>
      <ol className="timeline">
        {rows.map((row, index) => {
          const newDay = index > 0 && words.date(row.at) !== words.date(rows[index - 1]?.at ?? row.at)
          return (
            <li key={row.sequence} data-kind={row.fact.kind}>
              <time dateTime={new Date(row.at).toISOString()}>{newDay ? words.dateTime(row.at) : words.time(row.at)}</time>
              <div>
                <p>{factSentence(words, names, row.fact)}</p>
                <p className="small soft">
                  {actorName(words, names, row.by)} · {say('log.details.row', { sequence: row.sequence })}
                </p>
              </div>
            </li>
          )
        })}
      </ol>
    </section>
  )
}

function Siblings({ view, addressOf }: { view: AttemptView; addressOf(attempt: string): string }) {
  const words = useWords()
  const { say } = words
  const { value } = useAnswer('log.query', { filter: { find: `${view.job}/${view.record}` }, offset: 0, limit: 100 }, useLogRevision())
  if (value === undefined) return null
  const all = value.rows.toSorted((a, b) => a.startedAt - b.startedAt)
  return (
    <section className="stack" data-tight>
      <h3>{say('log.details.attempts')}</h3>
      {all.length <= 1 ? (
        <p className="soft">{say('log.details.only')}</p>
      ) : (
        <ul className="log-siblings">
          {all.map((one) => {
            const content = (
              <>
                <span>{one.attempt}</span>
                <span className="soft">{words.time(one.startedAt)}</span>
                <ResultMark result={resultOfAttempt(one.state)} />
              </>
            )
            return (
              <li key={one.attempt}>
                {one.attempt === view.attempt ? (
                  <span className="log-sibling" aria-current="true">
                    {content}
                  </span>
                ) : (
                  <a className="log-sibling" href={addressOf(one.attempt)}>
                    {content}
                  </a>
                )}
              </li>
            )
          })}
        </ul>
      )}
    </section>
  )
}
