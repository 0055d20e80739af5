/** The last attempts of the job, newest first. */
import type { AttemptView, JobView } from '#shared/job/job.ts'
import { useAnswer } from '../../client/use-answer.ts'
import { goTo, routeTo } from '../../frame/route.ts'
import { useWords } from '../../i18n/provider.tsx'
import type { Words } from '../../i18n/provider.tsx'
import { useLogRevision } from '../../store/live.ts'
import { DataTable, resultOfAttempt, ResultMark } from '../../ui/index.ts'
import type { Column } from '../../ui/index.ts'

const shown = 50
const none: AttemptView[] = []

export function LastCards({ job }: { job: JobView | undefined }) {
  const words = useWords()
  const { value } = useAnswer('log.query', job && { filter: { job: job.job }, offset: 0, limit: shown }, useLogRevision())
  return (
    <div className="last-cards">
      <DataTable
        label={words.say('produce.last-cards')}
        columns={columnsOf(words)}
        rows={value?.rows ?? none}
        keyOf={(row) => row.attempt}
        rowHeight={38}
        onOpen={(row) => goTo(routeTo('log', [row.attempt]))}
        empty={<p className="last-cards-empty soft">{words.say('produce.last-cards.empty')}</p>}
      />
    </div>
  )
}

function columnsOf(words: Words): Column<AttemptView>[] {
  const { say } = words
  return [
    { id: 'time', header: say('produce.column.time'), width: '8ch', cell: (row) => words.time(row.endedAt ?? row.startedAt) },
    { id: 'record', header: say('produce.column.record'), width: '6ch', align: 'end', cell: (row) => row.record },
    { id: 'card', header: say('produce.column.card'), width: '19ch', cell: (row) => words.number(row.number) },
    { id: 'result', header: say('produce.column.result'), width: '15ch', cell: (row) => <ResultMark result={resultOfAttempt(row.state)} /> },
    { id: 'done', header: say('produce.column.done'), width: 'minmax(26ch, 1fr)', cell: (row) => <span className="small">{row.done.filter((operation) => operation !== 'deliver').map((operation) => say(`operation-short.${operation}`)).join(' · ')}</span> },
    { id: 'reason', header: say('produce.column.reason'), width: 'minmax(18ch, 1.3fr)', cell: (row) => row.reason && <span className="last-cards-reason">{words.reason(row.reason)}</span> },
  ]
}
