/** Two harmless questions: is anybody there (no card moves), and what is on the stripe of a card (one card is fed). */
import { Radar, ScanLine } from 'lucide-react'
import { useState } from 'react'
import type { DeviceView } from '#shared/contract/live.ts'
import type { ProbeReport } from '#shared/device/device.ts'
import type { Fault } from '#shared/faults.ts'
import { faultsOf } from '#shared/faults.ts'
import { call } from '../../client/client.ts'
import { useWords } from '../../i18n/provider.tsx'
import { useRunOn } from '../../store/live.ts'
import { Button, FaultPanel } from '../../ui/index.ts'

interface Asked<Value> {
  busy: boolean
  value?: Value
  faults: readonly Fault[]
}

function useAsk<Value>(ask: () => Promise<Value>): [Asked<Value>, () => Promise<void>] {
  const [asked, setAsked] = useState<Asked<Value>>({ busy: false, faults: [] })
  const run = async () => {
    setAsked({ busy: true, faults: [] })
    try {
      setAsked({ busy: false, faults: [], value: await ask() })
    } catch (thrown) {
      setAsked({ busy: false, faults: faultsOf(thrown) })
    }
  }
  return [asked, run]
}

export function ProbePanel({ device }: { device: DeviceView }) {
  const { say } = useWords()
  const busy = useRunOn(device.device) !== undefined
  const [probe, ask] = useAsk(() => call('device.probe', { device: device.device }))
  return (
    <section className="stack" data-tight aria-label={say('devices.probe')}>
      <h3>{say('devices.probe')}</h3>
      <p className="soft">{say('probe.explain')}</p>
      <div className="row">
        <Button icon={<Radar size={18} aria-hidden />} isPending={probe.busy} isDisabled={busy} onPress={() => void ask()}>
          {say('devices.probe.do')}
        </Button>
      </div>
      <FaultPanel faults={probe.faults} />
      {probe.value && <Report report={probe.value} />}
    </section>
  )
}

function Report({ report }: { report: ProbeReport }) {
  const { say } = useWords()
  return (
    <div role="status">
      <p>
        <strong>{say(report.answered ? 'probe.answered' : 'probe.no-answer')}</strong>
      </p>
      {report.answered && (
        <dl className="facts">
          {(['status', 'version', 'error'] as const).map((name) => (
            <div key={name} style={{ display: 'contents' }}>
              <dt>{say(`probe.${name}`)}</dt>
              <dd className="code">{report[name] ?? say('probe.not-told')}</dd>
            </div>
          ))}
        </dl>
      )}
    </div>
  )
}

export function StripePanel({ device }: { device: DeviceView }) {
  const { say } = useWords()
  const busy = useRunOn(device.device) !== undefined
  const [reading, ask] = useAsk(() => call('device.readStripe', { device: device.device }))
  if (!device.capabilities.canReadStripe) return null
  return (
    <section className="stack" data-tight aria-label={say('devices.stripe')}>
      <h3>{say('devices.stripe')}</h3>
      <p className="soft">{say('devices.stripe.explain')}</p>
      <div className="row">
        <Button icon={<ScanLine size={18} aria-hidden />} isPending={reading.busy} isDisabled={busy || device.connection !== 'online'} onPress={() => void ask()}>
          {say('devices.stripe.do')}
        </Button>
      </div>
      <FaultPanel faults={reading.faults} />
      {reading.value && (
        <dl className="facts" role="status">
          {reading.value.tracks.length === 0 && <dd>{say('devices.stripe.blank')}</dd>}
          {reading.value.tracks.map(({ track, text }) => (
            <div key={track} style={{ display: 'contents' }}>
              <dt>{say('devices.track', { track })}</dt>
              <dd className="code">{text}</dd>
            </div>
          ))}
        </dl>
      )}
    </section>
  )
}
