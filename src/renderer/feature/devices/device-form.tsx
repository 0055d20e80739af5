/** Setting a machine up: its name, what it is, how it converses, where it is reached. */
import { RefreshCw } from 'lucide-react'
import { useState } from 'react'
import type { FormEvent } from 'react'
import type { DeviceView } from '#shared/contract/live.ts'
import type { DeviceLink, StationReader } from '#shared/device/device.ts'
import type { Fault } from '#shared/faults.ts'
import { faultsOf } from '#shared/faults.ts'
import { call } from '../../client/client.ts'
import { useAnswer } from '../../client/use-answer.ts'
import { useWords } from '../../i18n/provider.tsx'
import { useSession } from '../../store/session.ts'
import { Button, FaultPanel, IconButton, NumberField, Radios, Select, TextField } from '../../ui/index.ts'
import { Evidence, modeText, useProfiles } from './profile-panel.tsx'
import { deskProfile, ReaderFields, stationNames } from './reader-fields.tsx'

export interface DeviceFormProps {
  /** Absent for a new one. */
  device?: DeviceView
  onClose(): void
  onSaved(device: string): void
}

export function DeviceForm({ device, onClose, onSaved }: DeviceFormProps) {
  const { say, sayIfKnown } = useWords()
  const profiles = useProfiles()
  const [name, setName] = useState(device?.name ?? '')
  const [chosen, setChosen] = useState(device?.profile)
  const [mode, setMode] = useState(device?.mode)
  const [link, setLink] = useState<DeviceLink>(device?.link ?? { kind: 'serial', path: '' })
  const [readers, setReaders] = useState<readonly StationReader[]>(() => device?.stations.flatMap(({ station, reader }) => (reader === undefined ? [] : [{ station, reader }])) ?? [])
  const [faults, setFaults] = useState<readonly Fault[]>([])
  const profile = profiles.find((candidate) => candidate.profile === chosen)
  const modes = profile?.modes ?? []
  const shownMode = mode !== undefined && modes.includes(mode) ? mode : modes[0]
  const stations = link.kind === 'simulator' ? [] : stationNames(chosen, device)
  const set = readers.filter(({ station, reader }) => reader !== '' && stations.includes(station))
  const complete = name !== '' && profile !== undefined && shownMode !== undefined && isComplete(link) && (link.kind !== 'reader' || set.length > 0)
  const choose = (next: string) => {
    setChosen(next)
    if (next === deskProfile) setLink({ kind: 'reader' })
    else if (link.kind === 'reader') setLink(first.serial)
  }

  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (profile === undefined || shownMode === undefined) return
    try {
      const saved = await call('device.save', { ...(device && { device: device.device }), name, profile: profile.profile, mode: shownMode, link, stations: set })
      onSaved(saved.device)
    } catch (thrown) {
      setFaults(faultsOf(thrown))
    }
  }
  return (
    <form className="stack" onSubmit={submit}>
      <div className="device-form">
        <div className="stack">
          <TextField label={say('devices.name')} hint={say('devices.name.hint')} value={name} onChange={setName} maxLength={60} autoFocus />
          <Select label={say('devices.profile')} value={chosen} onChange={choose} options={profiles.map(({ profile: id, model }) => ({ id, text: model, hint: id }))} />
          {modes.length > 0 && (
            <Radios label={say('devices.mode')} value={shownMode} onChange={setMode} options={modes.map((id) => ({ id, text: modeText(sayIfKnown, id), hint: sayIfKnown(`devices.mode.${id}`) }))} />
          )}
          {link.kind !== 'reader' && <LinkFields link={link} onChange={setLink} />}
          {stations.length > 0 && <ReaderFields stations={stations} value={readers} onChange={setReaders} />}
        </div>
        <div className="device-evidence" role="region" aria-label={say('devices.evidence')} tabIndex={0}>
          {profile ? <Evidence statements={profile.evidence} missingVerbs={profile.missingVerbs} /> : <p className="soft">{say('devices.evidence.choose')}</p>}
        </div>
      </div>
      <FaultPanel faults={faults} />
      <div className="dialog-actions">
        <Button onPress={onClose}>{say('control.cancel')}</Button>
        <Button type="submit" kind="primary" isDisabled={!complete}>
          {say('control.save')}
        </Button>
      </div>
    </form>
  )
}

function isComplete(link: DeviceLink): boolean {
  if (link.kind === 'serial') return link.path !== ''
  return link.kind !== 'tcp' || link.host !== ''
}

const first: Record<DeviceLink['kind'], DeviceLink> = {
  serial: { kind: 'serial', path: '' },
  tcp: { kind: 'tcp', host: '', port: 4001 },
  simulator: { kind: 'simulator', speed: 1 },
  reader: { kind: 'reader' },
}

function LinkFields({ link, onChange }: { link: DeviceLink; onChange(link: DeviceLink): void }) {
  const { say } = useWords()
  const demo = useSession((store) => store.workspace?.demo ?? false)
  const kinds = (['serial', 'tcp', 'simulator'] as const).filter((kind) => kind !== 'simulator' || demo || link.kind === 'simulator')
  return (
    <>
      <Radios label={say('devices.link')} value={link.kind} onChange={(kind) => onChange(first[kind])} options={kinds.map((id) => ({ id, text: say(`devices.link.${id}`) }))} />
      {link.kind === 'serial' && <PortFields path={link.path} onChange={(path) => onChange({ kind: 'serial', path })} />}
      {link.kind === 'tcp' && (
        <div className="device-address">
          <TextField label={say('devices.host')} value={link.host} onChange={(host) => onChange({ ...link, host })} />
          <NumberField
            label={say('devices.port')}
            value={link.port}
            onChange={(port) => onChange({ ...link, port })}
            minValue={1}
            maxValue={65535}
            formatOptions={{ useGrouping: false }}
          />
        </div>
      )}
    </>
  )
}

/** A port that was found, or one typed in: a port that is not plugged in now may be set up all the same. */
function PortFields({ path, onChange }: { path: string; onChange(path: string): void }) {
  const { say } = useWords()
  const { value: ports, faults, ask } = useAnswer('device.ports', {})
  return (
    <div className="stack" data-tight>
      <div className="device-ports">
        <TextField label={say('devices.path')} hint={ports?.length === 0 ? say('devices.ports.none') : say('devices.path.hint')} value={path} onChange={onChange} />
        <IconButton label={say('devices.ports.again')} kind="plain" onPress={ask}>
          <RefreshCw size={18} />
        </IconButton>
      </div>
      {ports && ports.length > 0 && (
        <ul className="row" aria-label={say('devices.ports.found')}>
          {ports.map((port) => (
            <li key={port.path}>
              <Button onPress={() => onChange(port.path)}>{port.description === undefined ? port.path : `${port.path} · ${port.description}`}</Button>
            </li>
          ))}
        </ul>
      )}
      <FaultPanel faults={faults} />
    </div>
  )
}
