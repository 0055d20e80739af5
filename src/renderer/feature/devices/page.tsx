/** Devices: the machines that are set up, what each stands on, its line, its trace. */
import { Plus, Printer } from 'lucide-react'
import { useState } from 'react'
import { DeviceMark } from '../../frame/device-mark.tsx'
import { goTo, routeTo, useRoute } from '../../frame/route.ts'
import { useWords } from '../../i18n/provider.tsx'
import { useDevices } from '../../store/live.ts'
import { Button, Dialog, EmptyPage, Page } from '../../ui/index.ts'
import { DeviceDetail } from './device-detail.tsx'
import { DeviceForm } from './device-form.tsx'
import './devices.css'

export default function DevicesPage() {
  const { say } = useWords()
  const { path } = useRoute()
  const devices = useDevices()
  const [adding, setAdding] = useState(false)
  const shown = devices.find((device) => device.device === path[0]) ?? devices[0]
  const add = (
    <Button kind={devices.length === 0 ? 'primary' : 'plain'} icon={<Plus size={18} aria-hidden />} onPress={() => setAdding(true)}>
      {say('devices.add')}
    </Button>
  )
  return (
    <Page title={say('page.devices')} actions={devices.length > 0 && add}>
      {shown === undefined ? (
        <EmptyPage icon={<Printer size={40} aria-hidden />} title={say('devices.none')} action={add}>
          {say('devices.none.do')}
        </EmptyPage>
      ) : (
        <div className="devices">
          <nav className="device-list" aria-label={say('page.devices')}>
            {devices.map((device) => (
              <a key={device.device} className="device-entry" href={routeTo('devices', [device.device])} aria-current={device === shown ? 'page' : undefined}>
                <strong>{device.name}</strong>
                <span className="soft small">{device.model}</span>
                <DeviceMark device={device} />
              </a>
            ))}
          </nav>
          <DeviceDetail key={shown.device} device={shown} />
        </div>
      )}
      <Dialog title={say('devices.add')} open={adding} onClose={() => setAdding(false)} size="wide">
        <DeviceForm
          onClose={() => setAdding(false)}
          onSaved={(device) => {
            setAdding(false)
            goTo(routeTo('devices', [device]))
          }}
        />
      </Dialog>
    </Page>
  )
}
