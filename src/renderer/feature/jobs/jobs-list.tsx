/** Jobs that wait, in an order that can be changed; and those that are done with. */
import { FileStack, FileUp } from 'lucide-react'
import { useMemo } from 'react'
import type { JobView } from '#shared/job/job.ts'
import { goTo, routeTo, useRoute } from '../../frame/route.ts'
import { useWords } from '../../i18n/provider.tsx'
import type { Words } from '../../i18n/provider.tsx'
import { useLive, useOpenJobs } from '../../store/live.ts'
import { useMay } from '../../store/session.ts'
import { Button, DataTable, EmptyPage, Page, Tabs, useShortcuts } from '../../ui/index.ts'
import type { Column } from '../../ui/index.ts'
import { shortTime } from '../log/short-time.ts'
import { OpenJobs } from './open-jobs.tsx'

type Tab = 'open' | 'history'

export function JobsList() {
  const { say } = useWords()
  const mayImport = useMay('intake.import')
  const open = useOpenJobs()
  const tab: Tab = useRoute().query.get('show') === 'history' ? 'history' : 'open'
  const toImport = () => goTo(routeTo('jobs', ['import']))
  useShortcuts(mayImport ? [{ key: 'n', label: say('jobs.shortcut.import'), run: toImport }, { key: '↑ ↓', label: say('jobs.shortcut.move') }] : [])
  const importButton = (
    <Button kind="primary" icon={<FileUp size={18} aria-hidden />} onPress={toImport}>
      {say('jobs.import')}
    </Button>
  )
  return (
    <Page title={say('jobs.title')} lead={say('jobs.lead')} fill actions={mayImport && open.length > 0 && importButton}>
      <Tabs<Tab>
        label={say('jobs.tabs')}
        value={tab}
        onChange={(next) => goTo(routeTo('jobs', [], { show: next === 'open' ? undefined : next }), { replace: true })}
        tabs={[
          {
            id: 'open',
            title: say('jobs.tab.open'),
            content:
              open.length === 0 ? (
                <EmptyPage icon={<FileStack size={40} aria-hidden />} title={say('jobs.empty')} action={mayImport && importButton}>
                  {say(mayImport ? 'jobs.empty.do' : 'jobs.empty.auditor')}
                </EmptyPage>
              ) : (
                <OpenJobs jobs={open} mayOrder={mayImport} />
              ),
          },
          { id: 'history', title: say('jobs.tab.history'), content: <History /> },
        ]}
      />
    </Page>
  )
}

function History() {
  const words = useWords()
  const { say } = words
  const jobs = useLive((state) => state.jobs)
  const past = useMemo(() => jobs.filter(isPast).toSorted((a, b) => (b.closedAt ?? b.createdAt) - (a.closedAt ?? a.createdAt)), [jobs])
  const columns = useMemo(() => columnsOf(words), [words])
  if (past.length === 0) return <EmptyPage title={say('jobs.history.empty')}>{say('jobs.history.empty.do')}</EmptyPage>
  return <DataTable label={say('jobs.history')} columns={columns} rows={past} keyOf={(job) => job.job} onOpen={(job) => goTo(routeTo('jobs', [job.job]))} />
}

function isPast(job: JobView): boolean {
  return job.state === 'closed' || job.state === 'discarded'
}

function columnsOf(words: Words): Column<JobView>[] {
  const { say } = words
  const number = (id: string, header: string, value: (job: JobView) => number): Column<JobView> => ({
    id,
    header,
    width: '10ch',
    align: 'end',
    sort: value,
    cell: (job) => words.count(value(job)),
  })
  return [
    { id: 'name', header: say('jobs.column.name'), width: 'minmax(15ch, 1fr)', sort: (job) => job.name, cell: (job) => <span title={job.name}>{job.name}</span> },
    { id: 'job', header: say('jobs.column.job'), width: '9ch', sort: (job) => job.job, cell: (job) => job.job },
    { id: 'state', header: say('jobs.column.state'), width: '11ch', sort: (job) => job.state, cell: (job) => say(`jobs.state.${job.state}`) },
    number('cards', say('jobs.column.cards'), (job) => job.counts.records),
    number('good', say('jobs.column.good'), (job) => job.counts.good),
    number('rejected', say('jobs.column.rejected'), (job) => job.counts.rejected),
    number('blanks', say('jobs.column.blanks'), (job) => job.counts.blanks.picked),
    { id: 'closed', header: say('jobs.column.closed'), width: '17ch', sort: (job) => job.closedAt ?? 0, cell: (job) => (job.closedAt === undefined ? '' : shortTime(words.language, job.closedAt)) },
  ]
}
