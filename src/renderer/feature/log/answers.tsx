/** Given a few digits: each card that they fit, in a line that says what became of its blanks. */
import type { LogQuery } from '#shared/contract/calls.ts'
import { useAnswer } from '../../client/use-answer.ts'
import { useWords } from '../../i18n/provider.tsx'
import { useLogRevision } from '../../store/live.ts'
import { ResultMark } from '../../ui/index.ts'
import { answersOf } from './answer.ts'

/** Cards shown at most: more are a list, not an answer. */
const shown = 4

export function Answers({ query, addressOf }: { query: LogQuery; addressOf(attempt: string): string }) {
  const words = useWords()
  const { say } = words
  const { value } = useAnswer('log.query', { filter: query, offset: 0, limit: 1000 }, useLogRevision())
  if (value === undefined || value.total === 0 || value.total > value.rows.length) return null
  const answers = answersOf(value.rows)
  if (answers.length > shown) return <p className="soft">{say('log.answer.many', { count: answers.length })}</p>
  return (
    <ul className="log-answers" aria-label={say('log.answers')}>
      {answers.map(({ job, jobName, record, number, attempts, counts }) => (
        <li key={`${job}/${record}`}>
          <a className="log-answer" href={addressOf(attempts.at(-1)?.attempt ?? '')}>
            <strong>{words.number(number)}</strong>
            <span className="log-answer-job">{say('log.answer.card', { record, job: jobName })}</span>
            <span>{say('log.answer.blanks', { blanks: attempts.length })}</span>
            <span className="row">
              {counts.map(({ result, count }) => (
                <span key={result} className="row">
                  <ResultMark result={result} />
                  {count > 1 && <span>× {count}</span>}
                </span>
              ))}
            </span>
          </a>
        </li>
      ))}
    </ul>
  )
}
