/** The buttons of a run under way. What ends it for good asks once more, in words, where the button stands. */
import { Ban, CircleStop, Pause, Play } from 'lucide-react'
import { useState } from 'react'
import type { DeviceView } from '#shared/contract/live.ts'
import type { RunView } from '#shared/job/job.ts'
import type { RecordRange } from '#shared/journal/events.ts'
import { call } from '../../client/client.ts'
import { useWords } from '../../i18n/provider.tsx'
import { attempt } from '../../store/notices.ts'
import { Button } from '../../ui/index.ts'
import { askBeforeRun } from './questions.tsx'
import type { Step } from './step.ts'

/** What Space does on the run: start what is chosen, pause or resume, whichever the step allows. */
export async function toggleRun(step: Step, device: DeviceView, range: RecordRange | undefined): Promise<void> {
  if (step.step === 'start') await startRun(step.job.job, device.device, range)
  if (step.step !== 'run') return
  const { run, state } = step.run
  if (state === 'running') await attempt(() => call('run.pause', { run }))
  if (state === 'paused' || state === 'pausing') await attempt(() => call('run.resume', { run }))
}

/** Asks first what the job's chip task wants to know; put away, nothing starts. */
export function startRun(job: string, device: string, range: RecordRange | undefined): Promise<unknown> {
  return attempt(async () => {
    const answers = await askBeforeRun(await call('chip.questions', { job, device }))
    if (answers === undefined) return
    await call('run.start', { job, device, answers, ...(range && { range: { from: Math.min(range.from, range.to), to: Math.max(range.from, range.to) } }) })
  })
}

export function RunControls({ run: view, asked }: { run: RunView; asked: boolean }) {
  const { say } = useWords()
  const { run, state } = view
  const [cancelling, setCancelling] = useState(false)
  if (cancelling && state !== 'stopping') return <CancelQuestion run={run} onBack={() => setCancelling(false)} />
  const resumes = state === 'paused' || state === 'pausing'
  return (
    <div className="run-buttons">
      <div className="row">
        {resumes ? (
          <Button kind="primary" size="large" icon={<Play size={22} aria-hidden />} onPress={() => void attempt(() => call('run.resume', { run }))}>
            {say('produce.resume')}
          </Button>
        ) : (
          <Button kind={asked ? 'plain' : 'primary'} size="large" icon={<Pause size={22} aria-hidden />} isDisabled={state !== 'running' && state !== 'waiting'} onPress={() => void attempt(() => call('run.pause', { run }))}>
            {say('produce.pause')}
          </Button>
        )}
        <Button size="large" icon={<CircleStop size={22} aria-hidden />} isDisabled={state === 'stopping'} onPress={() => void attempt(() => call('run.stopAfterCard', { run }))}>
          {say('produce.stop')}
        </Button>
        <Button kind="quiet" size="large" icon={<Ban size={20} aria-hidden />} onPress={() => setCancelling(true)}>
          {say('produce.cancel')}
        </Button>
      </div>
    </div>
  )
}

function CancelQuestion({ run, onBack }: { run: string; onBack(): void }) {
  const { say } = useWords()
  return (
    <div className="run-buttons" role="group" aria-label={say('produce.cancel')}>
      <p>{say('produce.cancel.again')}</p>
      <div className="row">
        <Button
          kind="danger"
          size="large"
          onPress={async () => {
            await attempt(() => call('run.cancel', { run }))
            onBack()
          }}
        >
          {say('produce.cancel.yes')}
        </Button>
        <Button size="large" autoFocus onPress={onBack}>
          {say('produce.cancel.no')}
        </Button>
      </div>
    </div>
  )
}
