/** Before a run and after it: the one step that comes next, and which cards it takes. */
import { FileStack, Play, Plug } from 'lucide-react'
import { useState } from 'react'
import type { DeviceView } from '#shared/contract/live.ts'
import type { JobView } from '#shared/job/job.ts'
import type { RecordRange } from '#shared/journal/events.ts'
import { call } from '../../client/client.ts'
import { goTo, routeTo } from '../../frame/route.ts'
import { useWords } from '../../i18n/provider.tsx'
import { attempt } from '../../store/notices.ts'
import { Button, Checkbox, NumberField } from '../../ui/index.ts'
import { MakeAgain } from './make-again.tsx'
import { startRun } from './run-controls.tsx'
import { Summary } from './summary.tsx'
import type { Step } from './step.ts'

export interface StartControlsProps {
  device: DeviceView
  step: Step
  /** A question about this machine waits: nothing starts before it is answered. */
  asked: boolean
  /** Records that the next run takes; all that wait where undefined. */
  range: RecordRange | undefined
  onRange(range: RecordRange | undefined): void
}

export function StartControls({ device, step, asked, range, onRange }: StartControlsProps) {
  const { say } = useWords()
  switch (step.step) {
    case 'connect':
    case 'connecting':
      return (
        <div className="row">
          <Button
            kind="primary"
            size="large"
            icon={<Plug size={22} aria-hidden />}
            isPending={step.step === 'connecting'}
            onPress={() => void attempt(() => call('device.connect', { device: device.device }))}
          >
            {say('produce.connect', { device: device.name })}
          </Button>
        </div>
      )
    case 'choose-job':
      return (
        <div className="stack" data-tight>
          <p className="soft">{say('produce.no-job')}</p>
          <div className="row">
            <Button kind="primary" size="large" icon={<FileStack size={22} aria-hidden />} onPress={() => goTo(routeTo('jobs'))}>
              {say('produce.import')}
            </Button>
          </div>
        </div>
      )
    case 'start':
      return <Start key={step.job.job} device={device} job={step.job} asked={asked} range={range} onRange={onRange} />
    case 'make-again':
    case 'close':
    case 'closed':
      return <Summary job={step.job} device={device} asked={asked} />
    case 'settle':
      return <p className="run-state">{say('produce.settle')}</p>
    case 'job-elsewhere':
      return (
        <div className="row">
          <span>{say('produce.elsewhere')}</span>
          <Button onPress={() => goTo(routeTo('produce', [step.run.device]))}>{say('produce.elsewhere.go')}</Button>
        </div>
      )
    case 'add-device':
    case 'run':
      return null
  }
}

interface StartProps extends Omit<StartControlsProps, 'step'> {
  job: JobView
}

function Start({ device, job, asked, range, onRange }: StartProps) {
  const { say } = useWords()
  const [busy, setBusy] = useState(false)
  const last = job.counts.records
  const start = async () => {
    setBusy(true)
    await startRun(job.job, device.device, range)
    setBusy(false)
  }
  return (
    <div className="row run-start">
      <Button kind="primary" size="large" icon={<Play size={22} aria-hidden />} isPending={busy} isDisabled={asked} onPress={() => void start()}>
        {range ? say('produce.start-range', range) : say('produce.start', { count: job.counts.queued })}
      </Button>
      {job.counts.rejected > 0 && <MakeAgain job={job} device={device} isDisabled={asked} />}
      <div className="row run-range">
        <Checkbox isSelected={range !== undefined} onChange={(partly) => onRange(partly ? { from: 1, to: last } : undefined)}>
          {say('produce.range')}
        </Checkbox>
        {range && (
          <>
            <NumberField label={say('produce.range.from')} value={range.from} onChange={(from) => onRange({ ...range, from })} minValue={1} maxValue={last} />
            <NumberField label={say('produce.range.to')} value={range.to} onChange={(to) => onRange({ ...range, to })} minValue={1} maxValue={last} />
          </>
        )}
      </div>
    </div>
  )
}
