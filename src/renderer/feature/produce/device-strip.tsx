/** Several machines: one beside the other, each with its state and how far its run is. */
import type { DeviceView } from '#shared/contract/live.ts'
import { MessageCircleWarning } from 'lucide-react'
import { DeviceMark } from '../../frame/device-mark.tsx'
import { routeTo } from '../../frame/route.ts'
import { useWords } from '../../i18n/provider.tsx'
import { useJob, usePromptsOf, useRunOn } from '../../store/live.ts'
import { doneOf } from './step.ts'

export function DeviceStrip({ devices, current }: { devices: readonly DeviceView[]; current: string }) {
  const { say } = useWords()
  return (
    <nav className="device-strip" aria-label={say('produce.machines')}>
      {devices.map((device) => (
        <DeviceTab key={device.device} device={device} current={device.device === current} />
      ))}
    </nav>
  )
}

function DeviceTab({ device, current }: { device: DeviceView; current: boolean }) {
  const { say } = useWords()
  const run = useRunOn(device.device)
  const job = useJob(run?.job)
  const asked = usePromptsOf(device.device).length > 0
  return (
    <a className="device-tab" href={routeTo('produce', [device.device])} aria-current={current ? 'page' : undefined}>
      <strong>{device.name}</strong>
      {asked ? (
        <span className="device-mark" data-tone="doubt">
          <MessageCircleWarning size={18} aria-hidden />
          {say('produce.asks')}
        </span>
      ) : (
        <DeviceMark device={device} />
      )}
      {job && <span className="soft">{say('produce.done-of', { done: doneOf(job.counts), records: job.counts.records })}</span>}
    </a>
  )
}
