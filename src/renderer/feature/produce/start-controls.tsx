/** Before a run and after it: the one step that comes next, and which cards it takes. */
import { FileStack, Play, Plug, RotateCcw } from 'lucide-react'
import { useState } from 'react'
import type { DeviceView } from '#shared/contract/live.ts'
import type { JobView } from '#shared/job/job.ts'
import { call } from '../../client/client.ts'
import { goTo, routeTo } from '../../frame/route.ts'
import { useWords } from '../../i18n/provider.tsx'
import { attempt } from '../../store/notices.ts'
import { Button, Checkbox, NumberField } from '../../ui/index.ts'
import { Summary } from './summary.tsx'
import type { Step } from './step.ts'

export interface StartControlsProps {
  device: DeviceView
  step: Step
  /** A question about this machine waits: nothing starts before it is answered. */
  asked: boolean
}

export function StartControls({ device, step, asked }: StartControlsProps) {
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
      return <Start key={step.job.job} device={device} job={step.job} asked={asked} />
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

function Start({ device, job, asked }: { device: DeviceView; job: JobView; asked: boolean }) {
  const { say } = useWords()
  const [partly, setPartly] = useState(false)
  const [from, setFrom] = useState(1)
  const [to, setTo] = useState(job.counts.records)
  const [busy, setBusy] = useState(false)
  const range = partly ? { from: Math.min(from, to), to: Math.max(from, to) } : undefined
  const start = async () => {
    setBusy(true)
    await attempt(() => call('run.start', { job: job.job, device: device.device, ...(range && { range }) }))
    setBusy(false)
  }
  return (
    <div className="row run-start">
      <Button kind="primary" size="large" icon={<Play size={22} aria-hidden />} isPending={busy} isDisabled={asked} onPress={() => void start()}>
        {say('produce.start', { count: job.counts.queued })}
      </Button>
      {job.counts.rejected > 0 && <MakeAgain job={job} device={device} isDisabled={asked} />}
      <div className="row run-range">
        <Checkbox isSelected={partly} onChange={setPartly}>
          {say('produce.range')}
        </Checkbox>
        {partly && (
          <>
            <NumberField label={say('produce.range.from')} value={from} onChange={setFrom} minValue={1} maxValue={job.counts.records} />
            <NumberField label={say('produce.range.to')} value={to} onChange={setTo} minValue={1} maxValue={job.counts.records} />
          </>
        )}
      </div>
    </div>
  )
}

/** Rejected cards become new attempts, and the run that makes them starts at once. */
export function MakeAgain({ job, device, primary, isDisabled }: { job: JobView; device: DeviceView; primary?: boolean; isDisabled?: boolean }) {
  const { say } = useWords()
  const [busy, setBusy] = useState(false)
  const again = async () => {
    setBusy(true)
    await attempt(async () => {
      await call('job.requeue', { job: job.job })
      if (device.connection === 'online') await call('run.start', { job: job.job, device: device.device })
    })
    setBusy(false)
  }
  return (
    <Button kind={primary ? 'primary' : 'plain'} size="large" icon={<RotateCcw size={22} aria-hidden />} isPending={busy} isDisabled={isDisabled ?? false} onPress={() => void again()}>
      {say('produce.again', { count: job.counts.rejected })}
    </Button>
  )
}
