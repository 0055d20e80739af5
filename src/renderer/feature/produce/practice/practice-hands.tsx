/** What hands do at the practice machine: the same things that somebody does at a real one, as buttons at the foot of the page. */
import { ChevronDown, Gauge, GraduationCap, Hand, PackagePlus, Trash2, TriangleAlert } from 'lucide-react'
import { PracticeCardType } from '#shared/chip/practice-card.ts'
import type { DeviceView } from '#shared/contract/live.ts'
import type { SimulatorAction } from '#shared/device/simulator.ts'
import { call } from '../../../client/client.ts'
import { useWords } from '../../../i18n/provider.tsx'
import { attempt } from '../../../store/notices.ts'
import { Button, Menu } from '../../../ui/index.ts'

const speeds = [1, 5, 20, 100] as const

export function act(device: DeviceView, ...actions: SimulatorAction[]): Promise<unknown> {
  return attempt(async () => {
    for (const action of actions) await call('simulator.act', { device: device.device, action })
  })
}

/** Blanks that the demo's tasks are for come first. */
const chipBlanks = PracticeCardType.options

export interface PracticeHandsProps {
  device: DeviceView
  faultsOpen: boolean
  onFaults(): void
}

export function PracticeHands({ device, faultsOpen, onFaults }: PracticeHandsProps) {
  const { say } = useWords()
  const { picture } = device
  if (picture === undefined) return null
  const space = picture.hopper.capacity - picture.hopper.count
  const open = picture.cover === 'open' || picture.alarms.some((alarm) => alarm.clearedBy === 'close-cover')
  const armed = picture.armed.length
  return (
    <div className="practice-hands" role="group" aria-label={say('practice.title')}>
      <span className="practice-name" title={say('practice.title')}>
        <GraduationCap size={20} aria-hidden />
      </span>
      <Button kind="quiet" icon={<PackagePlus size={18} aria-hidden />} isDisabled={space <= 0} onPress={() => void act(device, { do: 'refill', blanks: space })}>
        {say('practice.refill')}
      </Button>
      <Button kind="quiet" onPress={() => void act(device, { do: 'cover', open: !open })}>
        {say(open ? 'practice.cover.close' : 'practice.cover.open')}
      </Button>
      <Button kind="quiet" icon={<Hand size={18} aria-hidden />} onPress={() => void act(device, { do: 'clear-jam' })}>
        {say('practice.clear')}
      </Button>
      <Button
        kind="quiet"
        icon={<Trash2 size={18} aria-hidden />}
        onPress={() => void act(device, { do: 'empty-tray', tray: 'output' }, { do: 'empty-tray', tray: 'reject' })}
      >
        {say('practice.empty')}
      </Button>
      <Menu
        label={say('practice.more')}
        trigger={
          <Button kind="quiet" icon={<ChevronDown size={18} aria-hidden />}>
            {say('practice.more')}
          </Button>
        }
        entries={[
          ...(device.capabilities.chip === null ? [] : chipBlanks.map((chip) => ({ id: `chip ${chip}`, text: say('practice.refill.chip', { card: say(`practice-card.${chip}`) }), disabled: space <= 0, run: () => void act(device, { do: 'refill', blanks: space, chip }) }))),
          ...(device.capabilities.chip === null ? [] : [{ kind: 'separator' as const, id: 'chips' }]),
          { id: 'foil', text: say('simulator.do.change-foil'), run: () => void act(device, { do: 'change-foil' }) },
          { id: 'ribbon', text: say('simulator.do.change-ribbon'), run: () => void act(device, { do: 'change-ribbon' }) },
          { id: 'output', text: say('simulator.do.empty-output-tray'), run: () => void act(device, { do: 'empty-tray', tray: 'output' }) },
          { id: 'reject', text: say('simulator.do.empty-reject-tray'), run: () => void act(device, { do: 'empty-tray', tray: 'reject' }) },
          { kind: 'separator', id: 'line' },
          picture.state === 'off'
            ? { id: 'power', text: say('simulator.do.power-on'), run: () => void act(device, { do: 'power', on: true }) }
            : { id: 'power', kind: 'danger', text: say('simulator.do.power-off'), run: () => void act(device, { do: 'power', on: false }) },
        ]}
      />
      <span className="practice-right">
        <Button kind="quiet" icon={<TriangleAlert size={18} aria-hidden />} aria-expanded={faultsOpen} onPress={onFaults}>
          {armed > 0 ? say('practice.faults.armed', { count: armed }) : say('practice.faults')}
        </Button>
        <Menu
          label={say('practice.speed')}
          trigger={
            <Button kind="quiet" icon={<Gauge size={18} aria-hidden />} aria-label={say('practice.speed.now', { speed: picture.speed })}>
              {say('practice.speed.times', { speed: picture.speed })}
            </Button>
          }
          entries={speeds.map((speed) => ({
            id: String(speed),
            text: speed === 1 ? say('practice.speed.real') : say('practice.speed.times', { speed }),
            chosen: speed === picture.speed,
            run: () => void act(device, { do: 'speed', speed }),
          }))}
        />
      </span>
    </div>
  )
}
