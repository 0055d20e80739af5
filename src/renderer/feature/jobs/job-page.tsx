/** One job: how far it is, its cards, and what may be done with it. */
import { ArrowLeft, Ellipsis, FileDown, Play } from 'lucide-react'
import { useState } from 'react'
import type { JobView } from '#shared/job/job.ts'
import { goTo, routeTo } from '../../frame/route.ts'
import { useWords } from '../../i18n/provider.tsx'
import { useJob, useLive } from '../../store/live.ts'
import { useMay } from '../../store/session.ts'
import { Button, EmptyPage, IconButton, Menu, Page } from '../../ui/index.ts'
import type { MenuEntry } from '../../ui/index.ts'
import { CountsBar } from './counts.tsx'
import { JobDeed, saveProtocol } from './job-deeds.tsx'
import type { Deed } from './job-deeds.tsx'
import { JobRecords } from './job-records.tsx'

export function JobPage({ id }: { id: string }) {
  const { say } = useWords()
  const job = useJob(id)
  if (job === undefined) {
    return (
      <Page title={say('jobs.title')}>
        <EmptyPage title={say('job.unknown')} action={<Button onPress={() => goTo(routeTo('jobs'))}>{say('job.back')}</Button>}>
          {say('job.unknown.do')}
        </EmptyPage>
      </Page>
    )
  }
  return <KnownJob job={job} />
}

function KnownJob({ job }: { job: JobView }) {
  const words = useWords()
  const { say } = words
  const [deed, setDeed] = useState<Deed>()
  return (
    <Page
      title={job.name}
      lead={
        <>
          <a href={routeTo('jobs')} className="job-back">
            <ArrowLeft size={16} aria-hidden /> {say('job.back')}
          </a>{' '}
          {job.job} · {say(`jobs.state.${job.state}`)} {job.closedAt !== undefined && words.dateTime(job.closedAt)}
        </>
      }
      fill
      actions={<Deeds job={job} onDeed={setDeed} />}
    >
      <section className="job-counts">
        <CountsBar counts={job.counts} />
        <p className="small">
          <span>
            {say('job.blanks', {
            picked: job.counts.blanks.picked,
            good: job.counts.blanks.good,
            rejected: job.counts.blanks.rejected,
            doubt: job.counts.blanks.inDoubt,
          })}
            {job.counts.blanks.resolved > 0 && <span className="soft"> · {say('job.blanks.resolved', { count: job.counts.blanks.resolved })}</span>}
          </span>
          <span className="soft">
            {job.designName} · {say('jobs.from-file', { file: job.fileName })} · {words.dateTime(job.createdAt)}
          </span>
        </p>
        {job.purged && <p className="small soft">{say('job.purged')}</p>}
      </section>
      <JobRecords job={job} />
      <JobDeed job={job} deed={deed} onClose={() => setDeed(undefined)} />
    </Page>
  )
}

const protocolFormats = ['pdf', 'csv', 'json'] as const

function Deeds({ job, onDeed }: { job: JobView; onDeed(deed: Deed): void }) {
  const { say, language } = useWords()
  const mayProduce = useMay('run.start')
  const mayPurge = useMay('job.purge')
  const running = useLive((state) => state.runs.some((run) => run.job === job.job && run.state !== 'ended'))
  const open = job.state !== 'closed' && job.state !== 'discarded'
  const untouched = job.counts.queued + job.counts.skipped === job.counts.records
  const more: MenuEntry[] = [{ id: 'log', text: say('job.log'), run: () => goTo(routeTo('log', [], { job: job.job })) }]
  if (mayPurge && !job.purged) more.push({ id: 'export', text: say('job.export-cards'), run: () => onDeed('export-cards') })
  if (mayProduce && open && untouched) more.push({ id: 'discard', kind: 'danger', text: say('job.discard'), disabled: running, run: () => onDeed('discard') })
  if (mayPurge && job.state === 'closed' && !job.purged) more.push({ id: 'purge', kind: 'danger', text: say('job.purge'), run: () => onDeed('purge') })
  return (
    <>
      <Menu
        label={say('job.more')}
        entries={more}
        trigger={
          <IconButton label={say('job.more')} kind="plain">
            <Ellipsis size={20} />
          </IconButton>
        }
      />
      <Menu
        label={say('job.protocol')}
        trigger={<Button icon={<FileDown size={18} aria-hidden />}>{say('job.protocol')}</Button>}
        entries={protocolFormats.map((format) => ({ id: format, text: say(`job.protocol.${format}`), run: () => saveProtocol(job.job, format, language) }))}
      />
      {mayProduce && open && (
        <>
          <Button onPress={() => onDeed('close')}>{say('job.close')}</Button>
          {job.counts.queued + job.counts.inWork + job.counts.inDoubt > 0 && (
            <Button kind="primary" icon={<Play size={18} aria-hidden />} onPress={() => goTo(routeTo('produce', [], { job: job.job }))}>
              {say('job.produce')}
            </Button>
          )}
        </>
      )}
    </>
  )
}
