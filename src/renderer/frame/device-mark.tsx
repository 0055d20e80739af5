/** A machine's state in a shape and a word: ready, working, stopped with its reason, not connected. */
import { CircleCheck, LoaderCircle, PlugZap, TriangleAlert, Unplug } from 'lucide-react'
import type { DeviceView } from '#shared/contract/live.ts'
import type { TextKey } from '#shared/texts/index.ts'
import { useWords } from '../i18n/provider.tsx'

export type DeviceTone = 'good' | 'work' | 'doubt' | 'bad' | 'off'

/** What a glance at a machine has to tell. */
export function deviceTone(device: Pick<DeviceView, 'connection' | 'state' | 'reasons'>): DeviceTone {
  if (device.connection !== 'online') return 'off'
  if (device.reasons.some((reason) => reason.severity === 'error' || reason.severity === 'fatal')) return 'bad'
  if (device.state === 'stopped' || device.reasons.some((reason) => reason.severity === 'operator')) return 'doubt'
  return device.state === 'processing' ? 'work' : 'good'
}

const shapes = { good: CircleCheck, work: LoaderCircle, doubt: TriangleAlert, bad: TriangleAlert, off: Unplug } as const

export interface DeviceMarkProps {
  device: Pick<DeviceView, 'connection' | 'state' | 'reasons'>
  /** The shape alone; the word is heard, and shown as a tip. */
  brief?: boolean
}

export function DeviceMark({ device, brief = false }: DeviceMarkProps) {
  const words = useWords()
  const tone = deviceTone(device)
  const Shape = device.connection === 'connecting' ? PlugZap : shapes[tone]
  const reason = device.reasons.find((candidate) => candidate.severity !== 'info')
  const word: TextKey = device.connection === 'online' ? `device-state.${device.state}` : `connection.${device.connection}`
  const text = device.connection === 'online' && reason ? words.reason(reason) : words.say(word)
  return (
    <span className="device-mark" data-tone={tone} title={brief ? text : undefined}>
      <Shape size={18} strokeWidth={2.25} aria-hidden className={tone === 'work' ? 'turning' : undefined} />
      <span className={brief ? 'only-heard' : undefined}>{text}</span>
    </span>
  )
}
