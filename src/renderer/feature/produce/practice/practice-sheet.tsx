/** Faults to practise on: armed now, they strike at their stage of the next card. */
import { X } from 'lucide-react'
import { useState } from 'react'
import type { DeviceView } from '#shared/contract/live.ts'
import { Moment, Stage } from '#shared/device/simulator.ts'
import type { MachineFault, MachinePicture } from '#shared/device/simulator.ts'
import { useWords } from '../../../i18n/provider.tsx'
import type { Words } from '../../../i18n/provider.tsx'
import { notify } from '../../../store/notices.ts'
import { FaultForm } from '../../chip/fault-form.tsx'
import { AttachedSheet, Button, Checkbox, IconButton, NumberField, Segments, Select } from '../../../ui/index.ts'
import { alarms, faultOf, hasPlace, isAlarm, lasts, naturalPlace, otherKinds, troubleOf } from './faults.ts'
import type { Arming, Trouble } from './faults.ts'
import { act } from './practice-hands.tsx'

const troubles = [...(Object.keys(alarms) as (keyof typeof alarms)[]), ...otherKinds] as readonly Trouble[]

type Part = 'machine' | 'chip'

export function PracticeSheet({ device, picture, onClose }: { device: DeviceView; picture: MachinePicture; onClose(): void }) {
  const words = useWords()
  const { say } = words
  const [arming, setArming] = useState<Arming>({ trouble: 'Z', ...naturalPlace('Z'), always: false, seconds: 40 })
  const [part, setPart] = useState<Part>('machine')
  const change = (part: Partial<Arming>) => setArming({ ...arming, ...part })
  return (
    <AttachedSheet title={say('practice.faults.title')} onClose={onClose}>
      {device.capabilities.chip !== null && (
        <Segments<Part>
          label={say('practice.faults.title')}
          value={part}
          onChange={setPart}
          options={[
            { id: 'machine', text: say('practice.of-machine') },
            { id: 'chip', text: say('practice.chip') },
          ]}
        />
      )}
      {part === 'chip' && <ChipFaults device={device} />}
      <div className="practice-sheet" hidden={part === 'chip'}>
        <div className="stack">
          <p className="soft">{say('practice.faults.lead')}</p>
          <div className="practice-form">
            <Select
              label={say('practice.trouble')}
              value={arming.trouble}
              onChange={(trouble) => change({ trouble, ...naturalPlace(trouble) })}
              options={troubles.map((trouble) => ({ id: trouble, text: troubleText(words, trouble) }))}
            />
            {hasPlace(arming.trouble) && (
              <>
                <Select
                  label={say('practice.stage')}
                  value={arming.stage}
                  onChange={(stage) => change({ stage })}
                  options={Stage.options.map((stage) => ({ id: stage, text: say(`simulator.stage.${stage}`) }))}
                />
                <Select
                  label={say('practice.moment')}
                  value={arming.moment}
                  onChange={(moment) => change({ moment })}
                  options={Moment.options.map((moment) => ({ id: moment, text: say(`simulator.moment.${moment}`) }))}
                />
              </>
            )}
            {lasts(arming.trouble) && (
              <NumberField label={say('practice.seconds')} value={arming.seconds} onChange={(seconds) => change({ seconds })} minValue={1} maxValue={600} />
            )}
            <div className="row">
              <Checkbox isSelected={arming.always} onChange={(always) => change({ always })}>
                {say('practice.always')}
              </Checkbox>
              <Button kind="primary" onPress={() => void act(device, { do: 'arm', fault: faultOf(arming) })}>
                {say('practice.arm')}
              </Button>
            </div>
          </div>
        </div>
        <Armed device={device} picture={picture} />
      </div>
    </AttachedSheet>
  )
}

/** For the card in the chip station, or the next that comes there: the machine's own list does not show them. */
function ChipFaults({ device }: { device: DeviceView }) {
  const { say } = useWords()
  return (
    <section className="practice-chip stack" data-tight aria-label={say('practice.chip')}>
      <p className="soft small">{say('practice.chip.lead')}</p>
      <FaultForm onArm={(fault) => void act(device, { do: 'arm-chip', fault }).then(() => notify('practice.chip.armed'))} />
    </section>
  )
}

function Armed({ device, picture }: { device: DeviceView; picture: MachinePicture }) {
  const words = useWords()
  return (
    <section className="practice-armed">
      <h3>{words.say('practice.armed')}</h3>
      {picture.armed.length === 0 && <p className="soft">{words.say('practice.armed.none')}</p>}
      <ul>
        {picture.armed.map(({ id, fault }) => (
          <li key={id} className="spread">
            <span>{armedText(words, fault)}</span>
            <IconButton label={words.say('practice.disarm')} onPress={() => void act(device, { do: 'disarm', id })}>
              <X size={18} />
            </IconButton>
          </li>
        ))}
      </ul>
    </section>
  )
}

function troubleText(words: Words, trouble: Trouble): string {
  return isAlarm(trouble) ? `${words.reason({ code: alarms[trouble].reason })} (${trouble})` : words.say(`simulator.fault.${trouble}`)
}

function armedText(words: Words, fault: MachineFault): string {
  const trouble = troubleOf(fault)
  const name = trouble === undefined ? fault.kind : troubleText(words, trouble)
  const place = 'stage' in fault ? fault : 'at' in fault ? fault.at : undefined
  const parts = [name]
  if (place) parts.push(`${words.say(`simulator.stage.${place.stage}`)}, ${words.say(`simulator.moment.${place.moment}`)}`)
  if ('times' in fault && fault.times === null) parts.push(words.say('practice.always'))
  return parts.join(' · ')
}
