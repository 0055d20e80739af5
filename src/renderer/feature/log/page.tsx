/** The log: every attempt, and for each blank what became of it. Its filters and the chosen attempt are its address. */
import { Download, FileClock } from 'lucide-react'
import { useDeferredValue, useMemo, useRef, useState } from 'react'
import type { ReportFormat } from '#shared/contract/calls.ts'
import type { AttemptView } from '#shared/job/job.ts'
import { call } from '../../client/client.ts'
import { saveFile } from '../../client/save-file.ts'
import { useAnswer } from '../../client/use-answer.ts'
import { goTo, routeTo, useRoute } from '../../frame/route.ts'
import { useWords } from '../../i18n/provider.tsx'
import type { Words } from '../../i18n/provider.tsx'
import { useLive, useLogRevision } from '../../store/live.ts'
import { attempt as attemptTo, notify } from '../../store/notices.ts'
import { useMay } from '../../store/session.ts'
import { Button, DataTable, EmptyPage, FaultPanel, Menu, Page, Progress, resultOfAttempt, ResultMark, usePagedRows, useShortcuts } from '../../ui/index.ts'
import type { Column } from '../../ui/index.ts'
import { Answers } from './answers.tsx'
import { Details } from './details.tsx'
import type { Names } from '#shared/journal/fact-sentence.ts'
import { FilterBar } from './filter-bar.tsx'
import { filterFromAddress, filterToAddress, filterToQuery, isEverything } from './filter.ts'
import type { LogFilter } from './filter.ts'
import { shortTime } from './short-time.ts'
import './log-page.css'

const addressOf = (filter: LogFilter, chosen: string | undefined): string =>
  routeTo('log', chosen === undefined ? [] : [chosen], Object.fromEntries(filterToAddress(filter)))

export default function LogPage() {
  const words = useWords()
  const { say } = words
  const route = useRoute()
  const [chosen] = route.path
  const address = route.query.toString()
  const filter = useMemo(() => filterFromAddress(new URLSearchParams(address)), [address])
  const query = useMemo(() => filterToQuery(filter), [filter])
  // What is typed stands in the field at once; the table follows when there is time.
  const asked = useDeferredValue(JSON.stringify(query))
  const rows = usePagedRows(asked, useLogRevision(), (offset, limit) => call('log.query', { filter: JSON.parse(asked) as typeof query, offset, limit }))
  const { value: choices } = useAnswer('log.filters', {})
  const names = useMemo((): Names => namesOf(choices), [choices])
  const jobs = useLive((state) => state.jobs)
  const find = useRef<HTMLInputElement>(null)
  const choose = (attempt: string | undefined, replace = true) => goTo(addressOf(filter, attempt), { replace })
  useShortcuts([
    { key: '/', label: say('log.shortcut.find'), run: () => find.current?.focus() },
    { key: 'Enter', label: say('log.shortcut.details') },
  ])
  const narrow = chosen !== undefined
  const columns = useMemo(() => columnsOf(words, narrow), [words, narrow])
  const nothing = rows.total === 0 && !rows.waiting && rows.faults.length === 0
  return (
    <Page title={say('log.title')} lead={say('log.lead')} fill actions={<Exports filter={filter} count={rows.waiting ? undefined : rows.total} />}>
      {nothing && isEverything(filter) ? (
        <FirstSteps />
      ) : (
        <>
          <FilterBar filter={filter} onChange={(next) => goTo(addressOf(next, chosen), { replace: true })} choices={choices} jobs={jobs} findRef={find} />
          {filter.find !== undefined && /^(\d{4}|J-)/.test(query.find ?? '') && <Answers query={query} addressOf={(attempt) => addressOf(filter, attempt)} />}
          <FaultPanel faults={rows.faults} action={<Button onPress={rows.reload}>{say('control.retry')}</Button>} />
          <div className="log-split">
            <div className="log-table">
              <p className="small soft" role="status">
                {rows.waiting ? say('frame.loading') : say('log.count', { count: rows.total })}
              </p>
              <DataTable
                label={say('log.table')}
                columns={columns}
                rows={rows}
                keyOf={(row) => row.attempt}
                selected={new Set(chosen === undefined ? [] : [chosen])}
                onOpen={(row) => choose(row.attempt, chosen !== undefined)}
                rowHeight={40}
                empty={rows.waiting ? <Progress label={say('frame.loading')} /> : <EmptyPage title={say('log.none')}>{say('log.none.do')}</EmptyPage>}
              />
            </div>
            {chosen !== undefined && (
              <Details attempt={chosen} names={names} addressOf={(attempt) => addressOf(filter, attempt)} onClose={() => choose(undefined)} />
            )}
          </div>
        </>
      )}
    </Page>
  )
}

function namesOf(choices: { devices: { device: string; name: string }[]; operators: { person: string; name: string }[] } | undefined): Names {
  return {
    devices: new Map(choices?.devices.map(({ device, name }) => [device, name])),
    people: new Map(choices?.operators.map(({ person, name }) => [person, name])),
  }
}

function columnsOf(words: Words, narrow: boolean): Column<AttemptView>[] {
  const { say } = words
  const columns: Column<AttemptView>[] = [
    {
      id: 'time',
      header: say('log.column.time'),
      width: '17ch',
      cell: (row) => shortTime(words.language, row.startedAt),
    },
    { id: 'card', header: say('log.column.card'), width: '18ch', cell: (row) => words.number(row.number) },
    { id: 'result', header: say('log.column.result'), width: '14ch', cell: (row) => <ResultMark result={resultOfAttempt(row.state)} /> },
  ]
  // Beside the details there is room for no more; they tell the rest.
  if (narrow) return columns
  return [
    ...columns,
    { id: 'reason', header: say('log.column.reason'), width: 'minmax(12ch, 1.6fr)', cell: (row) => row.reason && <span title={words.reason(row.reason)}>{words.reason(row.reason)}</span> },
    { id: 'job', header: say('log.column.job'), width: 'minmax(12ch, 1fr)', cell: (row) => <span title={row.job}>{row.jobName}</span> },
    { id: 'device', header: say('log.column.device'), width: 'minmax(9ch, 0.7fr)', cell: (row) => row.deviceName },
    { id: 'operator', header: say('log.column.operator'), width: 'minmax(9ch, 0.6fr)', cell: (row) => row.operatorName },
  ]
}

/** The filtered rows as a file; how many it will hold stands on the button. */
function Exports({ filter, count }: { filter: LogFilter; count: number | undefined }) {
  const words = useWords()
  const { say, language } = words
  const [writing, setWriting] = useState(false)
  const write = async (format: ReportFormat) => {
    setWriting(true)
    await attemptTo(async () => {
      const file = await call('log.export', { filter: filterToQuery(filter), format, language })
      saveFile(file)
      notify('log.exported', { name: file.name })
    })
    setWriting(false)
  }
  return (
    <Menu
      label={say('log.export')}
      trigger={
        <Button icon={<Download size={18} aria-hidden />} isDisabled={!count} isPending={writing}>
          {writing ? say('log.exporting') : count ? say('log.export.count', { count }) : say('log.export')}
        </Button>
      }
      entries={(['pdf', 'csv', 'json'] as const).map((format) => ({ id: format, text: say(`log.export.${format}`), run: () => void write(format) }))}
    />
  )
}

function FirstSteps() {
  const { say } = useWords()
  const mayImport = useMay('intake.import')
  return (
    <EmptyPage
      icon={<FileClock size={40} aria-hidden />}
      title={say('log.empty')}
      action={
        mayImport && (
          <Button kind="primary" onPress={() => goTo(routeTo('jobs'))}>
            {say('log.empty.jobs')}
          </Button>
        )
      }
    >
      {say('log.empty.do')}
    </EmptyPage>
  )
}

