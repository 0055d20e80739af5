/** What can be done with a whole job. Whatever can't be undone is asked once more, in words. */
import type { ReportFormat } from '#shared/contract/calls.ts'
import type { JobView } from '#shared/job/job.ts'
import type { Language } from '#shared/texts/index.ts'
import { call } from '../../client/client.ts'
import { saveFile } from '../../client/save-file.ts'
import { goTo, routeTo } from '../../frame/route.ts'
import { useWords } from '../../i18n/provider.tsx'
import { useLive } from '../../store/live.ts'
import { attempt, notify } from '../../store/notices.ts'
import { Button, ConfirmDialog, Dialog } from '../../ui/index.ts'

export type Deed = 'close' | 'discard' | 'purge' | 'export-cards'

export function saveProtocol(job: string, format: ReportFormat, language: Language): void {
  void attempt(async () => {
    const file = await call('job.protocol', { job, format, language })
    saveFile(file)
    notify('job.saved', { name: file.name })
  })
}

interface JobDeedProps {
  job: JobView
  deed: Deed | undefined
  onClose(): void
}

export function JobDeed({ job, deed, onClose }: JobDeedProps) {
  const { say } = useWords()
  const { name } = job
  const ask = (of: Exclude<Deed, 'close'>, values: Record<string, string | number>, run: () => Promise<void>) => (
    <ConfirmDialog
      title={say(`job.${of}.title`, { job: name })}
      open={deed === of}
      onClose={onClose}
      action={say(`job.${of}.do`)}
      danger={of !== 'export-cards'}
      onConfirm={() => attempt(run)}
    >
      <p>{say(`job.${of}.text`, values)}</p>
    </ConfirmDialog>
  )
  return (
    <>
      <CloseJob job={job} open={deed === 'close'} onClose={onClose} />
      {ask('discard', {}, async () => {
        await call('job.discard', { job: job.job })
        notify('job.discarded', { job: name })
        goTo(routeTo('jobs'), { replace: true })
      })}
      {ask('purge', { count: job.counts.records }, async () => {
        await call('job.purge', { job: job.job })
        notify('job.purged.done', { job: name })
      })}
      {ask('export-cards', {}, async () => {
        const file = await call('job.exportCards', { job: job.job })
        saveFile(file)
        notify('job.saved', { name: file.name })
      })}
    </>
  )
}

/** Closing, or why the job can't be closed yet. */
function CloseJob({ job, open, onClose }: { job: JobView; open: boolean; onClose(): void }) {
  const { say } = useWords()
  const running = useLive((state) => state.runs.some((run) => run.job === job.job && run.state !== 'ended'))
  const { counts, name } = job
  const blocked =
    counts.inDoubt > 0
      ? say('job.close.blocked.doubt')
      : running || counts.inWork > 0
        ? say('job.close.blocked.running')
        : counts.queued > 0
          ? `${say('fault.job.cards-waiting.what', { job: name })} ${say('fault.job.cards-waiting.do')}`
          : undefined
  const title = say('job.close.title', { job: name })
  if (blocked !== undefined) {
    return (
      <Dialog title={title} open={open} onClose={onClose} actions={<Button onPress={onClose}>{say('control.close')}</Button>}>
        <p>{blocked}</p>
      </Dialog>
    )
  }
  return (
    <ConfirmDialog
      title={title}
      open={open}
      onClose={onClose}
      action={say('job.close')}
      onConfirm={() =>
        attempt(async () => {
          await call('job.close', { job: job.job })
          notify('job.closed', { job: name })
        })
      }
    >
      <p>{say('job.close.text', { good: counts.good, rejected: counts.rejected, left: counts.skipped })}</p>
    </ConfirmDialog>
  )
}
