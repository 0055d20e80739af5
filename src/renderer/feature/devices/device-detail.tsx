/** One machine: its state with reasons, connecting, probing, reading a stripe, what its profile stands on, its trace. */
import { Pencil, Plug, Trash2, Unplug } from 'lucide-react'
import { useState } from 'react'
import type { DeviceView } from '#shared/contract/live.ts'
import type { Fault } from '#shared/faults.ts'
import { faultsOf } from '#shared/faults.ts'
import { call } from '../../client/client.ts'
import { DeviceMark } from '../../frame/device-mark.tsx'
import { useWords } from '../../i18n/provider.tsx'
import { useRunOn } from '../../store/live.ts'
import { attempt } from '../../store/notices.ts'
import { Button, ConfirmDialog, Dialog, FaultPanel, Tabs } from '../../ui/index.ts'
import { DeviceForm } from './device-form.tsx'
import { linkText } from './link-text.ts'
import { ProbePanel, StripePanel } from './probe-panel.tsx'
import { ProfilePanel } from './profile-panel.tsx'
import { StationList } from './reader-fields.tsx'
import { TracePanel } from './trace-panel.tsx'

type Section = 'state' | 'profile' | 'trace'

export function DeviceDetail({ device }: { device: DeviceView }) {
  const { say } = useWords()
  const [section, setSection] = useState<Section>('state')
  return (
    <section className="panel stack device-detail" aria-label={device.name}>
      <Head device={device} />
      <Tabs<Section>
        label={device.name}
        value={section}
        onChange={setSection}
        tabs={[
          { id: 'state', title: say('devices.tab.state'), content: <State device={device} /> },
          { id: 'profile', title: say('devices.tab.profile'), content: <ProfilePanel device={device} /> },
          { id: 'trace', title: say('devices.tab.trace'), content: <TracePanel device={device} /> },
        ]}
      />
    </section>
  )
}

function Head({ device }: { device: DeviceView }) {
  const { say } = useWords()
  const busy = useRunOn(device.device) !== undefined
  const [changing, setChanging] = useState(false)
  const [removing, setRemoving] = useState(false)
  return (
    <header className="spread device-head">
      <div>
        <h2>{device.name}</h2>
        <p className="soft">
          {device.model} · {linkText(say, device.link)}
        </p>
      </div>
      <div className="row">
        <Button kind="quiet" icon={<Pencil size={18} aria-hidden />} isDisabled={busy} onPress={() => setChanging(true)}>
          {say('devices.change')}
        </Button>
        <Button kind="quiet" icon={<Trash2 size={18} aria-hidden />} isDisabled={busy} onPress={() => setRemoving(true)}>
          {say('control.remove')}
        </Button>
      </div>
      <Dialog title={say('devices.change.title', { device: device.name })} open={changing} onClose={() => setChanging(false)} size="wide">
        <DeviceForm device={device} onClose={() => setChanging(false)} onSaved={() => setChanging(false)} />
      </Dialog>
      <ConfirmDialog
        title={say('devices.remove.title', { device: device.name })}
        open={removing}
        onClose={() => setRemoving(false)}
        action={say('devices.remove')}
        danger
        onConfirm={() => attempt(() => call('device.remove', { device: device.device })).then(() => {})}
      >
        {say('devices.remove.lead')}
      </ConfirmDialog>
    </header>
  )
}

function State({ device }: { device: DeviceView }) {
  const words = useWords()
  const { say } = words
  return (
    <div className="device-state">
      <div className="stack">
        <p className="device-state-now">
          <DeviceMark device={device} />
        </p>
        {device.reasons.length > 0 && (
          <ul className="device-reasons" aria-label={say('devices.reasons')}>
            {device.reasons.map((reason) => (
              <li key={`${reason.code} ${reason.status ?? ''}`} data-severity={reason.severity}>
                <strong>{words.reason(reason)}</strong>
                {reason.status !== undefined && <span className="soft small"> {say('prompt.status', { status: reason.status })}</span>}
                {reason.action !== 'none' && reason.action !== 'wait' && <p>{say(`action.${reason.action}`)}</p>}
              </li>
            ))}
          </ul>
        )}
        <Connection device={device} />
      </div>
      <div className="stack">
        <ProbePanel device={device} />
        <StripePanel device={device} />
        <StationList device={device} />
      </div>
    </div>
  )
}

function Connection({ device }: { device: DeviceView }) {
  const { say } = useWords()
  const busy = useRunOn(device.device) !== undefined
  const [faults, setFaults] = useState<readonly Fault[]>([])
  const turn = async (name: 'device.connect' | 'device.disconnect') => {
    setFaults([])
    try {
      await call(name, { device: device.device })
    } catch (thrown) {
      setFaults(faultsOf(thrown))
    }
  }
  return (
    <div className="stack" data-tight>
      <div className="row">
        {device.connection === 'online' ? (
          <Button icon={<Unplug size={18} aria-hidden />} isDisabled={busy} onPress={() => void turn('device.disconnect')}>
            {say('devices.disconnect')}
          </Button>
        ) : (
          <Button kind="primary" icon={<Plug size={18} aria-hidden />} isPending={device.connection === 'connecting'} onPress={() => void turn('device.connect')}>
            {say('devices.connect')}
          </Button>
        )}
      </div>
      <FaultPanel faults={faults} />
    </div>
  )
}
